"""Measuring a model, and choosing the fastest setting."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from s2scli.errors import S2SError
from s2scli.models.store import bundled_directory
from s2scli.tasks.bench import Measured, Setting, Workload, fastest, measure_apart, measured
from s2scli.tasks.bench.measuring import measure

TEXTS = ("Where is the station?", "The house is small.", "I drink water.")
A, B, C, D = (Setting(batch_tokens=tokens) for tokens in (1024, 256, 512, 2048))


def workload(directory: Path, task: str = "translate") -> Workload:
    return Workload(str(directory), task, None, None, "cpu", TEXTS, 0.0)


def test_numbers_fit_together() -> None:
    found = measure(Setting(beam=1, threads=1), workload(bundled_directory("en-de")))
    assert found.lines_per_second > 0
    # One thread computes all the time, but for what other work takes from it.
    assert found.lines_per_processor_second >= 0.9 * found.lines_per_second
    # Tokens per line, whatever the speed: five to eight of each.
    assert 5 <= found.source_tokens_per_second / found.lines_per_second <= 8
    assert 5 <= found.target_tokens_per_second / found.lines_per_second <= 8
    assert 0 < found.latency_p50 <= found.latency_p95 <= found.latency_p99
    assert found.compute_type.startswith("int8")
    assert found.peak_memory_bytes > 10 << 20


def test_models_without_translation_are_measured(small_models: dict[str, Path]) -> None:
    found = measure(Setting(threads=1), workload(small_models["t5"], "generate"))
    assert found.target_tokens_per_second > 0


def test_a_process_of_its_own_names_what_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(S2SError, match=r"not a model|no directory|There is no"):
        measure_apart(Setting(), workload(tmp_path / "none"))


def numbers(clock: float, processor: float = 0.0) -> Measured:
    """A measurement with so many lines per second, by the clock and by processor time."""
    return Measured(clock, processor or clock, 1, 1, 1, 1, 1, 1, 1, "int8")


def script(**rounds: list[float]) -> Callable[[Setting], Measured]:
    """Lines per second of A, B, C, D, round by round."""
    speeds = {
        setting: iter(rounds[name]) for name, setting in zip("abcd", (A, B, C, D), strict=True)
    }
    return lambda setting: numbers(next(speeds[setting]))


@pytest.mark.parametrize("by_clock", [True, False])
def test_the_fastest_is_that_with_the_largest_gain_in_the_same_round(by_clock: bool) -> None:
    # The machine is half as fast in the third round: B's gain is 1.2 in each but the second.
    times = 1 if by_clock else 2
    a, b, c = [100, 50, 100], [110, 60, 120], [100, 52, 110]
    give = script(a=[100, *a * times], b=[120, *b * times], c=[115, *c * times], d=[70])
    best, gain, found = fastest([A, B, C, D], give, 3, by_clock=by_clock)
    assert best == B
    assert gain == pytest.approx(1.2)
    often = 4 if by_clock else 7
    assert [len(found[setting]) for setting in (A, B, C, D)] == [often, often, often, 1]


def test_the_default_is_measured_again_however_slow_it_was() -> None:
    give = script(a=[10, 100, 100], b=[100, 90, 90], c=[99, 80, 80], d=[98, 70, 70])
    best, gain, _ = fastest([A, B, C, D], give, 2, by_clock=True)
    assert (best, gain) == (A, 1.0)


def test_a_busy_machine_seldom_chooses() -> None:
    """Settings of known speeds on a machine that other work slows down as it likes."""
    batches = dict(zip((1024, 256, 512, 2048, 4096), (1.0, 0.93, 0.97, 1.05, 1.04), strict=True))
    settings = [
        Setting(batch_tokens=size, threads=threads) for threads in (2, 1) for size in batches
    ]
    speeds = {each: 100 * each.threads * batches[each.batch_tokens] for each in settings}

    def chosen(seed: int, *, by_clock: bool) -> float:
        """The speed of the setting that is chosen, by that of the best."""
        chance = random.Random(seed)
        load = Load(chance)

        def busy(setting: Setting) -> Measured:
            level = load()  # up to three times as slow by the clock, some percent by the processor
            steady = speeds[setting] / setting.threads / (1 + chance.expovariate(12 / level))
            return numbers(speeds[setting] / level, steady * chance.gauss(1, 0.005))

        best, _, _ = fastest(settings, busy, 3, by_clock=by_clock)
        return speeds[best] / max(speeds.values())

    def failures(*, by_clock: bool) -> int:
        return sum(chosen(seed, by_clock=by_clock) < 0.98 for seed in range(100))

    few = failures(by_clock=False)
    assert few <= 3
    assert failures(by_clock=True) > 3 * few


class Load:
    """How many times slower a machine is; it changes slowly."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._level = 0.5

    def __call__(self) -> float:
        self._level = 0.7 * self._level + 0.3 * self._chance.random()
        return 1 + 2 * self._level * self._chance.uniform(0.7, 1.0)


def test_medians_leave_out_a_bad_round() -> None:
    give = script(a=[100, 5, 110], b=[], c=[], d=[])
    found = measured([A], give, 3)
    assert Measured.median(found[A]).lines_per_second == 100
