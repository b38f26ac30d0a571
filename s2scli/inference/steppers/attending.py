"""Attention of one step to a source, scored as in Luong et al. 2015 (``dot``, ``general``) or
Bahdanau et al. 2014 (``mlp``) (https://arxiv.org/abs/1508.04025, https://arxiv.org/abs/1409.0473).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from s2scli.inference.engines.matrices import Matrix
from s2scli.inference.engines.stepper import Floats
from s2scli.inference.steppers.functions import additive_scores, softmax

__all__ = ["Additive", "Product", "Scoring", "attend"]


class Scoring(Protocol):
    """How queries are scored against a source."""

    def keys(self, encoded: Floats) -> Floats:
        """Compute the keys of sources, once per source."""

    def scores(self, queries: Floats, keys: Floats) -> Floats:
        """The scores, sources × queries × source tokens."""


@dataclass(frozen=True, slots=True)
class Product:
    """``dot``; with a matrix between query and source, ``general``.

    Attributes:
        matrix: the matrix; None for ``dot``.
    """

    matrix: Matrix | None = None

    def keys(self, encoded: Floats) -> Floats:
        """The projected sources, transposed: one column per token."""
        through = encoded if self.matrix is None else self.matrix(encoded)
        return np.ascontiguousarray(through.swapaxes(1, 2))

    def scores(self, queries: Floats, keys: Floats) -> Floats:
        """The dot products of queries and keys."""
        found: Floats = queries @ keys
        return found


@dataclass(frozen=True, slots=True)
class Additive:
    """``mlp``: v · tanh(W query + b + U source).

    Attributes:
        query: W.
        bias: b.
        source: U.
        vector: v.
    """

    query: Matrix
    bias: Floats
    source: Matrix
    vector: Floats

    def keys(self, encoded: Floats) -> Floats:
        """U source."""
        return self.source(encoded)

    def scores(self, queries: Floats, keys: Floats) -> Floats:
        """The scores."""
        images = self.query(queries)
        images += self.bias
        return additive_scores(images, keys, self.vector)


def attend(scoring: Scoring, queries: Floats, keys: Floats, mask: Floats) -> Floats:
    """The attention weights of each query.

    Args:
        scoring: the scoring function.
        queries: sources × queries × width.
        keys: as returned by ``scoring.keys``.
        mask: added to the scores: 0, or minus infinity beyond the end of a source.
    """
    shares = scoring.scores(queries, keys)
    shares += mask
    return softmax(shares)
