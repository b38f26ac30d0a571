"""What is protected comes out exactly once, whatever the model does."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.api import TextModel, load
from s2scli.data import Link, Translation
from s2scli.errors import UsageError
from s2scli.tasks.protected import FRAGMENTS, MASKED, Repair, Wanted, repaired
from s2scli.text.spans import Protection

PROTECTION = Protection()
PLACEHOLDERS = [
    "{name}", "{0}", "{{user}}", "${HOME}", "$PATH", "%s", "%d", "%(count)d", "%1$s", "%.2f", "%@",
    "https://example.org/a?b=c#d", "www.example.org", "me@example.org", "`make test`", "&nbsp;",
    "<b>", "</b>", "<br/>", "%APPDATA%", "{0:.2f}", "{0,number,#.##}",
    "{count, plural, one {# {kind} cat} other {# cats}}", "{0,choice,0#none|1#one|1<many}",
    "{name!r}", "{count:>5}", "{0[a].b:,.2f}", "$t(home.title)", "%%", "%b", "%-H", "#ff0000",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "2024-01-02", "2024-01-02T10:30:00Z", "en-US",
    "C:\\temp\\a.txt", "/usr/lib/x.so", "~/a/b", "com.example.House", "zh-Hant-TW", "♪", "☐",
    "↩\ufe0e", "1\ufe0f\u20e3", "'{x} #'", "'#'", "#", "#th", "{n, spellout}", "½",
    "m²", "H₂O", "°C", "|", "👩\u200d💻", "™",
]  # fmt: skip
WORDS = [
    "the",
    "house",
    "is",
    "old",
    "we",
    "have",
    "been",
    "waiting",
    "for",
    "it",
    "on",
    "our",
    "way",
]


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
@pytest.mark.parametrize("around", ["{}", "See {}.", "({})", "a {}, b", '"{}"!'])
def test_placeholders_are_found(placeholder: str, around: str) -> None:
    text = around.replace("{}", placeholder)
    assert [text[start:end] for start, end in PROTECTION.spans(text)] == [placeholder]


@pytest.mark.parametrize(
    "text",
    [
        "50% of all", "a < b and c > d", "Cost: $5", "{ x }", "5 %", "R&D", "100%", "a@b", "and/or",
        "90 km/h", "10 a.m. or p.m.", "e.g. this", "No. 5", "{note: this is a text}",
        "C: is a disk", "a co-op", "in 1999-2000", "the #hashtag", "AB-CD", "non-US",
        "1/2 / 3", "“here” – now…",
    ],
)  # fmt: skip
def test_plain_text_is_not_protected(text: str) -> None:
    assert list(PROTECTION.spans(text)) == []


@pytest.mark.parametrize(
    ("source", "target", "intact"),
    [
        ("{n} books", "{n} Bücher", True),
        ("{n} books", "{n}", False),
        ("Find %s.", "Finde %s im %shaus.", False),
        ("$USER, $USERS", "$USERS, $USER", True),
        ("{n}, %s.", "{n} %s", True),
        ("Hello", "!", True),
        ("Hello", "\ufffd", True),
        ("♪ Hello", "♪ \ufffd", False),
        ("A \ufffd", "Ein \ufffd", True),
    ],
)
def test_what_is_intact(source: str, target: str, intact: bool) -> None:
    assert PROTECTION.is_intact(source, target) is intact


def test_patterns_of_a_user() -> None:
    own = Protection([r"ACME\w*", r"(?<=No\. )\d+"])
    text = "ACMEcorp bought No. 17 for {price}."
    assert list(own.counts(text)) == ["ACMEcorp", "17", "{price}"]
    with pytest.raises(UsageError, match="no regular expression"):
        Protection(["("])


@pytest.mark.parametrize(
    "unit",
    [
        "{", "<", "%", "$", "http://", "a@", "`", "{{", "&", "www.", "{a,plural {", "{a,date {}",
        "{a:1", "$t(", "#ab", "C:\\", "C:\\(", "/a", "/a.", "/./", "aa.aa.", "a_", "m²", "²", "en-",
        "12345678-", "2024-01-02", "♪\u200d", "%-", "°",
    ],
)  # fmt: skip
def test_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert sum(end - start for start, end in PROTECTION.spans(text)) <= len(text)


def segments(count: int) -> list[str]:
    """Texts with one to six placeholders each."""
    generator = random.Random(7)
    found = []
    for _ in range(count):
        words = generator.choices(WORDS, k=generator.randint(1, 9))
        for _ in range(generator.randint(1, 6)):
            words.insert(generator.randrange(len(words) + 1), generator.choice(PLACEHOLDERS))
        found.append(" ".join(words) + ".")
    return found


def drops(text: str) -> str:
    """A model that loses every third word."""
    return " ".join(word for i, word in enumerate(text.split()) if i % 3)


def doubles(text: str) -> str:
    return f"{text} {text}"


def invents(text: str) -> str:
    return f"{text} %s {{x}} XQ-1"


def reverses(text: str) -> str:
    return " ".join(reversed(text.split()))


def repair_all(sources: Sequence[str], model: Callable[[str], str]) -> list[Repair]:
    """Repairs with a bad model, whose words are linked to themselves where it has them once."""

    def translate(texts: Sequence[str]) -> list[Translation]:
        return [Translation(model(text), same_words(text, model(text))) for text in texts]

    return repaired([Wanted(text) for text in sources], translate, PROTECTION)


def same_words(source: str, target: str) -> tuple[Link, ...]:
    words = [word for word in set(source.split()) if source.split().count(word) == 1]
    return tuple(
        (*match.span(), *found[0].span())
        for word in words
        if len(found := list(re.finditer(rf"(?<!\S){re.escape(word)}(?!\S)", target))) == 1
        if (match := re.search(rf"(?<!\S){re.escape(word)}(?!\S)", source))
    )


@pytest.mark.parametrize("model", [drops, doubles, invents, reverses])
def test_ten_thousand_segments(model: Callable[[str], str]) -> None:
    sources = segments(10_000)
    repairs = repair_all(sources, model)
    assert len(repairs) == len(sources)
    for source, repair in zip(sources, repairs, strict=True):
        text, links = repair.translation
        assert PROTECTION.counts(text) == PROTECTION.counts(source)
        for start, end, first, last in links or ():
            # What was linked to itself in the masked text is so in the text itself, a fragment
            # that was left alone too.
            assert source[start:end].strip() == text[first:last].strip()
    hows = {repair.how for repair in repairs}
    assert hows == {MASKED} if model is reverses else FRAGMENTS in hows


@given(st.lists(st.text(st.sampled_from("ab {}%s$<>&;`@.:/XQ-1")), max_size=4))
def test_any_text(sources: list[str]) -> None:
    for source, repair in zip(sources, repair_all(sources, drops), strict=True):
        assert PROTECTION.counts(repair.translation.text) == PROTECTION.counts(source)


def test_literals_of_a_text() -> None:
    """Code that is no placeholder by its look."""
    source = Wanted("Use open to open the box.", ("open",))
    lost = [Translation("Öffne die Kiste.")]
    kept = [Translation("Nimm XQ-1 zum XQ-2 der Kiste.", ((4, 8, 5, 9),))]
    answers = iter([kept, lost, [Translation("a"), Translation("b"), Translation("c.")]])
    repair = repaired([source], lambda _: next(answers), PROTECTION)[0]
    assert repair == Repair(Translation("Nimm open zum open der Kiste.", ((4, 8, 5, 9),)), MASKED)
    repair = repaired([source], lambda _: next(answers), PROTECTION)[0]
    assert repair.how == FRAGMENTS
    assert repair.translation.text == "a open b open c."


def test_the_bundled_model() -> None:
    model: TextModel = load("en-de")

    def translate(texts: Sequence[str]) -> list[Translation]:
        results = model.translate(texts, beam_size=1, max_length=60)
        return [Translation(result.text) for result in results]

    sources = [Wanted(text) for text in segments(60)]
    repairs = repaired(sources, translate, PROTECTION)
    assert all(
        PROTECTION.is_intact(source.text, repair.translation.text)
        for source, repair in zip(sources, repairs, strict=True)
    )
    assert {repair.how for repair in repairs} == {MASKED, FRAGMENTS}
