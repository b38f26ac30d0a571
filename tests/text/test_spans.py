"""The table of placeholders, and what is found by it."""

from __future__ import annotations

import re

import pytest

from s2scli.data import Span
from s2scli.errors import UsageError
from s2scli.text.inlinemarkup import INLINE
from s2scli.text.literals import WORDS
from s2scli.text.macros import MACROS
from s2scli.text.placeholders import SYNTAXES
from s2scli.text.spans import Protection, stripped

PROTECTION = Protection()
TABLE = (*INLINE, *SYNTAXES, *MACROS, *WORDS)
EXAMPLES = [(syntax.kind, example) for syntax in TABLE for example in syntax.examples]
ITEMS = ("ii.", "(iv)")  # are only at the beginning
ALONE = [
    (kind, example)
    for kind, example in EXAMPLES
    if example[0] not in "=·»«" and example not in ITEMS
]


def test_each_row_has_examples_and_no_groups() -> None:
    for syntax in TABLE:
        assert syntax.examples, syntax
        assert re.compile(syntax.pattern).groups == 0, syntax
        for example in syntax.examples:
            assert re.fullmatch(syntax.pattern, example), syntax


@pytest.mark.parametrize("around", ["{}", "See {}.", "({})", "a {}, b", '"{}"!', "Haus {} 日本 {}"])
def test_examples_are_found_whole(around: str) -> None:
    for kind, example in ALONE:
        text = around.replace("{}", example)
        found = list(PROTECTION.stretches(text))
        assert [text[start:end] for start, end, _ in found] == [example] * around.count("{}"), text
        assert {stretch.kind for stretch in found} == {kind}, text


def test_a_text_of_nothing_else_has_no_words() -> None:
    for _, example in EXAMPLES:
        assert not PROTECTION.has_words(example), example
    for _, example in ALONE:
        assert not PROTECTION.has_words(f" {example} … {example}"), example
        assert PROTECTION.has_words(f"{example} is old"), example


@pytest.mark.parametrize(
    "text",
    [
        "50% of all", "a < b and c > d", "5 %", "R&D", "100%", "a@b", "and/or", "50%ige",
        "10% discount", "10 % discount", "90 km/h", "10 a.m. or p.m.", "e.g. this", "No. 5",
        "C: is a disk", "a co-op", "in 1999-2000", "the #hashtag", "AB-CD", "non-US", "#1",
        "1/2 / 3", "“here” – now…", "<insert name here>", "note:this", "It's 5'10\"", "What?!",
        "x = y", "= heading =", "12:30:15", "$5.50", "$5 million", "$19", "US$", "[note]",
        "It costs $5.", "$5 a month", "$3/mo", "a $5 bill", "save $5 now",
        "he/she", "and/or/not", "iPhone and macOS", "in kWh", "ngesiNgisi", "a--b",
        "--and then", "the end.Then", "file(s)", "two::", "Mr./Mrs.", "x_1",
        "rock'n'roll", "he said: yes", "Mr. A.B. Smith", "AT&T;", "wait...what", "a_b",
        "« la maison » est ici", "«La maison", "»Das Haus« ist", "col·lega", "‹ la maison › est",
        "Asia/Pacific", "Europe/Asia", "Indian/Chinese food", "US/Canada", "text/image",
        "audio/video", "translate(d)", "a sans-serif font", "a scale(able) house",
        "The New York Times", "New Roman house", "Open Source", "The Code", "a Sans Serif font",
        "Stop! A1 is good", "Stop!Now", "Hello!A",
    ],
)  # fmt: skip
def test_plain_text_is_not_protected(text: str) -> None:
    assert list(PROTECTION.spans(text)) == []


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Next »", "»"), ("« Back", "«"), ("« Back | Next »", "«|»"), ("Home » Dogs » Cats", "»»"),
        ("Dogs · Cats", "·"), ("· Dogs", "·"), ("‹ Back · Next ›", "‹·›"), ("The house† is", "†"),
        ("ii. Dogs ii. cats", "ii."), ("(iv) Dogs", "(iv)"), ("i. e. dogs", ""),
        ("¶ Dogs ‖ Cats", "¶‖"), ("Le « mot » · Suite »", "·»"),
    ],
)  # fmt: skip
def test_signs_between_texts(text: str, signs: str) -> None:
    assert "".join(text[start:end] for start, end in PROTECTION.spans(text)) == signs


