"""How answers are written. ``WRITERS`` is the plug point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from s2scli.cli.jsontext import json_text
from s2scli.errors import BadInputError
from s2scli.text.oneline import one_line

if TYPE_CHECKING:
    from s2scli.tasks.answer import Answer, Candidate

__all__ = ["WRITERS", "AnswerWriter"]

SCHEMA = 1


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
        from s2scli.tasks.answer import RANKING

        question, best = answer.question, answer.best
        found: dict[str, Any] = {
            "schema": SCHEMA,
            "index": question.index,
            "id": question.name or None,
            "question": question.text,
            "target": answer.text,
            "score": round(best.hypothesis.score, 6) if best else None,
            "truncated": answer.result.truncated,
            "passages": answer.passages,
            "ranking": RANKING if answer.passages > 1 else None,
            "candidates": [_candidate(answer, each) for each in answer.candidates],
        }
        if question.fields:
            found["fields"] = dict(question.fields)
        return json_text(found) + "\n"

    def end(self) -> str:
        return ""


def _candidate(answer: Answer, candidate: Candidate) -> dict[str, Any]:
    return {
        "text": candidate.hypothesis.text,
        "score": round(candidate.hypothesis.score, 6),
        "tokens": candidate.hypothesis.tokens,
        "rank": candidate.rank,
        "relevance": round(candidate.relevance, 6),
        "start": candidate.start,
        "end": candidate.end,
        "passage": answer.question.context[candidate.start : candidate.end],
    }


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
