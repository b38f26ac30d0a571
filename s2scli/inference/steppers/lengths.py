"""The sources of a batch, those of one length together: nothing is padded.

What is computed of a source then does not depend on the others. With padding it would: sums of
floating-point numbers depend on how many there are, even if those added are zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from s2scli.inference.engines.stepper import Floats, Ids

__all__ = ["LengthGroup", "divided", "kept_groups", "length_groups"]


class LengthGroup:
    """Sources of one length.

    Attributes:
        sources: their numbers among the sources that are still decoded, ascending.
        length: the tokens of each.
        rows: the numbers of their hypotheses' rows, those of a source adjacent.
        memories: the keys and values of the sources, of each decoder layer.

    Args:
        sources: see above.
        length: see above.
        beams: number of rows per source.
    """

    def __init__(self, sources: Ids, length: int, beams: int) -> None:
        self.length = length
        self.memories: list[tuple[Floats, Floats]] = []
        self._beams = beams
        self._set(sources)

    def keep(self, kept: Ids) -> None:
        """Drop finished sources; see ``kept_groups``."""
        here = np.isin(self.sources, kept)
        self.memories = [(keys[here], values[here]) for keys, values in self.memories]
        self._set(np.searchsorted(kept, self.sources[here]))

    def _set(self, sources: Ids) -> None:
        self.sources = sources
        self.rows: Ids = (sources[:, None] * self._beams + np.arange(self._beams)).ravel()


def length_groups(lengths: Ids, beams: int) -> list[LengthGroup]:
    """Group sources, the shortest first.

    Args:
        lengths: the tokens of each source.
        beams: number of rows per source.
    """
    return [
        LengthGroup(np.flatnonzero(lengths == length), int(length), beams)
        for length in np.unique(lengths)
    ]


def kept_groups(groups: Sequence[LengthGroup], kept: Ids) -> list[LengthGroup]:
    """The groups without finished sources.

    Args:
        groups: the groups, which change.
        kept: as ``kept_sources`` gives them.
    """
    for group in groups:
        group.keep(kept)
    return [group for group in groups if len(group.sources)]


def divided(numbers: Floats, groups: Sequence[LengthGroup]) -> Iterator[Floats]:
    """The numbers of each group, sources × tokens × width.

    Args:
        numbers: one row for each token, group by group, source by source.
        groups: the groups.
    """
    begin = 0
    for group in groups:
        end = begin + len(group.sources) * group.length
        yield numbers[begin:end].reshape(len(group.sources), group.length, -1)
        begin = end
