"""Measuring a model, and choosing the fastest setting."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from math import exp
from pathlib import Path

import pytest

from s2scli.errors import S2SError
from s2scli.models.store import bundled_directory
from s2scli.tasks.bench import (
    Measured,
    Setting,
    Speed,
    Workload,
    measure_apart,
    measured,
    speeds_apart,
)
from s2scli.tasks.bench.measuring import measure, speeds
from s2scli.tasks.bench.race import run_race
from s2scli.tasks.bench.texts import full_batches, lines_needed, so_many

TEXTS = ("Where is the station?", "The house is small.", "I drink water.")
A, B, C, D = (Setting(batch_tokens=tokens) for tokens in (1024, 256, 512, 2048))


def workload(directory: Path, task: str = "translate") -> Workload:
    return Workload(str(directory), task, None, None, "cpu", TEXTS, 0.0)


def test_numbers_fit_together() -> None:
    found = measure(Setting(beam=1, threads=1), workload(bundled_directory("en-de")))
    speed = found.speed
    assert speed.lines_per_second > 0
    # One thread computes all the time, but for what other work takes from it.
    assert speed.lines_per_processor_second >= 0.9 * speed.lines_per_second
    # Tokens per line, whatever the speed: five to eight of each.
    assert 5 <= speed.source_tokens_per_second / speed.lines_per_second <= 8
    assert 5 <= speed.target_tokens_per_second / speed.lines_per_second <= 8
    assert 0 < found.latency_p50 <= found.latency_p95 <= found.latency_p99
    assert speed.compute_type.startswith("int8")
    assert found.peak_memory_bytes > 10 << 20


def test_models_without_translation_are_measured(small_models: dict[str, Path]) -> None:
    settings = [Setting(threads=1, batch_tokens=size) for size in (8, 64)]
    found = speeds(settings, workload(small_models["t5"], "generate"))
    assert [speed.target_tokens_per_second > 0 for speed in found] == [True, True]


def test_a_process_of_its_own_names_what_does_not_run(tmp_path: Path) -> None:
    for apart in (lambda work: measure_apart(A, work), lambda work: speeds_apart([A, B], work)):
        with pytest.raises(S2SError, match=r"not a model|no directory|There is no"):
            apart(workload(tmp_path / "none"))


def numbers(clock: float, processor: float = 0.0) -> Speed:
    """A speed of so many lines per second, by the clock and by processor time."""
    return Speed(clock, processor or clock, 1, 1, "int8")


Measure = Callable[[Sequence[Setting]], list[Speed]]


def script(**rounds: list[float]) -> Measure:
    """Lines per second of A, B, C, D, round by round."""
    each = {setting: iter(rounds[name]) for name, setting in zip("abcd", (A, B, C, D), strict=True)}
    return lambda settings: [numbers(next(each[setting])) for setting in settings]


@pytest.mark.parametrize("by_clock", [True, False])
def test_the_fastest_is_that_with_the_largest_gain_in_the_same_round(by_clock: bool) -> None:
    # The machine is half as fast in the third round, and another setting is disturbed in each.
    a = [100.0, 100, 100, 101, 50]  # the first two are the heats
    b = [120.0, 119, 60]
    race = run_race([A, B, C, D], script(a=a, b=b, c=[100, 100], d=[70, 90]), 3, by_clock=by_clock)
    assert race.best == B
    assert race.gains[B] == pytest.approx(1.19, abs=0.015)
    assert race.error == 0  # nobody was left beside it
    # Those far behind leave after two rounds; the default, which was behind too, is measured on.
    assert [len(race.speeds[setting]) for setting in (A, B, C, D)] == [3, 3, 2, 2]


def test_where_all_are_equally_fast_the_race_ends() -> None:
    race = run_race([A, B, C, D], lambda settings: [numbers(100)] * len(settings), 1)
    assert (race.best, race.error) == (A, 0)
    assert {len(speeds) for speeds in race.speeds.values()} == {4}


def test_numbers_of_threads_that_are_far_behind_are_in_no_race() -> None:
    one = [each._replace(threads=1) for each in (A, B)]
    two = [each._replace(threads=2) for each in (A, B)]

    def give(settings: Sequence[Setting]) -> list[Speed]:
        return [numbers(100.0 * each.threads, 100) for each in settings]

    race = run_race([*two, *one], give, 1)
    assert race.best == two[0]
    assert one[1] not in race.speeds  # its batches are not worth a race
    assert len(race.speeds[one[0]]) == 2
    assert race.gains[one[0]] == pytest.approx(0.5)


@pytest.mark.parametrize(("varies", "quiet"), [(0.005, True), (0.02, True), (0.06, False)])
def test_however_busy_the_machine_what_is_chosen_is_nearly_the_fastest(
    varies: float, quiet: bool
) -> None:
    """Settings of known speeds, on a machine that other work slows down as it likes."""
    batches = dict(zip((1024, 256, 512, 2048, 4096), (1.0, 0.93, 0.97, 1.05, 1.04), strict=True))
    settings = [
        Setting(batch_tokens=size, threads=threads) for threads in (2, 1) for size in batches
    ]
    speed = {each: 100 * each.threads * batches[each.batch_tokens] for each in settings}

    def chosen(seed: int) -> tuple[float, int]:
        """The speed of what is chosen by that of the best, and how much was measured."""
        chance = random.Random(seed)
        load, count = Load(chance), 0

        def busy(some: Sequence[Setting]) -> list[Speed]:
            nonlocal count
            count += len(some)
            together = exp(chance.gauss(0, 2 * varies))  # for all that follows at once
            return [
                numbers(
                    speed[each] / (1 if quiet else load()),
                    speed[each] / each.threads * together * exp(chance.gauss(0, varies)),
                )
                for each in some
            ]

        race = run_race(settings, busy, 3)
        return speed[race.best] / max(speed.values()), count

    races = list(map(chosen, range(100)))
    assert sum(share < 0.98 for share, _ in races) <= 2
    # A quiet machine needs a fifth of what the busiest would.
    if varies == 0.005:
        assert max(count for _, count in races) < 50


class Load:
    """How many times slower a machine is; it changes slowly."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._level = 0.5

    def __call__(self) -> float:
        self._level = 0.7 * self._level + 0.3 * self._chance.random()
        return 1 + 2 * self._level * self._chance.uniform(0.7, 1.0)


def test_medians_leave_out_a_bad_round() -> None:
    given = iter([100.0, 5.0, 110.0])
    found = measured([A], lambda _: Measured(numbers(next(given)), 1, 2, 3, 4, 5), 3)
    middle = Measured.median(found[A])
    assert (middle.speed.lines_per_second, middle.latency_p99) == (100, 3)


def test_texts_fill_the_batches_that_are_compared() -> None:
    probe = Speed(50, 25, 1000, 1000, "int8")  # 20 tokens a line
    lines = lines_needed(probe, 2, 1024, 0, 2.0)
    assert lines == 205  # two batches of 1,024 for each thread; two seconds would be 100 lines
    assert full_batches((256, 1024, 2048, 4096), probe, 2, lines) == (256, 1024, 2048)
    assert lines_needed(probe, 2, 1024, 4096, 2.0) == 410
    assert lines_needed(probe, 2, 1024, 0, 10.0) == 500


def test_texts_are_spread_over_what_there_is_or_come_again_in_another_order_of_words() -> None:
    assert so_many("abcdef", 3) == ["a", "c", "e"]
    assert so_many(["a b c", "d"], 5) == ["a b c", "d", "b c a", "d", "c a b"]
