"""A design made from outputs: which annotator judges what, in which order, with which controls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from s2scli.disk.hashes import digest
from s2scli.errors import UsageError
from s2scli.judging.blocks import JudgedBlock, plain_blocks
from s2scli.judging.chance import Chance
from s2scli.judging.controlitems import with_controls
from s2scli.judging.design import Design, JudgedSegment, JudgingTask
from s2scli.judging.kinds import PERCENT, RELATIVE, criteria_of
from s2scli.judging.units import JudgedUnit, assigned, chosen

__all__ = ["JudgingPlan", "planned"]


class JudgingPlan(NamedTuple):
    """What is wanted of a design.

    Attributes:
        kind: a key of ``KINDS``.
        annotators: how many there are.
        items: how many segments are judged; None for all.
        overlap: how many annotators see each segment.
        seed: what all that is random comes from.
        points: the best rating of direct assessment.
        controls: share of each sort of control, by the names in ``CONTROLS``.
    """

    kind: str
    annotators: int = 1
    items: int | None = None
    overlap: int = 1
    seed: int = 0
    points: int = PERCENT
    controls: Mapping[str, float] = {}


def planned(plan: JudgingPlan, segments: Sequence[JudgedSegment]) -> Design:
    """The design for some segments; the same for the same plan and segments.

    Args:
        plan: what is wanted.
        segments: all segments that could be judged, each with one output of each system.

    Raises:
        UsageError: there are too few segments, annotators or systems for the plan.
    """
    systems = tuple(segments[0].outputs)
    if plan.kind == RELATIVE and len(systems) < 2:
        raise UsageError("--kind relative compares systems, and there is one", "Name another.")
    chance = Chance(_digest(plan, segments))
    units = chosen(segments, plan.items, chance)
    annotators = _names(plan.annotators)
    sheets = assigned(units, plan.annotators, plan.overlap, chance)
    names = _Names(chance)
    identity = names.new()
    tasks: list[JudgingTask] = []
    for annotator, own in zip(annotators, sheets, strict=True):
        blocks = plain_blocks(plan.kind, own, systems, chance)
        mixed = with_controls(blocks, plan.controls, segments, chance)
        tasks += _tasks(annotator, mixed, names)
    return Design(
        identity,
        plan.kind,
        criteria_of(plan.kind, plan.points),
        plan.seed,
        systems,
        annotators,
        _in_order(segments, units),
        tuple(tasks),
    )


class _Names:
    """Names that say nothing, each given once."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def new(self) -> str:
        while (name := self._chance.name()) in self._given:
            pass
        self._given.add(name)
        return name


def _names(count: int) -> tuple[str, ...]:
    width = len(str(count))
    return tuple(f"annotator-{number:0{width}}" for number in range(1, count + 1))


def _digest(plan: JudgingPlan, segments: Sequence[JudgedSegment]) -> str:
    """A seed that other texts or other wishes change, so that no two designs share names."""
    return digest(json.dumps([plan._asdict(), [segment._asdict() for segment in segments]]))


def _in_order(
    segments: Sequence[JudgedSegment], units: Sequence[JudgedUnit]
) -> tuple[JudgedSegment, ...]:
    taken = {segment.id for unit in units for segment in unit.segments}
    return tuple(segment for segment in segments if segment.id in taken)


def _tasks(annotator: str, blocks: Sequence[JudgedBlock], names: _Names) -> list[JudgingTask]:
    """A task for each segment of each block."""
    ids = {block.number: [names.new() for _ in block.shown] for block in blocks}
    return [
        JudgingTask(
            ids[block.number][place],
            annotator,
            segment.id,
            shown,
            block.control,
            "" if block.of is None else ids[block.of][place],
        )
        for block in blocks
        for place, (segment, shown) in enumerate(zip(block.unit.segments, block.shown, strict=True))
    ]
