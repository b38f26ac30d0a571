"""Each installed model: intact, with the packages of its engine, and able to run."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from s2scli.errors import S2SError
from s2scli.inference.engines import engine_factory, engine_versions
from s2scli.models.integrity import check_files
from s2scli.models.store import Installed, Wish, damaged_directories, find_model, installed
from s2scli.tasks.health.diagnosis import BROKEN, Diagnosis

__all__ = ["models", "trial"]

SECONDS = 300
# In a process of its own: an engine that the processor cannot run ends its process.
CODE = "import sys; from s2scli.tasks.health.trial import run; run(sys.argv[1])"


def models() -> Iterator[Diagnosis]:
    """All installed models, then what stands in the store and is none, then a trial."""
    for model in installed():
        yield _checked(model)
    for directory in damaged_directories():
        yield Diagnosis(
            directory.name,
            f"{directory} has no readable s2s.json",
            BROKEN,
            "Delete it, and pull or convert the model again.",
        )
    yield trial(None)


def _checked(model: Installed) -> Diagnosis:
    manifest = model.manifest
    name = model.directory.name
    try:
        engine_factory(manifest)
        check_files(model.directory, manifest)
    except S2SError as error:
        return Diagnosis(name, error.message, BROKEN, error.advice)
    lacking = [package for package, found in engine_versions(manifest.engine).items() if not found]
    if lacking:
        return Diagnosis(
            name,
            f"needs {lacking[0]}, which is not installed",
            BROKEN,
            "Install it: pip install 's2scli[onnx]'.",
        )
    tasks = ", ".join(manifest.tasks)
    return Diagnosis(name, f"{tasks}; {manifest.engine}, {manifest.quantization}")


def trial(name: str | None) -> Diagnosis:
    """Load a model in a process of its own.

    Args:
        name: alias, hub id or directory; None for the one that ``s2s translate`` takes.
    """
    title = f"trial of {name}" if name else "trial"
    try:
        found = find_model(Wish(name))
    except S2SError as error:
        return Diagnosis(title, error.message, BROKEN, error.advice)
    start = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-c", CODE, str(found.directory)],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Diagnosis(title, f"{found.manifest.name} did not answer in {SECONDS} s", BROKEN)
    seconds = time.monotonic() - start
    if done.returncode == 0:
        return Diagnosis(title, f"{found.manifest.name} loads and decodes ({seconds:.1f} s)")
    return Diagnosis(title, f"{found.manifest.name} does not run: {_reason(done)}", BROKEN)


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode < 0:
        number = -done.returncode
        return f"its process was ended by {signal.Signals(number).name}"
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"its process ended with {done.returncode}"
