"""Simple tables (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#simple-tables)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import add
from typing import NamedTuple

from s2scli.data import Span
from s2scli.markup.rst.cells import bare, padded, shown, width

__all__ = ["SimpleTable", "simple"]

_BORDER = re.compile(r"=+(?: +=+)*$")
_SPANS = re.compile(r"-+(?: +-+)*$")


class _Row(NamedTuple):
    spans: tuple[Span, ...]  # of its cells, the first column and one past the last
    blank: int  # empty lines after it
    is_ruled: bool  # whether a line of dashes is below it
    border: bool = False  # whether it is a border instead


class SimpleTable(NamedTuple):
    """A simple table.

    Attributes:
        rows: its rows and borders.
        cells: the lines of each cell.
        indents: how many blanks are before each.
        widths: of each column, and of what is after it.
        gaps: of each column, how many blanks are after it.
    """

    rows: tuple[_Row, ...]
    cells: tuple[list[str], ...]
    indents: tuple[int, ...]
    widths: tuple[int, ...]
    gaps: tuple[int, ...]

    @property
    def structure(self) -> object:
        """Its rows."""
        return self.rows

    def lines(self, cells: Sequence[Sequence[str]], more: int) -> list[str]:
        """The table with other lines in its cells, as wide as they need."""
        wide = [self.widths[0] + more, *self.widths[1:]]
        spans = [span for row in self.rows for span in row.spans]
        order = sorted(range(len(spans)), key=lambda number: spans[number][1] - spans[number][0])
        for number in order:
            first, last = spans[number]
            need = self.indents[number] + max(map(width, cells[number]), default=0)
            lacking = need - sum(wide[first:last]) - sum(self.gaps[first : last - 1])
            wide[last - 1] += max(0, lacking)
        starts = [0]
        for size, gap in zip(wide, self.gaps, strict=True):
            starts.append(starts[-1] + size + gap)
        found: list[str] = []
        reached = 0
        every = [(number, number + 1) for number in range(len(wide))]
        for row in self.rows:
            if row.border:
                found.append(_rule("=", every, starts, wide))
            else:
                following = reached + len(row.spans)
                columns = (starts[first] for first, _ in row.spans)
                places = map(add, columns, self.indents[reached:following])
                found += _beside(cells[reached:following], list(places))
                reached = following
            if row.is_ruled:
                found.append(_rule("-", row.spans, starts, wide))
            found += [""] * row.blank
        return found


def simple(lines: Sequence[str]) -> SimpleTable | None:
    """A simple table; None if the lines are none, or one that is not sure."""
    drawing = [padded(line) for line in lines]
    if len(drawing) < 3 or not _BORDER.match(drawing[0]) or not _BORDER.match(drawing[-1]):
        return None
    columns = [match.span() for match in re.finditer("=+", drawing[0])]
    rows: list[_Row] = []
    cells: list[tuple[int, list[str]]] = []
    for some, ruled in _rows(drawing, columns):
        blank = len(some) - len("\n".join(some).rstrip().split("\n")) if "".join(some) else 0
        if ruled is None:
            if [match.span() for match in re.finditer("=+", some[0])] != columns:
                return None
            rows.append(_Row((), blank, False, border=True))
            continue
        spans = _spans(ruled, columns) if ruled else [(n, n + 1) for n in range(len(columns))]
        if not spans:
            return None
        for first, last in spans:
            cell = _cell(some[: len(some) - blank], columns, first, last)
            if cell is None:
                return None
            cells.append(cell)
        rows.append(_Row(tuple(spans), blank, bool(ruled)))
    following = [start for start, _ in columns[1:]] + [columns[-1][1]]
    gaps = (after - end for (_, end), after in zip(columns, following, strict=True))
    return SimpleTable(
        tuple(rows),
        tuple(text for _, text in cells),
        tuple(indent for indent, _ in cells),
        tuple(end - start for start, end in columns),
        tuple(gaps),
    )


def _rows(
    lines: Sequence[str], columns: Sequence[Span]
) -> Iterator[tuple[Sequence[str], str | None]]:
    """The lines of each row with the line of dashes below it; of a border without that."""
    start = -1
    end = columns[0][1]
    for number, line in enumerate(lines):
        is_rule = bool(_SPANS.match(line)) and start >= 0
        is_border = bool(_BORDER.match(line))
        begins = bool(line[:end].strip()) and not is_rule
        if start >= 0 and (is_rule or begins):
            yield lines[start:number], line if is_rule else ""
            start = -1
        if is_border:
            last = number + 1
            while last < len(lines) and not lines[last]:
                last += 1
            yield lines[number:last], None
        elif begins:
            start = number


def _spans(rule: str, columns: Sequence[Span]) -> list[Span]:
    """The columns that the dashes of a line are below; none if they do not fit."""
    starts = {start: number for number, (start, _) in enumerate(columns)}
    ends = {end: number + 1 for number, (_, end) in enumerate(columns)}
    found = []
    reached = 0
    for dashes in re.finditer("-+", rule):
        first, last = starts.get(dashes.start(), -1), ends.get(dashes.end(), -1)
        if first != reached or last <= first:
            return []
        found.append((first, last))
        reached = last
    return found if reached == len(columns) else []


def _cell(
    lines: Sequence[str], columns: Sequence[Span], first: int, last: int
) -> tuple[int, list[str]] | None:
    """The lines of a cell after blanks; None if they go beyond it."""
    start = columns[first][0]
    end = columns[last][0] if last < len(columns) else None
    stop = columns[last - 1][1]
    if end is not None and any(line[stop:end].strip() for line in lines):
        return None
    return bare([shown(line[start:end]) for line in lines])


def _beside(cells: Sequence[Sequence[str]], starts: Sequence[int]) -> Iterator[str]:
    for number in range(max([1, *map(len, cells)])):
        line = ""
        for cell, start in zip(cells, starts, strict=True):
            if number < len(cell) and cell[number]:
                line += " " * (start - width(line)) + cell[number]
        yield line


def _rule(sign: str, spans: Sequence[Span], starts: Sequence[int], wide: Sequence[int]) -> str:
    line = ""
    for first, last in spans:
        end = starts[last - 1] + wide[last - 1]
        line = line.ljust(starts[first]) + sign * (end - starts[first])
    return line
