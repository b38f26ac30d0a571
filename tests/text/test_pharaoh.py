"""Alignments of words from links of characters."""

from __future__ import annotations

import re

import pytest

from s2scli.data import Link
from s2scli.text.pharaoh import pairs_of_words, pharaoh, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" Tom,  didn't\tsee. ", ["Tom,", "didn't", "see."]),
        ("私は Tom。 犬", ["私", "は", "Tom。", "犬"]),
        ("Tom在x3家", ["Tom", "在", "x3", "家"]),
        ("が\u3099き", ["が\u3099", "き"]),
        ("ที่นี่", ["ที่", "นี่"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in words_of(text)] == words


def links(source: str, target: str, *pairs: tuple[int, int]) -> list[Link]:
    """Links between units, which are words and marks."""
    sides = [[m.span() for m in re.finditer(r"[\w']+|[^\w\s]", text)] for text in (source, target)]
    return [(*sides[0][one], *sides[1][other]) for one, other in pairs]


def test_marks_at_words_say_nothing_of_them() -> None:
    source, target = "I see a dog.", "Ein Hund - sehe ich."
    found = links(source, target, (0, 4), (1, 3), (2, 0), (3, 1), (4, 5), (4, 2))
    assert pharaoh(pairs_of_words(source, target, found)) == "0-4 1-3 2-0 3-1"
    # A mark that stands alone is a word.
    found = links("a -", "b -", (0, 0), (1, 1))
    assert pharaoh(pairs_of_words("a -", "b -", found)) == "0-0 1-1"


def test_links_of_several_words() -> None:
    assert pairs_of_words("ab cd", "x y", [(0, 5, 0, 3)]) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert pairs_of_words("ab cd e", "ab cd f", [(0, 5, 0, 5)]) == [(0, 0), (1, 1)]
    assert pairs_of_words("犬です", "dog is", [(0, 1, 0, 3), (1, 3, 4, 6)]) == [
        (0, 0),
        (1, 1),
        (2, 1),
    ]
    assert pharaoh([]) == ""
