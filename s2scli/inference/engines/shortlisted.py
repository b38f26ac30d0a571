"""Decoding with a lexical shortlist where it can be trusted, and what the whole vocabulary decides.

A shortlist changes outputs in three ways, and each has its remedy. A source may have tokens that
yielded too little when the list was made, or be longer than it was checked for: such a source is
decoded with the whole vocabulary. A candidate may be missing: the list's making sees to that
(``s2scli.tasks.shortlist``). And the scores are shares among the candidates: what the others would
have got differs from step to step, so that a beam search may take another one of two hypotheses
that are nearly as good. Those are scored again, with the whole vocabulary, in one pass over tokens
that are known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import NamedTuple

from s2scli.inference.engines.contract import PendingTokens, TokenHypothesis
from s2scli.models.shortlist import Reach

__all__ = ["CLOSE", "DividedLater", "NearTies", "RescoredLater", "divided"]

# What parts the hypotheses of a near tie at most: natural log-probability, by the square root of
# the number of tokens in which they differ, for the errors of tokens add up as random steps do.
CLOSE = 0.03
# For each token, scores of the whole vocabulary: those of a larger batch leave the caches.
BATCH_TOKENS = 64


def divided(sources: Sequence[list[str]], reach: Reach) -> tuple[list[int], list[int]]:
    """The places of the sources that a shortlist is used for, and those of the others.

    Args:
        sources: the tokens of each source.
        reach: what the shortlist is used for.
    """
    parts: tuple[list[int], list[int]] = ([], [])
    for place, source in enumerate(sources):
        parts[not reach.serves(source)].append(place)
    return parts


class DividedLater:
    """A batch whose sources are decoded in two ways.

    Args:
        parts: what is under way, each with the places of its sources in the batch.
    """

    def __init__(self, parts: Sequence[tuple[PendingTokens, Sequence[int]]]) -> None:
        self._parts = parts

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for all; the hypotheses of each source."""
        found = {
            place: hypotheses
            for pending, places in self._parts
            for place, hypotheses in zip(places, pending.result(), strict=True)
        }
        return [found[place] for place in range(len(found))]


class NearTies(NamedTuple):
    """How near ties are decided.

    Attributes:
        score: log-probabilities of target tokens of sources, as ``Engine.score`` gives them.
        length_penalty: that of the search.
        prefix: number of given tokens, which count in the length.
    """

    score: Callable[..., list[list[float]]]
    length_penalty: float
    prefix: int

    def value(self, hypothesis: TokenHypothesis) -> float:
        """What the search ranks a hypothesis by."""
        total = hypothesis.score * hypothesis.length
        return float(total / self._length(hypothesis) ** self.length_penalty)

    def are_close(self, best: TokenHypothesis, other: TokenHypothesis) -> bool:
        """Whether another hypothesis is nearly as good as the best one."""
        apart = self.value(best) - self.value(other)
        total = apart * self._length(best) ** self.length_penalty
        return bool(total < CLOSE * sqrt(_different(best, other)))

    def _length(self, hypothesis: TokenHypothesis) -> int:
        return max(1, self.prefix + hypothesis.length)


def _different(best: TokenHypothesis, other: TokenHypothesis) -> int:
    """The number of tokens from the first one on in which hypotheses differ, the end included."""
    pairs = enumerate(zip(best.tokens, other.tokens, strict=False))
    shorter = min(len(best.tokens), len(other.tokens))
    first = next((place for place, (one, two) in pairs if one != two), shorter)
    return max(best.length, other.length) - first


class RescoredLater:
    """A batch that is decoded with a shortlist: one hypothesis for each source.

    Args:
        pending: the batch; the hypotheses that its search ended with, best first.
        sources: its sources.
        rules: how near ties are decided.
    """

    def __init__(
        self, pending: PendingTokens, sources: Sequence[list[str]], rules: NearTies
    ) -> None:
        self._pending, self._sources, self._rules = pending, sources, rules

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch; the best hypothesis of each source."""
        batch = [self._close(several) for several in self._pending.result()]
        asked = [
            (place, hypothesis)
            for place, several in enumerate(batch)
            if len(several) > 1
            for hypothesis in several
        ]
        if not asked:
            return batch
        scores = self._rules.score(
            [self._sources[place] for place, _ in asked],
            [hypothesis.tokens for _, hypothesis in asked],
            batch_tokens=BATCH_TOKENS,
        )
        found: dict[int, list[TokenHypothesis]] = {}
        for (place, hypothesis), row in zip(asked, scores, strict=True):
            found.setdefault(place, []).append(hypothesis._replace(score=sum(row) / len(row)))
        best = {place: max(several, key=self._rules.value) for place, several in found.items()}
        return [[best.get(place, several[0])] for place, several in enumerate(batch)]

    def _close(self, several: Sequence[TokenHypothesis]) -> list[TokenHypothesis]:
        """The best hypothesis and those in a near tie with it; one that is cut has no score."""
        first = several[0]
        if first.truncated:
            return [first]
        others = (other for other in several[1:] if not other.truncated)
        return [first, *(other for other in others if self._rules.are_close(first, other))]
