"""Functions shared by the layers of steppers."""

from __future__ import annotations

import numpy as np

from s2scli.inference.engines.stepper import Floats

__all__ = ["sigmoid", "softmax"]


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
