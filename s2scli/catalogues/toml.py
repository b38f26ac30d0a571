"""TOML (https://toml.io/en/v1.0.0): the strings among the values are text; everything else stays.

A text is written in the style of the string that it replaces if that can hold it, else as a basic
string with escapes.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from s2scli.documents.base import Format, Slot, Source, line_end
from s2scli.documents.fields import Path
from s2scli.documents.languagekeys import LanguageKeys
from s2scli.documents.messagefiles import Values
from s2scli.documents.programs import ProgramValues, top_key
from s2scli.errors import BadInputError

__all__ = ["Toml"]

MOST_NESTED = 100  # arrays and inline tables in each other
BASIC, LITERAL = '"', "'"
LONG_BASIC, LONG_LITERAL = '"""', "'''"
WHITE = " \t\n"
_TABLE = re.compile(r"^\[+[ \t]*([\w-]+)", re.MULTILINE)
_KEYED = re.compile(r"^([\w-]+)[ \t]*=", re.MULTILINE)
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_GAP = re.compile(r"[ \t]*")
_LINE_END = re.compile(r"[ \t]*(?:#[^\n]*|\r?\n|\Z)")
_BARE = re.compile(r"[\w-]+")
_STRING = re.compile(
    r'"""[^"\\]*(?:(?:\\.|"{1,2}(?!"))[^"\\]*)*"{0,2}"""|'
    r"'''[^']*(?:'{1,2}(?!')[^']*)*'{0,2}'''|"
    r'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"|'
    r"'[^'\n]*'",
    re.DOTALL,
)
# A word of another kind is none: a string needs quotes.
_SCALAR = re.compile(
    r"(?:true|false|[+-]?(?:inf|nan))(?![\w.:+-])|[+-]?\d[\w+.:-]*(?: \d[\w.:+-]*)?"
)
# A backslash at the end of a line takes the blanks up to the next text with it.
_FOLD = r"\\[ \t]*\n[ \t\n]*"
_ESCAPE = re.compile(
    rf"(?P<fold>{_FOLD})|\\(?:u([0-9a-fA-F]{{4}})|U([0-9a-fA-F]{{8}})|(.))", re.DOTALL
)
_FOLDED = re.compile(r"\\[ \t]*\r?\n([ \t]*)")
_NAMES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_ESCAPES = {value: f"\\{name}" for name, value in _NAMES.items() if name != "e"}
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_UNSAFE = re.compile(r'["\\\x00-\x1f\x7f]')
_UNSAFE_LONG = re.compile(r'\\|""(?=")|"\Z|[\x00-\x08\x0b-\x1f\x7f]')
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class _String(Slot):
    """A string.

    Attributes:
        style: its quotes.
        lead, tail: the white space at the ends of what it says.
    """

    style: str = BASIC
    lead: str = ""
    tail: str = ""


class Toml(Format):
    """A document of TOML."""

    has_strings = True

    def slots(self, source: Source) -> Iterator[Slot]:
        """The strings among the values, of the paths that are wanted."""
        text = source.text
        tables = _TABLE.findall(text)
        keys = [
            *(top_key(table, has_parts=True) for table in tables),
            *(_KEYED.findall(text[: text.find("[")]) if tables else ()),
        ]

        def values() -> Values:
            return ((path, text[a:b].strip("\"'")) for a, b, path in _Reader(source).strings())

        chosen = bool(self.options.fields)
        programs = ProgramValues(text, keys, chosen=chosen, values=values)
        foreign = LanguageKeys(text, "" if chosen else self.options.source_language, values)
        for start, end, path in _Reader(source).strings():
            slot = _slot(text, start, end) if self.wanted(path) else None
            if slot and not (foreign.keep(path, slot.text) or programs.keep(path, slot.text)):
                yield slot
        self.remarks += [*programs.remarks(), *foreign.remarks()]

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """In the style of the original, if that can hold it."""
        assert isinstance(slot, _String)
        raw = source.text[slot.start : slot.end]
        whole = slot.lead + text.replace("\r\n", "\n") + slot.tail
        if slot.style == LITERAL and not ("'" in whole or _CONTROL.search(whole)):
            return f"'{whole}'"
        if slot.style in (BASIC, LITERAL):
            return _basic(raw, whole)
        return _long(raw, slot.style, whole)

    def has_text(self, source: Source) -> bool:
        """Whether there are strings, though none of those that are wanted."""
        everything = type(self)(replace(self.options, fields=()))
        return next(everything.slots(source), None) is not None


