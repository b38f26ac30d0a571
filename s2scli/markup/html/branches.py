"""Stretches of a page with branches: messages of ICU, conditions of templates, and elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.icu import arguments
from s2scli.markup.html.conditions import STRUCK
from s2scli.markup.html.items import RunItem
from s2scli.text.branches import branching, is_within_word

__all__ = ["Branched", "around_each_other", "branched", "elements_apart", "outermost"]


class Branched(NamedTuple):
    """A message, a condition or an element.

    Attributes:
        place: where it is.
        branches: where its branches are.
        depth: how many of its kind are in each other in it, itself included.
    """

    place: Span
    branches: Sequence[Span]
    depth: int = 1


def branched(source: str, start: int, end: int) -> list[Branched]:
    """Where messages and conditions are in a stretch.

    Those without branches are tags whose partners are elsewhere.
    """
    conditions = branching(source, start, end)
    return [
        *(Branched(argument[:2], argument[2]) for argument in arguments(source, start, end)),
        *(Branched(one[:2], one.branches, one.depth) for one in conditions.found),
        *(Branched(loose, ()) for loose in conditions.loose),
    ]


def elements_apart(source: str, items: Sequence[RunItem]) -> Iterator[tuple[Span, Span]]:
    """The elements whose content is shown at times or elsewhere; not what is struck out of a word.

    Args:
        source: the document's characters.
        items: text and inline markup.

    Yields:
        For each where it is, and where what is in it is.
    """
    for begin in items:
        if begin.condition and begin.partner >= 0:
            close = items[begin.partner]
            place, inside = (begin.start, close.end), (begin.end, close.start)
            if begin.name not in STRUCK or not is_within_word(source, place, [inside]):
                yield place, inside


def around_each_other(elements: Iterable[tuple[Span, Span]]) -> list[Branched]:
    """The elements that are in none of the others, in order.

    Args:
        elements: where each is, and where what is in it is.
    """
    found: list[Branched] = []
    ends: list[int] = []  # of those that are open
    for place, inside in sorted(elements):
        while ends and ends[-1] <= place[0]:
            ends.pop()
        ends.append(place[1])
        if len(ends) == 1:
            found.append(Branched(place, (inside,)))
        elif len(ends) > found[-1].depth:
            found[-1] = found[-1]._replace(depth=len(ends))
    return found


def outermost(every: Iterable[Branched]) -> list[Branched]:
    """Those that are in none of the others, in order."""
    found: list[Branched] = []
    for one in sorted(every):
        if not found or one.place[0] >= found[-1].place[1]:
            found.append(one)
    return found
