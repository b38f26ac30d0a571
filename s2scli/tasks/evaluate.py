"""A model over a test set: a grid of settings, each run in a process of its own and scored.

A process of its own has a peak of memory of its own, and its time is what a user waits.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from s2scli._version import __version__
from s2scli.data import SCORED_TASKS, TASKS
from s2scli.disk.atomic import write_whole
from s2scli.disk.hashes import digest, sha256
from s2scli.errors import S2SError

__all__ = ["GridCell", "GridOutcome", "GridSettings", "cells", "run_cell"]

REPORT_SUFFIX, OUTPUT_SUFFIX = ".json", ".jsonl"
KEY_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class GridCell:
    """One point of the grid; None where the model's own default holds.

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

    def arguments(self) -> list[str]:
        """The options of the command."""
        found = ["--model", str(self.model), "--compute-type", self.compute_type]
        if self.beam is not None:
            found += ["--beam", str(self.beam)]
        if self.length_penalty is not None and self.beam != 1:  # it would do nothing
            found += ["--length-penalty", str(self.length_penalty)]
        return found


@dataclass(frozen=True, slots=True)
class GridSettings:
    """What is the same for all cells.

    Attributes:
        task: the command: one of ``s2scli.data.SCORED_TASKS``.
        source: the file to read.
        directory: where outputs are kept.
        arguments: more options of the command, such as languages.
        field: of JSON lines, the field with the text; empty for lines.
        resume: whether outputs that nothing has changed for are used again.
    """

    task: str
    source: Path
    directory: Path
    arguments: tuple[str, ...] = ()
    field: str = ""
    resume: bool = False

    def command(self) -> list[str]:
        """The command and how it reads the source."""
        found = [self.task, *self.arguments]
        if self.task == "answer":
            return [*found, "--questions", str(self.source)]
        if self.task == "summarize":
            found += ["--jsonl-field", self.field] if self.field else ["--lines"]
        return [*found, str(self.source)]


@dataclass(frozen=True, slots=True)
class GridOutcome:
    """What became of a cell.

    Attributes:
        cell: the cell.
        hypotheses: a line each.
        report: the run in numbers, as ``--report`` has them, and ``per_second``.
        output: where the hypotheses are.
        reused: whether they are of an earlier run.
    """

    cell: GridCell
    hypotheses: Sequence[str]
    report: dict[str, Any]
    output: Path
    reused: bool


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


def run_cell(cell: GridCell, settings: GridSettings) -> GridOutcome:
    """Run one cell, or take what an earlier run has left.

    Raises:
        S2SError: the command failed; its own message and exit code are passed on.
    """
    key = _key(cell, settings)
    stem = settings.directory / f"{cell.name.replace(os.sep, '--')}-{key[:KEY_CHARACTERS]}"
    output = stem.with_name(stem.name + OUTPUT_SUFFIX)
    record = stem.with_name(stem.name + REPORT_SUFFIX)
    if settings.resume and (report := _earlier(record, key)) is not None and output.exists():
        return GridOutcome(cell, _read(output), report, output, reused=True)
    _run(cell, settings, output, record)
    report = json.loads(record.read_text("utf-8"))
    report["per_second"] = report[f"{TASKS[settings.task].unit}_per_second"]
    # The record with its key comes last: without it, nothing is used again.
    write_whole(record, json.dumps({"key": key, **report}, indent=2).encode())
    return GridOutcome(cell, _read(output), report, output, reused=False)


def _run(cell: GridCell, settings: GridSettings, output: Path, record: Path) -> None:
    record.unlink(missing_ok=True)
    command = [sys.executable, "-m", "s2scli", *settings.command(), *cell.arguments()]
    command += ["--format", "jsonl", "--quiet", "-o", str(output), "--report", str(record)]
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment(), check=False
    )
    if done.returncode:
        message = done.stderr.decode(errors="replace").strip().removeprefix("s2s: ")
        failure = S2SError(f"{cell.name}: {message}")
        failure.exit_code = done.returncode if done.returncode > 0 else failure.exit_code
        raise failure


def _environment() -> dict[str, str]:
    """Without the settings of the task's command: outputs depend on what is in the key alone."""
    commands = tuple(f"S2S_{task.upper()}_" for task in SCORED_TASKS)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(commands)}
    return {**kept, "S2S_CONFIG": os.devnull}


def _key(cell: GridCell, settings: GridSettings) -> str:
    """What the outputs depend on."""
    facts = {
        "version": __version__,
        "cell": asdict(cell) | {"model": sha256(cell.model / "s2s.json")},
        "command": [settings.task, *settings.arguments, settings.field],
        "source": sha256(settings.source),
    }
    return digest(json.dumps(facts, sort_keys=True, default=str))


def _earlier(record: Path, key: str) -> dict[str, Any] | None:
    try:
        content = json.loads(record.read_text("utf-8"))
        return content if content.pop("key") == key else None
    except (OSError, ValueError, KeyError, AttributeError):
        return None


def _read(output: Path) -> list[str]:
    lines = output.read_text("utf-8").split("\n")
    return [json.loads(line)["target"] for line in lines if line]
