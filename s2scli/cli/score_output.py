"""How ``s2s score`` shows what it found: tables for people, JSON and bare numbers for scripts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

import click

from s2scli.cli.console import Console
from s2scli.cli.jsontext import json_text
from s2scli.cli.output import escape
from s2scli.errors import GateError
from s2scli.tasks.score import Score, Scorer, Statistics
from s2scli.tasks.score_inputs import Corpus

if TYPE_CHECKING:
    from s2scli.metrics.resample import Paired

__all__ = ["ScoreShape", "fail", "print_scores", "print_sentences", "warn_of_blanks"]

SCHEMA = 1


class ScoreShape(Protocol):
    """Which form is wanted."""

    @property
    def as_json(self) -> bool:
        """JSON."""

    @property
    def bare(self) -> bool:
        """One number a line."""


def warn_of_blanks(corpus: Corpus) -> None:
    """Say on stderr what is probably not meant."""
    console = Console()
    blank = sum(not text.strip() for text in corpus.hypotheses)
    if blank:
        total = len(corpus.hypotheses)
        console.warn(f"{blank} of {total} hypotheses are blank")
    empty = sum(not any(text.strip() for text in row) for row in corpus.references)
    if empty:
        console.warn(f"{empty} references are blank")


def print_scores(
    name: str,
    scores: Sequence[Score],
    scorer: Scorer,
    systems: Mapping[str, Statistics],
    tested: Mapping[str, Mapping[str, Paired]],
    shape: ScoreShape,
) -> None:
    """Print corpus scores, and those of other systems with their tests.

    Args:
        name: what the first system is called.
        scores: its scores.
        scorer: the metrics.
        systems: other systems' statistics.
        tested: their tests against the first one.
        shape: in which form.
    """
    if shape.bare:
        for score in scores:
            click.echo(score.shown())
        return
    others = {other: scorer.scores(statistics) for other, statistics in systems.items()}
    if shape.as_json:
        click.echo(json_text(_json(name, scores, others, tested), indent=2))
    elif others:
        _comparison(name, scores, others, tested)
    else:
        _table(scores)


def _table(scores: Sequence[Score]) -> None:
    from s2scli.cli.tables import print_table

    with_intervals = any(score.interval for score in scores)
    columns = ["METRIC", "SCORE", *(["95% INTERVAL"] if with_intervals else []), "", "SIGNATURE"]
    rows = []
    for score in scores:
        between = score.interval
        interval = f"{score.shown(between.lower)} – {score.shown(between.upper)}" if between else ""
        middle = [interval] if with_intervals else []
        rows.append([score.metric, score.shown(), *middle, _details(score), score.signature])
    print_table(columns, rows, right=("SCORE",))


def _details(score: Score) -> str:
    if "precisions" in score.details:
        precisions = "/".join(f"{number:.1f}" for number in score.details["precisions"])
        return f"{precisions} BP {score.details['brevity_penalty']:.3f}"
    return " ".join(f"{name[0].upper()} {value:.4f}" for name, value in score.details.items())


def _comparison(
    name: str,
    scores: Sequence[Score],
    others: Mapping[str, Sequence[Score]],
    tested: Mapping[str, Mapping[str, Paired]],
) -> None:
    from s2scli.cli.tables import print_table

    columns = ("SYSTEM", "METRIC", "SCORE", "DIFFERENCE", "MEAN ± 95%", "p BOOTSTRAP", "p RANDOM")
    rows = [(name, score.metric, score.shown(), "baseline", "", "", "") for score in scores]
    for system, found in others.items():
        for score in found:
            test = tested[system][score.metric]
            mean = f"{score.shown(test.interval.mean)} ± {score.shown(test.interval.half_width)}"
            difference = f"{test.difference:+.{score.digits}f}"
            p_values = (f"{test.bootstrap_p:.4f}", f"{test.randomization_p:.4f}")
            rows.append((system, score.metric, score.shown(), difference, mean, *p_values))
    print_table(columns, rows, right=("SCORE", "DIFFERENCE", "p BOOTSTRAP", "p RANDOM"))


def _json(
    name: str,
    scores: Sequence[Score],
    others: Mapping[str, Sequence[Score]],
    tested: Mapping[str, Mapping[str, Paired]],
) -> dict[str, Any]:
    systems = [{"name": name, "scores": [_facts(score) for score in scores]}]
    for other, found in others.items():
        rows = [_facts(s) | {"against_baseline": asdict(tested[other][s.metric])} for s in found]
        systems.append({"name": other, "scores": rows})
    return {"schema": SCHEMA, "systems": systems}


def _facts(score: Score) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "metric": score.metric,
        "score": score.value,
        "signature": score.signature,
        "lower_is_better": score.lower_is_better,
    }
    if score.details:
        facts["details"] = dict(score.details)
    if score.interval:
        facts["interval"] = asdict(score.interval)
    return facts


def print_sentences(
    corpus: Corpus, scores: Mapping[str, Sequence[float]], scorer: Scorer, *, sort: bool, kind: str
) -> None:
    """Print the scores of every segment, as rows with tabs or as JSON lines.

    Args:
        corpus: the segments.
        scores: by metric, the score of each.
        scorer: the metrics.
        sort: whether the worst come first, by the first metric.
        kind: ``tsv`` or ``jsonl``.
    """
    order = list(range(len(corpus.hypotheses)))
    if sort:
        first = next(iter(scorer.metrics))
        sign = -1 if scorer.metrics[first].lower_is_better else 1
        order.sort(key=lambda index: sign * scores[first][index])
    write = sys.stdout.write
    if kind == "tsv":
        write("\t".join(("segment", *scores, "hypothesis", "reference")) + "\n")
    for index in order:
        hypothesis, references = corpus.hypotheses[index], list(corpus.references[index])
        values = {name: column[index] for name, column in scores.items()}
        if kind == "jsonl":
            row = {"segment": corpus.names[index], "scores": values, "hypothesis": hypothesis}
            write(json_text({**row, "references": references}) + "\n")
        else:
            digits = [f"{value:.{scorer.metrics[name].digits}f}" for name, value in values.items()]
            cells = (corpus.names[index], *digits, escape(hypothesis), escape(references[0]))
            write("\t".join(cells) + "\n")


def fail(complaints: Sequence[str]) -> None:
    """End with the exit code of a gate, if one has fallen.

    Raises:
        GateError: it has.
    """
    if complaints:
        raise GateError("; ".join(complaints))
