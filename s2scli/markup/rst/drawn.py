"""Drawn tables of reStructuredText: their cells as one text, and the same table around others.

The cells of a table stand beside each other; as a text they stand one below the other, ``CELL``
between any two.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from s2scli.markup.rst.cells import WIDE
from s2scli.markup.rst.grid import grid
from s2scli.markup.rst.simple import simple

__all__ = ["CELL", "DrawnTable", "drawn", "text_of"]

CELL = "\x1e"  # parts the cells of a table in its text
TRIES = 4  # times that a table is made wider because it would be read in another way


class DrawnTable(Protocol):
    """A table that was read."""

    @property
    def cells(self) -> Sequence[Sequence[str]]:
        """The lines of each cell, without the blanks that all of them begin with."""
        ...

    @property
    def structure(self) -> object:
        """What must be the same of any other drawing of it."""
        ...

    def lines(self, cells: Sequence[Sequence[str]], more: int) -> list[str]:
        """The table with other lines in its cells.

        Args:
            cells: the lines.
            more: columns that it is made wider by than it has to be.
        """
        ...


@lru_cache(maxsize=4)
def read(table: str) -> DrawnTable | None:
    """A table that is drawn in lines; None if it is none, or cannot be drawn again."""
    if CELL in table or WIDE in table or "\t" in table:
        return None
    lines = [line.rstrip() for line in table.split("\n")]
    return grid(lines) if table.startswith("+") else simple(lines)


def text_of(table: str) -> str:
    """The cells of a table as a text; nothing if it is none."""
    drawing = read(table)
    if drawing is None:
        return ""
    return f"\n\n{CELL}\n\n".join("\n".join(cell) for cell in drawing.cells)


def drawn(table: str, text: str) -> str | None:
    """The table with another text of its cells; None if it would be read in another way."""
    drawing = read(table)
    parts = text.split(f"\n\n{CELL}\n\n")
    if drawing is None or len(parts) != len(drawing.cells):
        return None
    cells = [[line.rstrip() for line in part.split("\n")] if part else [] for part in parts]
    for more in range(TRIES):
        new = "\n".join(drawing.lines(cells, more))
        again = read(new)
        if again and again.structure == drawing.structure and list(again.cells) == cells:
            return new
    return None
