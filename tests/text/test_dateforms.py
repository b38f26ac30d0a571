"""Whole texts that are forms of dates and times."""

from __future__ import annotations

import pytest

from s2scli.text.dateforms import is_date_form, is_worded_form


@pytest.mark.parametrize(
    "text",
    [
        "h:mm a", "ddd, D MMM", "EEE d MMM", "LLLL", "h A", "M/d", "'Week' ww", "h 'o''clock' a",
        "yyyyMMdd", "yyyy-MM-dd'T'HH:mm:ss", "MMMM Do YYYY, h:mm:ss a", "am", "p.m.", "PM",
    ],
)  # fmt: skip
def test_forms(text: str) -> None:
    assert is_date_form(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "Add",
        "Ask me",
        "I am",
        "a day",
        "at",
        "Day",
        "h:mm at home",
        "As",
        "Mad",
        "MM a b",
        "d e",
        "'He said ''maybe'''",
    ],
)
def test_words(text: str) -> None:
    assert not is_date_form(text)


@pytest.mark.parametrize(
    "text",
    ["[Today at] h:mm A", "[Last] dddd [at] LT", "D MMMM YYYY [at] HH:mm", "LT [o'clock]"],
)
def test_forms_with_words(text: str) -> None:
    assert is_worded_form(text)


@pytest.mark.parametrize("text", ["[Last] item", "[Save]", "[A] d", "[1] LT", "LT", "[Name] L"])
def test_words_in_brackets(text: str) -> None:
    assert not is_worded_form(text)
