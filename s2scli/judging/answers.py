"""What annotators said: the files that they hand in, read and checked.

The page of an annotator exports JSON::

    {"schema": 1, "design": ID, "annotator": NAME, "answers": [
      {"task": ID, "ratings": {"adequacy": 80, "fluency": 95}, "comment": "…", "seconds": 12.5},
      {"task": ID, "preference": "left"},
      {"task": ID, "errors": [{"start": 4, "end": 9, "category": "accuracy/mistranslation",
                               "severity": "major", "side": "target"}]}]}

Places are in characters of Unicode; ``errors`` that is empty says that there are none. An answer
with ``"draft": true`` was begun and is left out. The other form is the filled-in CSV sheet
(``spreadsheets.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from s2scli.errors import BadInputError, MissingInputError
from s2scli.judging.fields import JsonFields
from s2scli.judging.judgements import Judgement, MarkedError, Questions
from s2scli.judging.spreadsheets import judgements_of
from s2scli.text.reading import json_object, read_text

__all__ = ["Judgement", "MarkedError", "Questions", "read_answers"]

SCHEMA = 1
WORKBOOK = b"PK\x03\x04"  # XLSX and ODS are ZIP archives


def read_answers(path: Path, questions: Questions) -> list[Judgement]:
    """The answers in a file that an annotator handed in, in its order.

    Args:
        path: a file of JSON, or of CSV.
        questions: what was asked.

    Raises:
        BadInputError: it cannot be understood, is of another evaluation, or has two answers to a
            task, or one that its task does not allow.
        MissingInputError: it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MissingInputError(f"Cannot read {path}: {error.strerror}") from error
    if data.startswith(WORKBOOK):
        raise BadInputError(f"{path} is a workbook", "Save it as CSV, and put that in its place.")
    text = read_text(str(path), data)
    read = _from_json if text.lstrip().startswith("{") else judgements_of
    answers = list(read(str(path), text, questions))
    seen: dict[str, str] = {}
    for answer in answers:
        questions.check(answer)
        if answer.task in seen:
            raise BadInputError(
                f"{answer.place}: task {answer.task} was answered before ({seen[answer.task]})",
                "Keep one of the two.",
            )
        seen[answer.task] = answer.place
    return answers


def _from_json(name: str, text: str, questions: Questions) -> Iterable[Judgement]:
    fields = JsonFields(json_object(text, name), name)
    if fields.whole("schema") != SCHEMA:
        raise BadInputError(f"{name} has schema {fields.whole('schema')}, not {SCHEMA}")
    if fields.text("design") != questions.design.id:
        raise BadInputError(
            f"{name} has answers to another evaluation", "Is it in the right folder?"
        )
    annotator = fields.text("annotator")
    return [
        _answer(each, annotator)
        for each in fields.objects("answers")
        if not ("draft" in each and each.flag("draft"))
    ]


def _answer(fields: JsonFields, annotator: str) -> Judgement:
    ratings = fields.fields("ratings") if "ratings" in fields else None
    errors = fields.objects("errors") if "errors" in fields else None
    return Judgement(
        annotator,
        fields.text("task"),
        {name: ratings.number(name) for name in ratings} if ratings else {},
        fields.optional_text("preference") or "",
        None if errors is None else tuple(_error(each) for each in errors),
        fields.optional_text("comment") or "",
        fields.number("seconds") if "seconds" in fields else None,
        fields.place,
    )


def _error(fields: JsonFields) -> MarkedError:
    return MarkedError(
        fields.whole("start"),
        fields.whole("end"),
        fields.text("category"),
        fields.text("severity"),
        fields.optional_text("side") or "target",
    )
