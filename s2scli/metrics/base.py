"""What a metric is: statistics of each segment, and a score from their sum."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from s2scli.errors import UsageError
from s2scli.metrics import METRICS
from s2scli.plugs import load, suggestion

__all__ = [
    "MeanMetric",
    "Metric",
    "MetricOptions",
    "References",
    "Statistics",
    "column_sums",
    "load_metric",
    "signature_of",
]

# For each segment its statistics.
Statistics = Sequence[Sequence[float]]
# For each segment its references, one or more.
References = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class MetricOptions:
    """How metrics read text.

    Attributes:
        tokenize: sacrebleu's tokenizer for BLEU.
        lowercase: whether case is ignored by BLEU, chrF and TER.
        stem: whether ROUGE compares stems.
        rouge_words: a key of ``s2scli.metrics.words.KINDS``; ``auto`` is for a ``Scorer``, which
            knows the references.
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
        largest: the largest score that there can be; the smallest is 0.
    """

    name: str
    lower_is_better = False
    digits = 2
    largest = 100.0

    @abstractmethod
    def statistics(self, hypotheses: Sequence[str], references: References) -> Statistics:
        """The sufficient statistics of each segment, alike in number."""

    @abstractmethod
    def value(self, sums: Sequence[float]) -> float:
        """The score that sums of statistics give."""

    @abstractmethod
    def signature(self, references: int) -> str:
        """All that another person needs to get the same number, in sacrebleu's form.

        Args:
            references: how many a segment has; -1 if that varies.
        """

    def score(self, statistics: Statistics) -> float:
        """The score of a corpus."""
        return self.value(column_sums(statistics))

    def sentence_scores(self, statistics: Statistics) -> list[float]:
        """The score of each segment on its own."""
        return [self.value(row) for row in statistics]

    def details(self, statistics: Statistics) -> dict[str, Any]:
        """Other numbers that belong to a corpus score, by name."""
        return {}


class MeanMetric(Metric):
    """A metric whose corpus score is the mean of its segments' scores.

    Its statistics are the score of each segment first and a one last, so that sums give means.
    """

    def value(self, sums: Sequence[float]) -> float:
        """The sum of scores by the number of segments."""
        return sums[0] / sums[-1]


def signature_of(references: int, **facts: object) -> str:
    """A signature in sacrebleu's form: ``nrefs:1|tok:13a``.

    Args:
        references: how many a segment has; -1 if that varies.
        **facts: what else another person needs, in the order of the signature.
    """
    named = {"nrefs": "var" if references < 0 else references, **facts}
    return "|".join(f"{name}:{value}" for name, value in named.items())


def column_sums(statistics: Statistics) -> list[float]:
    """The sum of each statistic over all segments."""
    return [sum(column) for column in zip(*statistics, strict=True)]


def load_metric(name: str, options: MetricOptions | None = None) -> Metric:
    """The metric of a name.

    Raises:
        UsageError: there is none.
    """
    if name not in METRICS:
        raise UsageError(f"There is no metric {name!r}", suggestion(name, METRICS))
    metric: Metric = load(METRICS[name][0])(options or MetricOptions())
    return metric
