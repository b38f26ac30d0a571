"""Whether the intervals, tests and ranks of ``s2s judge score`` keep what they promise.

    python scripts/measure_judging.py                     # 1,000 evaluations of each kind
    python scripts/measure_judging.py --quick             # 60
    python scripts/measure_judging.py --segments 30       # smaller ones

Simulated annotators judge systems of known quality (``scripts/measuring/annotators.py``): they are
strict or lenient, use the scale widely or not, and are not sure. What infinitely many segments
would give is taken from a very large evaluation by the same annotators. Each line of the table
tells in how many evaluations the 95% intervals hold that number, over all systems; how often the
tests find a difference between two systems that have none; in how many evaluations no system is
ranked, by its range of ranks, where it does not belong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "scripts"))

from measuring.annotators import Crowd, simulated  # noqa: E402

from s2scli.judging.findings import judge  # noqa: E402
from s2scli.judging.results import CriterionResult, Draws  # noqa: E402

KINDS = ("direct", "summary", "mqm", "relative")
LARGE = 30_000  # segments that stand for infinitely many
EQUAL = Crowd(qualities=(65, 65, 65, 65))


class Line(NamedTuple):
    """What was found of one measure.

    Attributes:
        kind: of the evaluation.
        measure: which.
        covered: the share of intervals that hold the truth.
        false: the share of pairs of equal systems that a test takes for different; None for
            measures that are not tested.
        ranked: the share of evaluations in which each system's true rank is in its range; None
            likewise.
    """

    kind: str
    measure: str
    covered: float
    false: float | None
    ranked: float | None


def measured(kind: str, times: int, segments: int, large: int = LARGE) -> list[Line]:
    """The lines of a kind.

    Args:
        kind: of the evaluations.
        times: how many evaluations to simulate.
        segments: how many each of them has.
        large: how many segments the one has that stands for the truth.
    """
    crowd, alike = Crowd(segments=segments), EQUAL._replace(segments=segments)
    truth = _values(_found(kind, crowd._replace(segments=large), 0, Draws(40, 100)))
    covered: dict[str, list[bool]] = {name: [] for name in truth}
    ranked, false = [], []
    for seed in range(1, times + 1):
        sampling = Draws(1000, 2000, seed)
        found = _found(kind, crowd, seed, sampling)
        for name, systems in truth.items():
            for each in found.systems:
                bounds = each.measures[name].interval
                if bounds:
                    covered[name].append(bounds.lower <= systems[each.system] <= bounds.upper)
        places = {name: place for place, name in enumerate(crowd.names(), 1)}
        ranked.append(
            all(r.rank and r.rank.best <= places[r.system] <= r.rank.worst for r in found.systems)
        )
        equal = _found(kind, alike, seed, sampling)
        false += [pair.p is not None and pair.p < 0.05 for pair in equal.pairs]
    return [
        Line(
            kind,
            name,
            float(np.mean(rows)),
            float(np.mean(false)) if first else None,
            float(np.mean(ranked)) if first else None,
        )
        for first, (name, rows) in zip(
            [True, *[False] * len(covered)], covered.items(), strict=False
        )
        if rows
    ]


def _found(kind: str, crowd: Crowd, seed: int, sampling: Draws) -> CriterionResult:
    collection = simulated(kind, crowd, seed)
    words = {each.id: len(each.source.split()) for each in collection.design.segments}
    return judge(collection, words, sampling, passing_only=False).criteria[0]


def _values(result: CriterionResult) -> dict[str, dict[str, float]]:
    """For each measure that of each system."""
    names = result.systems[0].measures
    return {
        name: {each.system: each.measures[name].value for each in result.systems} for name in names
    }


def table(lines: Sequence[Line]) -> str:
    """The lines as Markdown."""
    rows = [
        "| kind | measure | intervals that hold the truth | equal systems taken for different "
        "| true ranks within their ranges |",
        "| --- | --- | --- | --- | --- |",
    ]
    for line in lines:
        others = ("" if each is None else f"{100 * each:.1f}%" for each in line[3:])
        rows.append(
            f"| {line.kind} | {line.measure} | {100 * line.covered:.1f}% | {' | '.join(others)} |"
        )
    return "\n".join(rows)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kind", nargs="*", default=KINDS, choices=KINDS)
    parser.add_argument("--times", type=int, default=1000, help="Evaluations to simulate.")
    parser.add_argument("--segments", type=int, default=100, help="Of each evaluation.")
    parser.add_argument("--quick", action="store_true", help="Simulate 60.")
    options = parser.parse_args()
    times = 60 if options.quick else options.times
    print(
        table([line for kind in options.kind for line in measured(kind, times, options.segments)])
    )


if __name__ == "__main__":
    main()
