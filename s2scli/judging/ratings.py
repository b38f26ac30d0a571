"""Ratings as columns of numbers: standardized by annotator, averaged by segment and by system."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Floats",
    "Ratings",
    "Whole",
    "quotients",
    "segment_means",
    "standardized",
    "system_means",
]

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class Ratings(NamedTuple):
    """What annotators gave by one criterion; one place of each column is one rating.

    Attributes:
        values: the numbers.
        annotators: who gave it, counted from 0.
        segments: to which segment, counted from 0.
        systems: to whose output, counted from 0.
        shape: how many annotators, segments and systems there are.
    """

    values: Floats
    annotators: Whole
    segments: Whole
    systems: Whole
    shape: tuple[int, int, int]

    @classmethod
    def of(cls, rows: list[tuple[float, int, int, int]], shape: tuple[int, int, int]) -> Ratings:
        """Ratings from rows of value, annotator, segment and system."""
        values = np.array([row[0] for row in rows], np.float64)
        places = np.array([row[1:] for row in rows], np.int64).reshape(-1, 3)
        return cls(values, places[:, 0], places[:, 1], places[:, 2], shape)

    def cells(self) -> Whole:
        """For each rating the number of its segment and system together."""
        return self.segments * self.shape[2] + self.systems


def quotients(sums: Floats, sizes: Floats | Whole) -> Floats:
    """Sums by sizes; not a number where the size is 0."""
    nothing = np.full(sums.shape, np.nan)
    return np.asarray(np.divide(sums, sizes, out=nothing, where=sizes > 0), np.float64)


def standardized(ratings: Ratings) -> Ratings:
    """Each rating as its distance from the mean of its annotator, in their standard deviations.

    This is how direct assessment makes strict and lenient annotators alike (Graham et al. 2017,
    https://doi.org/10.1017/S1351324915000339). The deviation is that of a sample. All ratings of an
    annotator who always gives the same are 0.
    """
    means, deviations = _of_annotators(ratings)
    spread = deviations[ratings.annotators]
    away = ratings.values - means[ratings.annotators]
    return ratings._replace(
        values=np.divide(away, spread, out=np.zeros_like(away), where=spread > 0)
    )


def _of_annotators(ratings: Ratings) -> tuple[Floats, Floats]:
    """The mean and the standard deviation of each annotator's ratings; 0 where there are none."""
    count = ratings.shape[0]
    sizes = np.bincount(ratings.annotators, minlength=count)
    means = np.bincount(ratings.annotators, ratings.values, count) / np.maximum(sizes, 1)
    squares = (ratings.values - means[ratings.annotators]) ** 2
    sums = np.bincount(ratings.annotators, squares, count)
    return means, np.sqrt(sums / np.maximum(sizes - 1, 1))


def segment_means(ratings: Ratings) -> Floats:
    """The mean of all annotators, shape (segments, systems); not a number where there is none."""
    _, segments, systems = ratings.shape
    cells = ratings.cells()
    sizes = np.bincount(cells, minlength=segments * systems)
    sums = np.bincount(cells, ratings.values, segments * systems).astype(np.float64)
    return quotients(sums, sizes).reshape(segments, systems)


def system_means(table: Floats) -> Floats:
    """The mean of the segments of each system; not a number where it has none.

    Args:
        table: shape (segments, systems), as ``segment_means`` gives it.
    """
    there = ~np.isnan(table)
    sizes = there.sum(axis=0)
    sums = np.where(there, table, 0.0).sum(axis=0)
    return quotients(sums, sizes)
