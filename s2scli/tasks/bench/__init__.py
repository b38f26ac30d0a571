"""How fast a model runs on this machine: settings measured side by side, each in its own process.

A process of its own has a peak of memory of its own, and none profits from what another has loaded.
Settings take turns, so that what slows the machine down for a while slows all of them; and what can
be is compared by processor time, of which other work takes little.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import NamedTuple

from s2scli.errors import S2SError

__all__ = [
    "Measured",
    "Measurements",
    "Setting",
    "Workload",
    "fastest",
    "measure_apart",
    "measured",
]

CODE = "from s2scli.tasks.bench.measuring import main; main()"
# From what share of the best gain on a setting is measured again before one is chosen: the best of
# those with as many threads, and of all.
NEAR, LEAST = 0.75, 0.6
# The fields of ``Measured`` that vary from one measurement to the next.
NUMBERS = (
    "lines_per_second",
    "lines_per_processor_second",
    "source_tokens_per_second",
    "target_tokens_per_second",
    "latency_p50",
    "latency_p95",
    "latency_p99",
    "load_seconds",
)


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


class Measured(NamedTuple):
    """What a setting achieves.

    Attributes:
        lines_per_second: texts decoded, in batches.
        lines_per_processor_second: the same by the time that all threads were computing.
        source_tokens_per_second: tokens read.
        target_tokens_per_second: tokens written.
        latency_p50: median milliseconds for a text that comes alone.
        latency_p95: of 95% of such texts.
        latency_p99: of 99% of them.
        load_seconds: until the model was loaded.
        peak_memory_bytes: the most memory that the process held.
        compute_type: the arithmetic that was used.
    """

    lines_per_second: float
    lines_per_processor_second: float
    source_tokens_per_second: float
    target_tokens_per_second: float
    latency_p50: float
    latency_p95: float
    latency_p99: float
    load_seconds: float
    peak_memory_bytes: int
    compute_type: str

    @classmethod
    def median(cls, found: Sequence[Measured]) -> Measured:
        """The median of each number over several measurements."""
        numbers = {name: median(getattr(each, name) for each in found) for name in NUMBERS}
        memory = max(each.peak_memory_bytes for each in found)
        return cls(**numbers, peak_memory_bytes=memory, compute_type=found[-1].compute_type)


Measure = Callable[[Setting], Measured]
Measurements = dict[Setting, list[Measured]]


def measured(settings: Iterable[Setting], measure: Measure, rounds: int) -> Measurements:
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


def fastest(
    settings: Sequence[Setting], measure: Measure, rounds: int, *, by_clock: bool = False
) -> tuple[Setting, float, Measurements]:
    """Find the setting with the most lines per second.

    All are measured once, and those near the best again, in turns with the default.

    Args:
        settings: the candidates, the default first.
        measure: gives one measurement of a setting.
        rounds: how often the last ones are measured again, at least; twice as often by processor
            time, which needs one round that nothing has disturbed.
        by_clock: whether only the clock tells, as of a GPU, whose work takes no processor time.

    Returns:
        The fastest, its speed by that of the default, and what all achieved.

    Raises:
        S2SError: a setting does not run here.
    """
    default = settings[0]
    found = measured(settings, measure, 1)
    first = _gains(found, default, by_clock=by_clock)
    tops = {
        count: max(first[each] for each in settings if each.threads == count)
        for count in {each.threads for each in settings}
    }
    least = {count: max(NEAR * top, LEAST * max(tops.values())) for count, top in tops.items()}
    near = [setting for setting in settings if first[setting] >= least[setting.threads]]
    # The clock compares numbers of threads, so that each needs the default's other values too.
    twins = [default._replace(threads=setting.threads) for setting in near]
    last = list(dict.fromkeys([default, *(twin for twin in twins if twin in found), *near]))
    often = rounds if by_clock else 2 * rounds
    for setting, numbers in measured(last, measure, often).items():
        found[setting] += numbers
    gains = _gains({setting: found[setting] for setting in last}, default, by_clock=by_clock)
    best = max(gains, key=lambda setting: gains[setting])
    return best, gains[best], found


def _gains(found: Measurements, default: Setting, *, by_clock: bool) -> dict[Setting, float]:
    """The speed of settings by that of the default.

    Settings with as many threads do the same work, and processor time compares them: other work
    on the machine changes it far less than the time by the clock, and only for the worse, so that
    the best of the rounds counts. Whether more threads are faster only the clock tells, by all
    pairs of settings that differ in nothing else.
    """
    gains = {}
    for setting in found:
        base = default._replace(threads=setting.threads)
        if by_clock or base not in found:
            gains[setting] = _by_clock(found, setting, default)
            continue
        same = [one for one in found if one.threads == setting.threads]
        pairs = [(one, one._replace(threads=default.threads)) for one in same]
        more = median(_by_clock(found, *pair) for pair in pairs if pair[1] in found)
        gains[setting] = more * _least_disturbed(found[setting]) / _least_disturbed(found[base])
    return gains


def _by_clock(found: Measurements, one: Setting, other: Setting) -> float:
    """The speed of one setting by that of another in the same round: the median of the rounds."""
    rounds = zip(found[one], found[other], strict=False)
    ratios = [first.lines_per_second / second.lines_per_second for first, second in rounds]
    return float(median(ratios))


def _least_disturbed(rounds: Sequence[Measured]) -> float:
    """The speed in the round in which other work has cost least."""
    return max(each.lines_per_processor_second for each in rounds)


def measure_apart(setting: Setting, work: Workload) -> Measured:
    """One measurement, in a process of its own.

    Raises:
        S2SError: the setting does not run here.
    """
    request = json.dumps({"setting": setting._asdict(), "work": work._asdict()})
    done = subprocess.run(
        [sys.executable, "-c", CODE], input=request, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = next(reversed(done.stderr.strip().splitlines()), "")
        raise S2SError(reason or f"The measurement ended with {done.returncode}")
    return Measured(**json.loads(done.stdout))
