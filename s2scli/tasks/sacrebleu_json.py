"""Scores as ``sacrebleu`` prints them as JSON; ``s2scli.tasks.results`` reads that."""

from __future__ import annotations

import json
from collections.abc import Sequence

from s2scli.errors import UsageError
from s2scli.metrics.sacre import SacreMetric
from s2scli.tasks.comparison import ComparedSystem
from s2scli.tasks.score import Scorer, Statistics

__all__ = ["sacrebleu_json"]

DIGITS = 1  # sacrebleu's default


def sacrebleu_json(
    systems: Sequence[ComparedSystem],
    statistics: Statistics,
    scorer: Scorer,
    *,
    digits: int | None,
    draws: tuple[int, int] | None,
) -> str:
    """The scores of one system, with signatures, or of several, without.

    Args:
        systems: at least one.
        statistics: of the first.
        scorer: the metrics.
        digits: decimal places; None for sacrebleu's default.
        draws: resamples and seed, of scores with intervals.

    Raises:
        UsageError: a metric is not one of sacrebleu.
    """
    width = DIGITS if digits is None else digits
    metrics = {name: scorer.metrics[name] for name in scorer.metrics}
    titles: dict[str, str] = {}
    printed: dict[str, str] = {}
    for score in systems[0].scores:
        metric = metrics[score.metric]
        if not isinstance(metric, SacreMetric):
            raise UsageError(
                f"sacrebleu has no {score.metric}, which --format sacrebleu cannot write",
                "Name its metrics with --metric: bleu, chrf, chrf++ and ter.",
            )
        titles[score.metric] = metric.title
        printed[score.metric] = metric.printed(
            statistics[score.metric], scorer.count, width, score.interval, draws
        )
    names = sorted(titles, key=lambda name: titles[name].upper())
    if len(systems) > 1:
        rows = []
        for system in systems:
            values = {score.metric: f"{score.value:.{width}f}" for score in system.scores}
            rows.append({"system": system.name, **{titles[n]: values[n] for n in names}})
        return json.dumps(rows, indent=4) + "\n"
    texts = [printed[name] for name in names]
    return (texts[0] if len(texts) == 1 else "[\n" + ",\n".join(texts) + "\n]") + "\n"
