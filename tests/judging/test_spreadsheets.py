"""Sheets as CSV: harmless to spreadsheets, and read as people fill them in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.errors import BadInputError
from s2scli.judging.answers import Judgement, MarkedError, Questions, read_answers
from s2scli.judging.cells import csv_bytes, guarded, unguarded
from s2scli.judging.kinds import KINDS, MQM, RELATIVE
from s2scli.judging.mqm import CATEGORIES
from s2scli.judging.spreadsheets import SHORT_NAMES, spreadsheet
from tests.judging.designs import small_design

Rows = list[list[str]]


def sheet(kind: str, annotator: str = "ann") -> tuple[Rows, int]:
    """The rows of a sheet, and the place of its headings."""
    text = spreadsheet(small_design(kind), annotator).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return rows, next(place for place, row in enumerate(rows) if row[:1] == ["task"])


def filled(
    folder: Path, kind: str, cells: dict[tuple[str, str], str], *, delimiter: str = ","
) -> list[Judgement]:
    """The answers in a sheet with some cells filled in, by task and heading."""
    rows, start = sheet(kind)
    for (task, heading), text in cells.items():
        row = next(row for row in rows[start:] if row[0] == task)
        if heading not in rows[start]:
            rows[start].append(heading)
        row += [""] * (len(rows[start]) - len(row))
        row[rows[start].index(heading)] = text
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path = folder / "sheet.csv"
    path.write_text(out.getvalue(), "utf-8")
    return read_answers(path, Questions(small_design(kind)))


@given(st.text() | st.sampled_from(["=1", "'=1", "''", "\t+", "@a", "-", "＝1"]))
def test_texts_are_no_formulas_and_come_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    data = csv_bytes([[guarded(text), "x"]])
    (row,) = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row == [guarded(text), "x"]


@pytest.mark.parametrize("kind", KINDS)
def test_sheets(kind: str) -> None:
    data = spreadsheet(small_design(kind), "ann")
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n")
    rows, start = sheet(kind)
    assert [row[0] for row in rows[start + 1 :]] == ["t1", "t2", "t5", "t6"]
    assert rows[start + 1][1:3] == ["1", "Guten Tag 😀!"]
    texts = ["Good 😀 day.", "Hi."] if kind == RELATIVE else ["Good 😀 day."]
    assert rows[start + 1][3 : 3 + len(texts)] == texts
    assert {len(row) for row in rows[start:]} == {len(rows[start])}
    said = "\n".join(row[0] for row in rows[:start] if row)
    assert "save it as CSV" in said
    assert not read_answers_of(data, kind)


def read_answers_of(data: bytes, kind: str) -> list[Judgement]:
    from s2scli.judging.spreadsheets import judgements_of

    text = data.decode("utf-8-sig")
    return list(judgements_of("sheet.csv", text, Questions(small_design(kind))))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_ratings(delimiter: str, tmp_path: Path) -> None:
    cells = {
        ("t1", "adequacy"): " 80 ",
        ("t1", "fluency"): "77,5",
        ("t1", "comment"): "well; done, yes",
        ("t2", "comment"): "odd",
    }
    first, second = filled(tmp_path, "direct", cells, delimiter=delimiter)
    assert first.ratings == {"adequacy": 80, "fluency": 77.5}
    assert (first.annotator, first.task, first.comment) == ("ann", "t1", "well; done, yes")
    assert (second.task, second.ratings, second.comment) == ("t2", {}, "odd")
    _, start = sheet("direct")
    assert first.place == f"{tmp_path / 'sheet.csv'}: row {start + 2}"


def test_preferences(tmp_path: Path) -> None:
    cells = {("t1", "better"): "a", ("t2", "better"): "TIE", ("t6", "better"): " B "}
    found = filled(tmp_path, RELATIVE, cells)
    assert [answer.preference for answer in found] == ["left", "tie", "right"]


def test_errors(tmp_path: Path) -> None:
    cells = {
        ("t1", "error 1"): "major accuracy/mistranslation: 😀 day",
        ("t1", "error 2"): "Minor Omission source: Tag",
        ("t1", "Error 7"): "neutral other: .",
        ("t2", "error 1"): "None",
        ("t6", "comment"): "a remark alone is no answer",
    }
    first, second = filled(tmp_path, MQM, cells)
    assert first.errors == (
        MarkedError(5, 10, "accuracy/mistranslation", "major"),
        MarkedError(6, 9, "accuracy/omission", "minor", "source"),
        MarkedError(10, 11, "other", "neutral"),
    )
    assert second.errors == ()


def test_short_names_are_clear() -> None:
    assert len(SHORT_NAMES) == len(CATEGORIES)


@pytest.mark.parametrize(
    ("kind", "cells", "said"),
    [
        ("direct", {("t1", "adequacy"): "101"}, "adequacy is 101"),
        ("direct", {("t1", "adequacy"): "good"}, "adequacy is 'good', which is not a number"),
        ("direct", {("t1", "adequacy"): "nan"}, "adequacy is nan"),
        ("direct", {("t1", "task"): "t9", ("t1", "adequacy"): "5"}, "no task 't9'"),
        ("direct", {("t1", "adequacy"): "5", ("t1", "translation"): "Good day!"}, "another task"),
        (RELATIVE, {("t1", "better"): "C"}, "better is 'C'. Write A, B or tie."),
        (MQM, {("t1", "error 1"): "bad"}, "'bad' is no error"),
        (MQM, {("t1", "error 1"): "major: day"}, "is no error"),
        (MQM, {("t1", "error 1"): "major other: night"}, "'night' does not stand in the target"),
        (MQM, {("t1", "error 1"): "large other: day"}, "no severity 'large'"),
        (MQM, {("t1", "error 1"): "major odd: day"}, "no category 'odd'"),
        (MQM, {("t1", "error 1"): "major other here: day"}, "no side 'here'"),
    ],
)
def test_what_is_refused(
    kind: str, cells: dict[tuple[str, str], str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInputError) as caught:
        filled(tmp_path, kind, dict(reversed(cells.items())))
    assert "sheet.csv: row " in caught.value.message
    assert said in str(caught.value)


def test_texts_that_a_spreadsheet_changed_are_let_pass(tmp_path: Path) -> None:
    cells = {("t1", "translation"): "01. Feb", ("t1", "adequacy"): "5"}
    assert len(filled(tmp_path, "direct", cells)) == 1


def test_files_that_are_no_sheets(tmp_path: Path) -> None:
    questions = Questions(small_design("direct"))
    path = tmp_path / "x.csv"
    for text, said in (
        ("", "no row that begins with 'task'"),
        ("a,b\n1,2\n", "no row that begins with 'task'"),
        ("task,source,translation,fluency,comment\n", "no column 'adequacy'"),
        ('task,"a\0"\n', "NUL"),
        ("PK\3\4", "is a workbook"),
    ):
        path.write_text(text)
        with pytest.raises(BadInputError, match=said):
            read_answers(path, questions)
    rows, start = sheet(MQM)
    rows[start].append("error 5")
    path.write_bytes(csv_bytes(rows))
    with pytest.raises(BadInputError, match="two columns 'error 5'"):
        read_answers(path, Questions(small_design(MQM)))
    for heading in ([], [" "]):
        rows, start = sheet(MQM)
        rows[start] += heading
        rows[start + 1].append("minor other: Hi")
        path.write_bytes(csv_bytes(rows))
        with pytest.raises(BadInputError, match=f"row {start + 2}: .* column has no heading"):
            read_answers(path, Questions(small_design(MQM)))
    rows, start = sheet("direct")
    rows[start + 1][4] = rows[start + 2][4] = "5"
    rows[start + 2][:4] = rows[start + 1][:4]
    path.write_bytes(csv_bytes(rows))
    with pytest.raises(BadInputError, match="task t1 was answered before"):
        read_answers(path, questions)
