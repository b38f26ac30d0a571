"""Cells of OpenDocument's sheets that stay in the source language (ISO/IEC 26300, part 3, 9.1).

A cell that says the same as those beside it is written once for all of them. Where one of these
stays and another does not, it is written as often as is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Edit, FormatOptions, Slot, Source
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import (
    CLOSE,
    OPEN,
    attribute,
    attribute_text,
    characters,
    escaped,
    tokens,
)
from s2scli.office.grids import Grids, SheetCell
from s2scli.office.odfschemas import NAMESPACES

__all__ = ["KeptTexts", "RepeatedCell", "kept_texts"]

_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_TAG = re.compile(r"<[^!][^<>]*>")
_COUNT = "number-columns-repeated"
MOST_COLUMNS = 64  # in which a cell is looked at
_MOST_DIGITS = 7  # of a number of repeated cells
_Run = tuple[bool, int]  # whether columns side by side stay, and how many these are


@dataclass(frozen=True, slots=True)
class RepeatedCell(Slot):
    """A cell that is written once for columns that stay and others, in turns.

    Attributes:
        runs: these.
        lines: where in it its lines are.
        count: where in it is said for how many columns it is.
    """

    runs: tuple[_Run, ...] = ()
    lines: tuple[Span, ...] = ()
    count: Span = (0, 0)

    def written(self, source: str, text: str) -> str:
        """The cells instead of it.

        Args:
            source: the document's characters.
            text: what those say that do not stay.
        """
        old = source[self.start : self.end]
        new, reached = "", self.count[1]
        for (start, end), line in zip(self.lines, text.split("\n"), strict=True):
            new += old[reached:start] + escaped(line)
            reached = end
        new += old[reached:]
        head, tail = old[: self.count[0]], old[self.count[1] :]
        return "".join(f"{head}{count}{tail if stays else new}" for stays, count in self.runs)


class KeptTexts(NamedTuple):
    """What stays of sheets.

    Attributes:
        spans: where it is, in order.
        slots: the cells instead of some of it that stay in part.
        edits: what parts a cell of whose columns those that do not stay are side by side.
        remarks: what is to be said.
    """

    spans: list[Span]
    slots: list[RepeatedCell]
    edits: list[Edit]
    remarks: list[str]


def kept_texts(source: Source, options: FormatOptions) -> KeptTexts:
    """What stays of the sheets of a part; nothing if it has none.

    Raises:
        BadInputError: no sheet has a column that is asked for.
    """
    found = KeptTexts([], [], [], [])
    if ":spreadsheet" not in source.text:
        return found
    grids = Grids(options)
    whole: list[str] = []
    for cells in _sheets(source):
        each = [
            SheetCell(cell.row, column, cell.says)
            for cell in cells
            for column in range(cell.column, cell.column + min(cell.width, MOST_COLUMNS))
        ]
        kept = grids.kept(each)
        number = 0
        for cell in cells if kept else ():
            columns = min(cell.width, MOST_COLUMNS)
            stays = [place in kept for place in range(number, number + columns)]
            number += columns
            if not any(stays):
                continue
            runs = [(stay, len(list(run))) for stay, run in groupby(stays)]
            runs[-1] = (runs[-1][0], runs[-1][1] + cell.width - columns)
            others = sum(not stay for stay, _ in runs)
            if others == 1:
                found.edits.extend(cell.parted(source.text, runs))
                continue
            found.spans.extend(cell.spans)
            if others and (slot := cell.repeated(source.text, runs)):
                found.slots.append(slot)
            elif others:
                whole.append(repr(cell.says))
    found.remarks.extend(grids.remarks(source.name))
    if whole:
        said = "Cells with markup that are written once for columns that stay and others stay"
        found.remarks.append(f"{said}: {named(whole)}.")
    return found


def _sheets(source: Source) -> Iterator[list[_Cell]]:
    """The cells with text of each sheet."""
    cells: list[_Cell] = []
    text = source.text
    is_book, sheet, row, column = False, -1, 0, 0
    tag, open_, begin = (0, 0), -1, (0, 0)  # of the cell, how deep that is, of its paragraph
    places: list[int] = []  # where paragraphs and their texts begin, and where both end
    for kind, name, start, end, depth in tokens(source, NAMESPACES):
        if open_ >= 0:
            if kind == CLOSE and depth == open_:
                width = _width(text, tag)
                if places and (says := _says(text, tag, places)):
                    cells.append(_Cell(row, column, width, says, (*tag, *places, end)))
                column += width
                open_ = -1
            elif name == "text:p" and depth == open_ + 1:
                if kind == CLOSE:
                    places += (*begin, start, end)
                begin = (start, end)
        elif name in _CELLS and sheet >= 0:
            tag = (start, end)
            if kind == OPEN:
                open_, places = depth, []
            else:
                column += _width(text, tag)
        elif name == "table:table-row":
            row += kind == CLOSE
            column = 0
        elif name == "table:table" and is_book and sheet in (-1, depth):
            if kind == CLOSE:
                yield cells
            sheet = depth if kind == OPEN else -1
            cells, row = [], 0
        elif name == "office:spreadsheet":
            is_book = kind == OPEN


def _width(text: str, tag: Span) -> int:
    """How many such cells are side by side."""
    count = attribute_text(text, tag, _COUNT)
    return int(count) if count.isdecimal() and len(count) <= _MOST_DIGITS else 1


def _says(text: str, tag: Span, places: Sequence[int]) -> str:
    """The lines of a cell, if somebody has written them."""
    type_ = attribute_text(text, tag, "value-type")
    if type_ not in ("", "string") or attribute(text, tag, "formula"):
        return ""
    raw = "\n".join(text[places[n + 1] : places[n + 2]] for n in range(0, len(places), 4))
    says = characters(_TAG.sub("", raw) if "<" in raw else raw)
    return "" if says.isspace() else says


class _Cell(NamedTuple):
    """A cell with a text that somebody has written.

    Attributes:
        row, column: where it is, from 0.
        width: how many such cells are side by side.
        says: its lines.
        places: where it begins, and its tag ends; where each paragraph and its text begin, and
            where both end; where it ends.
    """

    row: int
    column: int
    width: int
    says: str
    places: tuple[int, ...]

    @property
    def spans(self) -> list[Span]:
        """Where its tag and its paragraphs are."""
        places = self.places
        return [(places[0], places[1]), *zip(places[2:-1:4], places[5:-1:4], strict=True)]

    @property
    def inside(self) -> list[Span]:
        """Where the texts of its paragraphs are."""
        return list(zip(self.places[3:-1:4], self.places[4:-1:4], strict=True))

    def parted(self, text: str, runs: Sequence[_Run]) -> Iterator[Edit]:
        """What puts cells that stay around it.

        Args:
            text: the document's characters.
            runs: its columns, of which some side by side do not stay.
        """
        place = attribute(text, self.spans[0], _COUNT)
        start, end = self.places[0], self.places[-1]
        at = start
        if place is None:
            return
        for stays, count in runs:
            if stays:
                copy = f"{text[start : place[0]]}{count}{text[place[1] : end]}"
                yield Edit(at, at, copy)
            else:
                yield Edit(*place, str(count))
                at = end

    def repeated(self, text: str, runs: Sequence[_Run]) -> RepeatedCell | None:
        """The same as one slot, if more of its columns do not stay; None if it has markup."""
        place = attribute(text, self.spans[0], _COUNT)
        start, end = self.places[0], self.places[-1]
        if not place or any("<" in text[slice(*inner)] for inner in self.inside):
            return None
        count, *lines = ((first - start, last - start) for first, last in (place, *self.inside))
        says = "\n".join(" ".join(line.split()) for line in self.says.split("\n"))
        return RepeatedCell(start, end, says, None, (), (), tuple(runs), tuple(lines), count)
