"""The order in which an annotator sees outputs: balanced like a Latin square.

A sheet has as many rounds as there are systems (or pairs of systems). Each round shows every unit
once, each time by another system, and within a round all systems are seen as often. So outputs of
one source are far apart, and no system comes early or late more often than another. Summaries of
one text are seen in a row instead, as reading it again and again would take long; which system
comes first is balanced in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from s2scli.judging.chance import Chance
from s2scli.judging.design import Shown
from s2scli.judging.kinds import RELATIVE, SUMMARY
from s2scli.judging.units import JudgedUnit

__all__ = ["JudgedBlock", "plain_blocks"]


class JudgedBlock(NamedTuple):
    """A unit as an annotator sees it: all of it by one system, or by one pair.

    Attributes:
        number: unlike that of any other block of the sheet.
        unit: the unit.
        shown: what is seen of each of its segments.
        control: why it is asked, as for a ``JudgingTask``.
        of: the number of the block that it repeats or damages.
    """

    number: int
    unit: JudgedUnit
    shown: tuple[tuple[Shown, ...], ...]
    control: str = ""
    of: int | None = None

    def systems(self) -> frozenset[str | None]:
        """Whose outputs are seen."""
        return frozenset(shown.system for shown in self.shown[0])


def plain_blocks(
    kind: str, units: Sequence[JudgedUnit], systems: Sequence[str], chance: Chance
) -> list[JudgedBlock]:
    """The blocks of a sheet without controls, in their order.

    Args:
        kind: a key of ``KINDS``.
        units: those of the annotator.
        systems: all systems.
        chance: what decides on the order.
    """
    pairs = [tuple(chance.shuffled(pair)) for pair in combinations(systems, 2)]
    sides = chance.shuffled(pairs if kind == RELATIVE else [(system,) for system in systems])
    order = chance.shuffled(units)
    rounds = [
        [
            _block(unit, sides[(place + shift) % len(sides)], place)
            for place, unit in enumerate(order)
        ]
        for shift in range(len(sides))
    ]
    if kind == SUMMARY:
        blocks = [block for row in zip(*rounds, strict=True) for block in row]
    else:
        halves = [half for row in rounds for half in (row[: len(row) // 2], row[len(row) // 2 :])]
        blocks = [block for half in halves for block in chance.shuffled(half)]
    return [block._replace(number=number) for number, block in enumerate(blocks)]


def _block(unit: JudgedUnit, sides: Sequence[str], place: int) -> JudgedBlock:
    """A unit by a system, or by a pair whose sides are exchanged in every other unit."""
    shown = tuple(Shown(system) for system in (sides if place % 2 else sides[::-1]))
    return JudgedBlock(0, unit, (shown,) * len(unit.segments))
