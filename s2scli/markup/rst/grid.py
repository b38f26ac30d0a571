"""Grid tables (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#grid-tables)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from s2scli.markup.rst.cells import bare, padded, shown, width

__all__ = ["GridTable", "grid"]

MOST_CELLS = 20_000


class Box(NamedTuple):
    """A cell: the numbers of the lines between rows and columns that it is between."""

    top: int
    left: int
    bottom: int
    right: int


class GridTable(NamedTuple):
    """A grid table.

    Attributes:
        boxes: its cells, from the top, then from the left.
        cells: the lines of each.
        indents: how many blanks are before each.
        widths: of each column.
        heads: the numbers of the lines between rows that are double.
    """

    boxes: tuple[Box, ...]
    cells: tuple[list[str], ...]
    indents: tuple[int, ...]
    widths: tuple[int, ...]
    heads: tuple[int, ...]

    @property
    def structure(self) -> object:
        """Where its cells are, and which of them are heads."""
        return self.boxes, self.heads

    def lines(self, cells: Sequence[Sequence[str]], more: int) -> list[str]:
        """The table with other lines in its cells, as wide as they need."""
        wide = [self.widths[0] + more, *self.widths[1:]]
        high = [1] * max(box.bottom for box in self.boxes)
        order = sorted(range(len(cells)), key=lambda n: self.boxes[n].right - self.boxes[n].left)
        for number in order:
            box, lines = self.boxes[number], cells[number]
            need = self.indents[number] + max(map(width, lines), default=0) + 1
            _grow(wide, box.left, box.right, need)
        for number in sorted(order, key=lambda n: self.boxes[n].bottom - self.boxes[n].top):
            box = self.boxes[number]
            _grow(high, box.top, box.bottom, len(cells[number]))
        return list(self._canvas(cells, _places(wide), _places(high)))

    def _canvas(
        self, cells: Sequence[Sequence[str]], across: Sequence[int], down: Sequence[int]
    ) -> Iterator[str]:
        canvas = [[" "] * (across[-1] + 1) for _ in range(down[-1] + 1)]
        for number, box in enumerate(self.boxes):
            top, bottom = down[box.top], down[box.bottom]
            left, right = across[box.left], across[box.right]
            for row, line in ((top, box.top), (bottom, box.bottom)):
                sign = "=" if line in self.heads else "-"
                canvas[row][left : right + 1] = sign * (right + 1 - left)
            for row in range(top + 1, bottom):
                canvas[row][left] = canvas[row][right] = "|"
            for row, text in enumerate(cells[number], top + 1):
                chars = padded(" " * self.indents[number] + text)
                canvas[row][left + 1 : left + 1 + len(chars)] = chars
        for box in self.boxes:
            for row in (down[box.top], down[box.bottom]):
                canvas[row][across[box.left]] = canvas[row][across[box.right]] = "+"
        for signs in canvas:
            yield shown("".join(signs)).rstrip()


def grid(lines: Sequence[str]) -> GridTable | None:
    """A grid table; None if the lines are none."""
    drawing = [padded(line) for line in lines]
    size = len(drawing[0])
    if len(drawing) < 3 or any(len(line) != size for line in drawing):
        return None
    heads = [n for n, line in enumerate(drawing) if set(line) == {"+", "="}]
    if len(heads) > 1 or (heads and heads[0] in (0, len(drawing) - 1)):
        return None
    for number in heads:
        drawing[number] = drawing[number].replace("=", "-")
    found = _scanned(drawing)
    if found is None:
        return None
    rows = sorted({place for box in found for place in (box.top, box.bottom)})
    columns = sorted({place for box in found for place in (box.left, box.right)})
    bodies = [
        bare([shown(line[b.left + 1 : b.right]) for line in drawing[b.top + 1 : b.bottom]])
        for b in found
    ]
    boxes = (
        Box(*(bisect_left(where, at) for where, at in zip((rows, columns) * 2, box, strict=True)))
        for box in found
    )
    return GridTable(
        tuple(boxes),
        tuple(text for _, text in bodies),
        tuple(indent for indent, _ in bodies),
        tuple(b - a - 1 for a, b in pairwise(columns)),
        tuple(rows.index(number) for number in heads),
    )


def _scanned(lines: Sequence[str]) -> list[Box] | None:
    """The cells by their corners, in order; None if they do not fill the table."""
    bottom, right = len(lines) - 1, len(lines[0]) - 1
    done = [-1] * right  # for each column down to where cells were found
    corners = [(0, 0)]
    found: list[Box] = []
    while corners:
        top, left = corners.pop(0)
        if top == bottom or left == right or top <= done[left]:
            continue
        box = _box(lines, top, left)
        if box is None or len(found) > MOST_CELLS:
            return None
        if any(done[column] != top - 1 for column in range(left, box.right)):
            return None
        done[left : box.right] = [box.bottom - 1] * (box.right - left)
        found.append(box)
        corners += [(top, box.right), (box.bottom, left)]
        corners.sort()
    return sorted(found) if all(column == bottom - 1 for column in done) else None


def _box(lines: Sequence[str], top: int, left: int) -> Box | None:
    """The cell whose upper left corner is somewhere."""
    if lines[top][left] != "+":
        return None
    for right in range(left + 1, len(lines[top])):
        if lines[top][right] == "+":
            for bottom in _bottoms(lines, top, right):
                if _is_closed(lines, top, left, bottom, right):
                    return Box(top, left, bottom, right)
        elif lines[top][right] != "-":
            return None
    return None


def _bottoms(lines: Sequence[str], top: int, right: int) -> Iterator[int]:
    for row in range(top + 1, len(lines)):
        if lines[row][right] == "+":
            yield row
        elif lines[row][right] != "|":
            return


def _is_closed(lines: Sequence[str], top: int, left: int, bottom: int, right: int) -> bool:
    """Whether lines go along the left and the lower side."""
    below = lines[bottom][left : right + 1]
    beside = [lines[row][left] for row in range(top + 1, bottom)]
    return below[0] == "+" and not set(below) - {"-", "+"} and not set(beside) - {"|", "+"}


def _grow(sizes: list[int], first: int, last: int, need: int) -> None:
    """Make the last of some columns or rows larger, if they are too small together."""
    lacking = need - sum(sizes[first:last]) - (last - first - 1)
    if lacking > 0:
        sizes[last - 1] += lacking


def _places(sizes: Sequence[int]) -> list[int]:
    """Where the lines between columns or rows are."""
    places = [0]
    for size in sizes:
        places.append(places[-1] + size + 1)
    return places
