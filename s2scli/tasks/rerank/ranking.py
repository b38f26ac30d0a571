"""Hypotheses in the order of a weighted sum: their own scores, their agreement, other models.

- The own score is that of the search: the mean log-probability per token.
- ``mbr:METRIC`` is minimum Bayes risk: the mean score of a hypothesis against all others as its
  references, from 0 to 1 (Kumar and Byrne 2004, https://aclanthology.org/N04-1022; Eikema and Aziz
  2020, https://aclanthology.org/2020.coling-main.398; Freitag et al. 2022,
  https://doi.org/10.1162/tacl_a_00491). All weigh the same; one that is there twice counts twice.
- ``reverse:MODEL`` is the mean log-probability per token of the source, given the hypothesis (Li
  et al. 2016, https://aclanthology.org/N16-1014); ``ensemble:MODEL`` that of the hypothesis, given
  the source. Both are teacher-forced.
- ``qe:MODEL`` is the quality of the hypothesis as people would rate it, estimated by the source
  (Rei et al. 2022, https://aclanthology.org/2022.wmt-1.60).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from s2scli.inference.model import Model
from s2scli.inference.scoring.comet import HYPOTHESIS, SOURCE, CometScorer
from s2scli.metrics.base import Metric, load_metric
from s2scli.tasks.likelihood import TooLong, forced
from s2scli.tasks.rerank.components import ENSEMBLE, MBR, QUALITY, SCORE, Component

__all__ = ["Candidates", "Open", "Ranker", "Ranking", "expected_utilities"]

# Loads the model of a component when it is first needed.
Open = Callable[[Component], Model]
WHOLE = 100.0  # what stands for 1 where a metric has no largest score: an error per word


class Candidates(NamedTuple):
    """The hypotheses of one source.

    Attributes:
        source: the source; empty if nothing needs it.
        texts: the hypotheses.
        scores: their own scores; None if they have none.
    """

    source: str
    texts: Sequence[str]
    scores: Sequence[float] | None


class Ranking(NamedTuple):
    """Hypotheses in a new order.

    Attributes:
        order: their numbers, from 0, best first.
        totals: what they are ranked by, by number.
        values: each component's values by number, without weights.
        left_out: components that should count and do not: a text is longer than their model takes,
            or there are no scores.
    """

    order: tuple[int, ...]
    totals: Sequence[float]
    values: Mapping[str, Sequence[float]]
    left_out: tuple[str, ...]


class Ranker:
    """Ranks the hypotheses of each source.

    Args:
        components: what by; those without weight are computed only if they are free.
        open_: loads the model of a component.
        estimators: by name, the models of components that estimate quality.
    """

    def __init__(
        self,
        components: Sequence[Component],
        open_: Open,
        estimators: Mapping[str, CometScorer] = MappingProxyType({}),
    ) -> None:
        self._components = components
        self._open = open_
        self._estimators = estimators
        self._metrics = {c.name: load_metric(c.argument) for c in components if c.kind == MBR}
        self._models: dict[str, Model] = {}

    @property
    def asks_models(self) -> bool:
        """Whether other models are asked, so that many lists at once are faster."""
        return any(component.asks_a_model for component in self._components)

    def rank(self, lists: Sequence[Candidates]) -> list[Ranking]:
        """The ranking of each list; among equals the earlier hypothesis stays the better."""
        columns = {c.name: self._values(c, lists) for c in self._components}
        return [
            self._ranking(len(each.texts), {name: column[n] for name, column in columns.items()})
            for n, each in enumerate(lists)
        ]

    def _ranking(self, count: int, columns: Mapping[str, Sequence[float] | None]) -> Ranking:
        values = {name: column for name, column in columns.items() if column is not None}
        weights = {component.name: component.weight for component in self._components}
        totals = [sum(weights[name] * values[name][n] for name in values) for n in range(count)]
        order = tuple(sorted(range(count), key=totals.__getitem__, reverse=True))
        left_out = tuple(name for name in columns if name not in values and weights[name])
        return Ranking(order, totals, values, left_out)

    def _values(
        self, component: Component, lists: Sequence[Candidates]
    ) -> Sequence[Sequence[float] | None]:
        """What a component says of each list; None where it cannot."""
        if component.kind == SCORE:
            return [each.scores for each in lists]
        if component.kind == MBR:
            metric = self._metrics[component.name]
            return [expected_utilities(each.texts, metric) for each in lists]
        if component.kind == QUALITY:
            return _estimated(lists, self._estimators[component.name])
        if component.name not in self._models:
            self._models[component.name] = self._open(component)
        return _forced(lists, self._models[component.name], component)


def expected_utilities(texts: Sequence[str], metric: Metric) -> list[float]:
    """The mean score of each text with the others as references, from 0 (worst) to 1.

    An error rate is taken from 1. A text without others has 0.
    """
    count = len(texts)
    if count < 2:
        return [0.0] * count
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    found: dict[str, float] = {}
    best = metric.largest if math.isfinite(metric.largest) else WHOLE
    for text, row in zip(counts, metric.pairwise(list(counts)), strict=True):
        others = {**counts, text: counts[text] - 1}
        total = sum(score * often for score, often in zip(row, others.values(), strict=True))
        mean = total / (count - 1) / best
        found[text] = 1 - mean if metric.lower_is_better else mean
    return [found[text] for text in texts]


def _estimated(lists: Sequence[Candidates], scorer: CometScorer) -> list[list[float] | None]:
    """The estimated quality of all hypotheses of all lists; None for one with a text too long."""
    pairs = dict.fromkeys((each.source, text) for each in lists for text in each.texts)
    sources, texts = ([pair[side] for pair in pairs] for side in (0, 1))
    estimates = scorer.estimates({SOURCE: sources, HYPOTHESIS: texts})
    found = {
        pair: estimate.score if estimate.whole else None
        for pair, estimate in zip(pairs, estimates, strict=True)
    }
    return [_whole([found[each.source, text] for text in each.texts]) for each in lists]


def _forced(
    lists: Sequence[Candidates], model: Model, component: Component
) -> list[list[float] | None]:
    """The mean log-probabilities per token of all lists; None for one with a text too long."""
    pairs: dict[tuple[str, str], float | None] = {}
    for each in lists:
        pairs.update(dict.fromkeys(_pairs(each, component)))
    read, written = ([pair[side] for pair in pairs] for side in (0, 1))
    for pair, found in zip(pairs, forced(read, written, model), strict=True):
        pairs[pair] = None if isinstance(found, TooLong) else -found.cross_entropy
    rows = [[pairs[pair] for pair in _pairs(each, component)] for each in lists]
    return [_whole(row) for row in rows]


def _pairs(each: Candidates, component: Component) -> Iterable[tuple[str, str]]:
    """What the model reads, and what it would have to write."""
    if component.kind == ENSEMBLE:
        return [(each.source, text) for text in each.texts]
    return [(text, each.source) for text in each.texts]


def _whole(row: Sequence[float | None]) -> list[float] | None:
    values = [value for value in row if value is not None]
    return values if len(values) == len(row) else None
