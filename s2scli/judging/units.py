"""What stays together: a document, or a segment without one. Which are judged, and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from s2scli.errors import UsageError
from s2scli.judging.chance import Chance
from s2scli.judging.design import JudgedSegment

__all__ = ["JudgedUnit", "assigned", "chosen"]


class JudgedUnit(NamedTuple):
    """Segments that an annotator sees in a row, in the order of the files.

    Attributes:
        number: its own, from 0.
        segments: those of a document, or a single one.
    """

    number: int
    segments: tuple[JudgedSegment, ...]


def chosen(
    segments: Sequence[JudgedSegment], items: int | None, chance: Chance
) -> list[JudgedUnit]:
    """The units that are judged, in an order of chance.

    Args:
        segments: all that could be.
        items: how many segments to choose; None for all. Of the last document that is chosen, only
            the beginning may be.
        chance: what decides.

    Raises:
        UsageError: there are fewer segments.
    """
    if items is not None and items > len(segments):
        raise UsageError(
            f"There are {len(segments)} items to judge, and --items is {items}",
            "Give fewer, or leave it out.",
        )
    left = len(segments) if items is None else items
    groups: dict[tuple[str | None, str], list[JudgedSegment]] = {}
    for segment in segments:
        alone = segment.id if segment.document is None else ""
        groups.setdefault((segment.document, alone), []).append(segment)
    units: list[JudgedUnit] = []
    for group in chance.shuffled(list(groups.values())):
        if left > 0:
            units.append(JudgedUnit(len(units), tuple(group[:left])))
            left -= len(group)
    return units


def assigned(
    units: Sequence[JudgedUnit], annotators: int, overlap: int, chance: Chance
) -> list[list[JudgedUnit]]:
    """The units of each annotator.

    Each unit goes to ``overlap`` of them: to those who have the fewest segments so far, and of
    these to those who share the fewest units. Without documents, nobody has more than one unit more
    than another.

    Args:
        units: what is judged.
        annotators: how many there are.
        overlap: how many of them see each unit.
        chance: what decides among equals.

    Raises:
        UsageError: there are fewer annotators than are to see each unit, or somebody would have
            nothing to do.
    """
    if overlap > annotators:
        raise UsageError(
            f"{overlap} annotators cannot see each item: there are {annotators}",
            "Give a smaller --overlap or more --annotators.",
        )
    if len(units) * overlap < annotators:
        kind = "documents" if any(len(unit.segments) > 1 for unit in units) else "items"
        raise UsageError(
            f"{len(units)} {kind}, each for {overlap} of {annotators} annotators, are too few: "
            "somebody would have nothing to do",
            "Give more --items, fewer --annotators or a larger --overlap.",
        )
    load: Counter[int] = Counter()
    shared: Counter[tuple[int, int]] = Counter()
    sheets: list[list[JudgedUnit]] = [[] for _ in range(annotators)]
    for unit in sorted(units, key=lambda unit: -len(unit.segments)):
        takers: list[int] = []
        for _ in range(overlap):
            free = [who for who in chance.shuffled(range(annotators)) if who not in takers]
            takers.append(
                min(free, key=lambda who: (load[who], sum(shared[who, to] for to in takers)))
            )
        for who in takers:
            load[who] += len(unit.segments)
            sheets[who].append(unit)
        for one, other in combinations(takers, 2):
            shared[one, other] += 1
            shared[other, one] += 1
    return sheets
