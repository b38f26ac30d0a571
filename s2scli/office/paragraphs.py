"""The slots of a paragraph of an office document, and their marks.

Texts that look alike are one stretch, however many runs they are in; the look of most of the text
needs no mark. White space is as it is read: one space, and none at the ends.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from s2scli.data import Span
from s2scli.documents.base import Mark, Slot, Target, tightened
from s2scli.documents.spacing import put_space
from s2scli.office.dividing import divided
from s2scli.office.inline import Group, Node, Point, RunStyle, Text, has_text
from s2scli.text.spans import has_letters, stripped

__all__ = ["NOWHERE", "InlineMark", "Paragraph", "slots", "with_spaces", "without_spaces"]

NOWHERE: Span = (0, 0)
_BLANKS = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class InlineMark(Mark):
    """A mark in an office document.

    Attributes:
        run: the run of the text in it, or that a point is in; ``NOWHERE`` for none.
        breaks: whether it stands between words.
        spaced: whether it is a point with white space on both sides, of which the text has one.
    """

    run: Span = NOWHERE
    breaks: bool = False
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph(Slot):
    """A slot in whose text there are marks.

    Attributes:
        run: that of text outside of all marks.
        first, last: those that the slot begins in and ends in; ``NOWHERE`` for none.
    """

    run: Span = NOWHERE
    first: Span = NOWHERE
    last: Span = NOWHERE


def slots(text: str, nodes: Sequence[Node]) -> Iterator[Slot]:
    """The slots of a paragraph.

    Args:
        text: the document's characters.
        nodes: what the paragraph is made of.
    """
    own: list[Group] = []
    for split, stretch in groupby(divided(text, list(_apart(nodes, own))), _splits):
        if not split:
            yield from _slot(text, list(stretch))
            continue
        for node in stretch:
            if isinstance(node, Group):
                yield from slots(text, node.nodes)
    for group in own:
        yield from slots(text, group.nodes)


def _apart(nodes: Sequence[Node], own: list[Group]) -> Iterator[Node]:
    """Nodes with a point for each group whose text is one of its own; these groups are gathered."""
    for node in nodes:
        if isinstance(node, Group) and node.own:
            own.append(node)
            yield Point(node.start, node.end)
            continue
        if isinstance(node, Group):
            node.nodes = list(_apart(node.nodes, own))
        yield node


def without_spaces(slot: Slot, target: Target) -> Target:
    """A target without the spaces that stand beside line breaks and tabs."""
    marks = enumerate(slot.marks)
    return tightened(
        target, [n for n, mark in marks if isinstance(mark, InlineMark) and mark.breaks]
    )


def with_spaces(slot: Slot, target: Target) -> Target:
    """A target with white space on both sides of points that have it in the document."""
    for number, mark in enumerate(slot.marks):
        if isinstance(mark, InlineMark) and mark.spaced:
            target = put_space(target, number, number)  # after it
            target = put_space(target, number, number - 1)
    return target


def _splits(node: Node) -> bool:
    return not isinstance(node, Text) and node.splits


def _slot(text: str, nodes: list[Node]) -> Iterator[Slot]:
    """The slot of nodes that are not split, without the markup around all of their text."""
    while True:
        places = [place for place, node in enumerate(nodes) if has_text(node)]
        if not places:
            return
        nodes = nodes[places[0] : places[-1] + 1]
        if len(nodes) > 1 or not isinstance(only := nodes[0], Group):
            break
        if only.kept:
            return
        nodes = only.nodes
    slot = _Gathering(nodes).slot(text)
    if has_letters(slot.text, slot.kept):
        yield slot


class _Gathering:
    """Gathers the text of nodes, and the marks in it."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._parts: list[str] = []
        self._size = 0
        self._is_blank = True  # whether the text ends with white space, or is none
        self._last_point = 0
        self._marks: list[_Open] = []
        self._around: list[int] = []  # the numbers of the marks that are open
        self._kept: list[Span] = []
        self._keeping = 0
        self._openings: dict[str, Span] = {}
        self._run = self._opening(self._all(nodes))

    def slot(self, text: str) -> Slot:
        """The slot.

        Args:
            text: the document's characters.
        """
        says = "".join(self._parts).rstrip()
        first, last = self._nodes[0], self._nodes[-1]
        start, end, first_run, last_run = first.start, last.end, NOWHERE, NOWHERE
        if isinstance(first, Text):
            start += _blank(text[start : first.end])
            first_run = self._opening(first.run)
        if isinstance(last, Text):
            end -= _blank(text[last.start : end][::-1])
            last_run = self._opening(last.run)
        kept = tuple((begin, min(stop, len(says))) for begin, stop in self._kept)
        if not self._marks:
            return Slot(start, end, says, None, (), kept)
        marks = tuple(self._trimmed(says))
        return Paragraph(start, end, says, None, marks, kept, self._run, first_run, last_run)

    def _opening(self, run: RunStyle | None) -> Span:
        """Where a run is opened, or one before it that looks the same."""
        return self._openings.setdefault(run.look, run.opening) if run else NOWHERE

    def _all(self, nodes: Sequence[Node]) -> RunStyle | None:
        """Gather nodes; the run that most of their text is in."""
        base = _base(nodes)
        place = 0
        while place < len(nodes):
            node, end = nodes[place], place + 1
            if isinstance(node, Group) and node.void:
                self._all(node.nodes)
            elif isinstance(node, Group):
                number = self._open(node.opens, node.closes)
                self._keeping += node.kept
                self._marks[number].run = self._opening(self._all(node.nodes))
                self._keeping -= node.kept
                self._close()
            elif isinstance(node, Point):
                self._point(node)
            elif (
                not (node.run and base)
                or node.run.look == base.look
                or (node.says.isspace() and not node.kept)
            ):
                self._text(node)
            else:
                end = _end_of_look(nodes, place)
                self._open((node.start,) * 2, (nodes[end - 1].end,) * 2, node.run)
                for inner in nodes[place:end]:
                    if isinstance(inner, Text):
                        self._text(inner)
                    elif isinstance(inner, Point):
                        self._point(inner)
                self._close()
            place = end
        return base

    def _text(self, node: Text) -> None:
        says = node.says if node.kept else _BLANKS.sub(" ", node.says)
        if self._is_blank and not node.kept:
            if self._size and says[:1].isspace():
                self._space_point()
            says = says.lstrip(" ") if self._size else says.lstrip()
        if not says:
            return
        start = self._size
        self._parts.append(says)
        self._size += len(says)
        self._is_blank = says.endswith(" ")
        if self._keeping or node.kept or (node.run and node.run.kept):
            if self._kept and self._kept[-1][1] == start:
                start = self._kept.pop()[0]
            self._kept.append((start, self._size))

    def _space_point(self) -> None:
        """Note that the last point, if it is here, has white space on both sides."""
        for mark in reversed(self._marks):
            if mark.start != self._size:
                return
            if mark.opens[1] == mark.closes[1] and not mark.breaks:
                mark.spaced = True
                return

    def _point(self, node: Point) -> None:
        if node.breaks:
            # Before the space there, so that white space on both sides of it makes one.
            place = max(self._size - (self._is_blank and self._size > 0), self._last_point)
            self._text(Text(node.end, node.end, " "))
        else:
            place = self._size
        opens = (node.start, node.end)
        number = self._open(opens, (node.end, node.end), node.run, node.breaks)
        self._marks[number].start = self._last_point = place
        self._close()

    def _open(
        self, opens: Span, closes: Span, run: RunStyle | None = None, breaks: bool = False
    ) -> int:
        around = self._around[-1] if self._around else -1
        place, opening = self._size, self._opening(run)
        self._marks.append(_Open(place, place, opens, closes, opening, breaks, around))
        self._around.append(len(self._marks) - 1)
        return self._around[-1]

    def _close(self) -> None:
        mark = self._marks[self._around.pop()]
        mark.end = mark.start if mark.opens[1] == mark.closes[1] else self._size

    def _trimmed(self, text: str) -> Iterator[InlineMark]:
        """The marks, without white space at the ends of their stretches."""
        for mark in reversed(self._marks):  # what is inside comes before what is around it
            start, end = min(mark.start, len(text)), min(mark.end, len(text))
            if (start, end) not in self._kept:  # else it is a filler, which may be blank
                first, last = stripped(text, start, end)
                start, end = (first, last) if first < last else (start, start)
            mark.start, mark.end = min(start, mark.low), max(end, mark.high)
            if mark.around >= 0:
                around = self._marks[mark.around]
                around.low, around.high = min(around.low, mark.start), max(around.high, mark.end)
        for mark in self._marks:
            yield InlineMark(
                mark.start, mark.end, mark.opens, mark.closes, mark.run, mark.breaks, mark.spaced
            )


