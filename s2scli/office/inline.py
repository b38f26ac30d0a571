"""What a paragraph of an office document is made of.

It is a tree: texts, points (a tab, a picture, a footnote's number) and groups (a link, a field, a
bookmark's range). Texts may be in runs, which give them their look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from s2scli.data import Span

__all__ = [
    "KEPT",
    "OWN",
    "Group",
    "Node",
    "Point",
    "RunStyle",
    "Text",
    "grouped",
    "has_text",
    "hide",
    "is_code",
    "paired",
]

# What becomes of a field's result: it stays, for it is a name or a number that a computer fills
# in; or it is a text of its own, for it is what the field itself or the document's title says.
KEPT, OWN = "kept", "own"
MOST_OPEN = 64  # ranges that are inside each other
_CODE = re.compile(
    r"(?:source|html|inline|program)?code(?:block|text|char|line|zchn)?|verbatim(?:char)?"
    r"|(?:html)?preformatted(?:text|char)?|sourcetext|html(?:keyboard|sample|typewriter|variable)"
    r"|macrotext"
)
_JOINT = re.compile(r"_20_|[\s_-]")


class RunStyle(NamedTuple):
    """How a text looks.

    Attributes:
        opening: where what stands before it is: the run's tag and properties.
        look: what is equal for runs of equal look.
        kept: whether its text must come out as it is.
    """

    opening: Span
    look: str
    kept: bool = False


@dataclass(slots=True)
class Text:
    """Text.

    Attributes:
        start, end: where it stands.
        says: its characters.
        run: the run that it is in.
        loose: whether it is written as an element, such as a hyphen that does not break.
        kept: whether it must come out as it is, whatever its run.
    """

    start: int
    end: int
    says: str
    run: RunStyle | None = None
    loose: bool = False
    kept: bool = False


@dataclass(slots=True)
class Point:
    """Something that is not text.

    Attributes:
        start, end: where it stands.
        run: the run that it is in with text; None if it is in none, or is a whole one.
        breaks: whether it stands between words: a tab, a line break.
        opens: for the start of a range, what its end has in ``closes``.
        closes: for the end of a range.
        splits: whether nothing may be moved past it.
        holds: whether what is between its begin and its end is not text but a field's code.
        kind: for the end of a field's code, what becomes of the field's result.
    """

    start: int
    end: int
    run: RunStyle | None = None
    breaks: bool = False
    opens: str = ""
    closes: tuple[str, ...] = ()
    splits: bool = False
    holds: bool = False
    kind: str = ""


@dataclass(slots=True)
class Group:
    """Markup around something.

    Attributes:
        opens, closes: where it stands.
        nodes: what is inside.
        kept: whether its text must come out as it is.
        splits: whether something inside must not be moved.
        void: whether it means nothing for the text.
        own: whether its text is one of its own, not a part of that around it.
        hides: whether a reader does not see its text.
        height: how many groups are inside each other here.
    """

    opens: Span
    closes: Span
    nodes: list[Node]
    kept: bool = False
    splits: bool = False
    void: bool = False
    own: bool = False
    hides: bool = False
    height: int = 1

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.opens[0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.closes[1]


Node = Text | Point | Group


def grouped(
    opens: Span,
    closes: Span,
    nodes: list[Node],
    *,
    kept: bool = False,
    void: bool = False,
    own: bool = False,
) -> Node:
    """Markup around nodes; with that inside it, if it is around the same text."""
    splits = any(node.splits for node in nodes if not isinstance(node, Text))
    points = [node for node in nodes if isinstance(node, Point)]
    if not splits and len(points) == len(nodes):
        return Point(opens[0], closes[1], breaks=any(point.breaks for point in points))
    if void:  # its tags are not written again, so nothing else may go with them
        return Group(opens, closes, nodes, kept, splits, void, height=_height(nodes) + 1)
    first, last = 0, len(nodes)
    while first < last and _may_join(nodes[first]):
        opens = (opens[0], nodes[first].end)
        first += 1
    while first < last and _may_join(nodes[last - 1]):
        closes = (nodes[last - 1].start, closes[1])
        last -= 1
    inside = nodes[first:last]
    if len(inside) == 1 and isinstance(only := inside[0], Group):
        opens, closes = (opens[0], only.opens[1]), (only.closes[0], closes[1])
        inside, kept, own = only.nodes, kept or only.kept, own or only.own
    return Group(opens, closes, inside, kept, splits, own=own, height=_height(inside) + 1)


def _height(nodes: Sequence[Node]) -> int:
    return max((node.height for node in nodes if isinstance(node, Group)), default=0)


def _may_join(node: Node) -> bool:
    return isinstance(node, Point) and not (node.run or node.breaks or node.splits)


def paired(nodes: Sequence[Node]) -> list[Node]:
    """The same with a group for every range whose two ends are there.

    Ranges that overlap without one being inside the other stay points, as do open ends.
    """
    out: list[Node] = []
    begun: list[_Begin] = []
    for node in nodes:
        place = _begin(begun, node) if isinstance(node, Point) and node.closes else -1
        if place >= 0:
            begin, height = begun[place], max(each.height for each in begun[place:])
            del begun[place:]
            if height < MOST_OPEN:
                node = _range(out, begin, node)
            elif begun:
                begun[-1].height = max(begun[-1].height, height)
        if begun and isinstance(node, Group):
            begun[-1].height = max(begun[-1].height, node.height)
        if isinstance(node, Point) and node.opens:
            begun.append(_Begin(len(out), node))
        out.append(node)
    return out


@dataclass(slots=True)
class _Begin:
    """The begin of a range that is open: its place, and the height of what follows."""

    place: int
    point: Point
    height: int = 0


def _begin(begun: Sequence[_Begin], end: Point) -> int:
    """Which of the ranges that are open an end is of; -1 for none."""
    for number in range(len(begun) - 1, max(-1, len(begun) - 1 - MOST_OPEN), -1):
        begin = begun[number].point
        if begin.opens in end.closes:
            return number
        if begin.splits and not end.splits:
            break  # what must not be moved does not yield to what may
    return -1


def _range(out: list[Node], begun: _Begin, end: Node) -> Node:
    """A range that is taken out of the nodes."""
    begin, inside = begun.point, out[begun.place + 1 :]
    del out[begun.place :]
    if begin.holds and isinstance(end, Point):
        opens, splits = end.opens, bool(end.opens)
        return Point(begin.start, end.end, opens=opens, splits=splits, kind=end.kind)
    places = (begin.start, begin.end), (end.start, end.end)
    return grouped(*places, inside, kept=begin.kind == KEPT, own=begin.kind == OWN)


def hide(nodes: list[Node], span: Span, hidden: list[Node]) -> None:
    """Add nodes that a reader does not see: a text of its own, with such nodes before it.

    Args:
        nodes: those before.
        span: where the hidden ones are.
        hidden: these.
    """
    last = nodes[-1] if nodes else None
    if isinstance(last, Group) and last.hides and last.end == span[0]:
        last.nodes += hidden
        last.closes = (span[1], span[1])
    else:
        ends = (span[0], span[0]), (span[1], span[1])
        nodes.append(Group(*ends, hidden, own=True, hides=True))


def has_text(node: Node) -> bool:
    """Whether a node has text of its own, not just white space."""
    if isinstance(node, Group):
        return any(map(has_text, node.nodes))
    return isinstance(node, Text) and not (node.loose or node.says.isspace())


def is_code(style: str) -> bool:
    """Whether a style, of paragraphs or of characters, is for code."""
    return bool(_CODE.fullmatch(_JOINT.sub("", style).lower()))
