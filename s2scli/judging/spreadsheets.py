"""The sheet of an annotator as CSV, and what was filled in.

A row is a task. Above the headings stand the instructions; the last columns are to be filled in. An
error is written as ``SEVERITY CATEGORY: WORDS``, or as ``SEVERITY CATEGORY source: WORDS`` if it is
one of the source; its place is the first where the text has these words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from s2scli.errors import BadInputError
from s2scli.judging.cells import csv_bytes, csv_rows, guarded, unguarded
from s2scli.judging.design import Design
from s2scli.judging.instructions import TITLES, instructions, labels
from s2scli.judging.judgements import Judgement, MarkedError, Questions
from s2scli.judging.kinds import MQM, RELATIVE
from s2scli.judging.mqm import CATEGORIES, SIDES
from s2scli.judging.sheets import sheet_tasks

__all__ = ["judgements_of", "spreadsheet"]

TASK, DOCUMENT, BETTER, ERROR, COMMENT = "task", "document", "better", "error", "comment"
ERRORS = 5  # columns of a sheet; whoever needs more adds some
NO_ERRORS = "none"
PREFERENCE = {"a": "left", "left": "left", "b": "right", "right": "right", "tie": "tie", "=": "tie"}
SHORT_NAMES = {name.rpartition("/")[2]: name for name in CATEGORIES}
FORM = "Write: major accuracy/mistranslation: the words; or none, if the text has no error."
_NOTES = {
    RELATIVE: "Write A, B or tie in the column 'better'.",
    MQM: "Write one error in a cell: severity, category, a colon, the words that are wrong. "
    "Example: major accuracy/mistranslation: the words. Of words of the source, write: major "
    "accuracy/omission source: the words. If there are more errors, add columns 'error 6' and so "
    "on. If there is none, write none in 'error 1'.",
}


def spreadsheet(design: Design, annotator: str) -> bytes:
    """The sheet, as a file of CSV.

    Args:
        design: the design.
        annotator: one of its annotators.
    """
    tasks = list(sheet_tasks(design, annotator))
    has_documents = any(task.document for task in tasks)
    note = _NOTES.get(design.kind, "Write a number in each column of a scale.")
    rows = [[guarded(line)] for line in (TITLES[design.kind], annotator, *instructions(design))]
    rows += [
        [note],
        ["Leave the rest of the sheet as it is, and save it as CSV (in Excel: CSV UTF-8)."],
        [],
    ]
    first = [TASK, *([DOCUMENT] if has_documents else [])]
    answers = _answer_columns(design)
    rows.append([*first, *_text_columns(design), *answers, COMMENT])
    for task in tasks:
        number = [str(task.document or "")] if has_documents else []
        texts = [guarded(text) for text in (task.source, *task.texts)]
        rows.append([task.id, *number, *texts, *[""] * (len(answers) + 1)])
    return csv_bytes(rows)


def _text_columns(design: Design) -> list[str]:
    source, target = (label.casefold() for label in labels(design.kind))
    return [source, *(("A", "B") if design.kind == RELATIVE else (target,))]


def _answer_columns(design: Design) -> list[str]:
    if design.kind == MQM:
        return [f"{ERROR} {number}" for number in range(1, ERRORS + 1)]
    return [BETTER] if design.kind == RELATIVE else [each.name for each in design.criteria]


class _Row(NamedTuple):
    """A row that may have been filled in: its place, and the cells by heading."""

    place: str
    cells: Mapping[str, str]

    def errors(self) -> list[str]:
        """The cells of errors that are not empty."""
        return [
            text for name, text in self.cells.items() if name.casefold().startswith(ERROR) and text
        ]


def judgements_of(name: str, text: str, questions: Questions) -> Iterator[Judgement]:
    """What was filled in; rows without an answer are left out.

    Args:
        name: the file's name, for messages.
        text: its content.
        questions: what was asked.

    Raises:
        BadInputError: it is not such a sheet, or a cell is none of the allowed answers.
    """
    texts = _Texts(questions)
    for row in _rows(name, text, questions.design):
        task = row.cells[TASK]
        answered = [row.cells[column] for column in _answer_columns(questions.design)]
        if not any((*answered, *row.errors(), row.cells[COMMENT])):
            continue
        texts.check(row)
        found = _judgement(row, questions)
        if found.ratings or found.preference or found.errors is not None or _is_rated(questions):
            owner = questions.tasks[task].annotator
            yield found._replace(annotator=owner)


def _is_rated(questions: Questions) -> bool:
    return questions.design.kind not in (MQM, RELATIVE)


def _rows(name: str, text: str, design: Design) -> Iterator[_Row]:
    start, rows = csv_rows(text, name, TASK)
    headings = [heading.strip() for heading in rows[start]]
    wanted = (*_text_columns(design), *_answer_columns(design), COMMENT)
    if missing := [column for column in wanted if column not in headings]:
        raise BadInputError(
            f"{name} has no column {missing[0]!r}", "Keep the headings of the sheet."
        )
    if twice := [heading for heading in headings if heading and headings.count(heading) > 1]:
        raise BadInputError(f"{name} has two columns {twice[0]!r}", "Give each its own heading.")
    texts = _text_columns(design)
    for number, row in enumerate(rows[start + 1 :], start + 2):
        place = f"{name}: row {number}"
        if any(cell.strip() for cell in _without_heading(row, headings)):
            raise BadInputError(
                f"{place}: a cell is filled in whose column has no heading",
                "Write one above it, such as 'error 6', or empty the cell.",
            )
        cells = dict.fromkeys(headings, "")
        for heading, cell in zip(headings, row, strict=False):
            cells[heading] = cell if heading in texts else cell.strip()
        yield _Row(place, cells)


def _without_heading(row: Sequence[str], headings: Sequence[str]) -> list[str]:
    """The cells of a row below no heading."""
    nameless = [cell for heading, cell in zip(headings, row, strict=False) if not heading]
    return [*nameless, *row[len(headings) :]]


class _Texts:
    """The texts of all tasks, to find rows whose cells were moved."""

    def __init__(self, questions: Questions) -> None:
        self._columns = _text_columns(questions.design)
        self._of = {
            task.id: (task.source, *task.texts)
            for annotator in questions.design.annotators
            for task in sheet_tasks(questions.design, annotator)
        }
        self._all = {text for texts in self._of.values() for text in texts}

    def check(self, row: _Row) -> None:
        """Make sure that a row has a task and not the texts of another.

        A spreadsheet may change a text (``1/2`` to a date), so others are let pass.

        Raises:
            BadInputError: it has.
        """
        task = row.cells[TASK]
        if task not in self._of:
            raise BadInputError(
                f"{row.place}: there is no task {task!r}", "Is it an answer to another evaluation?"
            )
        for column, text in zip(self._columns, self._of[task], strict=True):
            cell = unguarded(row.cells[column])
            if cell != text and cell in self._all - {""}:
                raise BadInputError(
                    f"{row.place}: the column {column!r} has a text of another task",
                    "Were columns sorted apart from each other?",
                )


def _judgement(row: _Row, questions: Questions) -> Judgement:
    kind, cells = questions.design.kind, row.cells
    found = Judgement("", cells[TASK], comment=cells[COMMENT], place=row.place)
    if kind == RELATIVE:
        return found._replace(preference=_preference(cells[BETTER], row.place))
    if kind == MQM:
        return found._replace(errors=_errors(row, questions))
    ratings = {
        each.name: _number(cells[each.name], f"{row.place}: {each.name}")
        for each in questions.design.criteria
        if cells[each.name]
    }
    return found._replace(ratings=ratings)


def _preference(cell: str, place: str) -> str:
    """Which side a cell says is better; empty if it says nothing.

    Raises:
        BadInputError: it says something else.
    """
    found = PREFERENCE.get(cell.casefold(), "")
    if cell and not found:
        raise BadInputError(f"{place}: {BETTER} is {cell!r}", "Write A, B or tie.")
    return found


def _number(text: str, place: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise BadInputError(f"{place} is {text!r}, which is not a number") from None


def _errors(row: _Row, questions: Questions) -> tuple[MarkedError, ...] | None:
    """The errors of a row; None if it has no answer."""
    found = row.errors()
    if not found:
        return None
    if [text.casefold() for text in found] == [NO_ERRORS]:
        return ()
    texts = questions.texts(questions.tasks[row.cells[TASK]])
    return tuple(_error(text, texts, row.place) for text in found)


def _error(cell: str, texts: Mapping[str, str], place: str) -> MarkedError:
    """An error as it is written in a cell.

    Raises:
        BadInputError: it is written in another way, or the text does not have its words.
    """
    head, colon, words = cell.partition(":")
    parts, words = head.casefold().split(), words.strip()
    if not colon or not words or not 2 <= len(parts) <= 3:
        raise BadInputError(f"{place}: {cell!r} is no error", FORM)
    severity, category = parts[:2]
    side = parts[2] if len(parts) > 2 else SIDES[0]
    start = texts[side].find(words) if side in texts else 0
    if start < 0:
        raise BadInputError(f"{place}: {words!r} does not stand in the {side}")
    category = SHORT_NAMES.get(category, category)
    return MarkedError(start, start + len(words), category, severity, side)
