"""How far the annotators of an evaluation agree: all together, and each two."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from s2scli.judging.agreement import Level, alpha, kappa
from s2scli.judging.ratings import Floats, Whole
from s2scli.judging.results import AgreeingPair, Agreement

__all__ = ["agreed"]


def agreed(
    names: Sequence[str], annotators: Whole, units: Whole, values: Floats, level: Level
) -> Agreement:
    """The agreement in judgements; one place of the columns is one judgement.

    Args:
        names: of the annotators.
        annotators: who judged, by number.
        units: what was judged, by number.
        values: the judgements.
        level: what their differences mean. Cohen's kappa is weighted, but of ``nominal`` ones.
    """
    _, places, raters = np.unique(units, return_inverse=True, return_counts=True)
    shared = raters[places] > 1
    columns = np.unique(places[shared], return_inverse=True)[1]
    table = np.full((len(names), int((raters > 1).sum())), np.nan)
    table[annotators[shared], columns] = values[shared]
    there = ~np.isnan(table)
    pairs = []
    for one, other in combinations(range(len(names)), 2):
        both = there[one] & there[other]
        if both.any():
            found = kappa(table[one, both], table[other, both], weighted=level != "nominal")
            pairs.append(AgreeingPair(names[one], names[other], int(both.sum()), found))
    return Agreement(level, alpha(table, level), table.shape[1], tuple(pairs))
