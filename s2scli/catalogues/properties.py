r"""Properties of Java: texts by key, as ``java.util.Properties`` loads them.

Values are texts, but for names for programs and what is in another language; keys, comments and
blank lines stay. A value that went over several lines is
written on one. A file that is not UTF-8 is ISO 8859-1; what that does not have is written as
``\uXXXX``, and so is all that is not ASCII in a file that has nothing else: each Java reads that.

In a message with numbered arguments, ``It''s {0}``, an apostrophe is doubled
(``java.text.MessageFormat``): it is a single one in the text. A message that has single ones has
them on purpose, so that its text is what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span
from s2scli.documents.base import BOMS, Format, Slot, Source
from s2scli.documents.fields import Path
from s2scli.documents.languagekeys import LanguageKeys
from s2scli.documents.programs import ProgramValues

__all__ = ["Properties"]

WHITE = " \t\n\r\f"
LATIN = "latin-1"
_BLANK = re.compile(r"[ \t\f]*")
# A line break that is escaped takes what is blank before the next line with it.
_CONTINUED = r"\\(?:\r\n?|\n)[ \t\f]*"
_COMMENT_END = re.compile(r"[\r\n]")
_LINE_END = re.compile(rf"{_CONTINUED}|\\.|[\r\n]")
_KEY_END = re.compile(rf"{_CONTINUED}|\\.|[=: \t\f]")
_SEPARATOR = re.compile(rf"{_CONTINUED}|[ \t\f]+|[=:]")
_ESCAPE = re.compile(rf"(?P<nothing>{_CONTINUED}|\\\Z)|\\u(?P<code>[0-9a-fA-F]{{4}})|\\(?P<name>.)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NAMES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "\\": "\\"}
_ESCAPES = {character: "\\" + name for name, character in _NAMES.items()}
_NAMED = re.compile(r"[\t\n\r\f\\]")
# What cannot stand there: in a file that is ASCII, ISO 8859-1, Unicode.
_NOT_ASCII = re.compile(r"[^\x20-\x7e]")
_NOT_LATIN = re.compile(r"[^\x20-\x7e\xa0-\xff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ARGUMENT = re.compile(r"\{\d+[,}]")


class Properties(Format):
    """A file of properties."""

    has_strings = True
    mnemonics = "&"

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a file: Unicode, or else ISO 8859-1."""
        if not data.startswith(tuple(BOMS)) and b"\0" not in data:
            try:
                data.decode()
            except UnicodeDecodeError:
                return Source(name, data.decode(LATIN), LATIN)
        return super().source(name, data)

    def slots(self, source: Source) -> Iterator[Slot]:
        """The values, of the keys that are wanted."""
        chosen = bool(self.options.fields)
        programs = ProgramValues(source.text, (), chosen=chosen)
        foreign = LanguageKeys(
            source.text,
            "" if chosen else self.options.source_language,
            lambda: ((path, slot.text) for path, slot in _slots(source.text)),
        )
        for path, slot in _slots(source.text):
            if not self.wanted(path):
                continue
            if not (foreign.keep(path, slot.text) or programs.keep(path, slot.text)):
                yield slot
        self.remarks += [*programs.remarks(), *foreign.remarks()]

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """On one line, with the escapes that it needs and those that the original has."""
        raw = source.text[slot.start : slot.end]
        value = _said(raw)
        if _doubles(value):
            text = text.replace("'", "''")
        lead = value[: len(value) - len(value.lstrip(WHITE))]
        tail = value[len(value.rstrip(WHITE)) :]
        new = _NAMED.sub(lambda found: _ESCAPES[found[0]], lead + text + tail)
        new = _foreign(source).sub(lambda found: _codes(found[0]), new)
        for sign in "=:#!":
            if "\\" + sign in raw:
                new = new.replace(sign, "\\" + sign)
        return "\\" + new if new.startswith((" ", "=", ":")) else new

    def has_text(self, source: Source) -> bool:
        """Whether there are values, though none of those that are wanted."""
        return next(_slots(source.text), None) is not None


def _slots(text: str) -> Iterator[tuple[Path, Slot]]:
    """The values with letters, each with the parts of its key between dots."""
    for key, (start, end) in _values(text):
        try:
            path, value = tuple(_said(key).split(".")), _said(text[start:end])
        except ValueError:
            continue  # Java would not read it
        if any(map(str.isalpha, value)):
            says = value.replace("''", "'") if _doubles(value) else value
            yield path, Slot(start, end, says.strip(WHITE))


def _values(text: str) -> Iterator[tuple[str, Span]]:
    """Where values stand, and the key of each; none is empty."""
    for start, end in _lines(text):
        position = _first(_KEY_END, text, start, end)
        key = text[start:position]
        separated = False
        while separator := _SEPARATOR.match(text, position, end):
            if separator[0] in ("=", ":"):
                if separated:
                    break
                separated = True
            position = separator.end()
        if position < end:
            yield key, (position, end)


def _lines(text: str) -> Iterator[Span]:
    """Where keys with their values stand: lines, and those that they continue in."""
    start = 0
    while start < len(text):
        blank = _BLANK.match(text, start)
        start = blank.end() if blank else start
        if text.startswith(("#", "!"), start):
            start = _first(_COMMENT_END, text, start, len(text)) + 1
            continue
        end = _first(_LINE_END, text, start, len(text))
        yield start, end
        start = end + 1


def _first(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where a pattern first finds something that is not an escape; the end if nowhere."""
    found = pattern.finditer(text, start, end)
    return next((match.start() for match in found if match[0][0] != "\\"), end)


def _said(raw: str) -> str:
    r"""What a value says.

    Raises:
        ValueError: there is a ``\u`` without four digits after it, or half a character.
    """
    text = _ESCAPE.sub(_character, raw)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    return text


def _character(escape: re.Match[str]) -> str:
    if escape["nothing"] is not None:
        return ""
    if escape["code"]:
        return chr(int(escape["code"], 16))
    if escape["name"] == "u":
        raise ValueError(escape.string)
    return _NAMES.get(escape["name"], escape["name"])


def _doubles(value: str) -> bool:
    """Whether an apostrophe is written as two."""
    return bool(_ARGUMENT.search(value)) and "'" not in value.replace("''", "")


def _foreign(source: Source) -> re.Pattern[str]:
    """What has to be escaped in a document."""
    if source.text.isascii():
        return _NOT_ASCII
    return _NOT_LATIN if source.encoding == LATIN else _CONTROL


def _codes(character: str) -> str:
    """A character in UTF-16, as escapes."""
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
