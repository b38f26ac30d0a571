"""Cells of OpenDocument's sheets that stay in the source language (ISO/IEC 26300, part 3, 9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span
from s2scli.documents.base import FormatOptions, Source
from s2scli.documents.xmltokens import CLOSE, OPEN, attribute_text, characters, tokens
from s2scli.office.grids import Grids, SheetCell
from s2scli.office.odfschemas import NAMESPACES

__all__ = ["kept_paragraphs"]

_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_TAG = re.compile(r"<[^!][^<>]*>")
_MOST_DIGITS = 7  # of a number of repeated cells


def kept_paragraphs(source: Source, options: FormatOptions) -> tuple[list[Span], list[str]]:
    """Where the texts of cells that stay are, in order, and what is to be said of them.

    Raises:
        BadInputError: no sheet has a column that is asked for.
    """
    if ":spreadsheet" not in source.text:
        return [], []
    grids, found = Grids(options), list[Span]()
    for cells, places in _sheets(source):
        kept = grids.kept(cells)
        found += [span for number in sorted(kept) for span in places[number]]
    return found, grids.remarks(source.name)


def _sheets(source: Source) -> Iterator[tuple[list[SheetCell], list[list[Span]]]]:
    """The sheets: the cells with text, and of each where its tag and its paragraphs are."""
    cells, places = list[SheetCell](), list[list[Span]]()
    is_book, sheet, row = False, -1, 0
    reading: _CellReading | None = None
    column = 0
    for kind, name, start, end, depth in tokens(source, NAMESPACES):
        if reading:
            if reading.takes(kind, name, (start, end), depth):
                column += reading.width
                if reading.is_text:
                    cells.append(SheetCell(row, column - reading.width, reading.says.strip("\n")))
                    places.append(reading.spans)
                reading = None
        elif name == "office:spreadsheet":
            is_book = kind == OPEN
        elif name == "table:table" and is_book and sheet in (-1, depth):
            if kind == CLOSE:
                yield cells, places
            sheet = depth if kind == OPEN else -1
            cells, places, row = [], [], 0
        elif name == "table:table-row":
            row += kind == CLOSE
            column = 0
        elif name in _CELLS and sheet >= 0:
            cell = _CellReading(source.text, (start, end), depth)
            if kind == OPEN:
                reading = cell
            else:
                column += cell.width


class _CellReading:
    """A cell that is being read.

    Attributes:
        width: how many such cells are side by side.
        says: its lines.
        spans: where its tag and its paragraphs are.
    """

    def __init__(self, text: str, tag: Span, depth: int) -> None:
        count = attribute_text(text, tag, "number-columns-repeated")
        self.width = int(count) if count.isdecimal() and len(count) <= _MOST_DIGITS else 1
        self.says = ""
        self.spans = [tag]
        self._text = text
        self._depth = depth
        self._begin = 0
        is_string = attribute_text(text, tag, "value-type") in ("", "string")
        self._is_own = is_string and not attribute_text(text, tag, "formula")

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
        return kind == CLOSE and depth == self._depth
