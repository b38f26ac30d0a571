"""How ``s2s score`` shows what it found: tables for people, JSON and bare numbers for scripts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.console import Console
from s2scli.cli.jsontext import json_text
from s2scli.cli.output import escape
from s2scli.errors import GateError
from s2scli.tasks.score import Score, Scorer, Statistics
from s2scli.tasks.score_inputs import Corpus

if TYPE_CHECKING:
    from s2scli.cli.score_options import GateOptions, ShowOptions
    from s2scli.cli.score_tables import Marks
    from s2scli.tasks.comparison import ComparedSystem
    from s2scli.tasks.results import Recorded

__all__ = ["fail", "print_scores", "print_sentences", "warn_of_blanks", "warn_of_draws"]

SCHEMA = 1
FEW = 10  # segments or documents


def warn_of_blanks(corpus: Corpus, console: Console) -> None:
    """Say on stderr what is probably not meant."""
    blank = sum(not text.strip() for text in corpus.hypotheses)
    if blank:
        total = len(corpus.hypotheses)
        console.warn(f"{blank} of {total} hypotheses are blank")
    empty = sum(not any(text.strip() for text in row) for row in corpus.references if row)
    if empty:
        console.warn(f"{empty} references are blank")


def warn_of_draws(scorer: Scorer, tests: GateOptions, console: Console) -> None:
    """Say on stderr where chance has little to draw, or documents make no difference."""
    if not tests.draws:
        return
    segments = count = len(scorer.references)
    what = "segment"
    if scorer.documents is not None:
        count, what = len(set(scorer.documents)), "document"
        if count == segments:
            console.warn(f"{tests.by_document}: each segment is a document of its own")
    if count < FEW:
        some = f"{count} {what}{'s' * (count != 1)}"
        console.warn(f"only {some}: intervals and tests say little")


def print_scores(
    systems: Sequence[ComparedSystem],
    statistics: Sequence[Statistics],
    scorer: Scorer,
    recorded: Recorded | None,
    tests: GateOptions,
    shape: ShowOptions,
) -> None:
    """Print corpus scores, and those of other systems with their tests.

    Args:
        systems: the first is the one that others are compared with.
        statistics: of each.
        scorer: the metrics.
        recorded: the scores of an earlier run, to compare with.
        tests: how systems are tested, and how that is marked.
        shape: in which form.
    """
    from s2scli.cli.score_tables import marks_of, system_table
    from s2scli.cli.typeset import TYPESETTERS
    from s2scli.tasks.sacrebleu_json import sacrebleu_json

    marks = marks_of(
        tests.marks if len(systems) > 1 else None, systems, statistics, scorer, tests.paired()
    )
    if shape.bare:
        shown = "".join(f"{score.shown()}\n" for score in systems[0].scores)
    elif shape.as_json:
        shown = json_text(_json(systems, marks, recorded, scorer), indent=2) + "\n"
    elif shape.format == "sacrebleu":
        draws = (tests.resamples, tests.seed) if tests.confidence else None
        shown = sacrebleu_json(systems, statistics[0], scorer, digits=shape.digits, draws=draws)
    elif shape.format in TYPESETTERS or marks:
        shown = system_table(systems, marks, recorded, shape.format)
    else:
        shown = _comparison(systems) if len(systems) > 1 else _table(systems[0].scores, recorded)
    click.echo(shown, nl=False)


def _table(scores: Sequence[Score], recorded: Recorded | None) -> str:
    from s2scli.cli.tables import drawn

    with_intervals = any(score.interval for score in scores)
    columns = ["METRIC", "SCORE"]
    columns += ["BASELINE", "DIFFERENCE"] if recorded else []
    columns += [*(["95% INTERVAL"] if with_intervals else []), "", "SIGNATURE"]
    rows = []
    for score in scores:
        between = score.interval
        interval = f"{score.shown(between.lower)} – {score.shown(between.upper)}" if between else ""
        middle = [interval] if with_intervals else []
        against = _against(score, recorded) if recorded else []
        rows.append(
            [score.metric, score.shown(), *against, *middle, _details(score), score.signature]
        )
    return drawn(columns, rows, sys.stdout, ("SCORE", "BASELINE", "DIFFERENCE"))


def _against(score: Score, recorded: Recorded) -> list[str]:
    """An earlier run's score, and the difference from it."""
    if score.metric not in recorded.scores:
        return ["", ""]
    earlier = score.shown(recorded.scores[score.metric].value)
    return [earlier, f"{recorded.difference(score):+.{score.digits}f}"]


