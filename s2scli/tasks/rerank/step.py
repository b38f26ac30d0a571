"""The step that puts the hypotheses of each result in a better order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from s2scli.data import Result, Segment
from s2scli.tasks.rerank.ranking import Candidates, Ranker, Ranking
from s2scli.tasks.steps import RERANKED, Again

__all__ = ["RerankStep", "note_of"]

RESULTS_AT_ONCE = 64
DIGITS = 6


class RerankStep:
    """Puts the hypotheses of each result in the order of a ranking, and notes all their values.

    It comes before the steps that see to what a translation must have: those take the first
    hypothesis, in its order, that has it.

    Args:
        ranker: what ranks them.
        n_best: how many hypotheses it needs.
        signature: all that its results depend on.
    """

    def __init__(self, ranker: Ranker, n_best: int, signature: str) -> None:
        self._ranker = ranker
        self.n_best = n_best
        self.signature = signature

    def needs_links(self, segment: Segment) -> bool:
        """Never."""
        return False

    def take(self, result: Result) -> Result | None:
        """The reranked result; None if another model must be asked, which many at once can."""
        if not result.hypotheses:
            return result
        return None if self._ranker.asks_models else self._reranked([result])[0]

    def settle(self, results: Sequence[Result], again: Again) -> list[Result]:
        """Results reranked with other models."""
        return [
            one
            for start in range(0, len(results), RESULTS_AT_ONCE)
            for one in self._reranked(results[start : start + RESULTS_AT_ONCE])
        ]

    def _reranked(self, results: Sequence[Result]) -> list[Result]:
        lists = [
            Candidates(
                result.segment.text,
                [hypothesis.text for hypothesis in result.hypotheses],
                [hypothesis.score for hypothesis in result.hypotheses],
            )
            for result in results
        ]
        rankings = self._ranker.rank(lists)
        return [
            replace(
                result,
                hypotheses=tuple(result.hypotheses[number] for number in ranking.order),
                notes={**result.notes, RERANKED: note_of(each, ranking)},
            )
            for result, each, ranking in zip(results, lists, rankings, strict=True)
        ]


def note_of(each: Candidates, ranking: Ranking) -> dict[str, Any]:
    """What a ranking has found, as JSON: the candidates, best first, each with its values."""
    return {
        "candidates": [
            {
                "text": each.texts[number],
                "rank": number + 1,
                "total": round(ranking.totals[number], DIGITS),
                **{name: round(row[number], DIGITS) for name, row in ranking.values.items()},
            }
            for number in ranking.order
        ],
        "left_out": list(ranking.left_out),
    }
