"""Tables of values between commas or tabs (RFC 4180, read leniently)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from s2scli.documents.base import Format, Slot, Source
from s2scli.errors import BadInputError

__all__ = ["Csv", "Tsv"]

QUOTE = '"'
LOOKED_AT = 1 << 13  # characters in which the separator shows itself


class _Cell(NamedTuple):
    """A cell: where it stands in the text, quotes included, and in which row and column."""

    start: int
    end: int
    row: int
    column: int


class Csv(Format):
    """Comma-separated values; the separator may be a semicolon, a tab or a bar."""

    has_strings = True

    separators = ",;\t|"

    def slots(self, source: Source) -> Iterator[Slot]:
        """The cells with letters, of the columns that are wanted; not those of the header."""
        text = source.text
        separator = _separator(text, self.separators)
        header: list[str] = []
        wanted: set[int] | None = None
        for cell in _cells(text, separator):
            content = _content(text[cell.start : cell.end])
            if cell.row == 0:
                header.append(content.strip())
                continue
            if wanted is None:
                wanted = self._columns(source.name, header)
            if cell.column in wanted and any(map(str.isalpha, content)):
                yield Slot(cell.start, cell.end, content)
        if wanted is None and header:
            self._columns(source.name, header)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """Quoted if it was, or if it has to be.

        A stray quote may be what keeps one before it from being taken for an opening one.
        """
        separator = _separator(source.text, self.separators)
        quoted = source.text.find(QUOTE, slot.start, slot.end) >= 0
        if not quoted and not any(sign in text for sign in (separator, QUOTE, "\n", "\r")):
            return text
        return QUOTE + text.replace(QUOTE, QUOTE * 2) + QUOTE

    def has_text(self, source: Source) -> bool:
        """Whether any cell below the header has text."""
        cells = _cells(source.text, _separator(source.text, self.separators))
        return any(
            any(map(str.isalpha, source.text[cell.start : cell.end])) for cell in cells if cell.row
        )

    def _columns(self, name: str, header: list[str]) -> set[int]:
        if not self.options.columns:
            return set(range(len(header)))
        found = set()
        for column in self.options.columns:
            if column in header:
                found.add(header.index(column))
            elif column.isdigit() and 0 < int(column) <= len(header):
                found.add(int(column) - 1)
            else:
                raise BadInputError(
                    f"{name} has no column {column!r}", f"It has: {', '.join(header)}."
                )
        return found


class Tsv(Csv):
    """Tab-separated values."""

    separators = "\t"


def _separator(text: str, known: str) -> str:
    """The one that the first line has most of."""
    first = text[:LOOKED_AT].partition("\n")[0]
    return max(known, key=first.count)


def _cells(text: str, separator: str) -> Iterator[_Cell]:
    """The cells in order. A quote in mid-cell, or one that is never closed, is a character."""
    position = row = column = 0
    size = len(text)
    plain = re.compile(rf"[^{re.escape(separator)}\r\n]*")
    while position < size:
        start = position
        end = _quoted_end(text, start, separator) if text[start] == QUOTE else -1
        if end < 0 and (cell := plain.match(text, start)):
            end = cell.end()
        yield _Cell(start, end, row, column)
        column += 1
        position = end
        if text.startswith("\r\n", position):
            position, row, column = position + 2, row + 1, 0
        elif position < size and text[position] in "\r\n":
            position, row, column = position + 1, row + 1, 0
        elif position < size:
            position += 1  # the separator
            if position == size:
                yield _Cell(size, size, row, column)


def _quoted_end(text: str, start: int, separator: str) -> int:
    """After the closing quote of a cell; -1 if it is not closed before a separator."""
    position = start + 1
    while (position := text.find(QUOTE, position)) >= 0:
        if text.startswith(QUOTE, position + 1):
            position += 2
            continue
        following = text[position + 1 : position + 2]
        return position + 1 if following in ("", separator, "\n", "\r") else -1
    return -1


def _content(cell: str) -> str:
    if len(cell) >= 2 and cell[0] == cell[-1] == QUOTE:
        return cell[1:-1].replace(QUOTE * 2, QUOTE)
    return cell
