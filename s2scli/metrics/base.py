"""What a metric is: statistics of each segment, and a score from their sum."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from s2scli.errors import UsageError
from s2scli.metrics import METRICS

__all__ = ["Array", "MeanMetric", "Metric", "MetricOptions", "References", "load_metric"]

Array = npt.NDArray[np.float64]
# For each segment its references, one or more.
References = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class MetricOptions:
    """How metrics read text.

    Attributes:
        tokenize: sacrebleu's tokenizer for BLEU.
        lowercase: whether case is ignored by BLEU, chrF and TER.
        stem: whether ROUGE compares stems.
        rouge_words: ``ascii`` (as rouge-score: all but a-z and 0-9 is dropped) or ``unicode``.
    """

    tokenize: str = "13a"
    lowercase: bool = False
    stem: bool = True
    rouge_words: str = "ascii"


class Metric(ABC):
    """A metric.

    Attributes:
        name: its key in ``METRICS``.
        lower_is_better: whether small scores are good ones.
        digits: decimal places worth showing.
    """

    name: str
    lower_is_better = False
    digits = 2

    @abstractmethod
    def statistics(self, hypotheses: Sequence[str], references: References) -> Array:
        """The sufficient statistics of each segment.

        Returns:
            Shape (segments, statistics).
        """

    @abstractmethod
    def scores(self, sums: Array) -> Array:
        """The scores that sums of statistics give.

        Args:
            sums: shape (sets of segments, statistics).

        Returns:
            Shape (sets of segments,).
        """

    @abstractmethod
    def signature(self, references: int) -> str:
        """All that another person needs to get the same number, in sacrebleu's form.

        Args:
            references: how many a segment has; -1 if that varies.
        """

    def score(self, statistics: Array) -> float:
        """The score of a corpus."""
        return float(self.scores(statistics.sum(axis=0, keepdims=True))[0])

    def sentence_scores(self, statistics: Array) -> Array:
        """The score of each segment by itself."""
        return self.scores(statistics)

    def details(self, statistics: Array) -> dict[str, Any]:
        """Other numbers that belong to a corpus score, by name."""
        return {}


class MeanMetric(Metric):
    """A metric whose corpus score is the mean of its segments' scores.

    Its statistics are the score of each segment and a one, so that sums give means.
    """

    def scores(self, sums: Array) -> Array:
        """Sums of scores by numbers of segments."""
        scores: Array = sums[:, 0] / sums[:, -1]
        return scores


def load_metric(name: str, options: MetricOptions | None = None) -> Metric:
    """The metric of a name.

    Raises:
        UsageError: there is none.
    """
    if name not in METRICS:
        from difflib import get_close_matches

        near = get_close_matches(name, METRICS, n=1)
        raise UsageError(
            f"There is no metric {name!r}",
            f"Did you mean {near[0]}?" if near else f"Known: {', '.join(METRICS)}.",
        )
    module, _, function = METRICS[name][0].partition(":")
    metric: Metric = getattr(import_module(module), function)(options or MetricOptions())
    return metric