@dataclass(slots=True)
class _Open:
    """A mark that is being made; ``low`` and ``high`` are the ends of what is inside it."""

    start: int
    end: int
    opens: Span
    closes: Span
    run: Span
    breaks: bool
    around: int
    low: int = sys.maxsize
    high: int = 0
    spaced: bool = False


def _base(nodes: Sequence[Node]) -> RunStyle | None:
    """The first of the runs of the look that most text has; a run inside if there is none."""
    runs: dict[str, RunStyle] = {}
    sizes: Counter[str] = Counter()
    for node in nodes:
        if isinstance(node, Text) and node.run:
            runs.setdefault(node.run.look, node.run)
            # White space does not count: it is not written as it is read.
            sizes[node.run.look] += 0 if node.run.kept else len("".join(node.says.split()))
    if sizes:
        return runs[sizes.most_common(1)[0][0]]
    inside = (_base(node.nodes) for node in nodes if isinstance(node, Group))
    return next(filter(None, inside), None)


def _end_of_look(nodes: Sequence[Node], place: int) -> int:
    """Where the texts that look as the one at a place end."""
    first, end = nodes[place], place + 1
    for number in range(place + 1, len(nodes)):
        node = nodes[number]
        if isinstance(node, Group):
            break
        if isinstance(node, Text) and isinstance(first, Text) and node.run and first.run:
            if node.run.look == first.run.look:
                end = number + 1
            elif not node.says.isspace():
                break
    return end


def _blank(raw: str) -> int:
    """How much white space there is at the begin."""
    return len(raw) - len(raw.lstrip())
