"""Functions shared by the layers of steppers."""

from __future__ import annotations

import numpy as np

from s2scli.inference.engines.stepper import Floats

__all__ = ["additive_scores", "sigmoid", "softmax"]

CACHED_NUMBERS = 1 << 17


def additive_scores(queries: Floats, keys: Floats, vector: Floats) -> Floats:
    """The scores v · tanh(query + key) of additive attention.

    A few sources at a time fit into the processor's cache.

    Args:
        queries: sources × queries × width.
        keys: sources × positions × width.
        vector: v.

    Returns:
        Sources × queries × positions.
    """
    found = np.empty((*queries.shape[:2], keys.shape[1]), np.float32)
    each = queries.shape[1] * keys.shape[1] * keys.shape[2]
    step = max(1, CACHED_NUMBERS // max(1, each))
    for start in range(0, len(keys), step):
        part = slice(start, start + step)
        sums = queries[part, :, None] + keys[part, None]
        np.tanh(sums, out=sums)
        np.matmul(sums, vector, out=found[part])
    return found


def sigmoid(numbers: Floats) -> Floats:
    """1 / (1 + exp(-x)) of every number."""
    # For very negative numbers, exp is infinite and the sigmoid 0.
    with np.errstate(over="ignore"):
        found: Floats = np.exp(-numbers)
    found += 1
    return np.reciprocal(found, out=found)


def softmax(numbers: Floats) -> Floats:
    """Softmax of each row, in place."""
    numbers -= numbers.max(-1, keepdims=True)
    np.exp(numbers, out=numbers)
    numbers /= numbers.sum(-1, keepdims=True)
    return numbers
