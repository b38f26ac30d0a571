"""Tests of whether two systems differ, without assumptions about how ratings are distributed."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from s2scli.judging.ratings import Floats

__all__ = ["rank_sum", "sign_flip"]

MOST_CELLS = 1 << 22  # of signs that are held at once
ROUNDING = 1e-9  # relative; equal sums differ in their last bits


def sign_flip(differences: Floats, trials: int, seed: int, *, one_sided: bool = False) -> Floats:
    """For each column the probability of so large a sum of differences by chance.

    The paired permutation test of Fisher and Pitman: without a difference between two systems, each
    segment's difference could as well have the other sign (Dror et al. 2018,
    https://aclanthology.org/P18-1128). Exact if there are no more signs than trials, else by random
    signs, where one is added to both counts so that no probability is zero.

    Args:
        differences: shape (segments, pairs of systems); not a number where a segment has none.
        trials: how many random signs to try.
        seed: of the random numbers.
        one_sided: whether only large sums count, not small ones.
    """
    filled = np.where(np.isnan(differences), 0.0, differences)
    filled = filled[np.any(filled != 0, axis=1)]
    observed = filled.sum(axis=0)
    slack = ROUNDING * np.abs(filled).sum(axis=0)
    exceeding = np.zeros(filled.shape[1])
    exact = 1 << len(filled) <= trials if len(filled) < 64 else False
    for signs in _every_sign(len(filled)) if exact else _random_signs(len(filled), trials, seed):
        sums = signs @ filled
        if one_sided:
            exceeding += (sums >= observed - slack).sum(axis=0)
        else:
            exceeding += (np.abs(sums) >= np.abs(observed) - slack).sum(axis=0)
    return exceeding / (1 << len(filled)) if exact else (exceeding + 1) / (trials + 1)


def _every_sign(count: int) -> Iterator[Floats]:
    bits = np.arange(1 << count)[:, None] >> np.arange(count) & 1
    yield (1 - 2 * bits).astype(np.float64)


def _random_signs(count: int, trials: int, seed: int) -> Iterator[Floats]:
    generator = np.random.default_rng(seed)
    rows = max(1, MOST_CELLS // max(1, count))
    for start in range(0, trials, rows):
        size = (min(rows, trials - start), count)
        yield (1 - 2 * generator.integers(2, size=size)).astype(np.float64)


def rank_sum(one: Floats, other: Floats, *, less: bool = False) -> float:
    """The probability that two samples come from one distribution, by Wilcoxon's rank-sum test.

    WMT compares systems with it, whose annotators saw other segments of each (Bojar et al. 2016,
    https://aclanthology.org/W16-2301). By the normal approximation, corrected for ties and
    continuity.

    Args:
        one: the ratings of one system.
        other: those of the other.
        less: whether it counts only if ``one`` is the smaller.
    """
    first, second = len(one), len(other)
    total = first + second
    if not first or not second:
        return 1.0
    ranked, ties = _ranks(np.concatenate([one, other]))
    larger = float(ranked[:first].sum()) - first * (first + 1) / 2
    variance = first * second / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    away = larger - first * second / 2
    if less:
        return _normal(away + 0.5, variance)
    return min(1.0, 2 * _normal(0.5 - abs(away), variance))


def _normal(away: float, variance: float) -> float:
    """The probability of less than so much, by a normal distribution around 0."""
    return 0.5 * math.erfc(-away / math.sqrt(2 * variance))


def _ranks(values: Floats) -> tuple[Floats, float]:
    """The rank of each value from 1, equal ones sharing their mean rank; and how many are equal, as
    the sum of the cubes of equal ones less their number."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middle = last - (counts - 1) / 2
    return middle[places], float((counts.astype(np.float64) ** 3 - counts).sum())
