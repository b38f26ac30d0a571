"""Scores of many texts against each other; what is counted of a text is counted once.

The n-grams that two texts have in common are those of the smaller count in either. With each n-gram
numbered (its first occurrence in a text, its second …) texts are sets, and the sizes of all their
intersections are one product of matrices: the counts are exact, and so are the scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["chrf_scores", "common"]

Counts = Mapping[Any, int]
MOST_CELLS = 1 << 22  # of the matrix that is multiplied at once


def common(texts: Sequence[Counts]) -> NDArray[np.float64]:
    """How many n-grams each two texts have in common.

    Args:
        texts: how often each n-gram is in a text.
    """
    columns: dict[tuple[Any, int], int] = {}
    rows = [
        [
            columns.setdefault((ngram, time), len(columns))
            for ngram, times in text.items()
            for time in range(times)
        ]
        for text in texts
    ]
    found = np.zeros((len(texts), len(texts)))
    width = max(1, MOST_CELLS // max(1, len(texts)))
    for start in range(0, len(columns), width):
        cells = np.zeros((len(texts), min(width, len(columns) - start)), np.float32)
        for row, places in zip(cells, rows, strict=True):
            held = np.asarray(places, np.int64) - start
            row[held[(held >= 0) & (held < len(row))]] = 1
        found += cells @ cells.T
    return found


def chrf_scores(texts: Sequence[Sequence[Counts]], beta: float) -> NDArray[np.float64]:
    """chrF of each text (row) with each as the reference (column), from 0 to 100.

    Args:
        texts: for each text, the counts of its n-grams of every order.
        beta: how much more recall weighs than precision.
    """
    count = len(texts)
    precision, recall, orders = (np.zeros((count, count)) for _ in range(3))
    for counts in zip(*texts, strict=True):
        sizes = np.array([sum(one.values()) for one in counts], np.float64)
        both = (sizes[:, None] > 0) & (sizes[None, :] > 0)
        met = common(counts)
        # Orders that one of the two texts is too short for do not count.
        precision += np.where(both, met / np.maximum(sizes[:, None], 1), 0)
        recall += np.where(both, met / np.maximum(sizes[None, :], 1), 0)
        orders += both
    precision /= np.maximum(orders, 1)
    recall /= np.maximum(orders, 1)
    factor = beta**2
    below = factor * precision + recall
    above = (1 + factor) * precision * recall
    return np.asarray(100 * above / np.where(below > 0, below, 1))