def test_an_address_ends_before_an_escaped_line_end() -> None:
    text = r"Visit https://a.org/b\nThen www.a.org/b\tnow, mailto:a@b.org\r\nand C:\new\table."
    found = [text[start:end] for start, end in PROTECTION.spans(text)]
    places = ["https://a.org/b", "www.a.org/b", "mailto:a@b.org", "C:\\new\\table"]
    assert [one for one in found if not one.startswith("\\")] == places


def test_a_tag_behind_a_capital_letter_is_no_code() -> None:
    text = "Vitamin B<br/>and X<sub>2</sub>, <B>B</B>."
    found = [text[start:end] for start, end in PROTECTION.spans(text)]
    assert found == ["<br/>", "<sub>", "</sub>", "<B>", "</B>"]


@pytest.mark.parametrize(
    ("source", "target", "intact"),
    [
        ("{n} books", "{n} Bücher", True),
        ("{n} books", "{n}", False),
        ("{n} books", "{n} {n} Bücher", False),
        ("%{n} books", "{n} Bücher", False),
        ("Find %s.", "Finde %s im %shaus.", False),
        ("$USER, $USERS", "$USERS, $USER", True),
        ("{n}, %s.", "{n} %s", True),
        ("Hello", "!", True),
        ("Hello", "Hallo %s", False),
        ("Hello", "Hallo § 5/3 /a/b", True),
        ("See /a/b", "Siehe /a/b und /c/d", True),
        ("See /a/b", "Siehe /a/b und /a/b", False),
        ("Tom && Ann", "Tom & Ann", False),
        ("Tom && Ann & Bo", "Tom und Ann & Bo", True),
        ("50%% of %d", "50%% von %d", True),
        ("50%% sure", "50 % %% sicher", False),
        ("50%% of 5 %", "50%% von 5 %", True),
        ("50 percent of %(n)s", "50 % von %(n)s", True),
        ("Hello", "\ufffd", False),
        ("♪ Hello", "♪ \ufffd", False),
        ("A \ufffd", "Ein \ufffd", True),
        (r"One.\nTwo", r"Eins.\nZwei", True),
        (r"One.\nTwo", r"Eins. \n Zwei", False),
        ("It''s {n}", "Das ist''s {n}", True),
        ("It''s ''{n}''", "Das ist's ''{n}''''", False),
        ("the {name}", "l'{name} est '{", False),
        ("the <<a-b>>", "das <<a-b>>>", False),
        ("see (<<a-b>>)", "siehe (<<a-b>>)", True),
    ],
)
def test_what_is_intact(source: str, target: str, intact: bool) -> None:
    assert PROTECTION.is_intact(source, target) is intact


def test_patterns_of_a_user() -> None:
    own = Protection([r"ACME\w*", r"(?<=No\. )\d+", r"(?i)straße|(weg)"])
    text = "ACMEcorp bought No. 17 for {price}, STRASSE, STRAßE WEG."
    assert list(own.counts(text)) == ["ACMEcorp", "17", "{price}", "STRAßE", "WEG"]
    kinds = [stretch.kind for stretch in own.stretches(text)]
    assert kinds == ["literal", "literal", "argument", "literal", "literal"]
    with pytest.raises(UsageError, match="not a regular expression"):
        Protection(["("])
    with pytest.raises(UsageError, match="--protect '' matches nothing"):
        Protection([""])
    with pytest.raises(UsageError, match="cannot be combined"):
        Protection(["(?P<a>x)", "(?P<a>y)"])


