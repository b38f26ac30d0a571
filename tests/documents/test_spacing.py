"""White space beside points in a new text."""

from __future__ import annotations

import pytest

from s2scli.documents.base import Mark, Slot, Target
from s2scli.documents.spacing import with_spaces_beside


def spaced(text: str, target: str) -> str:
    """A target with its points as ``|``, from texts with such signs."""
    places = [place - number for number, place in enumerate(_signs(text))]
    marks = tuple(Mark(place, place, (0, 0), (0, 0)) for place in places)
    there = tuple((place - n, place - n) for n, place in enumerate(_signs(target)))
    slot = Slot(0, 9, text.replace("|", ""), None, marks)
    new = with_spaces_beside(slot, Target(target.replace("|", ""), there))
    parts, reached = [], 0
    for start, _ in new.spans:
        parts.append(new.text[reached:start])
        reached = start
    return "|".join([*parts, new.text[reached:]])


def _signs(text: str) -> list[int]:
    return [place for place, sign in enumerate(text) if sign == "|"]


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("The area is |.", "Die Fläche ist|.", "Die Fläche ist |."),
        ("Press |, then go.", "Drücken |Sie, dann los.", "Drücken | Sie, dann los."),
        ("Press |, then", "Drücken|Sie, dann", "Drücken | Sie, dann"),
        ("A | b", "A| b", "A | b"),
        ("A |b", "A|b", "A |b"),
        ("word|, next", "Wort|, dann", "Wort|, dann"),
        ("a|b", "c|d", "c|d"),
        ("A |.", "这是|。", "这是|。"),
        ("|A", "|B", "|B"),
    ],
)
def test_points_do_not_touch_words(text: str, target: str, expected: str) -> None:
    assert spaced(text, target) == expected
