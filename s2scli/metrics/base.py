"""What a metric is: statistics of each segment, and a score from their sum."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from s2scli.errors import UsageError
from s2scli.metrics import LEARNED, METRICS
from s2scli.plugs import load, suggestion

__all__ = [
    "MeanMetric",
    "Metric",
    "MetricOptions",
    "Needs",
    "References",
    "Statistics",
    "column_sums",
    "load_metric",
    "needs_of",
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
        spm: the SentencePiece model of BLEU's tokenizer, if that is a user's file.
        idf: whether BERTScore weighs tokens by how few references hold them.
        baseline: the file of the baselines that BERTScore is rescaled by.
    """

    tokenize: str = "13a"
    lowercase: bool = False
    stem: bool = True
    rouge_words: str = "ascii"
    spm: Path | None = None
    idf: bool = False
    baseline: Path | None = None


class Metric(ABC):
    """A metric.

    Attributes:
        name: its key in ``METRICS``.
        lower_is_better: whether small scores are good ones.
        digits: decimal places worth showing.
        largest: the largest score that there can be.
        smallest: the smallest one.
        needs_references: whether it compares hypotheses with references.
        needs_sources: whether it reads what the hypotheses were made of.
        ranks: whether a better system has a better score; a ratio of lengths does not say that.
        remarks: what a user should know of the statistics that were computed last.
    """

    name: str
    lower_is_better = False
    digits = 2
    largest = 100.0
    smallest = 0.0
    needs_references = True
    needs_sources = False
    ranks = True
    remarks: tuple[str, ...] = ()

    @abstractmethod
    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """The sufficient statistics of each segment, alike in number.

        Args:
            hypotheses: one for each segment.
            references: for each segment its references; none if they are not needed.
            sources: for each segment its source; may be left out if they are not needed.
        """

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

    def pairwise(self, texts: Sequence[str]) -> list[list[float]]:
        """The score of each text (a row of scores) with each text as its one reference."""
        rows = []
        for text in texts:
            counts = self.statistics([text] * len(texts), [[reference] for reference in texts])
            rows.append(self.sentence_scores(counts))
        return rows

    def details(self, statistics: Statistics) -> dict[str, Any]:
        """Other numbers that belong to a corpus score, by name."""
        return {}


class Needs(NamedTuple):
    """What metrics read besides hypotheses.

    Attributes:
        references: whether one reads references.
        sources: whether one reads sources.
    """

    references: bool = True
    sources: bool = False


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


def needs_of(metrics: Iterable[Metric]) -> Needs:
    """What some metrics need, all together."""
    found = list(metrics)
    return Needs(
        any(metric.needs_references for metric in found),
        any(metric.needs_sources for metric in found),
    )


def column_sums(statistics: Statistics) -> list[float]:
    """The sum of each statistic over all segments."""
    return [sum(column) for column in zip(*statistics, strict=True)]


def load_metric(name: str, options: MetricOptions | None = None) -> Metric:
    """The metric of a name; of a learned one, ``NAME:MODEL`` names the model too.

    Raises:
        UsageError: there is none, or its model is of another kind.
        UnavailableError: its model is not installed.
    """
    options = options or MetricOptions()
    base, colon, model = name.partition(":")
    if base in LEARNED:
        if colon and not model:
            raise UsageError(f"The metric {name!r} names no model", f"Write {base}:MODEL.")
        metric: Metric = load(LEARNED[base].target)(options, model or LEARNED[base].model)
    elif name in METRICS:
        metric = load(METRICS[name][0])(options)
    else:
        known = [*METRICS, *LEARNED]
        raise UsageError(f"There is no metric {name!r}", suggestion(name, known))
    metric.name = name
    return metric
