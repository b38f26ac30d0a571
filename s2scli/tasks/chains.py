"""Hypotheses of the parts of a segment, put together to hypotheses of the whole."""

from __future__ import annotations

from heapq import nlargest
from itertools import product
from typing import NamedTuple

from s2scli.data import Decoding, Hypothesis, Piece

__all__ = ["Chain", "Part", "best_chains", "joined_samples"]

Part = tuple[Piece, tuple[Hypothesis, ...]]


class Chain(NamedTuple):
    """One hypothesis for each part so far.

    Attributes:
        total: their log-probability.
        rank: how far they are below the best ones, by what the search maximizes; at most 0.
        before: the chain without the last part.
        last: the last part's hypothesis.
    """

    total: float
    rank: float
    before: Chain | None
    last: Hypothesis

    def hypotheses(self) -> list[Hypothesis]:
        """The hypotheses, in the order of the parts."""
        found: list[Hypothesis] = []
        link: Chain = self
        while link.before is not None:
            found.append(link.last)
            link = link.before
        return found[::-1]


_ROOT = Chain(0.0, 0.0, None, Hypothesis("", 0.0, 0))


def joined_samples(parts: list[Part]) -> list[Chain]:
    """The first samples of all parts together, then the second ones, and so on."""
    chains = []
    for number in range(max(len(hypotheses) for _, hypotheses in parts)):
        chain = _ROOT
        for piece, hypotheses in parts:
            choices = _choices(piece, hypotheses)
            choice = choices[number % len(choices)]
            chain = Chain(chain.total + choice.score * choice.tokens, 0.0, chain, choice)
        chains.append(chain)
    return chains


def best_chains(parts: list[Part], decoding: Decoding) -> list[Chain]:
    """The best combinations of the hypotheses of all parts."""
    best = [_ROOT]
    for piece, hypotheses in parts:
        choices = _choices(piece, hypotheses)
        # A hypothesis counts as much less as the search itself ranked it below the best.
        ranks = [_rank(choice, decoding.length_penalty) for choice in choices]
        longer = [
            Chain(
                chain.total + choice.score * choice.tokens,
                chain.rank + min(rank - ranks[0], 0.0),
                chain,
                choice,
            )
            for chain, (choice, rank) in product(best, zip(choices, ranks, strict=True))
        ]
        # Those of a single part stay in the order of the search.
        most = decoding.n_best
        best = longer if len(longer) <= most else nlargest(most, longer, key=_chain_rank)
    return best


def _choices(piece: Piece, hypotheses: tuple[Hypothesis, ...]) -> tuple[Hypothesis, ...]:
    """The hypotheses of a piece; its own text if it has nothing to decode."""
    return hypotheses or (Hypothesis(piece.text, 0.0, 0),)


def _rank(hypothesis: Hypothesis, length_penalty: float) -> float:
    """What the search maximizes: the log-probability by a power of the length."""
    total = hypothesis.score * hypothesis.tokens
    return total / float(max(1, hypothesis.tokens) ** length_penalty)


def _chain_rank(chain: Chain) -> float:
    return chain.rank
