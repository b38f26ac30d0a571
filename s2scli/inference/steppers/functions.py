"""Functions shared by the layers of steppers."""

from __future__ import annotations

import numpy as np

from s2scli.inference.engines.stepper import Floats

__all__ = ["product", "sigmoid", "softmax"]


def product(numbers: Floats, weight: Floats) -> Floats:
    """Rows times a matrix with one row per output.

    For the few rows of a step, OpenBLAS needs two thirds of the time if the matrix comes first.
    """
    if numbers.ndim != 2:  # all positions at once
        found: Floats = numbers.reshape(-1, numbers.shape[-1]) @ weight.T
        return found.reshape(*numbers.shape[:-1], len(weight))
    return np.ascontiguousarray((weight @ numbers.T).T)


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
