"""How far each annotator can be relied on, by the control items among their tasks.

In WMT's direct assessment an annotator must rate damaged copies of outputs significantly worse than
the outputs themselves (Graham et al. 2017, https://doi.org/10.1017/S1351324915000339).
"""

from __future__ import annotations

from statistics import median
from typing import NamedTuple

import numpy as np

from s2scli.judging.answers import Judgement
from s2scli.judging.collection import SIDES_WON, Collection, rating
from s2scli.judging.design import DAMAGED, REFERENCE, REPEAT, JudgingTask
from s2scli.judging.kinds import MQM, RELATIVE
from s2scli.judging.ratings import Floats
from s2scli.judging.significance import sign_flip

__all__ = ["LEVEL", "Conduct", "Damage", "HumanReferences", "Repeats", "conduct"]

LEVEL = 0.05  # of significance
ENOUGH = 5  # with fewer pairs no p-value can be below the level
TRIALS, SEED = 10_000, 1


class Damage(NamedTuple):
    """What an annotator said of damaged copies.

    Attributes:
        pairs: how many were judged together with what they are copies of.
        difference: how much better the originals were on average; of comparisons the share that
            preferred the original less the share that preferred the copy.
        p: the probability of such a difference by chance, one-sided, by paired permutation.
    """

    pairs: int
    difference: float
    p: float


class HumanReferences(NamedTuple):
    """What an annotator said of references.

    Attributes:
        judged: how many were judged.
        difference: how much better they were than outputs, on average; of comparisons the share
            that preferred the reference less the share that preferred the output.
    """

    judged: int
    difference: float


class Repeats(NamedTuple):
    """What an annotator said when asked twice.

    Attributes:
        pairs: how often both were answered.
        difference: the mean difference, whatever its sign; of comparisons the share of other
            answers.
        chance: the same of answers to two different ones of these tasks; None if there is but one.
    """

    pairs: int
    difference: float
    chance: float | None

    def look_random(self) -> bool:
        """Whether an answer does not foretell its repeat, as far as there are enough to say so."""
        enough = self.pairs >= ENOUGH and self.chance is not None
        return enough and self.difference >= (self.chance or 0.0)


class Conduct(NamedTuple):
    """How an annotator did.

    Attributes:
        annotator: who.
        tasks: how many tasks there are.
        answers: how many have an answer.
        partial: how many answers lack a rating.
        seconds: the median time of an answer; None if it is not known.
        damaged: what was said of damaged copies; None if nothing.
        references: of references; None if nothing.
        repeats: when asked twice; None if never.
    """

    annotator: str
    tasks: int
    answers: int
    partial: int
    seconds: float | None
    damaged: Damage | None
    references: HumanReferences | None
    repeats: Repeats | None

    def failures(self) -> list[str]:
        """Why the annotator is not to be relied on; nothing if all is well, or little is known.

        References and repeats fail nobody: a good system may be better than a reference, and where
        all outputs are alike, so are repeats and others.
        """
        damaged = self.damaged
        if damaged and damaged.pairs >= ENOUGH and damaged.p >= LEVEL:
            return ["does not rate damaged copies worse"]
        return []


def conduct(collection: Collection) -> list[Conduct]:
    """How each annotator did, in the order of the design."""
    return [_conduct(collection, annotator) for annotator in collection.design.annotators]


def _conduct(collection: Collection, annotator: str) -> Conduct:
    tasks = collection.design.sheet(annotator)
    answers = collection.answered(annotator)
    wanted = len(collection.design.criteria)
    seconds = [each.seconds for each in answers if each.seconds is not None]
    return Conduct(
        annotator,
        len(tasks),
        len(answers),
        sum(len(each.ratings) < wanted for each in answers),
        median(seconds) if seconds else None,
        _damaged(collection, tasks),
        _references(collection, tasks),
        _repeats(collection, tasks),
    )


