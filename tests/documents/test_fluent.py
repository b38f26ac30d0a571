"""Fluent: patterns, placeables, selectors, what stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target, parents
from s2scli.documents.filling import filled
from s2scli.errors import BadInputError
from s2scli.text.fillers import has_fillers
from s2scli.text.projection import project
from tests.sizes import TENTHS
from tests.text.test_sentences import HOSTILE

FORMAT = open_format("fluent", FormatOptions())


def slots(text: str) -> list[Slot]:
    return list(FORMAT.slots(Source("f", text)))


def texts(text: str) -> list[str]:
    return [slot.text for slot in slots(text)]


def changed(text: str, change: str) -> str:
    found, targets = slots(text), []
    for slot in found:
        new = change.replace("@", slot.text)
        spans = [(mark.start, mark.end) for mark in slot.marks]
        targets.append(Target(new, project(slot.text, new, spans, parents(slot.marks), ())))
    return "".join(filled(FORMAT, Source("f", text), found, targets))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('a [{"{"}name{"}"}] b', ['{"{"}name{"}"}']),
        ('a {"\\u007b"}name{ "}" }{"{"}b{"}"}', ['{"\\u007b"}name{ "}" }', '{"{"}b{"}"}']),
        ('a {"{"}{ $b }{"}"} { $c }', ['{"{"}{ $b }{"}"}', "{ $c }"]),
        ('a {"%"}s b {"{c"}d{"}"}', ['{"%"}s', '{"{c"}d{"}"}']),
        # Signs alone.
        ('a {"{"} to b and {"}"} to c', ['{"{"}', '{"}"}']),
        ('a {"d"} {""}e', ['{"d"}', '{""}']),
    ],
)
def test_placeholders_whose_signs_are_strings_are_whole(text: str, kept: list[str]) -> None:
    (slot,) = slots(f"a = {text}\n")
    assert [slot.text[start:end] for start, end in slot.kept] == kept


def test_no_placeholder_holds_a_selector() -> None:
    found = slots('a = b {"{"}{ $n ->\n   *[c] d {"{"}e{"}"}\n }{"}"} f\n')
    assert [[slot.text[a:b] for a, b in slot.kept] for slot in found] == [
        ['{"{"}', '{"}"}'],
        ['{"{"}e{"}"}'],
    ]


SELECT = "a = { $n ->\n    [one] One\n   *[other] { $n } more\n}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = One\nb=two\nc-d_9   =   three\n", ["One", "two", "three"]),
        ("# a = b\n## c\n### d = e\n", []),
        ("a = One\n    .title = Two\n    .accesskey = T\n    .style = a: b\n", ["One", "Two"]),
        ("a =\n    .title = One\n", ["One"]),
        ("-a = One\n    .gender = masculine\n", ["One"]),
        ("a =\n    One\n    Two\n", ["One", "Two"]),
        ("a = Text that is long enough to be wrapped by hand\n    and goes on\nb = c\n",
         ["Text that is long enough to be wrapped by hand and goes on", "c"]),
        ("a =\n    One\n\n    Two\n", ["One", "Two"]),
        ("a = { $b }\nc = { -d }{ e.f }\n", []),
        ('a = One { $b } two { C("}", d: 1) }\n', ['One { $b } two { C("}", d: 1) }']),
        (SELECT, ["One", "{ $n } more"]),
        (SELECT.replace("}\n", "} end\n", 2), ["One", "{ $n } more", "end"]),
        ("a = { $b ->\n *[c] One { $d ->\n *[e] two\n } three\n }\n", ["One three", "two"]),
        ("a = One\n    .b = { $c ->\n   *[d] Two\n }\n    .e = Three\n", ["One", "Two", "Three"]),
        ("a = One <b>two</b> <a href=\"{ $c }\">three</a>\n", ["One two three"]),
        ("a = One\nb { c\nd = two\n", ["One", "two"]),
        ("a = { $b\nc = One\n", ["One"]),
        ("a = One } two\nb = three\n", ["three"]),
        ("a = { $b -> [c] One }\nd = two\n", ["One", "two"]),
        (" a = no\n1 = no\n= no\n", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_text(text: str, expected: list[str]) -> None:
    for newline in ("\n", "\r\n"):
        old = text.replace("\n", newline)
        assert texts(old) == expected
        assert changed(old, "@") == old
        assert texts(changed(old, "@ more")) == [f"{one} more" for one in expected]


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("a = x\n", "y { z }", 'a = y {"{"} z {"}"}\n'),
        ("a = x { $b }\n", "{ $b } y", "a = { $b } y\n"),
        ("a =\n    x\n", "[y", 'a =\n    {"["}y\n'),
        ("a = x\n", "[y", "a = [y\n"),
        ("a = x\n", "", 'a = {""}\n'),
        ("a = x\n", "y\nz", "a = y z\n"),
        (SELECT, ".a", SELECT.replace("One", ".a").replace("{ $n } more", ".a")),
    ],
)
def test_how_texts_are_written(text: str, target: str, expected: str) -> None:
    assert changed(text, target) == expected


def test_lines_that_were_wrapped() -> None:
    text = "a = Text that is long enough to be wrapped { $by } hand\n    and goes on here\n"
    new = changed(text, "@ [ * . { $by } and more of it all")
    assert new.count("\n") == 2
    assert "{ $by } hand" in new
    assert " ".join(texts(new)).endswith("goes on here [ * . { $by } and more of it all")


def test_nesting() -> None:
    deep = "a = { $n ->\n   *[b] "
    with pytest.raises(BadInputError, match="nested"):
        slots("a = " + deep[4:] * 1000 + "x" + "\n}" * 1000)
    text = "a = " + deep[4:] * 100 + "x" + "\n}" * 100 + "\n"
    assert texts(text) == ["x"]


PARTS = st.lists(
    st.text(st.sampled_from("ab{}[]*. \n=-#\"$>"), max_size=9)
    | st.sampled_from(["a = One", "\n    two", "{ $b }", "{ $n ->\n", "\n *[c] ", "\n}"]),
    max_size=9,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "target", "new"),
    [
        ("a =\n{ $b } items\n", "{ $b } Dinge", "a =\n{ $b } Dinge\n"),
        ("a =\n{ $b } items\n", "Dinge { $b }", "a =\n    Dinge { $b }\n"),
    ],
)
def test_what_stands_at_the_margin(text: str, target: str, new: str) -> None:
    assert changed(text, target) == new


@given(PARTS, HOSTILE)
def test_what_is_written_is_read_back(parts: list[str], target: str) -> None:
    text = "a = x" + "".join(parts)
    found = slots(text)
    assert changed(text, "@") == text
    new = changed(text, f"An {target} x")
    if not has_fillers(" ".join(f"An {target} x".split("\n"))) and not has_fillers(
        text
    ):  # which part texts
        assert len(slots(new)) == len(found), new


@pytest.mark.parametrize(
    "part", ["a = x\n", "\n    x", "{ $b } ", "{", "}", "<b>x</b>", " ", "{ $n ->\n *[a] b\n } "]
)
@pytest.mark.parametrize("n", TENTHS)
def test_large_ones(part: str, n: int) -> None:
    text = "a = x" + part * 1_000 * n + "\n"
    assert changed(text, "@") == text


def test_blanks_within_a_line_stay() -> None:
    assert texts("a = One   Two  three\nb = House ____ garden\tWall\n") == [
        "One",
        "Two  three",
        "House ____ garden",
        "Wall",
    ]
    (slot,) = slots("a = my   house is { $n }\n")
    assert [slot.text[start:end] for start, end in slot.kept] == ["   ", "{ $n }"]
    (slot,) = slots("a =\n    The house that stands in the garden of the\n    old woman\n")
    assert slot.text == "The house that stands in the garden of the old woman"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = One\nb = An open { $brace\nc = Two\n", "line 2"),
        ("a = One\nnot indented\n\nb c = two\n=\n", "lines 2, 4, 5"),
        (f"# a b\n{SELECT}-b = c\n    .d = e\n## f\ng =\n\n    two\n    .h = i\n", ""),
    ],
)
def test_what_is_not_fluent_is_said(text: str, lines: str) -> None:
    format_ = open_format("fluent", FormatOptions())
    list(format_.slots(Source("f", text)))
    said = f"Entries that are not valid Fluent stay as they are: {lines}."
    assert format_.remarks == ([said] if lines else [])
