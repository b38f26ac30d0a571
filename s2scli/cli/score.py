"""``s2s score``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.cli.files import STDIN
from s2scli.cli.likelihood import (
    LikelihoodOptions,
    check_forced,
    likelihood_options,
    print_likelihoods,
)
from s2scli.cli.options import quiet_option
from s2scli.cli.rouge import warn_of_remarks, warn_of_words
from s2scli.cli.score_options import (
    GateOptions,
    ReadOptions,
    ShowOptions,
    metric_files_option,
    read_options,
    show_options,
    test_options,
)
from s2scli.cli.score_rules import RULES, refuse_sources
from s2scli.cli.sections import Command
from s2scli.data import SCORED_TASKS, TASKS
from s2scli.errors import UsageError
from s2scli.metrics import LEARNED, METRICS

if TYPE_CHECKING:
    from s2scli.metrics.base import Metric
    from s2scli.tasks.comparison import ComparedSystem, Gates
    from s2scli.tasks.results import Recorded
    from s2scli.tasks.score import Scorer, Statistics
    from s2scli.tasks.score_inputs import Corpus, Read

__all__ = ["command"]


def _list_metrics(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from s2scli.cli.tables import print_table

    rows = [(name, about, paper) for name, (_, about, paper) in METRICS.items()]
    rows += [(name, each.about, each.paper) for name, each in LEARNED.items()]
    print_table(("METRIC", "WHAT IT IS", "PAPER"), rows)
    ctx.exit()


@click.command("score", cls=Command, rules=RULES)
@click.argument("hypotheses", type=click.Path())
@click.argument("references", nargs=-1, type=click.Path())
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_metrics,
    help="Explain all metrics and exit.",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="METRIC",
    help="Metric to compute; repeatable; see --list.",
)
@metric_files_option
@click.option(
    "--task",
    type=click.Choice(SCORED_TASKS),
    metavar="TASK",
    default="translate",
    show_default=True,
    help="Task, for default metrics.",
)
@show_options
@test_options
@read_options
@likelihood_options
@quiet_option
def command(
    hypotheses: str,
    references: tuple[str, ...],
    metrics: tuple[str, ...],
    metric_files: tuple[str, ...],
    task: str,
    show: ShowOptions,
    tests: GateOptions,
    reading: ReadOptions,
    forced: LikelihoodOptions,
    quiet: bool,
) -> None:
    """Score HYPOTHESES against REFERENCES: files (or - for standard input) or folders.

    Each line, or each file of a folder, is a segment. Several files are several references. JSON
    lines may hold the references themselves.

    \b
    Examples:
      s2s score out.de ref.de
      s2s score out.de ref.de --metric bleu --fail-under bleu=30
      s2s score base.de ref.de --compare new.de
      s2s score --model en-de source.en target.de
    """
    check_forced(forced, references)
    if forced.model:
        _force(hypotheses, references[0], reading, forced, show)
        return
    from s2scli.cli import score_output
    from s2scli.metrics.own import own_metrics
    from s2scli.tasks.comparison import ComparedSystem, equal_systems, other_systems
    from s2scli.tasks.score import Scorer

    gates, paired, read = tests.gates(metrics), tests.paired(), cache(_read)
    _check([hypotheses, *references, reading.source, *tests.inputs()])
    recorded = tests.recorded(read)
    own = own_metrics(metric_files)
    asked = (*metrics, *own)
    names = _metric_names(asked or _recorded_metrics(recorded), task, gates, show)
    corpus = _corpus(hypotheses, references, names, own, reading, read)
    segments = len(corpus.hypotheses)
    documents = None if show.format == "sacrebleu" else tests.documents(segments, read)
    texts = (corpus.references, reading.metric_options(), corpus.sources)
    scorer = Scorer(names, *texts, own=own, documents=documents, digits=show.digits)
    gates.check(scorer, recorded[1])
    console = Console(quiet=quiet)
    score_output.warn_of_blanks(corpus, console)
    score_output.warn_of_draws(scorer, tests, console)
    warn_of_words(scorer, reading.rouge_words, corpus.hypotheses, console)
    statistics = scorer.statistics(corpus.hypotheses)
    warn_of_remarks(scorer, console)
    scores = scorer.scores(statistics, tests.resamples if tests.confidence else 0, tests.seed)
    for base in filter(None, recorded):
        base.check(scores, asked)
    others = other_systems(tests.systems(recorded), scorer, reading.input_options(), read)
    for name in equal_systems(corpus.hypotheses, others, reading.input_options(), read):
        console.warn(f"{name} is the same as {hypotheses}, segment by segment")
    if show.sentences:
        sentences = scorer.sentences(statistics)
        score_output.print_sentences(corpus, sentences, scorer, sort=show.sort, kind=show.format)
    else:
        first = ComparedSystem(hypotheses, scores)
        _print_systems(first, statistics, others, scorer, recorded[0], tests, show)
    score_output.fail(gates.complaints(scorer, scores, statistics, others, paired, recorded[1]))


def _print_systems(
    first: ComparedSystem,
    statistics: Statistics,
    others: Mapping[str, Statistics],
    scorer: Scorer,
    recorded: Recorded | None,
    tests: GateOptions,
    show: ShowOptions,
) -> None:
    """Print the scores of the hypotheses, and of those that they are compared with."""
    from s2scli.cli import score_output
    from s2scli.tasks.comparison import compare_systems

    compared = {name: others[name] for name in tests.compare}
    systems = compare_systems(first, statistics, compared, scorer, tests.paired())
    everyone = [statistics, *compared.values()]
    score_output.print_scores(systems, everyone, scorer, recorded, tests, show)


def _corpus(
    hypotheses: str,
    references: tuple[str, ...],
    metrics: Sequence[str],
    own: Mapping[str, Metric],
    reading: ReadOptions,
    read: Read,
) -> Corpus:
    """The hypotheses, and what the metrics need beside them."""
    from s2scli.metrics.base import load_metric, needs_of
    from s2scli.tasks.score_inputs import read_corpus

    needs = needs_of(own[name] if name in own else load_metric(name) for name in metrics)
    if not needs.sources:
        refuse_sources()
    options = reading.input_options()
    corpus = read_corpus(hypotheses, references, options, read, source=reading.source, needs=needs)
    if needs.references and not set(metrics) <= set(TASKS["answer"].metrics):
        corpus.check_references()
    return corpus


def _recorded_metrics(recorded: tuple[Recorded | None, Recorded | None]) -> tuple[str, ...]:
    """The metrics of earlier runs, which are those that can be compared."""
    return tuple(name for base in recorded if base for name in base.scores)


def _metric_names(
    metrics: tuple[str, ...], task: str, gates: Gates, show: ShowOptions
) -> list[str]:
    """The metrics to compute: those that are asked for, or the task's, and those of gates."""
    names = metrics or TASKS[task].metrics
    if show.format == "sacrebleu" and not metrics:
        from s2scli.metrics.sacre import TITLES

        names = tuple(name for name in names if name in TITLES)
        if not names:
            raise UsageError(f"--task {task} has no metric of sacrebleu", "Name one with --metric.")
    return list(dict.fromkeys([*names, *(gate.metric for gate in gates.bounds)]))


def _force(
    source: str, target: str, reading: ReadOptions, forced: LikelihoodOptions, show: ShowOptions
) -> None:
    from s2scli.tasks.score_inputs import read_hypotheses

    options = reading.input_options()
    sources, targets = (read_hypotheses(name, options, _read) for name in (source, target))
    print_likelihoods(
        sources,
        targets,
        forced,
        sentences=show.sentences,
        as_json=show.as_json,
        bare=show.bare,
    )


def _check(names: Sequence[str | None]) -> None:
    if names.count(STDIN) > 1:
        raise UsageError("Standard input ('-') can be read only once")


def _read(name: str) -> bytes:
    from s2scli.tasks.score_inputs import read_file

    return sys.stdin.buffer.read() if name == STDIN else read_file(name)
