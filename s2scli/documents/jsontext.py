"""JSON and JSON lines: the strings among the values are text; keys, numbers and form stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from s2scli.documents.base import Format, Slot, Source
from s2scli.documents.fields import Path, chooser
from s2scli.errors import BadInputError

__all__ = ["Json", "JsonLines", "checked", "strings"]

_TOKEN = re.compile(r'["\[\]{}:,]')
_DECODER = json.JSONDecoder(strict=False)


class Json(Format):
    """A JSON document."""

    has_strings = True

    def slots(self, source: Source) -> Iterator[Slot]:
        """The strings among the values, of the paths that are wanted."""
        yield from self._slots(source, 0, len(source.text), source.name)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As a string, escaped as the original is."""
        original = source.text[slot.start : slot.end]
        return json.dumps(text, ensure_ascii="\\u" in original and original.isascii())

    def has_text(self, source: Source) -> bool:
        """Whether there are strings, though none of those that are wanted."""
        everything = type(self)(replace(self.options, fields=()))
        return next(everything.slots(source), None) is not None

    def _slots(self, source: Source, start: int, end: int, place: str) -> Iterator[Slot]:
        checked(source.text[start:end], place)
        wanted = chooser(self.options.fields)
        for first, last, path, text in strings(source.text, start, end):
            if wanted(path) and any(map(str.isalpha, text)):
                yield Slot(first, last, text)


class JsonLines(Json):
    """A JSON document on each line."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The strings among the values of each line."""
        start = 0
        for number, line in enumerate(source.text.split("\n"), 1):
            if line.strip():
                place = f"{source.name}, line {number}"
                yield from self._slots(source, start, start + len(line), place)
            start += len(line) + 1


def checked(text: str, place: str) -> None:
    """Refuse what is not JSON.

    Args:
        text: the characters.
        place: where they are from, for messages.

    Raises:
        BadInputError: they are invalid.
    """
    try:
        # What its numbers are is not asked, so that they may have any number of digits.
        json.loads(text, parse_int=len)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{place} is not JSON: {error}") from None


def strings(text: str, start: int, end: int) -> Iterator[tuple[int, int, Path, str]]:
    """The strings among the values of a valid document: where, on which path, what they say."""
    path: list[str] = []
    lists: list[bool] = []
    key = False  # whether the next string is a key
    position = start
    while match := _TOKEN.search(text, position, end):
        token, position = match[0], match.end()
        if token in "[{":
            lists.append(token == "[")
            path.append("0")
            key = token == "{"
        elif token in "]}":
            lists.pop()
            path.pop()
            key = False
        elif token == ",":
            if lists[-1]:
                path[-1] = str(int(path[-1]) + 1)
            else:
                key = True
        elif token == ":":
            key = False
        else:
            said, position = _DECODER.raw_decode(text, match.start())
            if key:
                path[-1] = said
            else:
                yield match.start(), position, tuple(path), said
