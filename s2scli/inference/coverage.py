"""The coverage of a source by the attention of its target."""

from __future__ import annotations

import math
from collections.abc import Iterable

__all__ = ["coverage"]

LEAST = 1e-20  # attention that is nothing in 32 bits has a logarithm all the same


def coverage(rows: Iterable[Iterable[float]]) -> float:
    """The sum over source tokens of log(min(attention to it, 1)); at most 0.

    Formula 14 of Wu et al. 2016 (https://arxiv.org/abs/1609.08144), without its weight.

    Args:
        rows: target tokens × source tokens, the attention weights; the end token's row counts.
    """
    return sum(math.log(min(max(sum(each), LEAST), 1.0)) for each in zip(*rows, strict=True))
