"""A batch on its way through a flow, and which callers want its results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from s2scli.data import Decoder, Decoding, Hypothesis
from s2scli.flow.lane import Lane, Taken

__all__ = ["Work"]


@dataclass(slots=True, eq=False)
class Work:
    """A batch, and for each of its sources the slots that want the result.

    Attributes:
        decoder: decodes it.
        decoding: how.
        sources: the token lists.
        slots: for each source, what wants its result.
        shared: whether lanes with less than a batch were planned together.
    """

    decoder: Decoder
    decoding: Decoding
    sources: list[list[str]]
    slots: list[list[Taken]]
    shared: bool = False

    def lanes(self) -> list[Lane]:
        """The open lanes that it serves."""
        found = dict.fromkeys(slot.lane for slots in self.slots for slot in slots)
        return [lane for lane in found if not lane.closed]

    def of(self, lanes: Iterable[Lane]) -> Work:
        """The part of it that belongs to some lanes."""
        wanted = set(lanes)
        rows = [
            (source, kept)
            for source, slots in zip(self.sources, self.slots, strict=True)
            if (kept := [slot for slot in slots if slot.lane in wanted])
        ]
        sources, slots = [row[0] for row in rows], [row[1] for row in rows]
        return Work(self.decoder, self.decoding, sources, slots, self.shared)

    def count(self, lane: Lane) -> int:
        """The number of slots of a lane in it."""
        return sum(slot.lane is lane for slots in self.slots for slot in slots)

    def give(self, found: list[tuple[Hypothesis, ...]]) -> None:
        """Deliver each caller's results."""
        for lane in self.lanes():
            mine: list[Taken] = []
            source_tokens = target_tokens = 0
            for source, slots, hypotheses in zip(self.sources, self.slots, found, strict=True):
                own = [slot for slot in slots if slot.lane is lane]
                for slot in own:
                    slot.hypotheses = hypotheses
                mine += own
                source_tokens += len(source) * len(own)
                target_tokens += hypotheses[0].tokens * len(own)
            lane.done(mine, (len(mine), source_tokens, target_tokens))
