"""``s2s evaluate``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.console import Console
from s2scli.cli.device_options import (
    batch_tokens_option,
    compute_types_option,
    device_index_option,
    device_option,
    threads_option,
)
from s2scli.cli.evaluate_cell import decode_apart, shown
from s2scli.cli.evaluate_output import facts_of, print_outcomes, write_page
from s2scli.cli.evaluate_rules import RULES
from s2scli.cli.jsontext import json_text
from s2scli.cli.numbers import Numbers
from s2scli.cli.options import (
    LateFile,
    OptionGroup,
    complete_model,
    group,
    limited,
    max_length_option,
    min_length_option,
    prompt_tokens_option,
    quiet_option,
)
from s2scli.cli.records import kind_of
from s2scli.cli.rouge import rouge_words_option, warn_of_remarks, warn_of_words
from s2scli.cli.score_options import metric_files_option
from s2scli.cli.sections import Command
from s2scli.cli.typeset import TYPESETTERS
from s2scli.data import CAPTION, SCORED_TASKS, TASKS
from s2scli.errors import MissingInputError, S2SError, UsageError, write_error

if TYPE_CHECKING:
    from s2scli.tasks.evaluate import GridOutcome
    from s2scli.tasks.score import Score
    from s2scli.tasks.testsets import TestSet

__all__ = ["command"]

SCHEMA = 1


def _or_default(_ctx: click.Context, _param: click.Parameter, value: Any) -> Any:
    """Without a value, the model's own default."""
    return (None,) if value is None else value


class GridOptions(OptionGroup):
    """Which models, with which settings."""

    models: tuple[str, ...]
    source_language: str | None
    target_language: str | None
    beams: tuple[int | None, ...]
    compute_types: tuple[str, ...]
    length_penalties: tuple[float | None, ...]
    min_length: int | str | None
    max_length: int | str | None
    prompt: str | None
    prompt_tokens: bool
    device: str
    device_index: tuple[int, ...]
    threads: int | None
    batch_tokens: int | None

    def arguments(self) -> tuple[str, ...]:
        """What is the same for all cells, as options of the task's command."""
        given = (
            ("--from", self.source_language),
            ("--to", self.target_language),
            ("--min-length", self.min_length),
            ("--max-length", self.max_length),
            ("--prompt", self.prompt),
            ("--threads", self.threads),
            ("--device", self.device),
            ("--device-index", None if self.device == "cpu" else self.gpus),
            ("--batch-tokens", self.batch_tokens),
        )
        options = [str(part) for pair in given if pair[1] is not None for part in pair]
        return (*options, *(["--prompt-tokens"] if self.prompt_tokens else []))

    @property
    def gpus(self) -> str:
        """The numbers of the GPUs, as they are given."""
        return ",".join(map(str, self.device_index))


grid_options = group(
    "grid",
    GridOptions,
    click.option(
        "-m",
        "--model",
        "models",
        type=click.Path(),
        multiple=True,
        metavar="MODEL",
        shell_complete=complete_model,
        help="Alias, hub id or directory; repeatable.",
    ),
    click.option("--from", "source_language", metavar="LANG", help="Language of the source."),
    click.option("--to", "target_language", metavar="LANG", help="Language of the target."),
    click.option(
        "--beam",
        "beams",
        type=Numbers(limited("beam_size")),
        metavar="N[,N…]",
        callback=_or_default,
        help="Beam sizes.  [default: the model's, or 4]",
    ),
    compute_types_option,
    click.option(
        "--length-penalty",
        "length_penalties",
        type=Numbers(limited("length_penalty")),
        metavar="X[,X…]",
        callback=_or_default,
        help="Length penalties.  [default: the model's, or 1]",
    ),
    max_length_option,
    min_length_option,
    click.option(
        "--prompt",
        metavar="TEMPLATE",
        help="What the model reads.  [default: the model's]",
    ),
    prompt_tokens_option,
    device_option,
    device_index_option,
    threads_option,
    batch_tokens_option,
)


class SetOptions(OptionGroup):
    """The test set, and what is kept of the outputs."""

    task: str
    source: Path | None
    reference: tuple[Path, ...]
    source_field: str
    ref_field: str
    testset: str | None
    pair: str | None
    output: Path | None
    resume: bool

    def read(self) -> TestSet:
        """What is evaluated.

        Raises:
            UsageError: the options make no sense together.
            MissingInputError: a file is missing.
            BadInputError: the files do not fit together.
        """
        from s2scli.tasks.testsets import json_set, line_set, squad_set, testset_files

        if self.testset:
            if self.source or self.reference or self.task != "translate":
                raise UsageError(
                    "Give --testset, or --source and --reference, not both",
                    "A test set by name is one of translations.",
                )
            if not self.pair:
                raise UsageError("--testset needs --pair, such as en-de")
            return line_set(*testset_files(self.testset, self.pair))
        if not self.source:
            raise UsageError("Give --source and --reference, or --testset and --pair")
        for path in (self.source, *self.reference):
            if not path.is_file():
                raise MissingInputError(f"There is no file {path}")
        if self.task == "answer":
            if self.reference:
                raise UsageError("--task answer reads SQuAD's form, which has its own references")
            return squad_set(self.source)
        if not self.reference and self.field:
            return json_set(self.source, self.field, self.ref_field)
        if not self.reference:
            raise UsageError("Give --reference, the right outputs for --source")
        return line_set(self.source, self.reference, self.field)

    @property
    def field(self) -> str:
        """Where JSON lines have the text; empty for lines."""
        is_json = self.source is not None and kind_of(str(self.source)) == ".jsonl"
        return self.source_field if is_json and self.task == "summarize" else ""