def _details(score: Score) -> str:
    if "precisions" in score.details:
        precisions = "/".join(f"{number:.1f}" for number in score.details["precisions"])
        return f"{precisions} BP {score.details['brevity_penalty']:.3f}"
    return " ".join(f"{name[0].upper()} {value:.4f}" for name, value in score.details.items())


def _comparison(systems: Sequence[ComparedSystem]) -> str:
    from s2scli.cli.tables import drawn

    columns = ("SYSTEM", "METRIC", "SCORE", "DIFFERENCE", "MEAN ± 95%", "p BOOTSTRAP", "p RANDOM")
    rows = []
    for system in systems:
        for score in system.scores:
            test = system.tests.get(score.metric)
            interval = test.interval if test else score.interval
            within = (interval.mean, interval.half_width) if interval else ()
            mean = " ± ".join(map(score.shown, within))
            difference = f"{test.difference:+.{score.digits}f}" if test else "baseline"
            chance = (test.bootstrap_p, test.randomization_p) if test else ()
            p_values = [f"{value:.4f}" for value in chance] or ["", ""]
            rows.append((system.name, score.metric, score.shown(), difference, mean, *p_values))
    return drawn(columns, rows, sys.stdout, ("SCORE", "DIFFERENCE", "p BOOTSTRAP", "p RANDOM"))


def _json(
    systems: Sequence[ComparedSystem],
    marks: Marks | None,
    recorded: Recorded | None,
    scorer: Scorer,
) -> dict[str, Any]:
    rows = []
    for number, system in enumerate(systems):
        scores = []
        for score in system.scores:
            facts = _facts(score)
            if score.metric in system.tests:
                facts["against_baseline"] = asdict(system.tests[score.metric])
            if marks:
                facts["mark"] = marks.by_metric[score.metric][number]
            if recorded and score.metric in recorded.scores:
                earlier = recorded.scores[score.metric].value
                facts["recorded"] = {"score": earlier, "difference": recorded.difference(score)}
            scores.append(facts)
        rows.append({"name": system.name, "scores": scores})
    documents = {} if scorer.documents is None else {"documents": len(set(scorer.documents))}
    return {"schema": SCHEMA, **documents, "systems": rows}


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
    corpus: Corpus,
    scores: Mapping[str, Sequence[float]],
    scorer: Scorer,
    *,
    sort: bool,
    kind: str | None,
) -> None:
    """Print the scores of every segment, as rows with tabs or as JSON lines.

    Args:
        corpus: the segments.
        scores: by metric, the score of each.
        scorer: the metrics.
        sort: whether the worst come first, by the first metric.
        kind: ``tsv`` or ``jsonl``; None for the former.
    """
    order = list(range(len(corpus.hypotheses)))
    if sort:
        first = next(iter(scorer.metrics))
        sign = -1 if scorer.metrics[first].lower_is_better else 1
        order.sort(key=lambda index: sign * scores[first][index])
    write = sys.stdout.write
    if kind != "jsonl":
        write("\t".join(("segment", *scores, "hypothesis", "reference")) + "\n")
    for index in order:
        hypothesis, references = corpus.hypotheses[index], list(corpus.references[index])
        values = {name: column[index] for name, column in scores.items()}
        if kind == "jsonl":
            row = {"segment": corpus.names[index], "scores": values, "hypothesis": hypothesis}
            source = {"source": corpus.sources[index]} if corpus.sources else {}
            write(json_text({**row, "references": references, **source}) + "\n")
        else:
            digits = [f"{value:.{scorer.metrics[name].digits}f}" for name, value in values.items()]
            cells = (
                corpus.names[index],
                *digits,
                escape(hypothesis),
                escape("".join(references[:1])),
            )
            write("\t".join(cells) + "\n")


def fail(complaints: Sequence[str]) -> None:
    """End with the exit code of a gate, if one has fallen.

    Raises:
        GateError: it has.
    """
    if complaints:
        raise GateError("; ".join(complaints))
