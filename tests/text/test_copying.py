"""Words of the source instead of unknown tokens, on made-up attention."""

from __future__ import annotations

import re

import pytest

from s2scli.data import Attended
from s2scli.text.alignment import STAND_IN
from s2scli.text.copying import copies
from s2scli.text.rewriting import Rewriting

U = STAND_IN


def copied(source: str, target: str, looks: list[int], shown: str = "") -> str:
    """A target whose words, in order, look at these words of the source."""
    spans = [match.span() for match in re.finditer(r"\w+|[^\w\s]", source)]
    places = [match.span() for match in re.finditer(rf"[\w{U}]+|[^\w\s{U}]", target)]
    words = [
        Attended(start, end, [float(look == column) for column in range(len(spans))])
        for (start, end), look in zip(places, looks, strict=True)
    ]
    return Rewriting(target, copies(source, spans, target, words, shown).edits).text


@pytest.mark.parametrize(
    ("source", "target", "looks", "expected"),
    [
        ("Tom met Krzysztof .", f"{U} traf {U} .", [0, 1, 2, 3], "Tom traf Krzysztof ."),
        ("Tom met Krzysztof .", f"Tom traf {U}.", [0, 1, 2, 3], "Tom traf Krzysztof."),
        # Of a word that is known in part, what is known must be in the source's.
        ("Tom met Ołdak .", f"Tom traf O{U}dak .", [0, 1, 2, 3], "Tom traf Ołdak ."),
        ("a street here", f"eine Stra{U}e hier", [0, 1, 2], "eine Strae hier"),
        ("Tom knows 東京 .", f"Tom kennt {U}{U} .", [0, 1, 2, 3], "Tom kennt 東京 ."),
        # A mark is never copied.
        ("Tom !", f"{U} {U}", [0, 1], "Tom Tom"),
        ("! ?", f"eins {U} zwei", [0, 0, 1], "eins zwei"),
        ("", f"{U}", [0], ""),
    ],
)
def test_what_is_copied(source: str, target: str, looks: list[int], expected: str) -> None:
    assert copied(source, target, looks) == expected


def test_what_nothing_fits_is_shown_as_without_copying() -> None:
    assert copied("! ?", f"eins {U} zwei", [0, 0, 1], "<unk>") == "eins <unk> zwei"
    assert copied("a b", f"{U}ab {U}", [0, 1], "<unk>") == "<unk>ab b"
