"""How a table of values is written: what parts its cells, what quotes mean, where its header is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

__all__ = ["QUOTE", "TableDialect", "TableField", "content"]

QUOTE = '"'
LOOKED_AT = 1 << 13  # characters in which the separator and the header show themselves
_SAID = re.compile(r"\"?sep=([^\"\r\n])\"?\r?\n")  # for Excel


class TableField(NamedTuple):
    """A cell: where it stands in the text, quotes included, and in which row and column."""

    start: int
    end: int
    row: int
    column: int


class TableDialect(NamedTuple):
    """A way of writing a table.

    Attributes:
        separator: what parts cells.
        begin: where the first row is, after a line that names the separator.
        header: the number of the row that names the columns. Titles may stand before it.
        has_quotes: whether a quote at the start of a cell opens one.
        is_stray: whether quotes that open none stand at the start of cells.
    """

    separator: str
    begin: int = 0
    header: int = 0
    has_quotes: bool = True
    is_stray: bool = False

    @classmethod
    def of(cls, text: str, separators: str) -> TableDialect:
        """Find out how a table is written.

        Args:
            text: the table.
            separators: what may part its cells, the likeliest first.
        """
        said = _SAID.match(text)
        begin = said.end() if said else 0
        sample = text[begin : begin + LOOKED_AT]
        if len(text) > begin + LOOKED_AT:
            sample = sample[: sample.rfind("\n") + 1] or sample
        first = sample.partition("\n")[0]
        likely = said[1] if said else "".join(each for each in separators if each in first)
        read = {each: _widths(sample, each) for each in likely or separators}
        separator = max(read, key=lambda each: (_alike(read[each]), first.count(each)))
        found = cls(separator, begin, _header(read[separator]))
        if QUOTE in text and any(_opens_nothing(text, cell) for cell in found.cells(text)):
            # Programs that write no quotes around cells let those of the text be. Between commas
            # nobody could read such a table.
            return found._replace(is_stray=True, has_quotes=separator != "\t")
        return found

    def cells(self, text: str) -> Iterator[TableField]:
        """The cells in order. A quote in mid-cell, or one that is never closed, is a character."""
        position, row, column = self.begin, 0, 0
        size = len(text)
        plain = re.compile(rf"[^{re.escape(self.separator)}\r\n]*")
        while position < size:
            start, end = position, -1
            if self.has_quotes and text[start] == QUOTE:
                end = _quoted_end(text, start, self.separator)
            if end < 0 and (cell := plain.match(text, start)):
                end = cell.end()
            yield TableField(start, end, row, column)
            column += 1
            position = end
            if text.startswith("\r\n", position):
                position, row, column = position + 2, row + 1, 0
            elif position < size and text[position] in "\r\n":
                position, row, column = position + 1, row + 1, 0
            elif position < size:
                position += 1  # the separator
                if position == size:
                    yield TableField(size, size, row, column)

    def content(self, cell: str) -> str:
        """What a cell says."""
        return content(cell) if self.has_quotes else cell

    def written(self, text: str, old: str) -> str:
        """A cell with another text: in quotes if it was, or if it has to be.

        Args:
            text: the text.
            old: the cell as it was.
        """
        if not self.has_quotes:
            return re.sub(r"[\t\r\n]+", " ", text)
        needs = any(sign in text for sign in (self.separator, "\n", "\r"))
        if QUOTE in old and not old.startswith(QUOTE) and not self.is_stray:
            needs = needs or text.startswith(QUOTE)
        else:
            # A stray quote may be what keeps one before it from being taken for an opening one.
            needs = needs or QUOTE in text or QUOTE in old
        return QUOTE + text.replace(QUOTE, QUOTE * 2) + QUOTE if needs else text


def content(cell: str) -> str:
    """What a cell says that may be in quotes."""
    if len(cell) >= 2 and cell[0] == cell[-1] == QUOTE:
        return cell[1:-1].replace(QUOTE * 2, QUOTE)
    return cell


class _Width(NamedTuple):
    """How many cells a row has, and how many up to the last one that says something."""

    cells: int
    said: int


def _widths(text: str, separator: str) -> list[_Width]:
    """The widths of the rows."""
    found = []
    for _, group in groupby(TableDialect(separator).cells(text), attrgetter("row")):
        row = [bool(content(text[cell.start : cell.end]).strip()) for cell in group]
        found.append(_Width(len(row), max((n for n, says in enumerate(row, 1) if says), default=0)))
    return found


def _alike(rows: list[_Width]) -> int:
    """How many rows have as many cells as most rows with several."""
    several = Counter(row.cells for row in rows if row.cells > 1)
    return max(several.values(), default=0)


def _header(rows: list[_Width]) -> int:
    """The number of the row that names the columns.

    That is the first with text, or the first with text in several cells, if all others below it
    have as many: what stands above it then is a title.
    """
    first = next((number for number, row in enumerate(rows) if row.said), 0)
    wide = next((number for number, row in enumerate(rows) if row.said > 1), first)
    below = [row.cells for row in rows[wide + 1 :] if row.said]
    return wide if below and set(below) == {rows[wide].cells} else first


def _opens_nothing(text: str, cell: TableField) -> bool:
    """Whether a cell begins with a quote that is not closed at its end."""
    if not text.startswith(QUOTE, cell.start):
        return False
    return cell.end - cell.start < 2 or text[cell.end - 1] != QUOTE


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
