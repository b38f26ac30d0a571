"""How ``s2s evaluate`` shows what it found: a table, JSON, a page of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.files import open_output
from s2scli.cli.typeset import TYPESETTERS, TableCell
from s2scli.data import TASKS

if TYPE_CHECKING:
    from s2scli.tasks.evaluate import GridOutcome
    from s2scli.tasks.score import Score, Scorer
    from s2scli.tasks.testsets import TestSet

__all__ = ["facts_of", "print_outcomes", "write_page"]

COSTS = ("{}/s", "SOURCE TOK/s", "TARGET TOK/s", "MB", "SECONDS")


def facts_of(outcome: GridOutcome, scores: Sequence[Score]) -> dict[str, Any]:
    """A combination's settings, scores and costs, by name."""
    return {
        "model": outcome.cell.name,
        "beam": outcome.report["decoding"]["beam_size"],
        "compute_type": outcome.report["compute_type"],
        "length_penalty": outcome.report["decoding"]["length_penalty"],
        "scores": {score.metric: score.value for score in scores},
        "signatures": {score.metric: score.signature for score in scores},
        "run": outcome.report,
        "output": str(outcome.output),
        "reused": outcome.reused,
    }


def print_outcomes(
    found: Sequence[tuple[GridOutcome, Sequence[Score]]],
    metrics: Sequence[str],
    task: str,
    kind: str,
) -> None:
    """A table, a row for each combination.

    Args:
        found: what became of each.
        metrics: the names of the scores.
        task: what was done.
        kind: ``text``, or a key of ``typeset.TYPESETTERS``.
    """
    from s2scli.cli.tables import print_table

    names = tuple(metric.upper() for metric in metrics)
    costs = _costs(task)
    columns = ("MODEL", "BEAM", "TYPE", "PENALTY", *names, *costs)
    right = ("BEAM", "PENALTY", *names, *costs)
    rows = [_cells(outcome, scores) for outcome, scores in found]
    if kind in TYPESETTERS:
        notes = [f"{score.metric}: {score.signature}" for score in found[0][1]]
        cells = [[TableCell(text) for text in row] for row in rows]
        click.echo(TYPESETTERS[kind](columns, cells, right, notes), nl=False)
    else:
        print_table(columns, rows, right=right)


def _costs(task: str) -> tuple[str, ...]:
    """The names of the columns that say what a combination costs."""
    return tuple(name.format(TASKS[task].unit.upper()) for name in COSTS)


def _cells(outcome: GridOutcome, scores: Sequence[Score]) -> tuple[str, ...]:
    facts, run = facts_of(outcome, scores), outcome.report
    return (
        facts["model"],
        str(facts["beam"]),
        facts["compute_type"],
        f"{facts['length_penalty']:g}",
        *(score.shown() for score in scores),
        f"{run['per_second']:,.1f}",
        f"{run['source_tokens_per_second']:,.0f}",
        f"{run['target_tokens_per_second']:,.0f}",
        f"{run['peak_memory_bytes'] / 1e6:,.0f}",
        f"{run['seconds']:.1f}",
    )


def write_page(
    path: Path,
    test: TestSet,
    task: str,
    scorer: Scorer,
    found: Sequence[tuple[GridOutcome, Sequence[Score]]],
    sentences: Sequence[Sequence[float]],
) -> None:
    """Write the page of HTML.

    Args:
        path: where to.
        test: what was read, and its references.
        task: what was done.
        scorer: the metrics.
        found: what became of each combination.
        sentences: for each, the first metric's score of every segment.
    """
    from s2scli.tasks.report import ReportRow, System, render

    first, metric = next(iter(scorer.metrics.items()))
    systems = []
    for (outcome, scores), by_sentence in zip(found, sentences, strict=True):
        cells = _cells(outcome, scores)
        systems.append(
            System(
                name=f"{cells[0]} beam {cells[1]} {cells[2]} penalty {cells[3]}",
                cells=cells[4:],
                quality=scores[0].value,
                speed=outcome.report["per_second"],
                hypotheses=outcome.hypotheses,
                scores=by_sentence,
            )
        )
    rows = [ReportRow(*pair) for pair in zip(test.sources, test.references, strict=True)]
    page = render(
        test.path.name,
        (*scorer.metrics, *(cost.lower() for cost in _costs(task))),
        systems,
        rows,
        metric=first,
        digits=metric.digits,
        lower_is_better=metric.lower_is_better,
        signatures=[f"{score.metric}: {score.signature}" for score in found[0][1]],
    )
    with open_output(path) as output:
        output.write(page)
