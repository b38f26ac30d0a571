"""Simulated annotators: what they say of systems whose quality is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from s2scli.judging.answers import Judgement, MarkedError
from s2scli.judging.collection import Collection
from s2scli.judging.design import Design, JudgedSegment, JudgingTask, Shown
from s2scli.judging.kinds import MQM, RELATIVE, criteria_of

__all__ = ["Crowd", "simulated"]


class Crowd(NamedTuple):
    """Systems and the annotators that judge them.

    Attributes:
        qualities: of each system, in points of 100.
        strictness: of each annotator: what they give less than others.
        spread: of each annotator: how far their ratings go apart.
        segments: how many segments there are.
        overlap: how many annotators judge each.
        difficulty: standard deviation of what all outputs of a segment have in common.
        luck: of what is an output's own.
        noise: of an annotator's ratings of one output.
    """

    qualities: Sequence[float] = (72, 68, 60, 59)
    strictness: Sequence[float] = (0, 8, -6)
    spread: Sequence[float] = (1.0, 0.6, 1.3)
    segments: int = 100
    overlap: int = 2
    difficulty: float = 10
    luck: float = 8
    noise: float = 10

    def names(self) -> tuple[str, ...]:
        """The systems, named by their order."""
        return tuple(f"system{number}" for number in range(len(self.qualities)))

    def annotators(self) -> tuple[str, ...]:
        """The annotators."""
        return tuple(f"annotator{number}" for number in range(len(self.strictness)))


def simulated(kind: str, crowd: Crowd, seed: int) -> Collection:
    """What a crowd says.

    Args:
        kind: a key of ``KINDS``.
        crowd: systems and annotators.
        seed: of all that is random.
    """
    draw = np.random.default_rng(seed)
    names, annotators = crowd.names(), crowd.annotators()
    difficulty = draw.normal(0, crowd.difficulty, (crowd.segments, 1))
    luck = draw.normal(0, crowd.luck, (crowd.segments, len(names)))
    quality = np.array(crowd.qualities, np.float64) + difficulty + luck
    lengths = draw.integers(5, 40, crowd.segments)
    segments = tuple(
        JudgedSegment(
            str(number + 1),
            " ".join(["word"] * int(length)),
            None,
            dict.fromkeys(names, "output"),
        )
        for number, length in enumerate(lengths)
    )
    tasks: list[JudgingTask] = []
    answers: dict[str, Judgement] = {}
    for segment, who, shown in _asked(kind, crowd):
        felt = np.array([quality[segment, system] for system in shown])
        felt = felt + draw.normal(0, crowd.noise, len(shown))
        task = JudgingTask(
            f"t{len(tasks)}",
            annotators[who],
            segments[segment].id,
            tuple(Shown(names[system]) for system in shown),
        )
        tasks.append(task)
        answers[task.id] = _answer(kind, crowd, task, who, felt, draw)
    criteria = criteria_of(kind)
    design = Design("simulated", kind, criteria, seed, names, annotators, segments, tuple(tasks))
    return Collection(design, answers)


def _asked(kind: str, crowd: Crowd) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Segment, annotator and what is shown, in turn."""
    systems = range(len(crowd.qualities))
    shown = [*combinations(systems, 2)] if kind == RELATIVE else [(one,) for one in systems]
    for segment in range(crowd.segments):
        for turn in range(crowd.overlap):
            for texts in shown:
                yield segment, (segment + turn) % len(crowd.strictness), texts


def _answer(
    kind: str,
    crowd: Crowd,
    task: JudgingTask,
    who: int,
    felt: np.ndarray[tuple[int], np.dtype[np.float64]],
    draw: np.random.Generator,
) -> Judgement:
    if kind == RELATIVE:
        apart = felt[0] - felt[1]
        side = "tie" if abs(apart) < 5 else "left" if apart > 0 else "right"
        return Judgement(task.annotator, task.id, preference=side)
    if kind == MQM:
        # Rarely major, as professionals mark them.
        count = draw.poisson(max(0.05, (90 + crowd.strictness[who] - felt[0]) / 25))
        errors = tuple(
            MarkedError(0, 6, "accuracy/mistranslation", "major" if major else "minor")
            for major in draw.random(count) < 0.2
        )
        return Judgement(task.annotator, task.id, errors=errors)
    ratings = {}
    for criterion in criteria_of(kind):
        value = 50 + crowd.spread[who] * (felt[0] - 50) - crowd.strictness[who]
        points = criterion.least + value / 100 * (criterion.most - criterion.least)
        ratings[criterion.name] = float(np.clip(round(points), criterion.least, criterion.most))
    return Judgement(task.annotator, task.id, ratings)
