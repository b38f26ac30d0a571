"""Results of ratings on scales, and of penalties of marked errors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from s2scli.judging.agreement import Level
from s2scli.judging.bootstrap import Bounds, mean_samples, standardized_samples
from s2scli.judging.collection import PENALTY, Collection
from s2scli.judging.lots import Lots
from s2scli.judging.mqm import penalty
from s2scli.judging.panel import agreed
from s2scli.judging.ratings import (
    Floats,
    Ratings,
    quotients,
    segment_means,
    standardized,
    system_means,
)
from s2scli.judging.results import CriterionResult, ErrorShare, Estimate, SystemResult
from s2scli.judging.standing import Standing, stand_by_table

__all__ = ["by_penalty", "by_scale", "error_shares", "system_results"]

MOST_ORDINAL = 10  # points of a scale whose distances may not be alike
Sizes = Sequence[tuple[int, int]]


def by_scale(collection: Collection, criterion: str, by: Lots) -> CriterionResult:
    """Systems by ratings, standardized by annotator.

    Args:
        collection: what was said.
        criterion: what was rated.
        by: how intervals and tests draw.
    """
    names = collection.design.systems
    ratings = collection.ratings(criterion)
    table, raw = segment_means(standardized(ratings)), segment_means(ratings)

    def compute(counts: Floats) -> Floats:
        return np.hstack([standardized_samples(ratings, counts), mean_samples(raw, counts)])

    measures = {"z": system_means(table), "mean": system_means(raw)}
    standing = stand_by_table(names, measures["z"], table, by)
    scale = next(each for each in collection.design.criteria if each.name == criterion)
    level: Level = "ordinal" if scale.most <= MOST_ORDINAL else "interval"
    return CriterionResult(
        criterion,
        False,
        system_results(names, _sizes(ratings), measures, by.intervals(compute), standing),
        standing.pairs,
        agreed(
            collection.design.annotators, ratings.annotators, ratings.cells(), ratings.values, level
        ),
        table,
    )


def by_penalty(collection: Collection, words: Mapping[str, int], by: Lots) -> CriterionResult:
    """Systems by the mean penalty of their segments, as WMT scores MQM (Freitag et al. 2021,
    https://doi.org/10.1162/tacl_a_00437), and by the penalty per 100 words of the source.

    Args:
        collection: what was said.
        words: how many words the source of each segment has.
        by: how intervals and tests draw.
    """
    names = collection.design.systems
    ratings = collection.ratings(PENALTY)
    table = segment_means(ratings)
    there = ~np.isnan(table)
    lengths = np.array([words[name] for name in collection.segments()], np.float64)
    hundreds = there * lengths[:, None] / 100
    sums = np.where(there, table, 0.0)

    def compute(counts: Floats) -> Floats:
        per_length = quotients(counts @ sums, counts @ hundreds)
        return np.hstack([mean_samples(table, counts), per_length])

    measures = {
        "penalty": system_means(table),
        "per 100 words": quotients(sums.sum(axis=0), hundreds.sum(axis=0)),
    }
    standing = stand_by_table(names, -measures["penalty"], -table, by)
    return CriterionResult(
        PENALTY,
        True,
        system_results(names, _sizes(ratings), measures, by.intervals(compute), standing),
        standing.pairs,
        agreed(
            collection.design.annotators,
            ratings.annotators,
            ratings.cells(),
            ratings.values,
            "interval",
        ),
        -table,
    )


def system_results(
    names: Sequence[str],
    sizes: Sizes,
    measures: Mapping[str, Floats],
    intervals: Sequence[Bounds | None],
    standing: Standing,
) -> tuple[SystemResult, ...]:
    """The systems with their measures, the best first, those of which nothing was said last.

    Args:
        names: of the systems.
        sizes: of each system how many judgements there are, and of how many segments.
        measures: by name a number for each system.
        intervals: of the first measures, system by system.
        standing: how the systems stand.
    """
    left = iter(intervals)
    between = [[next(left, None) for _ in names] for _ in measures]
    rows = {
        name: [
            Estimate(float(value), interval if segments > 1 else None)
            for value, interval, (_, segments) in zip(values, row, sizes, strict=True)
        ]
        for (name, values), row in zip(measures.items(), between, strict=True)
    }
    ranks = {rank.system: rank for rank in standing.ranks}
    unranked = [place for place in range(len(names)) if place not in ranks]
    return tuple(
        SystemResult(
            names[place],
            *sizes[place],
            {name: row[place] for name, row in rows.items()},
            ranks.get(place),
        )
        for place in [*ranks, *unranked]
    )


def _sizes(ratings: Ratings) -> Sizes:
    systems = ratings.shape[2]
    judgements = np.bincount(ratings.systems, minlength=systems)
    segments = np.bincount(np.unique(ratings.cells()) % systems, minlength=systems)
    return list(zip(judgements.tolist(), segments.tolist(), strict=True))


def error_shares(collection: Collection) -> tuple[ErrorShare, ...]:
    """The errors that were marked, by system, category and severity.

    The penalties of a system's errors add up to its mean penalty.
    """
    raters: dict[tuple[str, str], int] = defaultdict(int)
    segments: dict[str, set[str]] = defaultdict(set)
    for system, segment, _ in collection.outputs():
        raters[system, segment] += 1
        segments[system].add(segment)
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for system, segment, answer in collection.outputs():
        for error in answer.errors or ():
            sort = system, error.category, error.severity
            counts[sort] += 1
            weight = penalty(error.category, error.severity)
            sums[sort] += weight / raters[system, segment] / len(segments[system])
    return tuple(ErrorShare(*sort, counts[sort], sums[sort]) for sort in sorted(counts))
