"""What annotators said, as records, and what makes one an answer to its question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from s2scli.errors import BadInputError
from s2scli.judging.design import Design, JudgingTask, text_shown
from s2scli.judging.kinds import MQM, PREFERENCES, RELATIVE
from s2scli.judging.mqm import CATEGORIES, SEVERITIES, SIDES

__all__ = ["Judgement", "MarkedError", "Questions"]


class MarkedError(NamedTuple):
    """An error that was marked in a text.

    Attributes:
        start: its first character.
        end: the first character after it.
        category: a key of ``CATEGORIES``.
        severity: a key of ``SEVERITIES``.
        side: the text that it was marked in: ``target`` or ``source``.
    """

    start: int
    end: int
    category: str
    severity: str
    side: str = "target"


class Judgement(NamedTuple):
    """What an annotator said to a task.

    Attributes:
        annotator: who.
        task: the task's id.
        ratings: a number by criterion; of an answer that is not complete some are missing.
        preference: one of ``PREFERENCES``; empty for all kinds but ``relative``.
        errors: the errors, none if the text has none; None for all kinds but ``mqm``.
        comment: a remark; may be empty.
        seconds: how long it took, if that is known.
        place: the file and the line or entry that it was read from, for messages.
    """

    annotator: str
    task: str
    ratings: Mapping[str, float] = {}
    preference: str = ""
    errors: tuple[MarkedError, ...] | None = None
    comment: str = ""
    seconds: float | None = None
    place: str = ""

    @property
    def is_remark(self) -> bool:
        """Whether it says nothing of the output but a remark."""
        return not self.ratings and not self.preference and self.errors is None


class Questions:
    """What was asked, to check answers by.

    Args:
        design: the design.
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        self.tasks = design.tasks_by_id()
        self._segments = design.segments_by_id()
        self._criteria = {criterion.name: criterion for criterion in design.criteria}

    def texts(self, task: JudgingTask) -> dict[str, str]:
        """The texts that errors can be marked in, by side."""
        segment = self._segments[task.segment]
        return {"target": text_shown(segment, task.shown[0]), "source": segment.source}

    def check(self, answer: Judgement) -> None:
        """Make sure that an answer is one to its task.

        Raises:
            BadInputError: it is not, with the place.
        """
        task = self.tasks.get(answer.task)
        if task is None:
            raise BadInputError(
                f"{answer.place}: there is no task {answer.task!r}",
                "Is it an answer to another evaluation?",
            )
        if task.annotator != answer.annotator:
            raise BadInputError(
                f"{answer.place}: task {task.id} is one of {task.annotator}, "
                f"not of {answer.annotator}"
            )
        if answer.seconds is not None and answer.seconds < 0:
            raise BadInputError(f"{answer.place}: the seconds are {answer.seconds:g}")
        self._check_ratings(answer)
        self._check_kind(answer)
        for error in answer.errors or ():
            self._check_error(answer.place, task, error)

    def _check_ratings(self, answer: Judgement) -> None:
        for name, rating in answer.ratings.items():
            criterion = self._criteria.get(name)
            if criterion is None:
                raise BadInputError(f"{answer.place}: {name!r} is not rated in this evaluation")
            if not criterion.least <= rating <= criterion.most:
                raise BadInputError(
                    f"{answer.place}: {name} is {rating:g}",
                    f"It must be from {criterion.least} to {criterion.most}.",
                )

    def _check_kind(self, answer: Judgement) -> None:
        kind = self.design.kind
        if kind == RELATIVE and answer.preference not in PREFERENCES:
            raise BadInputError(
                f"{answer.place}: the preference is {answer.preference!r}",
                f"It must be {', '.join(PREFERENCES[:-1])} or {PREFERENCES[-1]}.",
            )
        if kind == MQM and answer.errors is None:
            raise BadInputError(f"{answer.place}: there is no list of errors")
        if kind != RELATIVE and answer.preference:
            raise BadInputError(f"{answer.place}: nothing is compared in this evaluation")
        if kind != MQM and answer.errors is not None:
            raise BadInputError(f"{answer.place}: no errors are marked in this evaluation")

    def _check_error(self, place: str, task: JudgingTask, error: MarkedError) -> None:
        for what, value, known in (
            ("category", error.category, CATEGORIES),
            ("severity", error.severity, SEVERITIES),
            ("side", error.side, SIDES),
        ):
            if value not in known:
                raise BadInputError(f"{place}: there is no {what} {value!r}")
        length = len(self.texts(task)[error.side])
        if not 0 <= error.start < error.end <= length:
            raise BadInputError(
                f"{place}: an error from {error.start} to {error.end} is not in the {error.side}, "
                f"which has {length} characters"
            )
