"""How well automatic metrics say what people say of the same outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from s2scli.errors import UsageError
from s2scli.judging.correlation import calibrated_accuracy, kendall, pearson
from s2scli.judging.design import Design, JudgedSegment
from s2scli.judging.ratings import Floats
from s2scli.judging.results import CriterionResult, Findings
from s2scli.metrics.base import Metric, MetricOptions
from s2scli.tasks.score import Scorer

__all__ = ["Likeness", "MetricCheck", "check_metrics"]

Marks = NDArray[np.bool_]
LEAST = 3  # any two numbers are perfectly correlated


class Likeness(NamedTuple):
    """How well numbers of a metric follow those of people.

    Attributes:
        units: how many systems or outputs were compared.
        pearson: Pearson's correlation; None if it is not defined, as of comparisons.
        kendall: Kendall's tau-b; None likewise.
        pairs: how many pairs were compared.
        accuracy: the share of pairs that both order alike; None if there is no pair.
        epsilon: the difference of the metric up to which a pair counts as tied; None of systems,
            where a pair that people tie is left out.
    """

    units: int
    pearson: float | None
    kendall: float | None
    pairs: int
    accuracy: float | None
    epsilon: float | None


class MetricCheck(NamedTuple):
    """How well a metric says what people say by a criterion.

    Attributes:
        metric: its name.
        signature: what another person needs to get its scores.
        criterion: what people judged.
        left_out: how many judged segments have no reference, and are left out.
        splits_at_spaces: whether it takes what is between spaces for words, although the script of
            the references puts no spaces between words.
        remarks: what a user should know of its scores.
        systems: system by system.
        outputs: output by output.
    """

    metric: str
    signature: str
    criterion: str
    left_out: int
    splits_at_spaces: bool
    remarks: tuple[str, ...]
    systems: Likeness
    outputs: Likeness


class _Scored:
    """A metric's scores, larger ones being better.

    Args:
        name: of the metric.
        own: metrics of the user's files, by name.
        segments: whose outputs are scored, if the metric can.
        systems: whose outputs these are.

    Raises:
        UnavailableError: it needs something that is not here.
        UsageError: there is no such metric, or no segment has a reference that it needs.
    """

    def __init__(
        self,
        name: str,
        own: Mapping[str, Metric],
        segments: Sequence[JudgedSegment],
        systems: Sequence[str],
    ) -> None:
        references = [[segment.reference or ""] for segment in segments]
        sources = [segment.source for segment in segments]
        scorer = Scorer([name], references, MetricOptions(rouge_words="auto"), sources, own=own)
        self._metric = scorer.metrics[name]
        self._sign = -1.0 if self._metric.lower_is_better else 1.0
        self.kept = [place for place, each in enumerate(segments) if self._takes(each)]
        if not self.kept:
            raise UsageError(
                f"{name} compares outputs with references, and no judged segment has one",
                "Make the evaluation with 's2s judge make --reference FILE'.",
            )
        references = [references[place] for place in self.kept]
        sources = [sources[place] for place in self.kept]
        self.signature = self._metric.signature(1)
        self.splits_at_spaces = bool(scorer.undivided())
        remarks: list[str] = []
        self._statistics = []
        for system in systems:
            texts = [segments[place].outputs[system] for place in self.kept]
            self._statistics.append(self._metric.statistics(texts, references, sources))
            remarks += self._metric.remarks
        self.remarks = tuple(dict.fromkeys(remarks))

    def _takes(self, segment: JudgedSegment) -> bool:
        return not self._metric.needs_references or bool((segment.reference or "").strip())

    def outputs(self) -> Floats:
        """Of each output, shape (segments, systems)."""
        columns = [self._metric.sentence_scores(each) for each in self._statistics]
        return np.asarray(self._sign * np.array(columns, np.float64).T)

    def systems(self, judged: Marks) -> Floats:
        """Of each system, over the segments in which it was judged; not a number without any.

        Args:
            judged: shape (segments, systems).
        """
        found = []
        for statistics, places in zip(self._statistics, judged.T, strict=True):
            rows = [row for row, there in zip(statistics, places, strict=True) if there]
            found.append(self._sign * self._metric.score(rows) if rows else float("nan"))
        return np.array(found, np.float64)


def check_metrics(
    names: Sequence[str], own: Mapping[str, Metric], design: Design, findings: Findings
) -> tuple[MetricCheck, ...]:
    """Compare metrics with what people said, on the segments that they judged.

    Args:
        names: of the metrics.
        own: metrics of the user's files, by name; they are compared too.
        design: what was asked.
        findings: what people said.

    Raises:
        UnavailableError: a metric needs something that is not here.
        UsageError: there is no such metric, or it needs references and there are none.
    """
    known = design.segments_by_id()
    segments = [known[name] for name in findings.segments]
    checks = []
    for name in dict.fromkeys((*names, *own)):
        scored = _Scored(name, own, segments, design.systems)
        left_out = len(segments) - len(scored.kept)
        for result in findings.criteria:
            human = result.human[scored.kept]
            judged = _judged(human)
            outputs = np.where(judged, scored.outputs(), np.nan)
            people = _system_scores(result, design.systems)
            of_systems = _of_systems(people, scored.systems(judged))
            of_outputs = _of_outputs(human, outputs)
            facts = (name, scored.signature, result.criterion, left_out, scored.splits_at_spaces)
            checks.append(MetricCheck(*facts, scored.remarks, of_systems, of_outputs))
    return tuple(checks)


def _judged(human: Floats) -> Marks:
    """Which outputs were judged, shape (segments, systems)."""
    there: Marks = ~np.isnan(human)
    return np.asarray(there.any(axis=2)) if human.ndim == 3 else there


def _system_scores(result: CriterionResult, systems: Sequence[str]) -> Floats:
    """What people say of each system; a larger number is better."""
    sign = -1.0 if result.lower_is_better else 1.0
    values = {each.system: next(iter(each.measures.values())).value for each in result.systems}
    return np.array([sign * values[name] for name in systems], np.float64)


def _of_systems(people: Floats, metric: Floats) -> Likeness:
    both = ~np.isnan(people) & ~np.isnan(metric)
    people, metric = people[both], metric[both]
    pairs = [(people[i] - people[j], metric[i] - metric[j]) for i, j in _pairs(len(people))]
    alike = [float(ours * theirs > 0) for ours, theirs in pairs if ours]
    return Likeness(
        len(people),
        pearson(people, metric) if len(people) >= LEAST else None,
        kendall(people, metric) if len(people) >= LEAST else None,
        len(alike),
        float(np.mean(alike)) if alike else None,
        None,
    )


def _of_outputs(human: Floats, metric: Floats) -> Likeness:
    """Output by output; pairs are of outputs of one segment."""
    each = _pairs(metric.shape[1])
    if human.ndim == 3:
        wanted = np.stack([human[:, i, j] for i, j in each] or [human[:, 0, 0]], axis=1)
    else:
        wanted = np.stack([human[:, i] - human[:, j] for i, j in each] or [human[:, 0]], axis=1)
    found = np.stack([metric[:, i] - metric[:, j] for i, j in each] or [metric[:, 0]], axis=1)
    held = ~np.isnan(wanted) & ~np.isnan(found) & bool(each)
    accuracy = calibrated_accuracy(wanted[held], found[held], np.nonzero(held)[0])
    both = ~np.isnan(metric)
    people = human[both] if human.ndim == 2 else None
    ours = metric[both]
    return Likeness(
        int(both.sum()),
        None if people is None or len(ours) < LEAST else pearson(people, ours),
        None if people is None or len(ours) < LEAST else kendall(people, ours),
        int(held.sum()),
        accuracy.accuracy if accuracy else None,
        accuracy.epsilon if accuracy else None,
    )


def _pairs(count: int) -> list[tuple[int, int]]:
    return list(combinations(range(count), 2))
