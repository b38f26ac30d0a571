"""``s2s evaluate``."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from s2scli.cli.evaluate_output import facts_of, print_outcomes, write_page
from s2scli.cli.options import complete_model, group
from s2scli.errors import BadInputError, CannotCreateError, MissingInputError, UsageError
from s2scli.inference.device import COMPUTE_TYPES

if TYPE_CHECKING:
    from s2scli.tasks.evaluate import Outcome
    from s2scli.tasks.score import Score

__all__ = ["command"]

T = TypeVar("T")
SCHEMA = 1


def _numbers(kind: Callable[[str], T]) -> Callable[..., tuple[T | None, ...]]:
    """A parser of options such as ``1,2,4``; without a value, the model's own default."""

    def parse(_ctx: click.Context, param: click.Parameter, value: str | None) -> Any:
        if value is None:
            return (None,)
        try:
            return tuple(dict.fromkeys(kind(part) for part in value.split(",")))
        except ValueError:
            raise click.BadParameter(f"{value!r} is no list of numbers", param=param) from None

    return parse


def _compute_types(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(value.split(",")))
    for name in names:
        if name not in COMPUTE_TYPES:
            raise click.BadParameter(f"{name!r} is none of {', '.join(COMPUTE_TYPES)}")
    return names


@dataclass(frozen=True, slots=True)
class GridOptions:
    """Which models, with which settings."""

    models: tuple[str, ...]
    source_language: str | None
    target_language: str | None
    beams: tuple[int | None, ...]
    compute_types: tuple[str, ...]
    length_penalties: tuple[float | None, ...]
    threads: int | None

    def arguments(self) -> tuple[str, ...]:
        """What is the same for all cells, as options of ``s2s translate``."""
        given = (
            ("--from", self.source_language),
            ("--to", self.target_language),
            ("--threads", self.threads),
        )
        return tuple(str(part) for pair in given if pair[1] is not None for part in pair)


grid_options = group(
    "grid",
    GridOptions,
    click.option(
        "-m",
        "--model",
        "models",
        multiple=True,
        metavar="MODEL",
        shell_complete=complete_model,
        help="Alias, hub id or directory; repeatable.  [default: as for translate]",
    ),
    click.option("--from", "source_language", metavar="LANG", help="Language of the source."),
    click.option("--to", "target_language", metavar="LANG", help="Language of the target."),
    click.option("--beam", "beams", metavar="N[,N…]", callback=_numbers(int), help="Beam sizes."),
    click.option(
        "--compute-type",
        "compute_types",
        metavar="TYPE[,TYPE…]",
        default="default",
        show_default=True,
        callback=_compute_types,
        help="Kinds of arithmetic.",
    ),
    click.option(
        "--length-penalty",
        "length_penalties",
        metavar="X[,X…]",
        callback=_numbers(float),
        help="Length penalties.",
    ),
    click.option("--threads", type=click.IntRange(min=1), help="CPU threads."),
)


@dataclass(frozen=True, slots=True)
class SetOptions:
    """The test set, and what is kept of the outputs."""

    source: Path | None
    reference: tuple[Path, ...]
    testset: str | None
    pair: str | None
    output: Path | None
    resume: bool


set_options = group(
    "test",
    SetOptions,
    click.option("--source", type=click.Path(path_type=Path), help="Lines to translate."),
    click.option(
        "--reference",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Their references; repeatable.",
    ),
    click.option("--testset", metavar="NAME", help="A public test set, such as wmt14."),
    click.option("--pair", metavar="FROM-TO", help="Its language pair, such as en-de."),
    click.option(
        "-o", "--output", type=click.Path(path_type=Path), help="Keep the outputs in this folder."
    ),
    click.option("--resume", is_flag=True, help="Use outputs there again if nothing changed."),
)


