"""Exact match and token F1 of answers, as the official scripts of SQuAD 1.1 and 2.0 compute them.

Rajpurkar et al. 2016, https://aclanthology.org/D16-1264, and 2018,
https://aclanthology.org/P18-2124: no answer is right where the reference has none.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

from s2scli.metrics.base import (
    MeanMetric,
    Metric,
    MetricOptions,
    References,
    Statistics,
    signature_of,
)

__all__ = ["exact_match", "normalized", "token_f1"]

ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = str.maketrans("", "", string.punctuation)


class _Answers(MeanMetric):
    """The mean over the questions, in percent; of several answers, the best counts."""

    def __init__(self, name: str, score: Callable[[list[str], list[str]], float]) -> None:
        self.name = name
        self._score = score

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """Score, 1."""
        rows = []
        for hypothesis, answers in zip(hypotheses, references, strict=True):
            ours = normalized(hypothesis)
            best = max(self._score(ours, normalized(answer)) for answer in answers)
            rows.append((100 * best, 1.0))
        return rows

    def signature(self, references: int) -> str:
        """Normalization and number of references."""
        return signature_of(references, refs="best", norm="squad")


def exact_match(_options: MetricOptions) -> Metric:
    """Exact match."""
    return _Answers("exact-match", lambda ours, theirs: float(ours == theirs))


def token_f1(_options: MetricOptions) -> Metric:
    """F-score of words."""
    return _Answers("token-f1", _f1)


def normalized(text: str) -> list[str]:
    """The words of an answer without case, punctuation and articles."""
    return ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split()


def _f1(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return float(ours == theirs)
    common = (Counter(ours) & Counter(theirs)).total()
    if not common:
        return 0.0
    precision, recall = common / len(ours), common / len(theirs)
    return 2 * precision * recall / (precision + recall)
