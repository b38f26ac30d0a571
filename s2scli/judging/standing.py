"""Systems side by side: tests between each two, and the ranks that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2scli.judging.conduct import LEVEL
from s2scli.judging.lots import Lots
from s2scli.judging.ranking import Rank, ranked
from s2scli.judging.ratings import Floats
from s2scli.judging.results import PairResult
from s2scli.judging.significance import rank_sum

__all__ = ["Standing", "stand", "stand_by_table"]

PERMUTATION, RANK_SUM = "permutation", "rank-sum"


class Standing(NamedTuple):
    """Where each system stands.

    Attributes:
        ranks: the best first.
        pairs: each two of the ranked systems, the better one first.
    """

    ranks: tuple[Rank, ...]
    pairs: tuple[PairResult, ...]


def stand_by_table(names: Sequence[str], scores: Floats, table: Floats, by: Lots) -> Standing:
    """Rank systems by scores of their outputs.

    Two systems are compared on the segments that both were judged on, in pairs. Where these are
    less than half of either's segments, all of both are compared, as WMT does, whose annotators
    saw different segments of each system.

    Args:
        names: of the systems.
        scores: of each system; a larger one is better.
        table: shape (segments, systems); a larger number is better, not a number where nothing was
            said.
        by: how tests draw.
    """
    differences = table[:, :, None] - table[:, None, :]
    standing = stand(names, scores, differences, by)
    there = ~np.isnan(table)
    sizes = there.sum(axis=0)
    places = {name: place for place, name in enumerate(names)}
    pairs = []
    for pair in standing.pairs:
        one, other = places[pair.first], places[pair.second]
        if 2 * pair.segments < min(sizes[one], sizes[other]):
            ours, theirs = table[there[:, one], one], table[there[:, other], other]
            difference, p = float(ours.mean() - theirs.mean()), rank_sum(ours, theirs)
            pair = pair._replace(test=RANK_SUM, p=p, difference=difference)
        pairs.append(pair)
    return _ranked(names, scores, pairs)


def stand(names: Sequence[str], scores: Floats, differences: Floats, by: Lots) -> Standing:
    """Rank systems by scores, with paired tests of the differences of their segments.

    Args:
        names: of the systems.
        scores: of each system; a larger one is better.
        differences: shape (segments, systems, systems): how much better the first is; not a number
            where nothing was said.
        by: how tests draw.
    """
    known = [place for place in range(len(names)) if not np.isnan(scores[place])]
    order = sorted(known, key=lambda place: -scores[place])
    both = list(combinations(order, 2))
    columns = np.stack(
        [differences[:, one, other] for one, other in both] or [np.zeros(len(differences))], axis=-1
    )
    chances = by.chances(columns)
    pairs = []
    for (one, other), p, column in zip(both, chances, columns.T, strict=False):
        held = column[~np.isnan(column)]
        mean = float(held.mean()) if len(held) else float("nan")
        chance = float(p) if len(held) else None
        pairs.append(PairResult(names[one], names[other], mean, chance, PERMUTATION, len(held)))
    return _ranked(names, scores, pairs)


def _ranked(names: Sequence[str], scores: Floats, pairs: Sequence[PairResult]) -> Standing:
    better: NDArray[np.bool_] = np.zeros((len(names), len(names)), np.bool_)
    places = {name: place for place, name in enumerate(names)}
    for pair in pairs:
        if pair.p is not None and pair.p < LEVEL:
            one, other = places[pair.first], places[pair.second]
            # On what both were judged on, the order may be the other way round.
            better[(one, other) if pair.difference > 0 else (other, one)] = True
    return Standing(tuple(ranked([*scores], better)), tuple(pairs))
