"""How answers are written. ``WRITERS`` is the plug point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from s2scli.cli.jsontext import json_text
from s2scli.errors import BadInputError
from s2scli.tasks.records import answer_record
from s2scli.text.oneline import one_line

if TYPE_CHECKING:
    from s2scli.tasks.answer import Answer

__all__ = ["WRITERS", "AnswerWriter"]


class AnswerWriter(Protocol):
    """Writes one answer after the other."""

    def __call__(self, answer: Answer) -> str:
        """The answer as it is written."""

    def end(self) -> str:
        """What comes after the last one."""


class _Text:
    """A line for each question."""

    def __call__(self, answer: Answer) -> str:
        return one_line(answer.text) + "\n"

    def end(self) -> str:
        return ""


class _Jsonl:
    """An object for each question; docs/reference/json-lines.md lists the keys."""

    def __call__(self, answer: Answer) -> str:
        return json_text(answer_record(answer)) + "\n"

    def end(self) -> str:
        return ""


class _Squad:
    """One object, from identifiers to answers, as SQuAD's official evaluation reads it."""

    def __init__(self) -> None:
        self._first = True
        self._names: set[str] = set()

    def __call__(self, answer: Answer) -> str:
        if not answer.question.name:
            raise BadInputError(
                f"Question {answer.question.index + 1} has no id", "--format squad needs them."
            )
        if answer.question.name in self._names:
            raise BadInputError(
                f"Question {answer.question.index + 1} has the id {answer.question.name!r}, "
                "as one before it",
                "--format squad has one answer for each id.",
            )
        self._names.add(answer.question.name)
        start = "{" if self._first else ","
        self._first = False
        key, text = (json_text(t) for t in (answer.question.name, answer.text))
        return f"{start}\n{key}: {text}"

    def end(self) -> str:
        return "{}\n" if self._first else "\n}\n"


# Name → the writer.
WRITERS: dict[str, type[AnswerWriter]] = {"text": _Text, "jsonl": _Jsonl, "squad": _Squad}
