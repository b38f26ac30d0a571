"""What every stepper keeps of a batch, and how its rows follow their parents."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from s2scli.inference.engines.stepper import Floats, Ids, kept_sources

__all__ = ["Attending", "DecodingBatch"]


@dataclass(slots=True, kw_only=True)
class DecodingBatch:
    """A batch that is being decoded.

    Attributes:
        beams: number of rows per source.
        sources: number of sources that are still decoded.
        looked: the attention weights of the last step, rows × source positions, if there are any.
    """

    beams: int
    sources: int
    looked: Floats = field(default_factory=lambda: np.empty((0, 0), np.float32))

    def move(self, parents: Ids) -> None:
        """Reorder the rows by their parents; drop finished sources.

        Args:
            parents: as in ``Stepper.step``.
        """
        self.follow(parents)
        kept = kept_sources(parents, self.beams, self.sources)
        if kept is not None:
            self.sources = len(kept)
            self.keep(kept)

    def follow(self, parents: Ids) -> None:
        """Reorder what belongs to rows. By default, nothing does."""

    def keep(self, kept: Ids) -> None:
        """Drop what belongs to sources other than these. By default, nothing does."""


class Attending:
    """A stepper whose batches keep where each row looked (``AttendingStepper``)."""

    def attention(self, state: DecodingBatch) -> Floats:
        """The attention weights of the last step, rows × source positions."""
        return state.looked