def _damaged(collection: Collection, tasks: list[JudgingTask]) -> Damage | None:
    controls = _answered(collection, tasks, DAMAGED)
    if collection.design.kind == RELATIVE:
        found = [
            _won(answer, next(n for n, text in enumerate(task.shown) if text.damaged is None))
            for task, answer in controls
        ]
    else:
        found = [
            difference
            for task, answer in controls
            if (original := collection.answers.get(task.of))
            and (difference := _better(collection, original, answer)) is not None
        ]
    if not found:
        return None
    column = np.array(found)
    p = sign_flip(column[:, None], TRIALS, SEED, one_sided=True)[0]
    return Damage(len(found), float(column.mean()), float(p))


def _references(collection: Collection, tasks: list[JudgingTask]) -> HumanReferences | None:
    controls = _answered(collection, tasks, REFERENCE)
    if collection.design.kind == RELATIVE:
        found = [
            _won(answer, next(n for n, text in enumerate(task.shown) if text.system is None))
            for task, answer in controls
        ]
        return HumanReferences(len(found), float(np.mean(found))) if found else None
    theirs = _levels(collection, [answer for _, answer in controls])
    outputs = _levels(collection, [answer for _, answer in _answered(collection, tasks, "")])
    if not len(theirs) or not len(outputs):
        return None
    return HumanReferences(len(theirs), float(theirs.mean() - outputs.mean()))


def _repeats(collection: Collection, tasks: list[JudgingTask]) -> Repeats | None:
    pairs = [
        (collection.answers[task.of], answer)
        for task, answer in _answered(collection, tasks, REPEAT)
        if task.of in collection.answers
    ]
    # Of each repeat (rows) how far it is from the first answer to each of the tasks (columns).
    apart = np.array(
        [[_apart(collection, first, again) for first, _ in pairs] for _, again in pairs], np.float64
    )
    found = np.diagonal(apart) if pairs else apart
    found = found[~np.isnan(found)]
    others = apart[~np.eye(len(pairs), dtype=np.bool_) & ~np.isnan(apart)] if pairs else apart
    if not len(found):
        return None
    return Repeats(len(found), float(found.mean()), float(others.mean()) if len(others) else None)


def _apart(collection: Collection, first: Judgement, again: Judgement) -> float:
    """How far an answer is from a first one; not a number if both rate nothing alike."""
    if collection.design.kind == RELATIVE:
        # The sides are exchanged in a repeat.
        return float(_won(first, 0) != _won(again, 1))
    difference = _better(collection, first, again)
    return float("nan") if difference is None else abs(difference)


def _answered(
    collection: Collection, tasks: list[JudgingTask], control: str
) -> list[tuple[JudgingTask, Judgement]]:
    """The tasks of a sort that have an answer."""
    return [
        (task, collection.answers[task.id])
        for task in tasks
        if task.control == control and task.id in collection.answers
    ]


def _won(answer: Judgement, side: int) -> float:
    """1 if the text of a side was preferred, -1 if the other one, 0 for a tie."""
    value = SIDES_WON[answer.preference]
    return -value if side else value


def _level(collection: Collection, answer: Judgement, criteria: set[str]) -> float:
    """How good an answer says that an output is: its mean rating, or its penalty less than 0."""
    values = [rating(answer, name) or 0.0 for name in criteria]
    mean = sum(values) / len(values)
    return -mean if collection.design.kind == MQM else mean


def _given(collection: Collection, answer: Judgement) -> set[str]:
    return {name for name in collection.criteria() if rating(answer, name) is not None}


def _levels(collection: Collection, answers: list[Judgement]) -> Floats:
    """How good answers say that outputs are; those that are not complete are left out."""
    every = set(collection.criteria())
    whole = [answer for answer in answers if _given(collection, answer) == every]
    return np.array([_level(collection, answer, every) for answer in whole], np.float64)


def _better(collection: Collection, one: Judgement, other: Judgement) -> float | None:
    """How much better one answer is than another, by what both rate; None if that is nothing."""
    both = _given(collection, one) & _given(collection, other)
    if not both:
        return None
    return _level(collection, one, both) - _level(collection, other, both)
