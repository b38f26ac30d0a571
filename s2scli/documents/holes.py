"""Texts within texts: branches of arguments (ICU), notes and pictures in the middle of a sentence.

Each is a point in the text around it.
"""

from __future__ import annotations

from collections.abc import Iterator

from s2scli.documents.htmlnames import name_set
from s2scli.documents.icu import Argument, arguments
from s2scli.documents.inlinetags import tags
from s2scli.documents.pieces import CLOSE, OPEN

__all__ = ["holes"]

# Notes of DocBook, DITA and JATS; HTML's pictures.
_NAMES = name_set("fn footnote svg")


def holes(text: str, start: int, end: int) -> list[Argument]:
    """The arguments in a stretch of a text, and the elements; none is inside another."""
    found = sorted([*arguments(text, start, end), *_elements(text, start, end)])
    outer: list[Argument] = []
    for hole in found:
        if not outer or hole.start >= outer[-1].end:
            outer.append(hole)
    return outer


def _elements(text: str, start: int, end: int) -> Iterator[Argument]:
    """Such elements, as arguments with one branch."""
    if all(text.find(name, start, end) < 0 for name in _NAMES):
        return
    opened: dict[str, list[tuple[int, int]]] = {}
    for tag in tags(text, start, end):
        if tag.name not in _NAMES:
            continue
        if tag.kind == OPEN:
            opened.setdefault(tag.name, []).append(tag[1:3])
        elif tag.kind == CLOSE and opened.get(tag.name):
            begin, content = opened[tag.name].pop()
            yield Argument(begin, tag.end, ((content, tag.start),), ((content, content),), False)
