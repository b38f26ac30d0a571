"""All that was said in an evaluation: the files of all annotators, as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from s2scli.errors import BadInputError
from s2scli.judging.answers import Judgement, Questions, read_answers
from s2scli.judging.comparisons import Comparisons
from s2scli.judging.design import Design, JudgingTask
from s2scli.judging.kinds import MQM, RELATIVE
from s2scli.judging.mqm import penalty
from s2scli.judging.ratings import Ratings, Whole

__all__ = ["PENALTY", "PREFERENCE", "SIDES_WON", "Collection", "collect", "rating"]

# What the kinds are judged by that have no criteria of their own.
PENALTY, PREFERENCE = "penalty", "preference"
SIDES_WON = {"left": 1.0, "right": -1.0, "tie": 0.0}


class Collection(NamedTuple):
    """What was asked and what was answered.

    Attributes:
        design: what was asked.
        answers: the answers by the ids of their tasks.
    """

    design: Design
    answers: dict[str, Judgement]

    def without(self, annotators: Iterable[str]) -> Collection:
        """The same without some annotators' answers."""
        left = set(annotators)
        kept = {key: each for key, each in self.answers.items() if each.annotator not in left}
        return self._replace(answers=kept)

    def criteria(self) -> tuple[str, ...]:
        """What outputs are judged by."""
        alone = {MQM: (PENALTY,), RELATIVE: (PREFERENCE,)}
        return alone.get(self.design.kind) or tuple(each.name for each in self.design.criteria)

    def answered(self, annotator: str) -> list[Judgement]:
        """The answers of an annotator."""
        return [each for each in self.answers.values() if each.annotator == annotator]

    def segments(self) -> list[str]:
        """The ids of the segments that were judged, control items and mere remarks apart."""
        judged = {task.segment for task, answer in self._ordinary() if not answer.is_remark}
        return [segment.id for segment in self.design.segments if segment.id in judged]

    def lots(self, *, by_document: bool) -> Whole:
        """For each judged segment the number of what is drawn with it: itself, or its document."""
        documents = {each.id: each.document for each in self.design.segments}
        numbers: dict[tuple[str, str], int] = {}
        lots = []
        for name in self.segments():
            document = documents[name] if by_document else None
            lot = ("segment", name) if document is None else ("document", document)
            lots.append(numbers.setdefault(lot, len(numbers)))
        return np.array(lots, np.int64)

    def outputs(self) -> Iterator[tuple[str, str, Judgement]]:
        """System, segment and answer, where one output was judged; control items are left out."""
        for task, answer in self._ordinary():
            if (system := task.shown[0].system) is not None:
                yield system, task.segment, answer

    def ratings(self, criterion: str) -> Ratings:
        """What outputs were rated by a criterion, in the segments that were judged."""
        places = _Places(self)
        rows = [
            (value, places.annotators[answer.annotator], places.segments[segment], number)
            for system, segment, answer in self.outputs()
            if (value := rating(answer, criterion)) is not None
            and (number := places.systems[system]) is not None
        ]
        return Ratings.of(rows, places.shape)

    def comparisons(self) -> Comparisons:
        """Which outputs were preferred, in the segments that were judged."""
        places = _Places(self)
        rows = []
        for task, answer in self._ordinary():
            left, right = (places.systems[shown.system] for shown in task.shown)
            if left is not None and right is not None and left != right:
                who, segment = places.annotators[task.annotator], places.segments[task.segment]
                rows.append((SIDES_WON[answer.preference], who, segment, left, right))
        return Comparisons.of(rows, places.shape)

    def _ordinary(self) -> Iterator[tuple[JudgingTask, Judgement]]:
        for task in self.design.tasks:
            if not task.control and task.id in self.answers:
                yield task, self.answers[task.id]


class _Places:
    """The number of each annotator, judged segment and system; None for a reference."""

    def __init__(self, collection: Collection) -> None:
        design = collection.design
        self.annotators = {name: number for number, name in enumerate(design.annotators)}
        self.segments = {name: number for number, name in enumerate(collection.segments())}
        self.systems: dict[str | None, int | None] = {
            name: number for number, name in enumerate(design.systems)
        } | {None: None}
        self.shape = (len(self.annotators), len(self.segments), len(design.systems))


def rating(answer: Judgement, criterion: str) -> float | None:
    """What an answer says by a criterion; None if it says nothing.

    The penalty of MQM is the sum of the weights of the errors.
    """
    if criterion == PENALTY:
        return sum((penalty(each.category, each.severity) for each in answer.errors or ()), 0.0)
    return answer.ratings.get(criterion)


def collect(questions: Questions, files: Sequence[Path]) -> Collection:
    """The answers in files.

    Two files of one annotator are one if they agree: where both have an answer to a task, or a
    rating of it, it is the same.

    Args:
        questions: what was asked.
        files: what annotators handed in.

    Raises:
        BadInputError: a file cannot be understood, or two do not agree.
        MissingInputError: one cannot be read.
    """
    answers: dict[str, Judgement] = {}
    for path in files:
        for answer in read_answers(path, questions):
            before = answers.get(answer.task)
            answers[answer.task] = _merged(before, answer) if before else answer
    return Collection(questions.design, answers)


def _merged(before: Judgement, after: Judgement) -> Judgement:
    both = before.ratings.keys() & after.ratings.keys()
    alike = all(before.ratings[name] == after.ratings[name] for name in both)
    if not alike or (before.preference, before.errors) != (after.preference, after.errors):
        raise BadInputError(
            f"{after.place} and {before.place} answer task {after.task} of {after.annotator} in "
            "two ways",
            "Keep the file that is right.",
        )
    return after._replace(ratings={**before.ratings, **after.ratings})
