"""Confidence intervals: what would have been found on other segments like these.

Segments are drawn with replacement (Efron and Tibshirani 1993), all judgements of a segment
together, and everything that follows from them is computed again, standardization by annotator
included. Intervals go from the 2.5th to the 97.5th percentile of what is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from s2scli.judging.ratings import Floats, Ratings, Whole, quotients

__all__ = ["Bounds", "bounds", "drawn", "mean_samples", "resampled", "standardized_samples"]

PERCENTILES = (2.5, 97.5)
MOST_CELLS = 1 << 22  # of draws that are held at once


class Bounds(NamedTuple):
    """A 95% confidence interval.

    Attributes:
        lower: its lower bound.
        upper: its upper bound.
    """

    lower: float
    upper: float


def drawn(segments: int, samples: int, seed: int) -> Iterator[Floats]:
    """How often each segment is in each sample: blocks of rows, of ``segments`` numbers each."""
    generator = np.random.default_rng(seed)
    rows = max(1, MOST_CELLS // max(1, segments))
    for start in range(0, samples, rows):
        places = generator.integers(segments, size=(min(rows, samples - start), segments))
        flat = places + np.arange(len(places))[:, None] * segments
        counts = np.bincount(flat.ravel(), minlength=flat.size)
        yield counts.reshape(places.shape).astype(np.float64)


def resampled(
    compute: Callable[[Floats], Floats], segments: int, samples: int, seed: int
) -> Floats:
    """What is found in each sample, one row each.

    Args:
        compute: from how often each segment is in samples, shape (samples, segments), to what is
            found in them, one row each.
        segments: how many there are.
        samples: how many to draw.
        seed: of the random numbers.
    """
    return np.concatenate([compute(counts) for counts in drawn(segments, samples, seed)])


def mean_samples(table: Floats, counts: Floats) -> Floats:
    """The mean of each system (columns) in each sample (rows).

    Args:
        table: shape (segments, systems), as ``segment_means`` gives it.
        counts: how often each segment is in each sample.
    """
    there = ~np.isnan(table)
    sizes = counts @ there
    sums = counts @ np.where(there, table, 0.0)
    return quotients(sums, sizes)


def standardized_samples(ratings: Ratings, counts: Floats) -> Floats:
    """The mean standardized rating of each system (columns) in each sample (rows).

    Every annotator's mean and deviation are those of their ratings in the sample, so that what is
    alike in all systems, as the difficulty of segments, widens no interval.

    Args:
        ratings: as they were given.
        counts: how often each segment is in each sample.
    """
    annotators, segments, systems = ratings.shape
    ones = np.ones_like(ratings.values)
    sizes, sums, squares = (
        counts @ _table(ratings, ratings.annotators, weights, annotators)
        for weights in (ones, ratings.values, ratings.values**2)
    )
    means = sums / np.maximum(sizes, 1)
    variance = np.maximum(squares - sizes * means**2, 0) / np.maximum(sizes - 1, 1)
    # What is left of equal ratings is an error of rounding.
    alike = variance <= 1e-12 * np.maximum(squares, 1) / np.maximum(sizes, 1)
    factors = np.where(alike, 0.0, 1 / np.sqrt(np.where(alike, 1.0, variance)))
    # Each rating counts for one part of its segment's mean.
    cells = ratings.cells()
    parts = 1 / np.bincount(cells, minlength=segments * systems)[cells]
    pairs = ratings.annotators * systems + ratings.systems
    given, weighed = (
        (counts @ _table(ratings, pairs, weights, annotators * systems)).reshape(
            len(counts), annotators, systems
        )
        for weights in (ratings.values * parts, parts)
    )
    totals = ((given - means[:, :, None] * weighed) * factors[:, :, None]).sum(axis=1)
    shares = weighed.sum(axis=1)
    return quotients(totals, shares)


def _table(ratings: Ratings, columns: Whole, weights: Floats, width: int) -> Floats:
    """Sums of weights by segment and by column."""
    flat = ratings.segments * width + columns
    sums = np.bincount(flat, weights, ratings.shape[1] * width)
    return np.asarray(sums.reshape(ratings.shape[1], width))


def bounds(samples: Floats) -> list[Bounds | None]:
    """The interval of each column; None where a column was found in no sample.

    Args:
        samples: a row for each sample, as ``resampled`` gives them.
    """
    found: list[Bounds | None] = []
    for column in samples.T:
        held = column[~np.isnan(column)]
        found.append(Bounds(*map(float, np.percentile(held, PERCENTILES))) if len(held) else None)
    return found
