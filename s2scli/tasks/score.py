"""Scores of hypotheses against references: metrics, intervals, comparisons and gates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

from s2scli.errors import UsageError
from s2scli.metrics import meant
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
        ranks: whether a better system has a better score.
        interval: its confidence interval, if it was asked for.
    """

    metric: str
    value: float
    signature: str
    digits: int
    lower_is_better: bool
    details: Mapping[str, Any] = field(default_factory=dict)
    ranks: bool = True
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
        references: for each segment its references; none where no metric needs them.
        options: how they read text.
        sources: for each segment its source, if there are any.
        own: metrics of the user's files, by name; others are loaded.
        documents: for each segment the number of its document, from 0, if documents are drawn whole
            for intervals and tests.
        digits: decimal places of all scores that are shown; None for the metrics' own.

    Attributes:
        count: how many references a segment has; -1 if that varies.

    Raises:
        UsageError: there is no such metric or tokenizer, or one needs sources and there are none.
        UnavailableError: one needs something that is not here.
    """

    def __init__(
        self,
        names: Sequence[str],
        references: References,
        options: MetricOptions,
        sources: Sequence[str] | None = None,
        *,
        own: Mapping[str, Metric] | None = None,
        documents: Sequence[int] | None = None,
        digits: int | None = None,
    ) -> None:
        texts = (text for row in references for text in row)
        self.options = replace(options, rouge_words=taken(options.rouge_words, texts))
        own = own or {}
        self.metrics: dict[str, Metric] = {
            name: own[name] if name in own else load_metric(name, self.options) for name in names
        }
        self.references = references
        self.sources = sources or ()
        self.documents = documents
        for name, metric in self.metrics.items():
            metric.digits = metric.digits if digits is None else digits
            if metric.needs_sources and sources is None:
                raise UsageError(f"{name} reads what was translated, and there are no sources")
        counts = {len(row) for row in references}
        self.count = counts.pop() if len(counts) == 1 else -1

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
        smallest, largest = self.metrics[name].smallest, self.metrics[name].largest
        if not smallest <= number <= largest:
            end = "without an upper limit" if math.isinf(largest) else f"to {largest:g}"
            raise UsageError(
                f"{what}{number:g} is outside the range of {name}, "
                f"which goes from {smallest:g} {end}"
            )

    def statistics(self, hypotheses: Sequence[str]) -> Statistics:
        """What everything else is computed from."""
        return {
            name: metric.statistics(hypotheses, self.references, self.sources)
            for name, metric in self.metrics.items()
        }

    def scores(self, statistics: Statistics, resamples: int = 0, seed: int = 0) -> list[Score]:
        """Corpus scores; with confidence intervals if ``resamples`` is not 0."""

        def interval(name: str, metric: Metric) -> Interval | None:
            if not resamples:
                return None
            from s2scli.metrics.resample import confidence_interval  # needs NumPy, slow to load

            return confidence_interval(metric, self._drawn(statistics[name]), resamples, seed)

        return [
            Score(
                name,
                metric.score(statistics[name]),
                metric.signature(self.count),
                metric.digits,
                metric.lower_is_better,
                metric.details(statistics[name]),
                metric.ranks,
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

        draws = {"samples": resamples, "trials": trials, "seed": seed}
        return {
            name: paired_tests(
                metric, self._drawn(baseline[name]), self._drawn(system[name]), **draws
            )
            for name, metric in self.metrics.items()
        }

    def letters(
        self, systems: Sequence[Statistics], *, trials: int, seed: int, significant: float
    ) -> dict[str, list[str]]:
        """By metric, the letters of each system: those that share one do not differ.

        Args:
            systems: the statistics of each.
            trials: of approximate randomization.
            seed: of the random numbers.
            significant: the largest probability of a difference by chance that counts as none.
        """
        from s2scli.metrics.letters import compact_letters
        from s2scli.metrics.resample import randomization_matrix

        found = {}
        for name, metric in self.metrics.items():
            sign = 1 if metric.lower_is_better else -1
            scores = [sign * metric.score(statistics[name]) for statistics in systems]
            drawn = [self._drawn(statistics[name]) for statistics in systems]
            chance = randomization_matrix(metric, drawn, trials=trials, seed=seed)
            numbers = range(len(systems))
            different = [pair for pair in combinations(numbers, 2) if chance[pair] < significant]
            found[name] = compact_letters(sorted(numbers, key=scores.__getitem__), different)
        return found

    def _drawn(self, statistics: MetricStatistics) -> MetricStatistics:
        """The statistics of what is drawn by chance: segments, or documents."""
        if self.documents is None:
            return statistics
        from s2scli.metrics.resample import units

        return units(statistics, self.documents)

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

    def among(self, metrics: Sequence[str]) -> Gate:
        """The gate on the one of some metrics that is meant."""
        return Gate(meant(self.metric, metrics), self.bound)

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
    name, sign, number = text.rpartition("=")  # a model's name may have such a sign too
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
