"""A model over a test set: a grid of settings, whose outputs are kept and used again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from s2scli._version import __version__
from s2scli.data import CAPTION, TASKS
from s2scli.disk.atomic import write_whole
from s2scli.disk.hashes import SHORT_DIGITS, digest, sha256
from s2scli.inference.engines import engine_versions
from s2scli.models.manifest import Manifest

__all__ = ["Decode", "GridCell", "GridOutcome", "GridSettings", "cells", "run_cell"]

REPORT_SUFFIX, OUTPUT_SUFFIX = ".json", ".jsonl"


@dataclass(frozen=True, slots=True)
class GridCell:
    """One point of the grid; None stands for the model's default.

    Attributes:
        model: a model's directory.
        name: what the model is called.
        beam: beam size.
        compute_type: arithmetic.
        length_penalty: length penalty.
    """

    model: Path
    name: str
    beam: int | None
    compute_type: str
    length_penalty: float | None


@dataclass(frozen=True, slots=True)
class GridSettings:
    """What is the same for all cells.

    Attributes:
        task: the command: one of ``s2scli.data.SCORED_TASKS``.
        source: the file to read.
        directory: where outputs are kept.
        arguments: other options that outputs depend on, such as languages, as whoever decodes
            spells them.
        field: of JSON lines, the field with the text; empty for lines.
        resume: whether outputs that nothing has changed for are used again.
    """

    task: str
    source: Path
    directory: Path
    arguments: tuple[str, ...] = ()
    field: str = ""
    resume: bool = False


@dataclass(frozen=True, slots=True)
class GridOutcome:
    """The outcome of a cell.

    Attributes:
        cell: the cell.
        hypotheses: one per line.
        report: the run in numbers, as ``--report`` has them, and ``per_second``.
        output: where the hypotheses are.
        reused: whether they are of an earlier run.
    """

    cell: GridCell
    hypotheses: Sequence[str]
    report: dict[str, Any]
    output: Path
    reused: bool


# Decodes the test set of some settings by a cell; writes outputs as JSON lines, and a report.
Decode = Callable[[GridCell, GridSettings, Path, Path], None]


def cells(
    models: Sequence[tuple[str, Path]],
    beams: Sequence[int | None],
    compute_types: Sequence[str],
    length_penalties: Sequence[float | None],
) -> Iterator[GridCell]:
    """All combinations, the models first."""
    for (name, directory), beam, kind, penalty in product(
        models, beams, compute_types, length_penalties
    ):
        yield GridCell(directory, name, beam, kind, penalty)


def run_cell(cell: GridCell, settings: GridSettings, decode: Decode) -> GridOutcome:
    """Run one cell, or reuse the output of an earlier run.

    Args:
        cell: the model and its settings.
        settings: what is the same for all.
        decode: decodes the test set, and writes the outputs and a report of the run.

    Raises:
        S2SError: that failed.
    """
    key = _key(cell, settings)
    stem = settings.directory / f"{cell.name.replace(os.sep, '--')}-{key[:SHORT_DIGITS]}"
    output = stem.with_name(stem.name + OUTPUT_SUFFIX)
    record = stem.with_name(stem.name + REPORT_SUFFIX)
    if settings.resume and (report := _earlier(record, key)) is not None and output.exists():
        return GridOutcome(cell, _read(output), report, output, reused=True)
    record.unlink(missing_ok=True)
    decode(cell, settings, output, record)
    report = json.loads(record.read_text("utf-8"))
    report["per_second"] = report[f"{TASKS[settings.task].unit}_per_second"]
    # The record with its key comes last: without it, nothing is used again.
    write_whole(record, json.dumps({"key": key, **report}, indent=2).encode())
    return GridOutcome(cell, _read(output), report, output, reused=False)


def _key(cell: GridCell, settings: GridSettings) -> str:
    """What the outputs depend on: programs, the model's weights and other files, all settings."""
    engine = Manifest.load(cell.model).engine
    facts = {
        "versions": [__version__, *engine_versions(engine, cell.compute_type).values()],
        "cell": asdict(cell) | {"model": _contents(cell.model)},
        "command": [settings.task, *settings.arguments, settings.field],
        "source": sha256(settings.source),
        **({"images": _images(settings.source)} if settings.task == CAPTION else {}),
    }
    return digest(json.dumps(facts, sort_keys=True, default=str))


def _images(paths: Path) -> list[str]:
    """The hash of each image of a list; nothing for one that is not there."""
    files = (Path(line) for line in paths.read_text("utf-8", "replace").splitlines())
    return [sha256(file) if file.is_file() else "" for file in files]


def _contents(directory: Path) -> dict[str, str]:
    """The hash of each file of a model as it is, whatever its manifest says."""
    return {path.name: sha256(path) for path in sorted(directory.iterdir()) if path.is_file()}


def _earlier(record: Path, key: str) -> dict[str, Any] | None:
    try:
        content = json.loads(record.read_text("utf-8"))
        return content if content.pop("key") == key else None
    except (OSError, ValueError, KeyError, AttributeError):
        return None


def _read(output: Path) -> list[str]:
    lines = output.read_text("utf-8").split("\n")
    return [json.loads(line)["target"] for line in lines if line]
