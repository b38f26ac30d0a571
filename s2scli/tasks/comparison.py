"""A system against others over the same references: paired tests, and gates that it must pass.

Others are hypotheses, or the recorded scores of an earlier run, of which there are no tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from s2scli.errors import BadInputError, UsageError
from s2scli.tasks.results import Recorded
from s2scli.tasks.score import Gate, Score, Scorer, Statistics
from s2scli.tasks.score_inputs import InputOptions, Read, read_hypotheses

if TYPE_CHECKING:
    from s2scli.metrics.resample import Paired

__all__ = [
    "SIGNIFICANT",
    "ComparedSystem",
    "Gates",
    "PairedTests",
    "compare_systems",
    "equal_systems",
    "other_systems",
]

SIGNIFICANT = 0.05  # a difference of less probability by chance is none by chance
DAGGER = "†"


@dataclass(frozen=True, slots=True)
class PairedTests:
    """Paired significance tests of two systems.

    Attributes:
        resamples: of the bootstrap.
        trials: of the approximate randomization.
        seed: of the random numbers.
    """

    resamples: int = 1000
    trials: int = 10000
    seed: int = 12345

    def run(self, scorer: Scorer, baseline: Statistics, system: Statistics) -> Mapping[str, Paired]:
        """The tests of a system against a baseline, by metric."""
        return scorer.compare(
            baseline, system, resamples=self.resamples, trials=self.trials, seed=self.seed
        )

    def letters(self, scorer: Scorer, systems: Sequence[Statistics]) -> Mapping[str, list[str]]:
        """By metric, letters of each system: those that share one do not differ."""
        return scorer.letters(systems, trials=self.trials, seed=self.seed, significant=SIGNIFICANT)


@dataclass(frozen=True, slots=True)
class ComparedSystem:
    """A system beside others.

    Attributes:
        name: what it is called.
        scores: its scores.
        tests: by metric, how it differs from the first system; none for that one.
    """

    name: str
    scores: Sequence[Score]
    tests: Mapping[str, Paired] = field(default_factory=dict)

    @property
    def daggers(self) -> dict[str, str]:
        """By metric, a dagger if it differs from the first system by more than chance."""
        return {
            name: DAGGER if test.tie_p < SIGNIFICANT else "" for name, test in self.tests.items()
        }


@dataclass(frozen=True, slots=True)
class Gates:
    """Minimum scores of a system.

    Attributes:
        bounds: the score that a metric must reach.
        baseline: the system that it must not be worse than, as a person calls it; None for none.
        by: how much worse it may be.
        significant: whether it may be worse by chance.
    """

    bounds: Sequence[Gate] = ()
    baseline: str | None = None
    by: float = 0.0
    significant: bool = False

    def check(self, scorer: Scorer, recorded: Recorded | None = None) -> None:
        """Refuse gates that every score passes, or none can.

        Args:
            scorer: the metrics.
            recorded: the baseline's scores, if there are only these.

        Raises:
            UsageError: one is beyond its metric's range, or recorded scores should be tested.
        """
        if self.significant and recorded:
            raise UsageError(
                f"--significant needs hypotheses, and {recorded.name} has scores alone",
                "Give the baseline's hypotheses to --no-worse-than.",
            )
        for gate in self.bounds:
            scorer.check_range(gate.metric, gate.bound, f"The gate {gate.metric}=")
        for name in scorer.metrics if self.baseline else ():
            scorer.check_range(name, self.by, "--by ")

    def complaints(
        self,
        scorer: Scorer,
        scores: Iterable[Score],
        ours: Statistics,
        others: Mapping[str, Statistics],
        tests: PairedTests,
        recorded: Recorded | None = None,
    ) -> list[str]:
        """The gates that failed, one sentence per gate.

        Args:
            scorer: the metrics.
            scores: the system's scores.
            ours: its statistics.
            others: those of other systems, the baseline among them.
            tests: how a difference is tested.
            recorded: the baseline's scores, if there are only these.
        """
        by_name = {score.metric: score for score in scores}
        found = [gate.complaint(by_name[gate.metric]) for gate in self.bounds]
        if self.baseline and recorded:
            found += self._recorded_losses(by_name.values(), recorded)
        elif self.baseline:
            found += self._losses(scorer, ours, others[self.baseline], tests)
        return [complaint for complaint in found if complaint]

    def _recorded_losses(self, scores: Iterable[Score], recorded: Recorded) -> list[str]:
        """What is worse than in an earlier run by more than is allowed."""
        return [
            f"{score.metric} is {score.shown()}, worse than {recorded.name} "
            f"with {score.shown(recorded.scores[score.metric].value)}"
            for score in scores
            if score.metric in recorded.scores and recorded.loss(score) > self.by
        ]

    def _losses(
        self, scorer: Scorer, ours: Statistics, theirs: Statistics, tests: PairedTests
    ) -> list[str]:
        """What is worse than the baseline by more than is allowed."""
        tested = tests.run(scorer, theirs, ours) if self.significant else {}
        found = []
        for name, metric in scorer.metrics.items():
            value, other = metric.score(ours[name]), metric.score(theirs[name])
            chance = tested[name].tie_p if tested else None
            if scorer.is_worse(name, value, other, self.by) and (chance or 0) < SIGNIFICANT:
                because = f" (p = {chance:.4f})" if chance is not None else ""
                found.append(
                    f"{name} is {value:.{metric.digits}f}, worse than {self.baseline} "
                    f"with {other:.{metric.digits}f}{because}"
                )
        return found


def other_systems(
    names: Iterable[str], scorer: Scorer, options: InputOptions, read: Read
) -> dict[str, Statistics]:
    """The statistics of other systems over the same references, by name.

    Args:
        names: of the files with their hypotheses.
        scorer: the metrics.
        options: how files are read.
        read: returns a file's bytes.

    Raises:
        BadInputError: one has another number of segments.
    """
    found: dict[str, Statistics] = {}
    for name in dict.fromkeys(names):
        lines = read_hypotheses(name, options, read)
        if len(lines) != len(scorer.references):
            raise BadInputError(
                f"{name} has {len(lines)} segments, HYPOTHESES has {len(scorer.references)}"
            )
        found[name] = scorer.statistics(lines)
    return found


def equal_systems(
    hypotheses: Sequence[str], names: Iterable[str], options: InputOptions, read: Read
) -> list[str]:
    """The names of the other systems whose every segment is the first one's."""
    return [name for name in names if list(read_hypotheses(name, options, read)) == [*hypotheses]]


def compare_systems(
    first: ComparedSystem,
    statistics: Statistics,
    others: Mapping[str, Statistics],
    scorer: Scorer,
    tests: PairedTests,
) -> list[ComparedSystem]:
    """A system, and others with their tests against it; with intervals if it has some.

    Args:
        first: the system that others are compared with.
        statistics: its statistics.
        others: those of the others, by name.
        scorer: the metrics.
        tests: how they are tested.
    """
    found = [first]
    with_intervals = any(score.interval for score in first.scores)
    for name, other in others.items():
        tested = tests.run(scorer, statistics, other)
        scores = scorer.scores(other)
        if with_intervals:
            scores = [replace(score, interval=tested[score.metric].interval) for score in scores]
        found.append(ComparedSystem(name, scores, tested))
    return found
