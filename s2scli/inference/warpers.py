"""The distribution that samples are drawn from, equal to the logits warpers of transformers 4.57.

They come in its order: the temperature, then the most likely tokens by number (Fan et al. 2018,
https://arxiv.org/abs/1805.04833), then those by probability (Holtzman et al. 2019,
https://arxiv.org/abs/1904.09751). At least one token is kept.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from s2scli.inference.engines.stepper import Floats

__all__ = ["Sampling", "warp"]


class Sampling(NamedTuple):
    """How tokens are drawn.

    Attributes:
        temperature: what scores are divided by, above 0.
        top_k: number of the most likely tokens that are kept; 0 for all.
        top_p: the least set of tokens with together this probability is kept; 1 for all.
        seed: of the random numbers.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0


def warp(scores: Floats, how: Sampling) -> Floats:
    """Scores of which those that are not kept are minus infinity.

    Args:
        scores: rows × vocabulary, logits or log-probabilities; not changed.
        how: how tokens are drawn.
    """
    scores = scores / np.float32(how.temperature)
    if 0 < how.top_k < scores.shape[1]:
        least = np.partition(scores, -how.top_k, axis=1)[:, -how.top_k]
        scores[scores < least[:, None]] = -np.inf  # equal ones are all kept
    if how.top_p < 1:
        for row in scores:
            _keep_likeliest(row, how.top_p)
    return scores


def _keep_likeliest(row: Floats, top_p: float) -> None:
    """Forbid the least likely tokens which together have at most 1 - ``top_p``, but one."""
    shares = np.exp((row - row.max()).astype(np.float64))
    shares /= shares.sum()
    # All that are too small to count need no sorting: together they have no more than that.
    small = shares <= (1 - top_p) / len(shares)
    rest = np.flatnonzero(~small)
    order = rest[np.argsort(row[rest], kind="stable")]
    below = shares[small].sum() + np.cumsum(shares[order])
    cut = min(int(np.searchsorted(below, 1 - top_p, side="right")), len(order) - 1)
    row[small] = -np.inf
    row[order[:cut]] = -np.inf
