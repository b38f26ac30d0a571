"""Forms of plurals that only the target language has: keys of JSON and YAML, branches of ICU."""

from __future__ import annotations

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document


def read(name: str, text: str, target: str) -> Document:
    options = FormatOptions(source_language="en", target_language=target)
    return read_document(open_format(name.rpartition(".")[2], options), name, text.encode())


def changed(name: str, text: str, target: str = "pl") -> str:
    """A document with all its texts between brackets."""
    document = read(name, text, target)
    targets = [
        Target(f"({slot.text})", tuple((mark.start + 1, mark.end + 1) for mark in slot.marks))
        for slot in document.slots
    ]
    return b"".join(document.written(targets)).decode()


I18NEXT = '{\n  "day_one": "{{count}} day",\n  "day_other": "{{count}} days",\n  "a": "b"\n}\n'
I18NEXT_PL = """{
  "day_one": "({{count}} day)",
  "day_other": "({{count}} days)",
  "day_few": "({{count}} days)",
  "day_many": "({{count}} days)",
  "a": "(b)"
}
"""
RAILS = "en:\n  day:\n    one: a day\n    other: '%{count} days' # x\n  a: b\n"
RAILS_PL = """pl:
  day:
    one: (a day)
    other: '(%{count} days)' # x
    few: '(%{count} days)'
    many: '(%{count} days)'
  a: (b)
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.json", I18NEXT, I18NEXT_PL),
        (
            "a.json",
            '{"x":{"one":"a day","other":"%{count} days"}}',
            '{"x":{"one":"(a day)","other":"(%{count} days)","few":"(%{count} days)",'
            '"many":"(%{count} days)"}}',
        ),
        (
            "a.json",
            '{"d_other": "{{count}} <b>days</b>\\n", "d_one": "a"}',
            '{"d_other": "({{count}} <b>days</b>)\\n", "d_few": "({{count}} <b>days</b>)\\n", '
            '"d_many": "({{count}} <b>days</b>)\\n", "d_one": "(a)"}',
        ),
        ("en.yaml", RAILS, RAILS_PL),
        (
            "a.yaml",
            "d: {one: a, other: '%{count} b'}\n",
            "d: {one: (a), other: '(%{count} b)', few: '(%{count} b)', many: '(%{count} b)'}\n",
        ),
        (
            "a.yaml",
            "d_one: a\nd_other: |\n  {{count}} days\n\nc: d\n",
            "d_one: (a)\nd_other: |\n  ({{count}} days)\nd_few: |\n  ({{count}} days)\n"
            "d_many: |\n  ({{count}} days)\n\nc: (d)\n",
        ),
        (
            "a.arb",
            '{"a": "{n, plural, one{# day} other{# days}}"}',
            '{"a": "{n, plural, one{(# day)} other{(# days)} few{(# days)} many{(# days)}}"}',
        ),
        (
            "a.properties",
            "a = In {n, plural, =0 {no time} one {a day} other {# <b>days</b>}} it ends.\n",
            "a = (In {n, plural, =0 {(no time)} one {(a day)} other {(# <b>days</b>)}"
            " few {(# <b>days</b>)} many {(# <b>days</b>)}} it ends.)\n",
        ),
    ],
)
def test_forms_that_only_the_target_language_has(name: str, text: str, expected: str) -> None:
    assert changed(name, text) == expected
    as_pl = {"en.yaml": "pl.yaml"}.get(name, name)
    options = FormatOptions(target_language="pl")
    kind = name.rpartition(".")[2]
    again = read_document(open_format(kind, options), as_pl, expected.encode())
    assert not any(slot.is_joined for slot in again.slots)


@pytest.mark.parametrize("target", ["de", ""])
def test_no_forms_for_languages_of_the_same(target: str) -> None:
    assert changed("a.json", I18NEXT, target).count("day") == I18NEXT.count("day")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"a_one": "One", "a_other": "Others"}'),
        ("a.json", '{"a": {"one": "One", "other": "Others"}}'),
        ("a.yaml", "a:\n  one: One\n  other: Others\n"),
    ],
)
def test_plurals_that_are_not_certain_are_said(name: str, text: str) -> None:
    assert "few" not in changed(name, text)
    (remark,) = read(name, text, "pl").remarks
    assert remark.startswith(
        "Keys that may be of plurals have no forms that only pl has (few, many): a"
    )
    assert not read(name, text, "de").remarks


@pytest.mark.parametrize(
    "text",
    [
        '{"a_ordinal_one": "{{count}}st", "a_ordinal_other": "{{count}}th"}',
        '{"a": {"one": "%{count} One", "other": "Others", "name": "Name"}}',
        '{"a": "{n, select, one {x} other {y}} {n, selectordinal, one {#st} other {#th}}"}',
        '{"a_other": "Other {{count}}"}',
    ],
)
def test_what_is_no_plural(text: str) -> None:
    assert "few" not in changed("a.json", text)
    assert not [remark for remark in read("a.json", text, "pl").remarks if "plural" in remark]


def test_plurals_of_an_older_library_are_said() -> None:
    (remark,) = read("a.json", '{"a": "{{count}} day", "a_plural": "{{count}} days"}', "pl").remarks
    assert remark.startswith("Keys that end with _plural are plurals of an older i18next")


def test_plurals_with_choices_within_are_said() -> None:
    text = '{"a": "{n, plural, one {a} other {# {g, select, x {b} other {c}}}}"}'
    assert "few" not in changed("a.json", text)
    assert read("a.json", text, "pl").remarks == [
        "Plurals with choices within have no forms that only pl has (few, many)."
    ]
    inside = '{"a": "{g, select, x {{n, plural, one {a} other {# b}}} other {c}}"}'
    assert changed("a.json", inside).count("(# b)") == 3
    assert not read("a.json", inside, "pl").remarks


def test_plurals_whose_last_form_is_an_alias_are_said() -> None:
    text = "en:\n  x: &days '%{count} days'\n  day:\n    one: a day\n    other: *days\n"
    document = read("en.yaml", text, "pl")
    assert document.remarks == [
        "Forms that only the target language has are not made beside other."
    ]
    assert [slot.text for slot in document.slots] == ["%{count} days", "a day"]


FLUENT = """a = You have { $n ->
    [0] nothing
    [one] a day
   *[other] { $n } days
} left.
b = { NUMBER($n, type: "ordinal") ->
    [one] first
   *[other] more
}
c = { $case ->
    [old] A
   *[other] B
}
"""


def test_variants_of_fluent() -> None:
    line = "   *[other] ({ $n } days)\n"
    new = changed("a.fluent", FLUENT, "pl")
    more = "".join(f"    [{category}] ({{ $n }} days)\n" for category in ("few", "many"))
    assert line + more in new
    assert new.count("[few]") == new.count("[many]") == 1
    assert changed("a.fluent", FLUENT, "de") == new.replace(more, "")
    crlf = changed("a.fluent", FLUENT.replace("\n", "\r\n"), "pl")
    assert crlf == new.replace("\n", "\r\n")


def test_variants_of_fluent_that_are_not_made_are_said() -> None:
    text = "a = { $n ->\n    [one] A\n   *[other] B <b>c</b>\n}\n"
    document = read("a.fluent", text, "pl")
    assert document.remarks == ["Variants that only pl has (few, many) are not made: line 2."]
    assert read("a.fluent", text, "de").remarks == []
