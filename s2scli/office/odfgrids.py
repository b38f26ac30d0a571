"""Cells of OpenDocument's sheets that stay in the source language (ISO/IEC 26300, part 3, 9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Edit, FormatOptions, Source
from s2scli.documents.xmltokens import CLOSE, OPEN, attribute, attribute_text, characters, tokens
from s2scli.office.grids import Grids, SheetCell
from s2scli.office.odfschemas import NAMESPACES

__all__ = ["KeptTexts", "kept_texts"]

_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_TAG = re.compile(r"<[^!][^<>]*>")
MOST_COLUMNS = 64  # in which a cell is looked at
_MOST_DIGITS = 7  # of a number of repeated cells


class KeptTexts(NamedTuple):
    """What stays of sheets.

    Attributes:
        spans: where it is, in order.
        edits: what parts a cell that is written once for several columns, of which one stays.
        remarks: what is to be said.
    """

    spans: list[Span]
    edits: list[Edit]
    remarks: list[str]


def kept_texts(source: Source, options: FormatOptions) -> KeptTexts:
    """What stays of the sheets of a part; nothing if it has none.

    Raises:
        BadInputError: no sheet has a column that is asked for.
    """
    found = KeptTexts([], [], [])
    if ":spreadsheet" not in source.text:
        return found
    grids = Grids(options)
    for cells in _sheets(source):
        columns = [range(cell.column, cell.column + cell.columns) for cell in cells]
        each = [
            SheetCell(cell.row, column, cell.says)
            for cell, those in zip(cells, columns, strict=True)
            for column in those
        ]
        kept, number = grids.kept(each), 0
        for cell, those in zip(cells, columns, strict=True):
            stays = [number + place in kept for place in range(len(those))]
            number += len(those)
            runs = [(stay, len(list(run))) for stay, run in groupby(stays)]
            if len(runs) == 2:
                found.edits.extend(cell.parted(runs[0][0], runs[0][1]))
            elif any(stays):  # of more runs, there is only one text to translate
                found.spans.extend(cell.spans)
    found.remarks.extend(grids.remarks(source.name))
    return found


def _sheets(source: Source) -> Iterator[list[_CellReading]]:
    """The cells with text of each sheet."""
    cells: list[_CellReading] = []
    is_book, sheet, row = False, -1, 0
    reading: _CellReading | None = None
    column = 0
    for kind, name, start, end, depth in tokens(source, NAMESPACES):
        if reading:
            if reading.takes(kind, name, (start, end), depth):
                column += reading.width
                if reading.is_text:
                    cells.append(reading)
                reading = None
        elif name == "office:spreadsheet":
            is_book = kind == OPEN
        elif name == "table:table" and is_book and sheet in (-1, depth):
            if kind == CLOSE:
                yield cells
            sheet = depth if kind == OPEN else -1
            cells, row = [], 0
        elif name == "table:table-row":
            row += kind == CLOSE
            column = 0
        elif name in _CELLS and sheet >= 0:
            cell = _CellReading(source.text, (start, end), depth, (row, column))
            if kind == OPEN:
                reading = cell
            else:
                column += cell.width


class _CellReading:
    """A cell that is being read.

    Attributes:
        row, column: where it is, from 0.
        width: how many such cells are side by side.
        says: its lines.
        spans: where its tag and its paragraphs are.
    """

    def __init__(self, text: str, tag: Span, depth: int, place: tuple[int, int]) -> None:
        self.row, self.column = place
        count = attribute_text(text, tag, "number-columns-repeated")
        self.width = int(count) if count.isdecimal() and len(count) <= _MOST_DIGITS else 1
        self.says = ""
        self.spans = [tag]
        self._text = text
        self._depth = depth
        self._begin = self._end = 0
        is_string = attribute_text(text, tag, "value-type") in ("", "string")
        self._is_own = is_string and not attribute_text(text, tag, "formula")

    @property
    def columns(self) -> int:
        """In how many columns it is that may have names."""
        return min(self.width, MOST_COLUMNS)

    def parted(self, stays: bool, count: int) -> Iterator[Edit]:
        """What makes two cells of it, one of which stays.

        Args:
            stays: whether it is the first.
            count: in how many columns the first is.
        """
        place = attribute(self._text, self.spans[0], "number-columns-repeated")
        if place:
            start = self.spans[0][0]
            old = count if stays else self.width - count
            copy = self._text[start : place[0]] + str(old) + self._text[place[1] : self._end]
            at = start if stays else self._end
            yield Edit(at, at, copy)
            yield Edit(*place, str(self.width - old))

    @property
    def is_text(self) -> bool:
        """Whether it has a text that somebody has written."""
        return self._is_own and bool(self.says.strip())

    def takes(self, kind: str, name: str, span: Span, depth: int) -> bool:
        """Take a tag; return whether the cell ends there."""
        if name == "text:p" and depth == self._depth + 1:
            if kind == CLOSE:
                self.spans.append((self._begin, span[1]))
                self.says += f"\n{characters(_TAG.sub('', self._text[slice(*self.spans[-1])]))}"
            self._begin = span[0]
        self._end = span[1]
        return kind == CLOSE and depth == self._depth
