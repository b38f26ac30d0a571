"""Marian's positions, as numbers that are added to embeddings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["marian_sinusoids"]


def marian_sinusoids(positions: int, width: int) -> npt.NDArray[np.float32]:
    """Sines, then cosines; one row a position.

    The longest wave has the length 10,000 exactly, whereas that of Vaswani et al. 2017
    (https://arxiv.org/abs/1706.03762) falls short of it.
    """
    count = width // 2
    steps = np.arange(count) / max(1, count - 1)
    angles = np.arange(positions)[:, None] / np.power(10_000, steps)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