set_options = group(
    "test",
    SetOptions,
    click.option(
        "--task",
        type=click.Choice(SCORED_TASKS),
        metavar="TASK",
        default="translate",
        show_default=True,
        help="Task, such as summarize.",
    ),
    click.option(
        "--source",
        type=click.Path(path_type=Path),
        help="Source: lines, .jsonl, .json, or paths of images.",
    ),
    click.option(
        "--reference",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Reference file for --source; repeatable.",
    ),
    click.option(
        "--source-field",
        default="text",
        show_default=True,
        metavar="FIELD",
        help="Key of the text in a .jsonl source.",
    ),
    click.option(
        "--ref-field",
        default="summaries",
        show_default=True,
        metavar="FIELD",
        help="Key of the reference, or of a list of them, in a .jsonl source.",
    ),
    click.option("--testset", metavar="NAME", help="Public test set, such as wmt14."),
    click.option("--pair", metavar="FROM-TO", help="Language pair of --testset, such as en-de."),
    click.option(
        "-o", "--output", type=click.Path(path_type=Path), help="Keep the outputs in this folder."
    ),
    click.option(
        "--resume", is_flag=True, help="Use outputs in -o again where nothing has changed."
    ),
)


@click.command("evaluate", cls=Command, rules=RULES)
@grid_options
@set_options
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="METRIC",
    help="Metric, as in 's2s score --list'; repeatable.",
)
@metric_files_option
@rouge_words_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.option(
    "--format",
    type=click.Choice(["text", *TYPESETTERS]),
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="Table as text, markdown or latex.",
)
@click.option(
    "--report",
    type=LateFile(),
    help="Write an HTML page with tables, plots and all sentences.",
)
@quiet_option
def command(
    grid: GridOptions,
    test: SetOptions,
    metrics: tuple[str, ...],
    metric_files: tuple[str, ...],
    rouge_words: str,
    as_json: bool,
    format: str,
    report: Path | None,
    quiet: bool,
) -> None:
    """Run models over a test set with several settings; show scores, speed and memory of each.

    \b
    Examples:
      s2s evaluate -m en-de --source test.en --reference test.de --beam 1,4
      s2s evaluate --testset wmt14 --pair en-de --compute-type int8,float32
      s2s evaluate -m bart-cnn --task summarize --source test.jsonl --beam 1,4
      s2s evaluate -m flan-t5-base --task answer --source dev-v2.0.json
      s2s evaluate -m vit-gpt2 --task caption --source a.txt --reference b.txt
    """
    from s2scli.metrics.base import MetricOptions
    from s2scli.metrics.own import own_metrics
    from s2scli.tasks.evaluate import GridSettings, cells, run_cell
    from s2scli.tasks.score import Scorer

    console = Console(quiet=quiet)
    texts = test.read()
    options = MetricOptions(rouge_words=rouge_words)
    sources = None if test.task == CAPTION else texts.sources
    own = own_metrics(metric_files)
    names = (*metrics, *own) or TASKS[test.task].compared
    scorer = Scorer(names, texts.references, options, sources, own=own)
    metrics = tuple(scorer.metrics)
    found: list[tuple[GridOutcome, list[Score]]] = []
    sentences: list[list[float]] = []  # of each outcome, by the first metric
    show = partial(print_outcomes, found, metrics, test.task, format)
    with _directory(test) as directory, _salvaged(found, show, as_json):
        settings = GridSettings(
            test.task, texts.path, directory, grid.arguments(), test.field, test.resume
        )
        models = _models(grid, test.task)
        for cell in cells(models, grid.beams, grid.compute_types, grid.length_penalties):
            console.say(f"{cell.name}: {shown(cell)}")
            outcome = run_cell(cell, settings, decode_apart)
            warn_of_words(scorer, rouge_words, outcome.hypotheses, console)
            statistics = scorer.statistics(outcome.hypotheses)
            warn_of_remarks(scorer, console)
            found.append((outcome, scorer.scores(statistics)))
            if report:
                sentences.append(scorer.sentences(statistics)[metrics[0]])
    if as_json:
        rows = [facts_of(outcome, scores) for outcome, scores in found]
        click.echo(json_text({"schema": SCHEMA, "cells": rows}, indent=2))
    else:
        show()
    if report:
        write_page(report, texts, test.task, scorer, found, sentences)


def _models(grid: GridOptions, task: str) -> list[tuple[str, Path]]:
    from s2scli.models.store import Wish, find_model

    languages = (grid.source_language, grid.target_language)
    wishes = [Wish(name, task, *languages) for name in grid.models or (None,)]
    return [(model.manifest.name, model.directory) for model in map(find_model, wishes)]


@contextmanager
def _salvaged(found: Sequence[object], show: Callable[[], None], as_json: bool) -> Iterator[None]:
    """If a combination fails, those before it are shown all the same, but not as JSON."""
    try:
        yield
    except (S2SError, KeyboardInterrupt):
        if found and not as_json:
            show()
        raise


@contextmanager
def _directory(test: SetOptions) -> Iterator[Path]:
    if test.output is None:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
        return
    try:
        test.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(f"Cannot create {test.output}", error) from error
    yield test.output
