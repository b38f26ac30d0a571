"""Properties of Java: values, their escapes and encodings."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Source, Target
from s2scli.documents.filling import Document, filled
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from tests.documents.values import Values
from tests.sizes import TENTHS
from tests.text.test_sentences import HOSTILE

FORMAT = open_format("properties", FormatOptions())

PROPERTIES = Values("properties")
slots, changed = PROPERTIES.slots, PROPERTIES.changed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=x\nb:y\nc z\nd = w\n", ["x", "y", "z", "w"]),
        ("  a  \t=\f v w  \n", ["v w"]),
        ("a==x\nb=:y\nc = = z\nd  :w\n", ["=x", ":y", "= z", "w"]),
        ("# a=x\n  ! b=y\nc=z # w\n#d \\\ne=v", ["z # w", "v"]),
        ("a=x \\\n   y\\\r\n\t z\\\r  w\nb=c", ["x y" + "zw", "c"]),
        ("a\\\n  b = x\n", ["x"]),
        ("a = \\\n\n#b=c\nd=\\\n #e\n", ["#e"]),
        ("\\#a=x\na\\=b\\:\\ c=y\n\\\n#d=z", ["x", "y", "z"]),
        ("a=x\\\\\nb=y\\\\\\\n  z\nc=w\\", ["x\\", "y\\z", "w"]),
        ("a=\\u00e9t\\u00E9 \\ud83d\\ude00x\nb=\\t\\q x\\n", ["été 😀x", "q x"]),
        ("a=\\u00gg x\nb=C:\\users\nc=x \\ud83d\nd=y", ["y"]),
        ("a=b\rc=d\r\n\r\ne=f", ["b", "d", "f"]),
        ("a\nb=\nc=1\n=x\n:\n", ["x"]),
        ("a=It''s {0}\nb=It''s\nc=x '{'0'}' {1}", ["It's {0}", "It''s", "x '{'0'}' {1}"]),
        ("", []),
        ("\\", []),
    ],
)
def test_what_is_text(text: str, expected: list[str]) -> None:
    PROPERTIES.check(text, expected)


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("a=x\n", "é 😀\\", "a=\\u00e9 \\ud83d\\ude00\\\\\n"),
        ("a=xé\n", "é 😀\x07", "a=é 😀\\u0007\n"),
        ("a = x\n", "  y: z", "a = \\  y: z\n"),
        ("a x\n", "= y", "a \\= y\n"),
        ("a=x\\: y\n", "one: two = three", "a=one\\: two = three\n"),
        ("a=x\\\n   y\n", "y\nz\t", "a=y\\nz\\t\n"),
        ("a=\\\n   y \n", " z", "a=\\\n   \\ z \n"),
        ("a=x {0}\n", "l'x {0}", "a=l''x {0}\n"),
        ("a=x {name}\n", "l'x", "a=l'x\n"),
        ("a=x '{0}'\n", "l'x", "a=l'x\n"),
    ],
)
def test_how_texts_are_written(text: str, target: str, expected: str) -> None:
    assert changed(text, target.replace("{", "{{").replace("}", "}}")) == expected


@pytest.mark.parametrize(
    ("data", "text", "target", "expected"),
    [
        (b"a=caf\xe9", "café", "œufs é", b"a=\\u0153ufs \xe9"),
        ("a=café".encode(), "café", "œufs é", "a=œufs é".encode()),
        (b"a=cafe", "cafe", "é", b"a=\\u00e9"),
        (b"\xef\xbb\xbfa=caf\xc3\xa9", "café", "œ", b"\xef\xbb\xbfa=\xc5\x93"),
        ("\ufeffa=é".encode("utf-16-le"), "é", "œ", "\ufeffa=œ".encode("utf-16-le")),
    ],
)
def test_encodings(data: bytes, text: str, target: str, expected: bytes) -> None:
    document = read_document(FORMAT, "f", data)
    assert [slot.text for slot in document.slots] == [text]
    assert b"".join(document.written([Target(text)])) == data
    assert b"".join(document.written([Target(target)])) == expected


def test_binary_files_are_none() -> None:
    with pytest.raises(BadInputError, match="binary"):
        read_document(FORMAT, "f", b"a=\0\xff")


LINES = st.lists(
    st.text(st.sampled_from("ab \t\f\\=:#!u0é{}'"), max_size=12)
    | st.sampled_from(["a = x\\", "  y\\", "\\u0041 b", "k: {0} ''", "key text"]),
    max_size=8,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), HOSTILE | LINES.map("\n".join))
def test_what_is_written_is_read_back(lines: list[str], newline: str, target: str) -> None:
    text = newline.join(lines)
    found = slots(text)
    new = "".join(filled(FORMAT, Source("f", text), found, [Target(f"x{target}x") for _ in found]))
    doubled = {f"x{target}x"}
    if "'" in target:
        doubled |= {f"x{target}x".replace("''", "'"), f"x{target}x".replace("'", "''")}
    assert len(slots(new)) == len(found)
    assert {slot.text for slot in slots(new)} <= doubled


def loaded(text: str) -> list[str]:
    """The values, character by character as java.util.Properties reads them."""
    values: list[str] = []
    rest = re.split(r"\r\n|\r|\n", text)[::-1]
    while rest:
        line = rest.pop().lstrip(" \t\f")
        if line.startswith(("#", "!")):
            continue
        while (len(line) - len(line.rstrip("\\"))) % 2:
            line = line[:-1] + (rest.pop().lstrip(" \t\f") if rest else "")
            if not rest:
                break
        at = 0
        while at < len(line) and line[at] not in "=: \t\f":
            at += 1 + (line[at] == "\\")
        value = line[at:].lstrip(" \t\f")
        if value.startswith(("=", ":")):
            value = value[1:].lstrip(" \t\f")
        values.append(value)
    return [said for value in values if any(map(str.isalpha, said := unescaped(value)))]


def unescaped(text: str) -> str:
    said, rest = "", text
    while rest:
        if rest[0] != "\\":
            said, rest = said + rest[0], rest[1:]
        elif rest[1:2] == "u":
            if not re.match(r"[0-9a-fA-F]{4}", rest[2:]):
                return ""
            said, rest = said + chr(int(rest[2:6], 16)), rest[6:]
        else:
            letters = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
            said, rest = said + letters.get(rest[1:2], rest[1:2]), rest[2:]
    return said


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_values_are_those_that_java_loads(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    assume("\\u:" not in text and "\\u=" not in text)  # of a key: Java loads nothing at all
    expected = [value.strip(" \t\n\r\f").replace("''", "'") for value in loaded(text)]
    assert [slot.text.replace("''", "'") for slot in slots(text)] == expected


@given(st.dictionaries(HOSTILE, HOSTILE, max_size=4))
def test_what_is_between_slots_stays(values: dict[str, str]) -> None:
    text = "".join(f"{key}={value}\n" for key, value in values.items())
    found = slots(text)
    targets = [Target(f"{slot.text}!") for slot in found]
    new = "".join(filled(FORMAT, Source("f", text), found, targets))
    fresh = slots(new)
    reached = other = 0
    for one, two in zip(found, fresh, strict=True):
        assert text[reached : one.start] == new[other : two.start]
        reached, other = one.end, two.end
    assert text[reached:] == new[other:]


def test_lines_are_texts_of_their_own() -> None:
    document = Document.of(FORMAT, Source("f", "a=<b>One.</b>\\n\\nTwo.\n"))
    assert [slot.text for slot in document.slots] == ["One.", "Two."]
    spans = tuple((mark.start, mark.end + 1) for mark in document.slots[0].marks)
    new = b"".join(document.written([Target("Eins.", spans), Target("Zwei.")]))
    assert new == b"a=<b>Eins.</b>\\n\\nZwei.\n"


@pytest.mark.parametrize(
    ("text", "says", "marked"),
    [
        ("[One](x:y) two", "One two", ["One"]),
        ("One [<b>two</b>](x) [three]", "One two [three]", ["two", "two"]),
        ("One [two] (x) and", "One [two] (x) and", []),
        ("<a href='[x](y)'>One</a> two", "One two", ["One"]),
    ],
)
def test_links_of_strings(text: str, says: str, marked: list[str]) -> None:
    document = Document.of(FORMAT, Source("f", f"a={text}\n"))
    (slot,) = document.slots
    assert slot.text == says
    assert [slot.text[mark.start : mark.end] for mark in slot.marks] == marked
    spans = tuple((mark.start, mark.end) for mark in slot.marks)
    new = b"".join(document.written([Target(slot.text.upper(), spans)])).decode()
    assert new == f"a={text}\n".replace(says[:3], says[:3].upper()).replace("two", "TWO").replace(
        "[three]", "[THREE]"
    ).replace("(x) and", "(X) AND")


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "a=" + "x\\\n" * 30_000 * n,
        lambda n: "a=" + "[" * 50_000 * n,
        lambda n: "a=" + "[a](b) " * 15_000 * n,
        lambda n: "\\:" * 50_000 * n + "=x",
        lambda n: "a" + "\\\n" * 50_000 * n + "=x",
        lambda n: "a=" + "x " * 50_000 * n,
        lambda n: "#" * 100_000 * n,
        lambda n: "a=x\n" * 3_000 * n,
        lambda n: "a " * 3 + "\\" * 100_000 * n,
    ],
    ids=lambda make: repr(make(1)[:6]),
)
@pytest.mark.parametrize("n", TENTHS)
def test_large_ones(make: Callable[[int], str], n: int) -> None:
    text = make(n)
    found = slots(text)
    assert changed(text, "{}") == text
    assert len(slots(changed(text, "{} more"))) == len(found)


@pytest.mark.parametrize(
    ("text", "fields", "found", "said"),
    [
        (
            "mail.protocol=smtp\nmail.title=Mail\nz=smtp\n",
            (),
            ["Mail", "smtp"],
            "names for programs",
        ),
        ("a.mode=Dark mode\nb.mode=Dark\n", (), ["Dark mode", "Dark"], ""),
        ("a_en=One\na_de=Eins\n", (), ["One"], "other languages"),
        ("en.a=One\nde.a=Eins\n", (), ["One"], "other languages"),
        ("a.mode=dark\nb=x\na_en=y\na_de=z\n", ("a.mode", "a_de"), ["dark", "z"], ""),
    ],
)
def test_values_that_stay(text: str, fields: tuple[str, ...], found: list[str], said: str) -> None:
    options = FormatOptions(source_language="en", target_language="de", fields=fields)
    document = read_document(open_format("properties", options), "f", text.encode())
    assert [slot.text for slot in document.slots] == found
    assert bool(document.remarks) == bool(said)
    assert said in "".join(document.remarks)