@pytest.mark.parametrize(
    "unit",
    [
        "{", "<", "%", "$", "http://", "a@", "`", "{{", "&", "www.", "{a,plural {", "{a,date {}",
        "{a:1", "$t(", "#ab", "C:\\", "C:\\(", "/a", "/a.", "/./", "aa.aa.", "a_", "m²", "²", "en-",
        "12345678-", "2024-01-02", "♪\u200d", "%-", "°", "{%", "{% a ", "{#", "<%", "<% a% ", "<?",
        "<!--", "<a b=", "<a b='", "<a b ", "$a_", "\\(", "\\(a", "\\a", "\\", "[", "[[", "[%",
        "[a b=", "``", "`a", "''", "'{", "|a", "|a ", "__a", "=", "B<", "B<<", "B< a", "B<a<",
        "@:a.", "@:(", ":a", ":a:", ":a:`", "{ $a", "{ a(", "{a(", "{'", '{"', "{\\", "%(a", "%<a",
        "%{", "%[1]", "%1$", "$(", "\\a[", "\\ref{", "<v ", "<@", "https://{", "https://%",
        "https://a{b}", "#{", "{#a ", "{{#", "{{ {a} ", "[1]", ":a`", "|a.", "\\\\a\\",
        "calc(", "calc((", "rgb(a", "var(--", "rotate(1px,", "Asia/A_", "text/a.", "image/x-",
    ],
)  # fmt: skip
def test_linear_time(unit: str) -> None:
    """Where it is not, this does not end."""
    text = unit * (20_000 // len(unit))
    assert sum(end - start for start, end in PROTECTION.spans(text)) <= len(text)


@pytest.mark.parametrize(
    ("text", "start", "end", "span"),
    [
        ("ab", 0, 2, (0, 2)),
        (" ab\n", 0, 4, (1, 3)),
        ("x ab y", 1, 5, (2, 4)),
        ("   ", 0, 3, (3, 3)),
        ("   ", 1, 2, (2, 2)),
        ("", 0, 0, (0, 0)),
        ("\u3000a b\u00a0", 0, 5, (1, 4)),
    ],
)
def test_a_stretch_without_white_space(text: str, start: int, end: int, span: Span) -> None:
    assert stripped(text, start, end) == span
    assert text[slice(*span)] == text[start:end].strip()


@pytest.mark.parametrize(
    ("source", "target", "intact"),
    [
        ("It costs $5.", "Es kostet $5.", True),
        ("It costs $5, not ${price}", "Es kostet $5, nicht ${price}", True),
        ("It costs $5.", "Es kostet $6.", False),
        ("It costs $5.", "Es kostet $5 und $5.", False),
        ("It costs five.", "Es kostet $5.", False),
        ("Page $5 of $6", "Seite $5 von $6", True),
        ("Page $5 of $6", "Seite $5 von 6", False),
    ],
)
def test_a_price_that_the_target_does_not_say_is_one(
    source: str, target: str, intact: bool
) -> None:
    assert PROTECTION.is_intact(source, target) is intact


@pytest.mark.parametrize(
    ("literal", "target", "intact"),
    [
        ("$$x$$", "a $$x$$ b", True),
        ("$$x$$", "a $$x$$$ b", False),
        ("``x``", "a ```x`` b", False),
        ("++", "a +++ b", False),
        ("`x`", "a `x` b", True),
        ("abc", "a abcd b", False),
    ],
)
def test_literals_go_no_further(literal: str, target: str, intact: bool) -> None:
    assert Protection().is_intact(f"a {literal} b", target, [literal]) is intact


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("took %.1fs and %2lus", ["%.1f", "%2lu"]),
        ("%02dh%02dm left", ["%02d", "%02d"]),
        ("size %-5h and %5.2fMB", ["%-5h", "%5.2f"]),
        (r"bad '\%c' in '\%03o'", [r"\%c", r"\%03o"]),
        (r"at \{name} or \%(n)s, \%1", [r"\{name}", r"\%(n)s", r"\%1"]),
        ("by %s:\n%%sPlease go", ["%s", "%%s"]),
        ("on %+4Y, 50%% so", ["%+4Y", "%%"]),
        ("50% of 5.5f", []),
        ("on {host}:{port} or %s/%s/%s", ["{host}:{port}", "%s/%s/%s"]),
        ("%s, %s and {a}: {b}", ["%s", "%s", "{a}", "{b}"]),
    ],
)
def test_placeholders_beside_letters_and_backslashes(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end, _ in PROTECTION.stretches(text)] == found
