"""The blind key is read as it was written, and refused where it is broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import BadInputError, MissingInputError
from s2scli.judging.design import Shown, read_design, text_shown, write_design
from s2scli.judging.kinds import KINDS, criteria_of
from s2scli.judging.mqm import CATEGORIES, SEVERITIES, penalty
from tests.judging.designs import small_design


@pytest.mark.parametrize("kind", KINDS)
def test_read_as_written(kind: str, tmp_path: Path) -> None:
    design = small_design(kind)
    write_design(tmp_path, design)
    assert read_design(tmp_path) == design
    assert [task.id for task in design.sheet("bob")] == ["t3", "t4"]


def test_texts_that_are_shown() -> None:
    first, second = small_design("direct").segments
    assert text_shown(first, Shown("a")) == "Good 😀 day."
    assert text_shown(first, Shown("a", "Good x day.")) == "Good x day."
    assert text_shown(first, Shown(None)) == "Good day!"
    assert text_shown(second, Shown("b")) == ""


def test_scales() -> None:
    assert criteria_of("direct") == (("adequacy", 0, 100), ("fluency", 0, 100))
    assert criteria_of("direct", 5)[1] == ("fluency", 1, 5)
    assert {row[1:] for row in criteria_of("summary")} == {(1, 5)}
    assert criteria_of("mqm") == criteria_of("relative") == ()


def test_weights() -> None:
    weights = [penalty("accuracy/omission", severity) for severity in SEVERITIES]
    assert weights == [0, 1, 5, 25]
    assert penalty("fluency/punctuation", "minor") == 0.1
    assert penalty("fluency/punctuation", "major") == 5
    assert penalty("non-translation", "major") == 25
    assert {"fluency/punctuation", "non-translation"} <= CATEGORIES.keys()


def _set(content: Any, path: str, value: Any) -> None:
    *way, last = path.split()
    for key in way:
        content = content[int(key) if key.isdigit() else key]
    content[int(last) if last.isdigit() else last] = value


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("schema", 2, "schema 2"),
        ("kind", "other", "no kind 'other'"),
        ("seed", "x", "'seed' is not a whole number"),
        ("tasks 0 id", "t2", "twice"),
        ("tasks 0 annotator", "eve", "'t1'"),
        ("tasks 0 segment", "9", "'t1'"),
        ("tasks 0 control", "odd", "'t1'"),
        ("tasks 0 shown 0 system", "c", "'t1'"),
        ("tasks 0 shown", [], "'t1'"),
        ("tasks 5 of", "t9", "'t6'"),
        ("tasks", {}, "'tasks' is not a list"),
        ("segments 0 outputs", {"a": "x"}, "segment '1'"),
        ("segments 0 outputs a", 1, "'a' is not a text"),
        ("segments 0", "x", "segments' [0]"),
        ("systems", [1], "'systems' is not a list of texts"),
        ("criteria 0 most", True, "'most' is not a whole number"),
    ],
)
def test_what_does_not_fit_is_refused(path: str, value: Any, said: str, tmp_path: Path) -> None:
    write_design(tmp_path, small_design("direct"))
    file = tmp_path / "design.json"
    content = json.loads(file.read_text("utf-8"))
    _set(content, path, value)
    file.write_text(json.dumps(content), "utf-8")
    with pytest.raises(BadInputError) as caught:
        read_design(tmp_path)
    assert str(file) in caught.value.message
    assert said.replace("' [", "[") in caught.value.message.replace("'[", "[")


def test_a_folder_without_a_design(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match=r"design\.json"):
        read_design(tmp_path)
