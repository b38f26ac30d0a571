"""Ranks of systems as WMT reports them: ranges of ranks, and clusters that do not differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Rank", "ranked"]


class Rank(NamedTuple):
    """The place of a system among others.

    Attributes:
        system: which, counted from 0.
        best: the best rank that it may have: 1 and one for each system that is significantly
            better.
        worst: the worst: the number of systems less one for each that is significantly worse.
        cluster: the number of its cluster from 1.
    """

    system: int
    best: int
    worst: int
    cluster: int


def ranked(scores: Sequence[float], better: NDArray[np.bool_]) -> list[Rank]:
    """The systems, best first, with ranges of ranks and clusters.

    A cluster ends where each system above is significantly better than each below (Bojar et al.
    2016, https://aclanthology.org/W16-2301; Koehn 2012, https://aclanthology.org/2012.iwslt-papers.5).

    Args:
        scores: of each system; a larger one is better. Not a number if nothing was said of it:
            such systems are left out.
        better: shape (systems, systems); whether the first is significantly better.
    """
    known = [system for system, score in enumerate(scores) if not np.isnan(score)]
    order = sorted(known, key=lambda system: -scores[system])
    found: list[Rank] = []
    cluster = 1
    for place, system in enumerate(order):
        above, below = order[:place], order[place:]
        if place and better[np.ix_(above, below)].all():
            cluster += 1
        losses, wins = better[order, system].sum(), better[system, order].sum()
        found.append(Rank(system, int(losses) + 1, len(order) - int(wins), cluster))
    return found
