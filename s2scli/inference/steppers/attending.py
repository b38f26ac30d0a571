"""One step's attention to a source, as Luong et al. 2015 (``dot``, ``general``) and Bahdanau et al.
2014 (``mlp``) score it (https://arxiv.org/abs/1508.04025, https://arxiv.org/abs/1409.0473).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from s2scli.inference.engines.stepper import Floats
from s2scli.inference.steppers.functions import softmax

__all__ = ["Additive", "Product", "Scoring", "attend"]


class Scoring(Protocol):
    """How queries are compared with a source."""

    def keys(self, encoded: Floats) -> Floats:
        """What is computed of sources once."""

    def scores(self, queries: Floats, keys: Floats) -> Floats:
        """For each source and query a number for each of its tokens."""


@dataclass(frozen=True, slots=True)
class Product:
    """``dot``, or ``general`` with a matrix between query and source.

    Attributes:
        matrix: one row for each number of a query's image; None for ``dot``.
    """

    matrix: Floats | None = None

    def keys(self, encoded: Floats) -> Floats:
        """The sources, through the matrix, with one column for each token."""
        through = encoded if self.matrix is None else encoded @ self.matrix
        return np.ascontiguousarray(through.swapaxes(1, 2))

    def scores(self, queries: Floats, keys: Floats) -> Floats:
        """The products."""
        found: Floats = queries @ keys
        return found


@dataclass(frozen=True, slots=True)
class Additive:
    """``mlp``: v · tanh(W query + b + U source).

    Attributes:
        query: W, one row for each output.
        bias: b.
        source: U, likewise.
        vector: v.
    """

    query: Floats
    bias: Floats
    source: Floats
    vector: Floats

    def keys(self, encoded: Floats) -> Floats:
        """U source."""
        found: Floats = encoded @ self.source.T
        return found

    def scores(self, queries: Floats, keys: Floats) -> Floats:
        """The scores; one query after the other, for all of their sums would take much memory."""
        images = queries @ self.query.T
        images += self.bias
        found = np.empty((*queries.shape[:2], keys.shape[1]), np.float32)
        for number in range(queries.shape[1]):
            found[:, number] = np.tanh(images[:, number, None] + keys) @ self.vector
        return found


def attend(scoring: Scoring, queries: Floats, keys: Floats, mask: Floats) -> Floats:
    """The shares of attention of each query.

    Args:
        scoring: how.
        queries: for each source, some.
        keys: what ``scoring.keys`` returned.
        mask: added to the scores: 0, or minus infinity beyond the end of a source.
    """
    shares = scoring.scores(queries, keys)
    shares += mask
    return softmax(shares)