@click.command("evaluate")
@grid_options
@set_options
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    default=("bleu", "chrf"),
    show_default=True,
    metavar="METRIC",
    help="Which; repeatable; see 's2s score --list'.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Write a page of HTML with tables, plots and all sentences.",
)
def command(
    grid: GridOptions,
    test: SetOptions,
    metrics: tuple[str, ...],
    as_json: bool,
    report: Path | None,
) -> None:
    """Translate a test set with models and settings, score it, and say what each costs.

    Each combination runs in a process of its own: its time and its peak memory are what a user
    would see.

    \b
    Examples:
      s2s evaluate -m en-de --source test.en --reference test.de --beam 1,4
      s2s evaluate -m en-de --testset wmt14 --pair en-de --compute-type int8,float32
    """
    from s2scli.metrics.base import MetricOptions
    from s2scli.tasks.evaluate import Settings, cells, run_cell
    from s2scli.tasks.score import Scorer

    source, references = _test_set(test)
    scorer = Scorer(metrics, _references(source, references), MetricOptions())
    metrics = tuple(scorer.metrics)
    found: list[tuple[Outcome, list[Score]]] = []
    sentences: list[list[float]] = []  # of each outcome, by the first metric
    with _directory(test) as directory:
        settings = Settings(source, directory, grid.arguments(), test.resume)
        todo = cells(_models(grid), grid.beams, grid.compute_types, grid.length_penalties)
        for cell in todo:
            click.echo(f"s2s: {cell.name}: {' '.join(cell.arguments()[2:])}", err=True)
            outcome = run_cell(cell, settings)
            statistics = scorer.statistics(outcome.hypotheses)
            found.append((outcome, scorer.scores(statistics)))
            if report:
                sentences.append(scorer.sentences(statistics)[metrics[0]])
    if as_json:
        rows = [facts_of(outcome, scores) for outcome, scores in found]
        click.echo(json.dumps({"schema": SCHEMA, "cells": rows}, indent=2, ensure_ascii=False))
    else:
        print_outcomes(found, metrics)
    if report:
        write_page(report, source, scorer, found, sentences)


def _test_set(test: SetOptions) -> tuple[Path, list[Path]]:
    if test.testset:
        if test.source or test.reference:
            raise UsageError("Give --testset, or --source and --reference, not both")
        if not test.pair:
            raise UsageError("--testset needs --pair, such as en-de")
        from s2scli.tasks.testsets import testset_files

        return testset_files(test.testset, test.pair)
    if not test.source or not test.reference:
        raise UsageError("Give --source and --reference, or --testset and --pair")
    if test.resume and not test.output:
        raise UsageError("--resume needs -o, the folder of the earlier outputs")
    for path in (test.source, *test.reference):
        if not path.is_file():
            raise MissingInputError(f"There is no file {path}")
    return test.source, list(test.reference)


def _references(source: Path, references: Sequence[Path]) -> list[list[str]]:
    from s2scli.tasks.score_inputs import InputOptions, read_file, read_hypotheses

    def lines(path: Path) -> list[str]:
        return read_hypotheses(str(path), InputOptions(), read_file)

    columns, sources = [lines(path) for path in references], lines(source)
    for path, column in zip(references, columns, strict=True):
        if len(column) != len(sources):
            raise BadInputError(f"{source} has {len(sources)} lines, {path} has {len(column)}")
    if not sources:
        raise BadInputError(f"{source} is empty")
    return [list(row) for row in zip(*columns, strict=True)]


def _models(grid: GridOptions) -> list[tuple[str, Path]]:
    from s2scli.models.manifest import Manifest
    from s2scli.models.store import Wish, find_model

    languages = (grid.source_language, grid.target_language)
    wishes = [Wish(name, "translate", *languages) for name in grid.models or (None,)]
    directories = [find_model(wish) for wish in wishes]
    return [(Manifest.load(directory).name, directory) for directory in directories]


@contextmanager
def _directory(test: SetOptions) -> Iterator[Path]:
    if test.output is None:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
        return
    try:
        test.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotCreateError(f"Cannot create {test.output}: {error.strerror}") from error
    yield test.output
