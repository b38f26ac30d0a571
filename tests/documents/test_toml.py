"""TOML: which strings are texts, and how other texts are written in their styles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.errors import BadInputError
from tests.documents.values import Values
from tests.sizes import TENTHS
from tests.text.test_sentences import HOSTILE

LONG = '"""'

TOML = Values("toml")
slots, changed = TOML.slots, TOML.changed


def strings(value: Any) -> Iterator[str]:
    """The strings among values that a reader has given."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str) and any(map(str.isalpha, value)):
        yield value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a = "One" # "two"\n# b = "three"', ["One"]),
        ("a = 'One \\n'", ["One \\n"]),
        ('a = "One\\n\\u00e9\\"\\\\"', ['One\né"\\']),
        ('a = """\nOne\ntwo"""', ["One\ntwo"]),
        ('a = """One \\\n\n  two"""', ["One two"]),
        ("a = '''\nOne\n'''", ["One"]),
        ('a = """"One""""\nb = \'\'\'\'Two\'\'\'', ['"One"', "'Two"]),
        ('a = ["One", [\n"two" # three\n,], {b = "four"}]', ["One", "two", "four"]),
        ("a = 1\nb = true\nc = 1979-05-27 07:32:00\nd = -inf\ne = 0xAB", []),
        ('"a b".\'c\' . d = "One"', ["One"]),
        ('[a."b c"]\nd = "One"\n[[e]]\n[[e]]\nf = "two"', ["One", "two"]),
        ('a = "1"\nb = ""\nc = "\\ud800 x"\nd = "\\q x"', []),
        ("", []),
    ],
)
def test_what_is_text(text: str, expected: list[str]) -> None:
    TOML.check(text, expected, ("\n", "\r\n"))


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ('a = "x"', 'é "\\\n\t\x01😀', 'a = "é \\"\\\\\\n\\t\\u0001😀"'),
        ('a = "\\u00e9"', "é 😀", 'a = "\\u00e9 \\U0001f600"'),
        ("a = 'x'", 'y "', "a = 'y \"'"),
        ("a = 'x'", "y'", 'a = "y\'"'),
        ('a = """\nx"""', 'y"""\\\n"', 'a = """\ny"\\""\\\\\n\\""""'),
        ("a = '''\nx'''", "y\nz", "a = '''\ny\nz'''"),
        ("a = '''x'''", "\ny'''", 'a = """\n\ny\'\'\'"""'),
        ('a = " x\\n"', "y", 'a = " y\\n"'),
        ('a = """\\\n  one two \\\n  three"""', "a b c d e", 'a = """\\\n  a b c d \\\n  e"""'),
        ('a = """\r\nx\r\ny"""', "z\nw", 'a = """\r\nz\r\nw"""'),
    ],
)
def test_how_texts_are_written(text: str, target: str, expected: str) -> None:
    assert changed(text, target.replace("{", "{{").replace("}", "}}")) == expected


def test_fields() -> None:
    text = '[a.b]\nc = "one"\nd = "two"\n[[e]]\nf = [{g = "three"}]\n[[e]]\nf = "four"'
    assert [slot.text for slot in slots(text, "a.b.c", "e.f.g")] == ["one", "three"]
    assert [slot.text for slot in slots(text, "e.1.f")] == ["four"]
    assert [slot.text for slot in slots(text, "*.b.*")] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a", "line 1 is not"),
        ('a = 1\nb = "open\nc = 2', "line 2 is not"),
        ("a = 1 b = 2", "line 1 is not"),
        ("[a\nb = 1", "line 1 is not"),
        ("a = [1, 2", "line 1 is not"),
        ("a = {b = 1 c = 2}", "line 1 is not"),
        ("a = '''open", "line 1 is not"),
        ("= 1", "line 1 is not"),
        ("a = 1\nb = Hello", "line 2 is not"),
        ("a = [one, 2]", "line 1 is not"),
        ("a = True", "line 1 is not"),
        ("a = infinite", "line 1 is not"),
        ("a = " + "[" * 1000, "nested"),
        ("a = " + "{a = " * 1000, "nested"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadInputError, match=reason):
        slots(text)


@pytest.mark.parametrize(
    "value",
    [
        "true",
        "-inf",
        "+nan",
        "1_000",
        "0xdead_beef",
        "-3.5e+7",
        "1979-05-27 07:32:00.5-07:00",
        "07:32",
    ],
)
def test_values_that_are_no_texts(value: str) -> None:
    assert slots(f"a = {value}\nb = [{value}, {value}]\nc = {{d = {value}}}") == []


STYLES = st.sampled_from(['"{}"', "'{}'", '"""\n{}"""', "'''{}'''", '"""{} \\\n  more"""'])


@pytest.mark.skipif(sys.version_info < (3, 11), reason="there is no reader of TOML")
@given(STYLES, HOSTILE)
def test_what_is_written_is_what_another_reader_reads(style: str, target: str) -> None:
    tomllib: Any = import_module("tomllib")

    text = f'[a]\nb = {style.format("One")} # c\nd = ["x", {style.format("two")}]\n'
    new = changed(text, "x" + target.replace("{", "{{").replace("}", "}}") + "x")
    wanted = {f"x{target}x".replace("\r\n", "\n")}
    read = {" ".join(found.split()) for found in strings(tomllib.loads(new))}
    assert read == {" ".join(one.split()) for one in wanted}
    assert [slot.text for slot in slots(new)] == list(strings(tomllib.loads(new)))


LINES = ('a = "x"\n', "b = 'y'\n", "[c]\n", "[[d]]\n", "e = [", '"z"')
PARTS = st.lists(st.sampled_from((*LINES, ",", "]", "{", "}", "\n", "#")), max_size=12)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="there is no reader of TOML")
@given(PARTS)
def test_texts_are_those_that_another_reader_finds(parts: list[str]) -> None:
    tomllib: Any = import_module("tomllib")

    text = "".join(parts)
    try:
        expected = sorted(strings(tomllib.loads(text)))
    except tomllib.TOMLDecodeError:
        return
    assert sorted(slot.text for slot in slots(text)) == expected


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "a = [" + '"x",' * 3_000 * n + "]",
        lambda n: 'a = "' + "x " * 50_000 * n + '"',
        lambda n: 'a = """' + 'x" ' * 30_000 * n + '"""',
        lambda n: 'a = """x' + "\\\n" * 30_000 * n + '"""',
        lambda n: "#" * 100_000 * n,
        lambda n: 'a.b = "x"\n' * 3_000 * n,
        lambda n: "a." * 30_000 * n + 'b = "x"',
    ],
    ids=lambda make: repr(make(1)[:9]),
)
@pytest.mark.parametrize("n", TENTHS)
def test_large_ones(make: Callable[[int], str], n: int) -> None:
    text = make(n)
    assert changed(text, "{}") == text
