from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.text.cleaned import cleaned, cleaned_away


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("It 's done , is n't it ?", "It's done, isn't it?"),
        ("a ' b ' c", "a'b'c"),
        ("Où est -il ?  ! .", "Où est -il? !."),
        ("We 've 're 'm", "We've're'm"),
        ("nothing", "nothing"),
        (" . ", ". "),
    ],
)
def test_spaces_that_go(text: str, clean: str) -> None:
    assert cleaned(text) == clean


@given(st.text(alphabet=" .,?!'nstvemra", max_size=30))
def test_the_places_of_what_goes(text: str) -> None:
    gone = set(cleaned_away(text))
    assert "".join(c for place, c in enumerate(text) if place not in gone) == cleaned(text)
    assert all(text[place] == " " for place in gone)
