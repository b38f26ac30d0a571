"""Confidence intervals and paired tests from per-segment statistics, alike for all metrics.

The bootstrap of Koehn 2004 (https://aclanthology.org/W04-3250) and approximate randomization
(Riezler and Maxwell 2005, https://aclanthology.org/W05-0908). Random draws and estimates are those
of ``sacrebleu.significance``, so that the same seed gives the same p-values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from s2scli.metrics.base import Metric, Statistics

__all__ = [
    "Interval",
    "Paired",
    "confidence_interval",
    "paired_tests",
    "randomization_matrix",
    "units",
]

Array = npt.NDArray[np.float64]
# Random numbers held at once; a multiple of 32 rows, so that parts are drawn as the whole would be.
CHUNK_NUMBERS = 20_000_000
ROWS = 32
ROUNDING = 1e-9  # of scores that go to 1 or to 100


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% confidence interval of a score.

    Attributes:
        mean: mean of the resamples' scores.
        half_width: half of the interval's width.
        lower: its lower bound.
        upper: its upper bound.
    """

    mean: float
    half_width: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Paired:
    """A system against a baseline.

    Attributes:
        difference: the system's score minus the baseline's.
        interval: of the system's score.
        bootstrap_p: probability of such a difference by chance, by paired bootstrap.
        randomization_p: the same, by approximate randomization.
        tie_p: probability of such a difference or a greater one, by approximate randomization; the
            two above count a greater one alone, as sacrebleu does. 1 for equal systems.
    """

    difference: float
    interval: Interval
    bootstrap_p: float
    randomization_p: float
    tie_p: float


def confidence_interval(
    metric: Metric, statistics: Statistics, samples: int, seed: int
) -> Interval:
    """The interval of a corpus score by bootstrap.

    Args:
        metric: the metric.
        statistics: of each segment.
        samples: number of resamples.
        seed: of the random numbers.
    """
    return _interval(_scores(metric, _bootstrap_sums([_array(statistics)], samples, seed)[0]))


def paired_tests(
    metric: Metric,
    baseline: Statistics,
    system: Statistics,
    *,
    samples: int,
    trials: int,
    seed: int,
) -> Paired:
    """Test whether a system differs from a baseline.

    Args:
        metric: the metric.
        baseline: the baseline's statistics.
        system: the system's.
        samples: resamples of the bootstrap.
        trials: of the randomization.
        seed: of the random numbers.
    """
    scores = metric.score(baseline), metric.score(system)
    difference = abs(scores[0] - scores[1])
    both = _array(baseline), _array(system)
    theirs, ours = (_scores(metric, sums) for sums in _bootstrap_sums(both, samples, seed))
    apart = np.abs(ours - theirs)
    bootstrap_p = _p_value(apart - apart.mean(), difference)
    shuffled = [_scores(metric, sums) for sums in _swapped_sums(*both, trials, seed)]
    # Where statistics are no whole numbers, equal differences differ in their last bits.
    chance = np.abs(shuffled[0] - shuffled[1])
    p_values = (_p_value(chance, difference + sign * ROUNDING) for sign in (1, -1))
    return Paired(scores[1] - scores[0], _interval(ours), bootstrap_p, *p_values)


def randomization_matrix(
    metric: Metric, systems: Sequence[Statistics], *, trials: int, seed: int
) -> Array:
    """Probability of at least the difference between each two systems by chance; 1 of equal ones.

    By approximate randomization, with the same draws for all.

    Args:
        metric: the metric.
        systems: the statistics of each.
        trials: of the randomization.
        seed: of the random numbers.
    """
    found = np.ones((len(systems), len(systems)))
    arrays = [_array(statistics) for statistics in systems]
    observed = [metric.score(statistics) for statistics in systems]
    totals = [array.sum(axis=0) for array in arrays]
    kept = _kept_sums(arrays, trials, seed)
    for i, j in combinations(range(len(systems)), 2):
        one = _scores(metric, kept[i] + totals[j] - kept[j])
        other = _scores(metric, kept[j] + totals[i] - kept[i])
        difference = abs(observed[i] - observed[j])
        found[i, j] = found[j, i] = _p_value(np.abs(one - other), difference - ROUNDING)
    return found


def units(statistics: Statistics, unit_of: Sequence[int]) -> Statistics:
    """The statistics of units that are drawn whole, such as documents.

    Args:
        statistics: of each segment.
        unit_of: for each segment, the number of its unit, from 0.
    """
    rows = _array(statistics)
    sums = np.zeros((max(unit_of) + 1, rows.shape[1]))
    np.add.at(sums, np.asarray(unit_of), rows)
    found: Statistics = sums.tolist()
    return found


def _bootstrap_sums(systems: Sequence[Array], samples: int, seed: int) -> list[Array]:
    """For each system the sums of its resamples, shape (samples, statistics)."""
    generator = np.random.default_rng(seed)
    segments = len(systems[0])
    sums = [np.empty((samples, statistics.shape[1])) for statistics in systems]
    for rows in _rows(samples, segments):
        drawn = generator.choice(segments, size=(rows.stop - rows.start, segments), replace=True)
        for offset, indices in enumerate(drawn):
            counts = np.bincount(indices, minlength=segments)
            for total, statistics in zip(sums, systems, strict=True):
                total[rows.start + offset] = counts @ statistics
    return sums


def _swapped_sums(baseline: Array, system: Array, trials: int, seed: int) -> tuple[Array, Array]:
    """Sums of two systems between which segments were swapped at random, trial by trial."""
    ours, theirs = _kept_sums([baseline, system], trials, seed)
    baseline_total, system_total = baseline.sum(axis=0), system.sum(axis=0)
    return ours + (system_total - theirs), theirs + (baseline_total - ours)


def _kept_sums(systems: Sequence[Array], trials: int, seed: int) -> list[Array]:
    """For each system and trial the sums of the segments that are not swapped."""
    generator = np.random.default_rng(seed)
    segments, width = systems[0].shape
    together = np.concatenate(systems, axis=1)
    sums = np.empty((trials, together.shape[1]))
    for rows in _rows(trials, segments):
        size = (rows.stop - rows.start, segments)
        kept: npt.NDArray[np.bool_] = generator.integers(2, size=size, dtype=bool)
        sums[rows] = kept.astype(np.float64) @ together
    return [sums[:, start : start + width] for start in range(0, len(systems) * width, width)]


def _array(statistics: Statistics) -> Array:
    return np.array(statistics, dtype=np.float64)


def _scores(metric: Metric, sums: Array) -> Array:
    """The score of each row."""
    return np.array([metric.value(row) for row in sums.tolist()], dtype=np.float64)


def _rows(total: int, segments: int) -> Iterator[slice]:
    step = max(ROWS, CHUNK_NUMBERS // max(1, segments) // ROWS * ROWS)
    for start in range(0, total, step):
        yield slice(start, min(total, start + step))


def _interval(scores: Array) -> Interval:
    ordered = np.sort(scores)
    outside = len(ordered) // 40  # 2.5% on either side
    lower, upper = float(ordered[outside]), float(ordered[len(ordered) - outside - 1])
    return Interval(float(ordered.mean()), 0.5 * (upper - lower), lower, upper)


def _p_value(differences: Array, observed: float) -> float:
    """With one added to both counts, so that no probability is zero."""
    return (int((differences > observed).sum()) + 1) / (len(differences) + 1)
