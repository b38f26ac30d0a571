"""What annotators hand in is read as they meant it, and refused with its place if it is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import BadInputError, MissingInputError
from s2scli.judging.answers import Judgement, MarkedError, Questions, read_answers
from tests.judging.designs import small_design


def read(folder: Path, kind: str, *answers: dict[str, Any], **others: Any) -> list[Judgement]:
    path = folder / "ann.json"
    content = {"schema": 1, "design": "id1", "annotator": "ann", "answers": answers, **others}
    path.write_text(json.dumps(content), "utf-8")
    return read_answers(path, Questions(small_design(kind)))


def test_ratings(tmp_path: Path) -> None:
    first, second = read(
        tmp_path,
        "direct",
        {"task": "t1", "ratings": {"adequacy": 80, "fluency": 0}, "comment": "ok", "seconds": 1.50},
        {"task": "t6", "ratings": {"fluency": 100}},
    )
    assert first.ratings == {"adequacy": 80, "fluency": 0}
    assert (first.annotator, first.comment, first.seconds) == ("ann", "ok", 1.5)
    assert first.place == f"{tmp_path / 'ann.json'}: answers[0]"
    assert second.ratings == {"fluency": 100}
    assert (second.preference, second.errors, second.seconds) == ("", None, None)


def test_preferences(tmp_path: Path) -> None:
    (answer,) = read(tmp_path, "relative", {"task": "t2", "preference": "tie"})
    assert answer.preference == "tie"


def test_errors(tmp_path: Path) -> None:
    """Places are in characters, also after those that JavaScript counts twice."""
    error = {"start": 5, "end": 12, "category": "other", "severity": "minor"}
    omission = {**error, "category": "accuracy/omission", "side": "source"}
    first, second = read(
        tmp_path,
        "mqm",
        {"task": "t1", "errors": [{**error, "end": 11}, omission]},
        {"task": "t2", "errors": []},
    )
    assert first.errors == (
        MarkedError(5, 11, "other", "minor", "target"),
        MarkedError(5, 12, "accuracy/omission", "minor", "source"),
    )
    assert second.errors == ()


ERROR = {"start": 0, "end": 1, "category": "other", "severity": "minor"}


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("direct", {"task": "t9", "ratings": {}}, "no task 't9'"),
        ("direct", {"task": "t3", "ratings": {}}, "one of bob, not of ann"),
        ("direct", {"task": "t1", "ratings": {"adequacy": 101}}, "adequacy is 101"),
        ("direct", {"task": "t1", "ratings": {"adequacy": -1}}, "adequacy is -1"),
        ("direct", {"task": "t1", "ratings": {"adequacy": "5"}}, "'adequacy' is not a number"),
        ("direct", {"task": "t1", "ratings": {"taste": 5}}, "'taste' is not rated"),
        ("direct", {"task": "t1", "preference": "left"}, "nothing is compared"),
        ("direct", {"task": "t1", "errors": []}, "no errors are marked"),
        ("direct", {"task": "t1", "seconds": -1}, "seconds"),
        ("summary", {"task": "t1", "ratings": {"fluency": 0}}, "fluency is 0"),
        ("relative", {"task": "t1", "preference": "both"}, "'both'"),
        ("relative", {"task": "t1"}, "the preference is ''"),
        ("mqm", {"task": "t1"}, "no list of errors"),
        ("mqm", {"task": "t1", "errors": [{**ERROR, "end": 12}]}, "11 characters"),
        ("mqm", {"task": "t1", "errors": [{**ERROR, "end": 0}]}, "from 0 to 0"),
        ("mqm", {"task": "t1", "errors": [{**ERROR, "category": "x"}]}, "no category 'x'"),
        ("mqm", {"task": "t1", "errors": [{**ERROR, "severity": "x"}]}, "no severity 'x'"),
        ("mqm", {"task": "t1", "errors": [{**ERROR, "side": "x"}]}, "no side 'x'"),
        ("mqm", {"task": "t1", "errors": [{**ERROR, "start": 0.5}]}, "not a whole number"),
    ],
)
def test_wrong_answers(kind: str, answer: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read(tmp_path, kind, answer)
    assert "ann.json: answers[0]" in caught.value.message
    assert said in caught.value.message


def test_wrong_files(tmp_path: Path) -> None:
    for others, said in (
        ({"design": "id2"}, "another evaluation"),
        ({"schema": 2}, "schema 2"),
        ({"answers": None}, "'answers' is not a list"),
        ({"answers": [{"task": "t2"}, {"task": "t2"}]}, r"answered before \(.*answers\[0\]\)"),
    ):
        with pytest.raises(BadInputError, match=said):
            read(tmp_path, "direct", **others)
    with pytest.raises(MissingInputError, match="none"):
        read_answers(tmp_path / "none.json", Questions(small_design("direct")))
