"""JSON and JSON lines: the strings among the values are text; keys, numbers and form stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from s2scli.documents.base import Format, Slot, Source
from s2scli.documents.fields import Path, chooser
from s2scli.errors import BadInputError

__all__ = ["Json", "JsonLines"]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]')
_SURROGATE = re.compile("[\ud800-\udfff]")


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
        try:
            json.loads(source.text[start:end])
        except (ValueError, RecursionError) as error:
            raise BadInputError(f"{place} is not JSON: {error}") from None
        wanted = chooser(self.options.fields)
        for first, last, path in _strings(source.text, start, end):
            if wanted(path):
                text = json.loads(source.text[first:last], strict=False)
                # A lone surrogate is no character; what has one stays as it is.
                if any(map(str.isalpha, text)) and not _SURROGATE.search(text):
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


def _strings(text: str, start: int, end: int) -> Iterator[tuple[int, int, Path]]:
    """The strings among the values of a valid document, and the path to each."""
    path: list[str] = []
    lists: list[bool] = []
    key = False  # whether the next string is a key
    for match in _TOKEN.finditer(text, start, end):
        token = match[0]
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
        elif key:
            path[-1] = json.loads(token)
        else:
            yield match.start(), match.end(), tuple(path)
