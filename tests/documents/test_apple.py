"""Strings of Apple: what is text, how it is escaped, and what stays."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from tests.documents.runs import translated


def changed(kind: str, data: bytes, change: str = "{}") -> tuple[list[str], bytes]:
    document = read_document(open_format(kind, FormatOptions(target_language="de")), "f", data)
    slots = list(document.slots)
    targets = [
        Target(change.format(slot.text), tuple((mark.start, mark.end) for mark in slot.marks))
        for slot in slots
    ]
    return [slot.text for slot in slots], b"".join(document.written(targets))


@pytest.mark.parametrize(
    ("text", "texts", "new"),
    [
        ('"a" = "One";', ["One"], '"a" = "é \\"One\\"";'),
        ('a.b="One";// "c" = "d";', ["One"], 'a.b="é \\"One\\"";// "c" = "d";'),
        (r'"a" = "x \"q\" two";', ['x "q" two'], r'"a" = "é \"x \"q\" two\"";'),
        (r'"a" = "x\ny";', ["x", "y"], r'"a" = "é \"x\"\né \"y\"";'),
        ('"a" = "x\ny";', ["x", "y"], '"a" = "é \\"x\\"\né \\"y\\"";'),
        (r'"a" = "caf\U00e9";', ["café"], r'"a" = "\U00e9 \"caf\U00e9\"";'),
        (r'"a" = "don\'t";', ["don't"], r'"a" = "é \"don\'t\"";'),
        ('"a" = "  x\\n";', ["x"], '"a" = "  é \\"x\\"\\n";'),
        ('"shared"; "k" = YES; "e" = "";', [], '"shared"; "k" = YES; "e" = "";'),
        ("", [], ""),
    ],
)  # fmt: skip
def test_strings(text: str, texts: list[str], new: str) -> None:
    found, same = changed("strings", text.encode())
    assert found == texts
    assert same == text.encode()
    assert changed("strings", text.encode(), 'é "{}"')[1] == new.encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'"a" = "x"', "line 1 is not"),
        (b'"a" = "x";\n"b" = ;', "line 2 is not"),
        (b'"a" = "x" "y";', "line 1 is not"),
        (b'"a" = ("x", "y");', "line 1 is not"),
        (b'"a" = "x";\n/* open', "line 2 is not"),
        (b"bplist00", "binary property list"),
        (b"<?xml version='1.0'?><plist/>", "property list in XML"),
    ],
)
def test_what_are_no_strings(data: bytes, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        changed("strings", data)


def test_strings_in_utf_16() -> None:
    data = '"a" = "One";'.encode("utf-16")
    assert changed("strings", data, "{} é")[1] == '"a" = "One é";'.encode("utf-16")


@example(value="\\", text='"')
@given(
    value=st.text(st.sampled_from("ab \"\\\n'é"), max_size=9),
    text=st.text(st.sampled_from("ab\"\\'é"), min_size=1),
)
def test_whatever_a_value_holds(value: str, text: str) -> None:
    raw = value.replace("\\", "\\\\").replace('"', '\\"')
    data = f'"k" = "{raw}";\n'.encode()
    found, same = changed("strings", data)
    assert same == data
    if len(found) == 1:
        document = read_document(open_format("strings", FormatOptions()), "f", data)
        new = b"".join(document.written([Target(f"z{text}z")]))
        assert f"z{text}z" in "".join(changed("strings", new)[0])


RULE = {"NSStringFormatSpecTypeKey": "NSStringPluralRuleType", "NSStringFormatValueTypeKey": "d"}


def test_plurals_and_widths() -> None:
    forms = {**RULE, "one": "%d file", "other": "%d files & more"}
    entries = {
        "a": {"NSStringLocalizedFormatKey": "%#@n@", "n": forms},
        "b": {"NSStringLocalizedFormatKey": "Copy %#@n@ now", "n": forms},
        "c": {"NSStringVariableWidthRuleType": {"20": "Short", "50": "Not so short"}},
        "d": {"NSStringDeviceSpecificRuleType": {"mac": "Click it"}},
        "e": "Plain",
    }
    data = plistlib.dumps(entries)
    texts, same = changed("stringsdict", data)
    assert same == data
    assert sorted(texts) == sorted(
        ["Copy %#@n@ now", "Short", "Not so short", "Click it", "Plain"]
        + ["%d file", "%d files & more"] * 2
    )
    new = plistlib.loads(changed("stringsdict", data, "é {}")[1])
    assert new["a"] == {
        "NSStringLocalizedFormatKey": "%#@n@",
        "n": {**RULE, "one": "é %d file", "other": "é %d files & more"},
    }
    assert new["b"]["NSStringLocalizedFormatKey"] == "é Copy %#@n@ now"
    document = read_document(open_format("stringsdict", FormatOptions()), "f", data)
    kept = [slot.text[start:end] for slot in document.slots for start, end in slot.kept]
    assert "%#@n@" in kept


def test_forms_that_only_the_target_has() -> None:
    forms = {**RULE, "one": "%d file", "other": "%d files & more"}
    entries = {"other": {"NSStringLocalizedFormatKey": "%#@n@", "n": forms},
               "b": {"n": {**RULE, "few": "x", "other": "a"}},
               "c": {"NSStringDeviceSpecificRuleType": {"mac": "m", "other": "o"}}}  # fmt: skip
    for language, added in (("de", ()), ("pl", ("few", "many"))):
        options = FormatOptions(target_language=language)
        document = read_document(open_format("stringsdict", options), "f", plistlib.dumps(entries))
        new = b"".join(document.written([Target(f"é {slot.text}") for slot in document.slots]))
        found = plistlib.loads(new)
        assert found["other"]["n"] == {
            **RULE,
            "one": "é %d file",
            **dict.fromkeys(("other", *added), "é %d files & more"),
        }
        assert found["b"]["n"] == {
            **RULE,
            "few": "é x",
            **dict.fromkeys(("other", *added[1:]), "é a"),
        }
        assert found["c"] == {"NSStringDeviceSpecificRuleType": {"mac": "é m", "other": "é o"}}


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"<dict/>", "its root is not <plist>"), (b"<plist>", "not XML"), (b"bplist00", "binary")],
)
def test_what_is_no_dictionary(data: bytes, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        changed("stringsdict", data)


def test_words_in_angle_brackets_are_text(tmp_path: Path) -> None:
    found = translated("a.strings", '"a" = "<none>";\n"b" = "<b>";\n', tmp_path)
    assert found == '"a" = "<NONE>";\n"b" = "<b>";\n'
