"""The step of the guard, from Python."""

from __future__ import annotations

from typing import Any

import pytest

import s2scli
from s2scli.api import TextModel
from s2scli.errors import UsageError

SURE, UNSURE = "Good morning!", "supercalifragilistic zxqv brrr"


@pytest.fixture(scope="module")
def loaded() -> TextModel:
    return s2scli.load("en-de", threads=1)


def test_notes_are_on_results(loaded: TextModel) -> None:
    sure, unsure = loaded.translate([SURE, UNSURE], guard="warn", min_confidence=0.8)
    assert sure.notes == {}
    (finding,) = unsure.notes["guard"]
    assert finding["check"] == "confidence"
    assert loaded.translate(UNSURE).notes == {}


def test_an_unsure_result_stays_or_is_marked(loaded: TextModel) -> None:
    given: Any = {"guard": "warn", "min_confidence": 0.8}
    plain = loaded.translate(UNSURE).text
    kept = loaded.translate(UNSURE, below="keep-source", **given)
    assert (kept.text, kept.hypotheses) == (UNSURE, ())
    marked = loaded.translate(UNSURE, below="mark", alignment=True, **given)
    assert marked.text == f"[?] {plain}"
    for start, end, first, last in marked.hypotheses[0].links or ():
        assert marked.text[first:last][:3].casefold() == UNSURE[start:end][:3]


@pytest.mark.parametrize(
    "options",
    [
        {"guard": "maybe"},
        {"guard": "warn", "min_confidence": 2},
        {"guard": "warn", "min_confidence": "0.5"},
        {"guard": "off", "min_confidence": 0.5},
        {"guard": "warn", "below": "mark"},
        {"guard": "warn", "below": "drop", "min_confidence": 0.5},
        {"guard": "warn", "below": "fail", "min_confidence": 0.5},
        {"guard": "repair", "prefix": "Ein"},
    ],
)
def test_options_that_make_no_sense_are_refused(loaded: TextModel, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        loaded.translate(SURE, **options)
