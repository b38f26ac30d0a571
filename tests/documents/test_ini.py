"""INI: values in the dialects, quotes, comments, continuation lines."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.documents.values import Values
from tests.sizes import TENTHS
from tests.text.test_sentences import HOSTILE

INI = Values("ini")
slots, changed = INI.slots, INI.changed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]\nb = One two\nc: three\nd=four\ne\nf =\n", ["One two", "three", "four"]),
        ("; a = b\n# c = d\n  ; e = f\n[a = b]\n", []),
        ("a = One ; no\nb = Two # no\nc = Three #yes\nd = ; no\n", ["One", "Two", "Three #yes"]),
        ('a = "One" ; no\nb = "Two; yes"\nc = \'Three\'\n', ["One", "Two; yes", "Three"]),
        ('a = "One \\"two\\""\nb = "One "_QQ_"two"_QQ_""\n', ['One "two"', 'One "two"']),
        ('a = "One\nb = One" two\nc = it\'s\n', ['"One', 'One" two', "it's"]),
        ("a = One\n  two\n\tthree\nb = four\n", ["One\ntwo\nthree", "four"]),
        ("a =\n  One\n\n  Two\n", ["One", "Two"]),
        ("a = One\n  ; no\n  two\n", ["One", "two"]),
        ("[a]\n\tb = One\n\tc = two\n", ["One", "two"]),
        ("a = One\n  b = two\n", ["One", "two"]),
        ("a = One \\\n  two\nb = C:\\dir\\\nc = three\n", ["One two", "C:\\dir\\", "three"]),
        ('a = true\nb = No\nc = 12\nd = @ByteArray(x)\ne = "true"\n', ["true"]),
        ("a.b:c=One\nhttp://x/y = two\nC\\d:e=three\n", ["One", "two", "three"]),
        ("a=One\\ntwo\n", ["One\\ntwo"]),
        ("", []),
    ],
)
def test_what_is_text(text: str, expected: list[str]) -> None:
    INI.check(text, expected, ("\n", "\r\n", "\r"))


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("a = x ; y\n", "z ; w # v\nu", "a = z; w# v u ; y\n"),
        ("a = x\n  y\n", "z\nw\n; v\nb = u", "a = z\n  w; v b = u\n"),
        ('a = "x"\n', 'say "y"', 'a = "say \\"y\\""\n'),
        ('a = "x "_QQ_"y"_QQ_""\n', '"z"', 'a = ""_QQ_"z"_QQ_""\n'),
        ("a = 'x'\n", "l'eau", 'a = "l\'eau"\n'),
        ("a = 'x'\n", 'l\'eau "z"', "a = 'l\u2019eau \"z\"'\n"),
        ("a = x\n", '"y"', 'a = ""y""\n'),
        ("a = x\n", "; y", 'a = "; y"\n'),
        ("a = \"  x \"\nb = '\ty'\n", "z", "a = \"  z \"\nb = '\tz'\n"),
    ],
)
def test_how_texts_are_written(text: str, target: str, expected: str) -> None:
    assert changed(text, target) == expected


def test_fields() -> None:
    text = "a = one\n[s]\na = two\nb.c = three\n[t.u]\na = four\n"
    assert [slot.text for slot in slots(text, "a")] == ["one"]
    assert [slot.text for slot in slots(text, "*.a")] == ["two"]
    assert [slot.text for slot in slots(text, "s.b.c", "t.u.a")] == ["three", "four"]


KEYS = st.text(st.sampled_from("abc"), min_size=1, max_size=3)
VALUES = st.text(st.sampled_from("xyz "), min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.dictionaries(KEYS, VALUES, max_size=4), VALUES)
def test_what_another_reader_reads(values: dict[str, str], target: str) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    text = "[s]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
    assert [slot.text for slot in slots(text)] == list(values.values())
    parser.read_string(changed(text, f"{target}\n{target}"))
    assert set(dict(parser["s"]).values()) <= {f"{target} {target}"}


PARTS = st.lists(
    st.text(st.sampled_from("ab=:;#\"'\\[] \t"), max_size=9)
    | st.sampled_from(["a = x\\", "  y", "[s]", 'k: "v"', "; c", "", "  k = v"]),
    max_size=8,
)


@given(PARTS, st.sampled_from(["\n", "\r\n", "\r"]), HOSTILE)
@example([":", "  y"], "\n", "=;")  # an entry, on a line of its own
@example(["::", "  y"], "\n", "=;")  # the end of a longer key
@example(["[:a"], "\n", "]")  # a section
def test_what_is_written_is_read_back(parts: list[str], newline: str, target: str) -> None:
    text = newline.join(parts)
    found = slots(text)
    assert changed(text, "{}") == text
    new = changed(text, "x" + target.replace("{", "{{").replace("}", "}}") + "x")
    assert len(slots(new)) == len(found)


@pytest.mark.parametrize("part", ["a = x\n", "  x\n", "a", "[", '"', "\\\n", " ;", "a = \\\n b"])
@pytest.mark.parametrize("n", TENTHS)
def test_large_ones(part: str, n: int) -> None:
    text = "[s]\na = x" + part * 3_000 * n
    assert changed(text, "{}") == text


def test_names_for_programs_stay() -> None:
    text = "[x]\nType = file\ntheme=dark\ntitle = dark\nMode = Dark blue\n"
    assert [slot.text for slot in slots(text)] == ["dark", "Dark blue"]
    assert [slot.text for slot in slots(text, "x.Type")] == ["file"]
