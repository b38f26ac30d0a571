"""One combination of ``s2s evaluate``, run by the task's own command in a process of its own.

Such a process has a peak of memory of its own, and its time is what a user waits.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from s2scli.cli.folders import PARTLY_FAILED
from s2scli.data import CAPTION, SCORED_TASKS
from s2scli.errors import S2SError
from s2scli.handover import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from s2scli.tasks.evaluate import GridCell, GridSettings

__all__ = ["decode_apart", "shown"]

PATIENCE = 10  # seconds that a command may take to end


def shown(cell: GridCell) -> str:
    """What distinguishes a combination, as a person would write it."""
    penalty = cell.length_penalty
    return " ".join(
        _options(cell) + (["--length-penalty", str(penalty)] if penalty is not None else [])
    )


def _options(cell: GridCell) -> list[str]:
    beam = [] if cell.beam is None else ["--beam", str(cell.beam)]
    return ["--compute-type", cell.compute_type, *beam]


def decode_apart(cell: GridCell, settings: GridSettings, output: Path, record: Path) -> None:
    """Decode the test set in a process, without the user's settings.

    Args:
        cell: the model and its settings.
        settings: what is the same for all.
        output: where the outputs go, as JSON lines.
        record: where the report of the run goes.

    Raises:
        S2SError: the command failed; its own message and exit code are passed on.
    """
    command = [sys.executable, "-m", "s2scli", *_command(settings), "--model", str(cell.model)]
    command += [*_options(cell), "--format", "jsonl", "--quiet"]
    command += ["-o", str(output), "--report", str(record)]
    code, said = _run(command, _environment(cell, settings.task))
    if code:
        message = said.decode(errors="replace").strip().removeprefix("s2s: ")
        if code == PARTLY_FAILED:
            message = f"not all inputs can be read; s2s {settings.task} names them"
        failure = S2SError(f"{cell.name}: {message}")
        failure.exit_code = code if code > 0 else failure.exit_code
        raise failure


def _run(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, bytes]:
    """Run a command; its exit code, and what it says on standard error.

    Where this process is interrupted, the command is ended in such a way that it leaves nothing
    half written.
    """
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(environment)
    ) as process:
        try:
            _, said = process.communicate()
        except BaseException:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
        return process.returncode, said


def _command(settings: GridSettings) -> list[str]:
    """The task's command, and how it reads the source."""
    found = [settings.task, *settings.arguments]
    if settings.task == "answer":
        return [*found, "--questions", str(settings.source)]
    if settings.task == CAPTION:
        return [*found, "--files-from", str(settings.source)]
    if settings.task == "summarize":
        found += ["--jsonl-field", settings.field] if settings.field else ["--lines"]
    return [*found, str(settings.source)]


def _environment(cell: GridCell, task: str) -> dict[str, str]:
    """Without the settings of the task's command: outputs depend on what is in the key alone. And
    without a server, whose time and memory would not be those of the model.

    The length penalty is a setting of ours, which may be without effect: the option may not.
    """
    commands = tuple(f"S2S_{task.upper()}_" for task in SCORED_TASKS)
    left_out = (*commands, VARIABLE)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    if cell.length_penalty is not None:
        kept[f"S2S_{task.upper()}_LENGTH_PENALTY"] = str(cell.length_penalty)
    return {**kept, "S2S_CONFIG": os.devnull}