class _Reader:
    """A document that is read from its begin to its end.

    Args:
        source: the document.
    """

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._text = source.text
        self._at = 0

    def strings(self) -> Iterator[tuple[int, int, Path]]:
        """The strings among the values: where each is, and on which path.

        Raises:
            BadInputError: the document is not TOML, or nested too deeply.
        """
        table: Path = ()
        counts: Counter[Path] = Counter()  # of the tables of each array
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._takes("["):
                is_array = self._takes("[")
                table = self._key()
                if is_array:
                    counts[table] += 1
                    table = (*table, str(counts[table] - 1))
                self._expect("]]" if is_array else "]")
            else:
                key = self._key()
                self._expect("=")
                yield from self._value((*table, *key), 0)
            if not _LINE_END.match(self._text, self._at):
                raise self._error()
            self._skip(_BLANK)

    def _value(self, path: Path, depth: int) -> Iterator[tuple[int, int, Path]]:
        """A value; the strings in it."""
        if depth > MOST_NESTED:
            raise BadInputError(f"{self._name} is nested more than {MOST_NESTED} deep")
        self._skip(_GAP)
        if self._takes("["):
            yield from self._items("]", path, depth)
        elif self._takes("{"):
            yield from self._items("}", path, depth)
        elif string := _STRING.match(self._text, self._at):
            self._at = string.end()
            yield string.start(), string.end(), path
        elif scalar := _SCALAR.match(self._text, self._at):
            self._at = scalar.end()
        else:
            raise self._error()

    def _items(self, end: str, path: Path, depth: int) -> Iterator[tuple[int, int, Path]]:
        """The items of an array or an inline table, and its end."""
        number = 0
        while True:
            self._skip(_BLANK)
            if self._takes(end):
                return
            key: Path = (str(number),)
            if end == "}":
                key = self._key()
                self._expect("=")
            yield from self._value((*path, *key), depth + 1)
            number += 1
            self._skip(_BLANK)
            if not self._takes(","):
                self._expect(end)
                return

    def _key(self) -> Path:
        """A key, of several parts if there are dots in it."""
        parts: list[str] = []
        while True:
            self._skip(_GAP)
            if part := _BARE.match(self._text, self._at):
                parts.append(part[0])
            elif part := _STRING.match(self._text, self._at):
                parts.append(part[0][1:-1])
            else:
                raise self._error()
            self._at = part.end()
            self._skip(_GAP)
            if not self._takes("."):
                return tuple(parts)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _takes(self, token: str) -> bool:
        found = self._text.startswith(token, self._at)
        self._at += len(token) if found else 0
        return found

    def _expect(self, token: str) -> None:
        self._skip(_GAP)
        if not self._takes(token):
            raise self._error()

    def _error(self) -> BadInputError:
        line = self._text.count("\n", 0, self._at) + 1
        return BadInputError(f"{self._name}, line {line} is not TOML")


def _slot(text: str, start: int, end: int) -> _String | None:
    """The slot of a string; None if there is no letter in it, or half a character."""
    raw = text[start:end]
    style = raw[0] * 3 if raw.startswith((LONG_BASIC, LONG_LITERAL)) else raw[0]
    value = raw[len(style) : -len(style)].replace("\r\n", "\n")
    if len(style) > 1:
        value = value.removeprefix("\n")
    if style[0] == BASIC:
        try:
            value = _ESCAPE.sub(_character, value)
        except ValueError:
            return None  # a program would not read it
    if not any(map(str.isalpha, value)):
        return None
    body = value.strip(WHITE)
    lead = value[: value.index(body)]
    tail = value[len(lead) + len(body) :]
    return _String(start, end, body, style=style, lead=lead, tail=tail)


def _character(escape: re.Match[str]) -> str:
    """What an escape stands for.

    Raises:
        ValueError: it stands for nothing.
    """
    if escape["fold"] is not None:
        return ""
    if code := escape[2] or escape[3]:
        found = chr(int(code, 16))
        found.encode()
        return found
    if escape[4] in _NAMES:
        return _NAMES[escape[4]]
    if escape[4] not in '"\\':
        raise ValueError(escape[0])
    return escape[4]


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\{character}" if character in '"\\' else _code(character)


def _basic(raw: str, text: str) -> str:
    """A basic string; what is not ASCII is escaped if it is in the original."""
    text = _UNSAFE.sub(_escape, text)
    if raw.isascii() and re.search(r"\\[uU]", raw):
        text = _NOT_ASCII.sub(lambda found: _code(found[0]), text)
    return f'"{text}"'


def _long(raw: str, style: str, text: str) -> str:
    """A string of several lines; folded again if the original is."""
    newline = line_end(raw)
    head = raw[3 : 3 + len(newline)] if raw.startswith(newline, 3) else ""
    if not head and text.startswith("\n"):
        head = newline  # the first line break is none of the text
    is_literal = not (
        "'''" in text or text.endswith("'") or _CONTROL.search(text.replace("\n", ""))
    )
    if style == LONG_LITERAL and is_literal:
        return f"{style}{head}{text.replace(chr(10), newline)}{style}"
    lines = _UNSAFE_LONG.sub(_escape_long, text).split("\n")
    if style == LONG_BASIC and (fold := _FOLDED.search(raw)):
        width = max(len(line.strip(" \t\\")) for line in raw.split("\n"))
        lines = [_folded(line, width, f" \\{newline}{fold[1]}") for line in lines]
        head = head or f"\\{newline}{fold[1]}" if raw.startswith("\\", 3) else head
    body = newline.join(lines)
    return f"{LONG_BASIC}{head}{body}{LONG_BASIC}"


def _escape_long(found: re.Match[str]) -> str:
    return '"\\"' if found[0] == '""' else _escape(found)


def _folded(line: str, width: int, joiner: str) -> str:
    """A line on several; the words and what is between them stay."""
    lines = textwrap.wrap(
        line,
        width,
        break_long_words=False,
        break_on_hyphens=False,
        expand_tabs=False,
        replace_whitespace=False,
    )
    return joiner.join(lines) if len(lines) > 1 else line
