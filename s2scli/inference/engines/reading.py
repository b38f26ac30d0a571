"""How the results of CTranslate2 are read: scores, ends and attention."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from s2scli.inference.engines.contract import PendingTokens, TokenHypothesis, engine_errors

__all__ = ["AttendLater", "Hypotheses", "ReadLater", "ResultRules", "Rows"]

Rows = list[list[float]]  # target tokens × source tokens
Hypotheses = Sequence[Sequence[list[str]]]  # sources × hypotheses × tokens
Attend = Callable[[Hypotheses], Sequence[Sequence[Rows | None]]]


class ReadLater:
    """A batch in the engine.

    Args:
        results: the engine's result of each source.
        target: how to read the results.
        attend: computes the attention of the hypotheses, if the results have none.
    """

    def __init__(
        self, results: Sequence[Any], target: ResultRules, attend: Attend | None = None
    ) -> None:
        self._results = results
        self._target = target
        self._attend = attend

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch; the hypotheses of each source, best first."""
        with engine_errors():
            results = [pending.result() for pending in self._results]
        read = [list(map(self._hypothesis, r.hypotheses, r.scores)) for r in results]
        if self._target.coverage:
            looks = self._looks(results, [range(len(several)) for several in read])
            kept = list(map(self._ranked, read, looks))
        else:  # only those that are kept are looked at
            kept = [self._ranked(several, {}) for several in read]
            looks = self._looks(results, kept)
        return [
            [self._with(several[number], rows[number]) for number in numbers]
            for several, rows, numbers in zip(read, looks, kept, strict=True)
        ]

    def _looks(
        self, results: Sequence[Any], kept: Sequence[Sequence[int]]
    ) -> list[Mapping[int, Rows | None]]:
        """For each source the attention of some of its hypotheses, by their numbers."""
        if self._attend is None:
            return [dict(enumerate(r.attention or [None] * len(r.hypotheses))) for r in results]
        wanted = [[r.hypotheses[n] for n in some] for r, some in zip(results, kept, strict=True)]
        with engine_errors():
            found = self._attend(wanted)
        return [dict(zip(some, rows, strict=True)) for some, rows in zip(kept, found, strict=True)]

    def _ranked(
        self, hypotheses: Sequence[TokenHypothesis], looks: Mapping[int, Rows | None]
    ) -> list[int]:
        """The numbers of the best; a forced end, of probability 1, counts as one more token."""
        target = self._target
        if not target.ranks:
            return list(range(len(hypotheses)))

        if target.coverage:
            from s2scli.inference.coverage import coverage  # few runs need it

        def value(number: int) -> float:
            hypothesis, rows = hypotheses[number], looks.get(number)
            total = hypothesis.score * hypothesis.length
            # The target prefix counts in the length too.
            ended = target.prefix + hypothesis.length
            if target.longest is not None:
                ended += hypothesis.truncated
            score = total / math.pow(max(1, ended), target.length_penalty)
            if not (target.coverage and rows):
                return score
            return score + target.coverage * coverage(rows[: target.prefix + hypothesis.length])

        return sorted(range(len(hypotheses)), key=value, reverse=True)[: target.n_best]

    def _hypothesis(self, tokens: list[str], score: float) -> TokenHypothesis:
        target = self._target
        # The engine divides the sum of log-probabilities by length ** penalty.
        total = score * len(tokens) ** target.length_penalty
        tokens = tokens[target.prefix :]
        truncated = not tokens or tokens[-1] not in target.ends
        if truncated and target.longest is not None:
            tokens = tokens[: target.longest]
        length = len(tokens)
        mean = total / length if length else 0.0
        # An end token other than the model's own may be a word, which is part of the text.
        tokens = tokens[:-1] if tokens[-1:] == [target.end] else tokens
        return TokenHypothesis(tokens, mean, length, truncated)

    def _with(self, hypothesis: TokenHypothesis, rows: Rows | None) -> TokenHypothesis:
        """A hypothesis with its attention, if that is wanted."""
        if not (self._target.alignment and rows):
            return hypothesis
        first = self._target.prefix
        return hypothesis._replace(attention=rows[first:][: len(hypothesis.tokens)])


class AttendLater:
    """A batch that another search decodes, which has no attention.

    Args:
        pending: the batch.
        prefix: the tokens that every hypothesis begins with.
        attend: computes the attention of hypotheses.
    """

    def __init__(self, pending: PendingTokens, prefix: Sequence[str], attend: Attend) -> None:
        self._pending = pending
        self._prefix = list(prefix)
        self._attend = attend

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch; the hypotheses of each source with their attention."""
        batch = self._pending.result()
        with engine_errors():
            found = self._attend([[[*self._prefix, *h.tokens] for h in some] for some in batch])
        first = len(self._prefix)
        return [
            [
                h._replace(attention=rows and rows[first:][: len(h.tokens)])
                for h, rows in zip(some, several, strict=True)
            ]
            for some, several in zip(batch, found, strict=True)
        ]


class ResultRules(NamedTuple):
    """How to read the engine's hypotheses."""

    prefix: int  # number of prefix tokens in each hypothesis
    length_penalty: float
    end: str  # the model's own end token
    ends: tuple[str, ...]  # the tokens that end a target
    longest: int | None  # length of a truncated hypothesis, if a forced end follows
    n_best: int  # number of hypotheses per source
    coverage: float = 0.0  # weight of the penalty for source tokens that got little attention
    alignment: bool = False  # whether hypotheses come with their attention

    @property
    def ranks(self) -> bool:
        """Whether hypotheses are ranked here, and not by the engine."""
        return self.longest is not None or bool(self.coverage)
