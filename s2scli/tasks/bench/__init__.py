"""How fast a model runs on this machine, with several settings.

Each setting is measured in a process of its own, which has a peak of memory of its own and does not
profit from what another has loaded. Settings take turns, so that what slows the machine down for a
while slows all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any, NamedTuple

from s2scli.errors import S2SError

__all__ = [
    "Measured",
    "Measurements",
    "Setting",
    "Speed",
    "Workload",
    "measure_apart",
    "measured",
    "speeds_apart",
]

CODE = "from s2scli.tasks.bench.measuring import main; main()"


class Setting(NamedTuple):
    """One way to run a model.

    Attributes:
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.
        beam: beam size; 0 for the model's own.
        batch_tokens: maximum source tokens per batch; 0 for the device's default.
        threads: CPU threads in all; 0 for one per core.
    """

    compute_type: str = "default"
    beam: int = 0
    batch_tokens: int = 0
    threads: int = 0


class Workload(NamedTuple):
    """What is run.

    Attributes:
        directory: the model directory.
        task: what the model does.
        source: input language; None for the model's only one.
        target: output language.
        device: ``cpu`` or ``cuda``.
        texts: the texts that are decoded.
        seconds: each measurement takes at least so long.
    """

    directory: str
    task: str
    source: str | None
    target: str | None
    device: str
    texts: Sequence[str]
    seconds: float


class Speed(NamedTuple):
    """How fast texts are decoded in batches.

    Attributes:
        lines_per_second: texts decoded.
        lines_per_processor_second: the same by the time that all threads were computing.
        source_tokens_per_second: tokens read.
        target_tokens_per_second: tokens written.
        compute_type: the arithmetic that was used.
    """

    lines_per_second: float
    lines_per_processor_second: float
    source_tokens_per_second: float
    target_tokens_per_second: float
    compute_type: str

    @classmethod
    def median(cls, found: Sequence[Speed]) -> Speed:
        """The median of each number over several measurements."""
        *numbers, types = zip(*found, strict=True)
        lines, by_processor, read, written = map(median, numbers)
        return cls(lines, by_processor, read, written, types[-1])


class Measured(NamedTuple):
    """What a setting achieves.

    Attributes:
        speed: in batches.
        latency_p50: median milliseconds for a text that comes alone.
        latency_p95: of 95% of such texts.
        latency_p99: of 99% of them.
        load_seconds: until the model was loaded.
        peak_memory_bytes: the most memory that the process held.
    """

    speed: Speed
    latency_p50: float
    latency_p95: float
    latency_p99: float
    load_seconds: float
    peak_memory_bytes: int

    @classmethod
    def median(cls, found: Sequence[Measured]) -> Measured:
        """The median of each number over several measurements, and the most memory."""
        speeds, *numbers, memory = zip(*found, strict=True)
        p50, p95, p99, load = map(median, numbers)
        return cls(Speed.median(speeds), p50, p95, p99, load, max(memory))


Measurements = dict[Setting, list[Measured]]


def measured(
    settings: Iterable[Setting], measure: Callable[[Setting], Measured], rounds: int
) -> Measurements:
    """Measure settings in turns.

    Args:
        settings: what to measure.
        measure: gives one measurement of a setting.
        rounds: how often each is measured.

    Raises:
        S2SError: a setting does not run here.
    """
    found: Measurements = {setting: [] for setting in settings}
    for _ in range(rounds):
        for setting, numbers in found.items():
            numbers.append(measure(setting))
    return found


def measure_apart(setting: Setting, work: Workload) -> Measured:
    """One measurement, in a process of its own.

    Raises:
        S2SError: the setting does not run here.
    """
    speed, *numbers = _apart([setting], work, alone=True)
    return Measured(Speed(*speed), *numbers)


def speeds_apart(settings: Sequence[Setting], work: Workload) -> list[Speed]:
    """How fast each setting is, one after the other in one process.

    The model is loaded once, so that what follows at once can be compared best.

    Args:
        settings: they differ in ``batch_tokens`` alone.
        work: what is run.

    Raises:
        S2SError: a setting does not run here.
    """
    return [Speed(*numbers) for numbers in _apart(settings, work, alone=False)]


def _apart(settings: Sequence[Setting], work: Workload, *, alone: bool) -> list[Any]:
    request = {"settings": settings, "work": work, "alone": alone}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        input=json.dumps(request), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        reason = next(reversed(done.stderr.strip().splitlines()), "")
        raise S2SError(reason or f"The measurement ended with {done.returncode}")
    found: list[Any] = json.loads(done.stdout)
    return found
