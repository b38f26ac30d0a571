"""Which setting is the fastest: all run side by side, and those that fall behind leave the race.

Settings are compared in pairs of the same round, never by numbers of different times. How often
they are measured follows from how much the machine varies: on a quiet one a few rounds tell, on a
busy one more are needed. See O. Maron and A. Moore, "Hoeffding races", 1994, and M. Birattari et
al., "A racing algorithm for configuring metaheuristics", 2002; the test here is one of medians, as
single rounds may be disturbed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import exp, inf, log, sqrt
from statistics import median
from typing import NamedTuple, TypeVar

from s2scli.tasks.bench import Setting, Speed

__all__ = ["CLOSE", "Race", "run_race"]

MOST = 8  # times as many rounds, where the machine varies
FEWEST = 4  # rounds before a setting leaves that is not far behind
FAR = log(1.15)
CLOSE = log(1.01)  # settings so near each other need not be told apart
HEATS, LEAST = 2, 0.6  # threads that reach less of the best speed are left out of the race
# Of a median, by the median absolute deviation, where errors are normal; and how many of these
# standard errors a setting must be behind.
MEDIAN_ERROR, SURE = 1.2533 * 1.4826, 2.5

T = TypeVar("T")
Measure = Callable[[Sequence[Setting]], Sequence[Speed]]
Round = dict[Setting, Speed]
Points = dict[Setting, list[float]]


class Race(NamedTuple):
    """How a race ended.

    Attributes:
        best: the fastest setting.
        gains: the speed of each setting by that of the default.
        speeds: what each achieved, round by round.
        error: the largest relative standard error, in the comparison of the best with the settings
            that were left beside it; infinite if it is not known.
    """

    best: Setting
    gains: dict[Setting, float]
    speeds: dict[Setting, list[Speed]]
    error: float


def run_race(
    settings: Sequence[Setting], measure: Measure, rounds: int, *, by_clock: bool = False
) -> Race:
    """Find the setting with the most lines per second.

    First each number of threads (and each type of arithmetic) runs twice with the default's
    batches; those that are far behind are in no race. The others take turns, until one is ahead
    or those that are left are equally fast. The default takes part in each round.

    Args:
        settings: the candidates, the default first.
        measure: gives the speeds of settings that differ in ``batch_tokens`` alone.
        rounds: how many there are at least; at most ``MOST`` times as many.
        by_clock: whether only the clock tells, as of a GPU, whose work takes no processor time.

    Raises:
        S2SError: a setting does not run here.
    """
    default = settings[0]
    heats = [default, *(_twin(each, default) for each in settings)]
    speeds: dict[Setting, list[Speed]] = {}
    for number in range(HEATS):
        for each, speed in _one_round(heats, measure, number).items():
            speeds.setdefault(each, []).append(speed)
    top = {each: max(one.lines_per_second for one in of) for each, of in speeds.items()}
    slow = {each for each in top if top[each] < LEAST * max(top.values())}
    left = [each for each in settings if each == default or _twin(each, default) not in slow]
    points: Points = {each: [log(top[each] / top[default])] for each in slow}
    speeds = {each: speeds[each] for each in slow}
    error, done = inf, 0
    while done < MOST * rounds and (done < rounds or error > CLOSE / 2):
        found = _one_round(
            [default, *(_twin(each, default) for each in left), *left], measure, done
        )
        done += 1
        for each, gain in _gains(found, default, by_clock=by_clock).items():
            points.setdefault(each, []).append(gain)
            speeds.setdefault(each, []).append(found[each])
        left, error = _those_left(left, points)
    best = max(left, key=lambda each: median(points[each]))
    return Race(best, {each: exp(median(of)) for each, of in points.items()}, speeds, error)


def _twin(setting: Setting, default: Setting) -> Setting:
    """What a setting is compared with: it differs in the size of batches alone."""
    return setting._replace(batch_tokens=default.batch_tokens)


def _kind(setting: Setting) -> Setting:
    """What is loaded together."""
    return setting._replace(batch_tokens=0)


def _one_round(settings: Iterable[Setting], measure: Measure, number: int) -> Round:
    """One measurement of each; who comes first changes from round to round."""
    kinds: dict[Setting, list[Setting]] = {}
    for each in dict.fromkeys(settings):
        kinds.setdefault(_kind(each), []).append(each)
    found: Round = {}
    for kind in _turned(list(kinds.values()), number):
        order = _turned(kind, number)
        found.update(zip(order, measure(order), strict=True))
    return found


def _turned(items: list[T], number: int) -> list[T]:
    first = number % len(items)
    return items[first:] + items[:first]


def _gains(found: Round, default: Setting, *, by_clock: bool) -> dict[Setting, float]:
    """The logarithm of the speed of each setting by that of the default, in a round.

    Settings with as many threads do the same work, and processor time compares them: other work on
    the machine changes it far less than the time by the clock. Whether more threads are faster only
    the clock tells, by all pairs of settings that differ in nothing else.
    """

    def gain(one: Setting, other: Setting) -> float:
        clock = by_clock or one.threads != other.threads
        name = "lines_per_second" if clock else "lines_per_processor_second"
        return log(getattr(found[one], name) / getattr(found[other], name))

    def of_kind(kind: Setting) -> float:
        ours = [each for each in found if _kind(each) == kind]
        pairs = [(one, default._replace(batch_tokens=one.batch_tokens)) for one in ours]
        return float(median(gain(*pair) for pair in pairs if pair[1] in found))

    kinds = {kind: of_kind(kind) for kind in set(map(_kind, found))}
    return {each: kinds[_kind(each)] + gain(each, _twin(each, default)) for each in found}


def _those_left(settings: Sequence[Setting], points: Points) -> tuple[list[Setting], float]:
    """The settings that may still be the fastest, and how uncertain their comparison is."""
    leader = max(settings, key=lambda each: median(points[each]))
    done = len(points[leader])
    left, worst = [leader], 0.0
    for each in settings:
        if each == leader:
            continue
        behind = [ahead - own for ahead, own in zip(points[leader], points[each], strict=True)]
        middle = median(behind)
        spread = median(abs(one - middle) for one in behind)
        error = MEDIAN_ERROR * spread / sqrt(done) if done >= FEWEST else inf
        if (done > 1 and middle > FAR) or middle > SURE * error:
            continue
        left.append(each)
        worst = max(worst, error)
    return sorted(left, key=settings.index), worst
