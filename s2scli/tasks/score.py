"""Scores of hypotheses against references: metrics, intervals, comparisons and gates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from s2scli.errors import UsageError
from s2scli.metrics.base import (
    Metric,
    MetricOptions,
    References,
    load_metric,
)
from s2scli.metrics.base import Statistics as MetricStatistics
from s2scli.metrics.words import has_no_spaces, is_unread, taken

if TYPE_CHECKING:
    from s2scli.metrics.resample import Interval, Paired

__all__ = ["Gate", "Score", "Scorer", "Statistics", "parse_gate"]

MOST_SHOWN = 40  # characters
BY_SPACES = ("13a", "intl", "none")  # tokenizers of BLEU


@dataclass(frozen=True, slots=True)
class Score:
    """A corpus score.

    Attributes:
        metric: its name.
        value: the score.
        signature: what another person needs to get it.
        digits: decimal places worth showing.
        lower_is_better: whether small scores are good ones.
        details: other numbers that belong to it.
        interval: its confidence interval, if it was asked for.
    """

    metric: str
    value: float
    signature: str
    digits: int
    lower_is_better: bool
    details: Mapping[str, Any] = field(default_factory=dict)
    interval: Interval | None = None

    def shown(self, value: float | None = None) -> str:
        """The score, or another value of its kind, formatted for people."""
        return f"{self.value if value is None else value:.{self.digits}f}"


# Metric → the statistics of each segment.
Statistics = Mapping[str, MetricStatistics]


class Scorer:
    """Some metrics over one set of references.

    Args:
        names: of the metrics.
        references: for each segment its references.
        options: how they read text.

    Raises:
        UsageError: there is no such metric or tokenizer.
        UnavailableError: one needs something that is not here.
    """

    def __init__(
        self, names: Sequence[str], references: References, options: MetricOptions
    ) -> None:
        texts = (text for row in references for text in row)
        self.options = replace(options, rouge_words=taken(options.rouge_words, texts))
        self.metrics: dict[str, Metric] = {name: load_metric(name, self.options) for name in names}
        self.references = references
        counts = {len(row) for row in references}
        self._count = counts.pop() if len(counts) == 1 else -1

    def unread(self, hypotheses: Sequence[str]) -> int:
        """Number of hypotheses and references that ROUGE's rules cannot read, or less than half."""
        if not any(name.startswith("rouge") for name in self.metrics):
            return 0
        texts = chain(hypotheses, *self.references)
        return sum(is_unread(text, self.options.rouge_words) for text in texts)

    def undivided(self) -> list[str]:
        """The metrics that split words at spaces, if the references' script has none."""
        of_spaces = ["ter", "meteor", "token-f1", "length-ratio"]
        if self.options.tokenize in BY_SPACES:
            of_spaces.append("bleu")
        found = [name for name in self.metrics if name in of_spaces]
        return found if found and has_no_spaces(chain(*self.references)) else []

    def check_range(self, name: str, number: float, what: str) -> None:
        """Refuse a bound that no score of a metric can reach, or that every score does.

        Raises:
            UsageError: it is beyond the metric's range.
        """
        largest = self.metrics[name].largest
        if not 0 <= number <= largest:
            end = "without an upper limit" if math.isinf(largest) else f"to {largest:g}"
            raise UsageError(
                f"{what}{number:g} is outside the range of {name}, which goes from 0 {end}"
            )

    def statistics(self, hypotheses: Sequence[str]) -> Statistics:
        """What everything else is computed from."""
        return {
            name: metric.statistics(hypotheses, self.references)
            for name, metric in self.metrics.items()
        }

    def scores(self, statistics: Statistics, resamples: int = 0, seed: int = 0) -> list[Score]:
        """Corpus scores; with confidence intervals if ``resamples`` is not 0."""

        def interval(name: str, metric: Metric) -> Interval | None:
            if not resamples:
                return None
            from s2scli.metrics.resample import confidence_interval  # needs NumPy, slow to load

            return confidence_interval(metric, statistics[name], resamples, seed)

        return [
            Score(
                name,
                metric.score(statistics[name]),
                metric.signature(self._count),
                metric.digits,
                metric.lower_is_better,
                metric.details(statistics[name]),
                interval(name, metric),
            )
            for name, metric in self.metrics.items()
        ]

    def sentences(self, statistics: Statistics) -> dict[str, list[float]]:
        """The score of each segment, by metric."""
        return {
            name: metric.sentence_scores(statistics[name]) for name, metric in self.metrics.items()
        }

    def compare(
        self, baseline: Statistics, system: Statistics, *, resamples: int, trials: int, seed: int
    ) -> dict[str, Paired]:
        """Paired tests of a system against a baseline, by metric."""
        from s2scli.metrics.resample import paired_tests

        return {
            name: paired_tests(
                metric, baseline[name], system[name], samples=resamples, trials=trials, seed=seed
            )
            for name, metric in self.metrics.items()
        }

    def is_worse(self, name: str, value: float, other: float, by: float) -> bool:
        """Whether a score is worse than another by more than ``by``."""
        loss = value - other if self.metrics[name].lower_is_better else other - value
        return loss > by


@dataclass(frozen=True, slots=True)
class Gate:
    """A score that must be reached.

    Attributes:
        metric: which.
        bound: the least score; the largest where lower is better.
    """

    metric: str
    bound: float

    def complaint(self, score: Score) -> str:
        """Why a score fails its gate; empty if it passes."""
        if score.lower_is_better:
            short = score.value - self.bound
            relation = "above"
        else:
            short = self.bound - score.value
            relation = "below"
        if short <= 0:
            return ""
        return (
            f"{score.metric} is {score.shown()}, {score.shown(short)} {relation} "
            f"the gate of {self.bound:g}"
        )


def parse_gate(text: str) -> Gate:
    """A gate as it is written: ``bleu=30``.

    Raises:
        UsageError: it is invalid.
    """
    name, sign, number = text.partition("=")
    try:
        bound = float(number)
    except ValueError:
        bound = float("nan")
    if not sign or not math.isfinite(bound):
        raise UsageError(
            f"{_shown(text)} is not a valid gate", "Write METRIC=NUMBER, as in bleu=30."
        )
    return Gate(name.strip(), bound)


def _shown(text: str) -> str:
    """A user's text in a message, which has room for so much."""
    return repr(text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…")
