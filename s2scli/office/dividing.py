"""What parts the texts of a paragraph of an office document: fillers, boxes, line breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from s2scli.documents.borders import line_borders
from s2scli.documents.xmltokens import characters
from s2scli.office.inline import Group, Node, Point, Text
from s2scli.text.boxes import boxes, is_box, parting_boxes
from s2scli.text.fillers import LONG, fillers, is_border

__all__ = ["divided"]

NEAR = 8  # nodes beside a filler in which there is a word, or none


def divided(text: str, nodes: Sequence[Node], boxed: bool | None = None) -> list[Node]:
    """Nodes in which what parts texts splits them; a filler in mid-sentence is kept.

    Args:
        text: the document's characters.
        nodes: what a paragraph, or a group of it, is made of.
        boxed: whether boxes part the texts of the paragraph; None for what ``nodes`` say.
    """
    if boxed is None:
        boxed = bool(parting_boxes("".join(map(_shown, nodes))))
    found = [part for node in nodes for part in _cut(text, node, boxed)]
    _place_fillers(found, boxed)
    breaks = [node for node in found if isinstance(node, Point) and node.breaks]
    if breaks:
        lines = "".join(map(_shown, found)).split("\n")
        for point, splits in zip(breaks, line_borders(lines), strict=True):
            point.splits = point.splits or splits
    return found


def _cut(text: str, node: Node, boxed: bool) -> Iterator[Node]:
    """A text in parts: its fillers and boxes, which are kept, and what is between."""
    if isinstance(node, Group) and not node.kept:
        node.nodes = divided(text, node.nodes, boxed)
        splits = (inner.splits for inner in node.nodes if not isinstance(inner, Text))
        node.splits = node.splits or any(splits)
    raw = text[node.start : node.end] if isinstance(node, Text) and not node.loose else ""
    if isinstance(node, Text) and characters(raw) != node.says:
        raw = ""  # what only looks like a filler may be a code
    found = {filler[:2] for filler in fillers(raw)} | set(boxes(raw) if boxed else ())
    places = [place for span in sorted(found) for place in span]
    if not isinstance(node, Text) or not places:
        yield node
        return
    for number, (first, last) in enumerate(pairwise([0, *places, len(raw)])):
        if first < last:
            says = characters(raw[first:last])
            span = node.start + first, node.start + last
            yield Text(*span, says, node.run, kept=number % 2 == 1)


def _place_fillers(nodes: list[Node], boxed: bool) -> None:
    """Have those fillers split that are not in mid-sentence, and boxes that part texts."""
    for number, node in enumerate(nodes):
        if isinstance(node, Text) and node.kept:
            before = "".join(map(_shown, nodes[max(0, number - NEAR) : number]))
            behind = "".join(map(_shown, nodes[number + 1 : number + 1 + NEAR]))
            if is_box(node.says):
                splits = boxed
            else:
                splits = "\t" in node.says or len(node.says) > LONG or is_border(before, behind)
            if splits:
                nodes[number] = Point(node.start, node.end, node.run, splits=True)


def _shown(node: Node) -> str:
    """The text of a node, with a line feed where a line is broken."""
    if isinstance(node, Group):
        return "".join(map(_shown, node.nodes)).replace("\n", " ")
    if isinstance(node, Text):
        return node.says.replace("\n", " ")
    return "\n" if node.breaks else ""
