"""What is protected comes out exactly once, whatever the model does."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.api import TextModel, load
from s2scli.errors import UsageError
from s2scli.tasks.protected import FRAGMENTS, MASKED, repaired
from s2scli.text.spans import Protection

PROTECTION = Protection()
PLACEHOLDERS = [
    "{name}", "{0}", "{{user}}", "${HOME}", "$PATH", "%s", "%d", "%(count)d", "%1$s", "%.2f", "%@",
    "https://example.org/a?b=c#d", "www.example.org", "me@example.org", "`make test`", "&nbsp;",
    "<b>", "</b>", "<br/>", "%APPDATA%", "{0:.2f}",
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
    "text", ["50% of all", "a < b and c > d", "Cost: $5", "{ x }", "5 %", "R&D", "100%", "a@b"]
)
def test_plain_text_is_not_protected(text: str) -> None:
    assert list(PROTECTION.spans(text)) == []


def test_patterns_of_a_user() -> None:
    own = Protection([r"ACME\w*", r"(?<=No\. )\d+"])
    text = "ACMEcorp bought No. 17 for {price}."
    assert list(own.counts(text)) == ["ACMEcorp", "17", "{price}"]
    with pytest.raises(UsageError, match="no regular expression"):
        Protection(["("])


@pytest.mark.parametrize("unit", ["{", "<", "%", "$", "http://", "a@", "`", "{{", "&", "www."])
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


def drops(texts: Sequence[str]) -> list[str]:
    """A model that loses every third word."""
    return [" ".join(w for i, w in enumerate(text.split()) if i % 3) for text in texts]


def doubles(texts: Sequence[str]) -> list[str]:
    return [f"{text} {text}" for text in texts]


def invents(texts: Sequence[str]) -> list[str]:
    return [f"{text} %s {{x}} XQ-1" for text in texts]


def reverses(texts: Sequence[str]) -> list[str]:
    return [" ".join(reversed(text.split())) for text in texts]


@pytest.mark.parametrize("model", [drops, doubles, invents, reverses])
def test_ten_thousand_segments(model: Callable[[Sequence[str]], list[str]]) -> None:
    sources = segments(10_000)
    repairs = repaired(sources, model, PROTECTION)
    assert len(repairs) == len(sources)
    for source, repair in zip(sources, repairs, strict=True):
        assert PROTECTION.counts(repair.text) == PROTECTION.counts(source)
    hows = {repair.how for repair in repairs}
    assert hows == {MASKED} if model is reverses else FRAGMENTS in hows


@given(st.lists(st.text(st.sampled_from("ab {}%s$<>&;`@.:/XQ-1")), max_size=4))
def test_any_text(sources: list[str]) -> None:
    for source, repair in zip(sources, repaired(sources, drops, PROTECTION), strict=True):
        assert PROTECTION.counts(repair.text) == PROTECTION.counts(source)


def test_the_bundled_model() -> None:
    model: TextModel = load("en-de")

    def translate(texts: Sequence[str]) -> list[str]:
        return [result.text for result in model.translate(texts, beam_size=1, max_length=60)]

    sources = segments(60)
    repairs = repaired(sources, translate, PROTECTION)
    assert all(
        PROTECTION.is_intact(source, repair.text)
        for source, repair in zip(sources, repairs, strict=True)
    )
    assert {repair.how for repair in repairs} == {MASKED, FRAGMENTS}
