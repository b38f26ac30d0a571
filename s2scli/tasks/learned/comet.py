"""COMET as a metric: with references and sources, or with sources alone (quality estimation)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from s2scli._version import __version__
from s2scli.errors import UsageError
from s2scli.inference.scoring.comet import HYPOTHESIS, REFERENCE, SOURCE, CometScorer
from s2scli.metrics.base import (
    MeanMetric,
    Metric,
    MetricOptions,
    References,
    Statistics,
    signature_of,
)
from s2scli.models.store import Wish
from s2scli.tasks.learned.models import comet_scorer, cut_remark, model_facts, scoring_wish

__all__ = ["comet", "cometkiwi", "quality_estimator"]


class _Comet(MeanMetric):
    """The mean of the segments' scores; of several references, the best counts."""

    name = "comet"
    digits = 4
    largest = math.inf
    smallest = -math.inf

    def __init__(self, scorer: CometScorer) -> None:
        self._scorer = scorer
        self.needs_references = REFERENCE in scorer.texts
        self.needs_sources = SOURCE in scorer.texts

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """Score, 1."""
        compared = references if self.needs_references else [[""]] * len(hypotheses)
        rows = [(number, text) for number, texts in enumerate(compared) for text in texts]
        found = self._scorer.estimates(
            {
                HYPOTHESIS: [hypotheses[number] for number, _ in rows],
                SOURCE: [sources[number] for number, _ in rows] if self.needs_sources else [],
                REFERENCE: [text for _, text in rows],
            }
        )
        best = [-math.inf] * len(hypotheses)
        for (number, _), estimate in zip(rows, found, strict=True):
            best[number] = max(best[number], estimate.score)
        cut = {
            number for (number, _), estimate in zip(rows, found, strict=True) if not estimate.whole
        }
        self.remarks = cut_remark(len(cut), self.name)
        return [(score, 1.0) for score in best]

    def signature(self, references: int) -> str:
        """The model, how it computes, and how several references are put together."""
        refs = {"refs": "best"} if self.needs_references else {}
        facts = model_facts(self._scorer.encoder)
        return signature_of(references, **refs, **facts, mean="segments", s2s=__version__)


def comet(_options: MetricOptions, model: str) -> Metric:
    """A model of COMET's, whatever it reads."""
    return _Comet(comet_scorer(scoring_wish(model, "--metric comet:")))


def cometkiwi(_options: MetricOptions, model: str) -> Metric:
    """A model of COMET's that reads no references.

    Raises:
        UsageError: it reads some.
    """
    return _Comet(quality_estimator(scoring_wish(model, "--metric cometkiwi:")))


def quality_estimator(wish: Wish) -> CometScorer:
    """A model of COMET's that reads no references, open.

    Args:
        wish: the model; see ``scoring_wish``.

    Raises:
        UsageError: it reads some, or is another kind of model.
        UnavailableError: it is not installed, or ONNX Runtime is not.
    """
    scorer = comet_scorer(wish)
    if REFERENCE in scorer.texts:
        raise UsageError(
            f"The model {scorer.encoder.manifest.name} reads references, which quality estimation "
            "has none of",
            f"Take one that reads none; this one is for s2s score --metric comet:{wish.name}.",
        )
    return scorer
