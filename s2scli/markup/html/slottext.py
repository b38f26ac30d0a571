"""The text of a slot of a page, with its markup as marks."""

from __future__ import annotations

from s2scli.documents.base import Mark, Slot
from s2scli.documents.pieces import CLOSE, TEXT, MarkedText
from s2scli.markup.html.items import RunItem
from s2scli.markup.html.text import SPACE

__all__ = ["SlotText"]


class SlotText:
    """A slot's text and marks, item by item; white space goes out of marks where it can."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._found = MarkedText()
        self._pending = False  # whether there is a space before what comes
        self._open: dict[int, int] = {}  # number of an item → number of its mark
        self._fresh: list[int] = []  # marks that began since the last text

    def add(self, number: int, item: RunItem) -> None:
        """An item, and its number."""
        if item.kind == TEXT:
            self._add_text(item)
        elif item.kind == CLOSE and item.partner >= 0:
            self._found.end(self._open.pop(item.partner), (item.start, item.end))
        else:
            self._space()
            place = self._found.begin((item.start, item.end))
            if item.partner >= 0:
                self._open[number] = place
            self._fresh.append(place)
            self._pending = bool(item.text)

    def slot(self, start: int, end: int) -> Slot:
        """All that came."""
        found = self._found
        return Slot(start, end, found.text, None, tuple(found.marks), tuple(found.kept))

    def _add_text(self, item: RunItem) -> None:
        self._absorb(item)
        body = item.text.strip(" ")
        if item.text.startswith(" "):
            self._pending = True
        if not body:
            return
        if self._space():
            self._move()
        if item.kept:
            start, kept = self._found.length, self._found.kept
            if kept and kept[-1][1] == start:
                start = kept.pop()[0]
            kept.append((start, self._found.length + len(body)))
        self._found.write(body)
        self._fresh.clear()
        self._pending = item.text.endswith(" ")

    def _space(self) -> bool:
        """Write the white space before what comes, if there is any."""
        pending, self._pending = self._pending, False
        if not pending or self._found.spaced:
            return False
        self._found.write(" ")
        return True

    def _move(self) -> None:
        """Have the first mark that will hold the next text, and all in it, begin after a space."""
        around = set(self._open.values())
        outer = next((number for number, place in enumerate(self._fresh) if place in around), None)
        for place in self._fresh[outer:] if outer is not None else ():
            mark = self._found.marks[place]
            length = self._found.length
            self._found.marks[place] = Mark(length, length, mark.opens, mark.closes)

    def _absorb(self, item: RunItem) -> None:
        """Take white space into the point before it if there is some before that too."""
        space = SPACE.match(self._source, item.start, item.end)
        marks = self._found.marks
        last = len(marks) - 1
        mark = marks[last] if self._fresh and last not in self._open.values() else None
        if self._found.spaced and space and mark and mark.closes == (item.start, item.start):
            opens, closes = (mark.opens[0], space.end()), (space.end(), space.end())
            marks[-1] = Mark(mark.start, mark.end, opens, closes)
