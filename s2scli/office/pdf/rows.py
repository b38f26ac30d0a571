"""Whether text stands side by side and is drawn row by row, as in tables and some columns.

It is read in the order in which it is drawn, so that lines of one column follow those of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["SideBySide"]

SHOWING = frozenset((b"Tj", b"TJ"))
APART = 72.0  # points from one beginning in a row to the next; words have less between theirs
SAME_HEIGHT = 1.0
ROWS = 4  # one below the other, in which something begins in the same place


class SideBySide:
    """The rows of a page, as strings are drawn in them.

    Attributes:
        are_aligned: whether several rows of them have something that begins in the same place, far
            behind the beginning of what stands before it.
    """

    def __init__(self) -> None:
        self.are_aligned = False
        self._height, self._last = float("nan"), 0.0
        self._begins: set[int] = set()
        self._runs: Mapping[int, int] = {}

    def drawn(self, operator: bytes, cm: Sequence[float], tm: Sequence[float]) -> None:
        """Something is drawn.

        Args:
            operator: what draws it.
            cm, tm: the matrices that say where it stands (ISO 32000-1, 8.3.4 and 9.4.4).
        """
        if operator not in SHOWING:
            return
        place = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if not abs(height - self._height) <= SAME_HEIGHT:
            self.end()
            self._height = height
        elif place - self._last >= APART:
            self._begins.add(round(place))
        self._last = place

    def end(self) -> None:
        """The row is whole."""
        self._runs = {place: self._runs.get(place, 0) + 1 for place in self._begins}
        self.are_aligned |= any(count >= ROWS for count in self._runs.values())
        self._begins = set()
