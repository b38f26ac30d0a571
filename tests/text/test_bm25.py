from __future__ import annotations

import math

import pytest

from s2scli.text.bm25 import K1, B, rank

PASSAGES = ["The cat sat on the mat.", "A dog barked.", "Cats and dogs; a cat, a CAT!", "今天天气"]


def test_scores_are_those_of_the_formula() -> None:
    # "cat" is in two of four passages; the first has six words, all have 6 + 3 + 7 + 4 = 20.
    rarity = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))
    expected = rarity * (K1 + 1) / (1 + K1 * (1 - B + B * 6 / 5))
    found = dict(rank("cat", PASSAGES))
    assert found[0] == pytest.approx(expected)
    assert found[1] == found[3] == 0


def test_ranking() -> None:
    assert [position for position, _ in rank("Which cat?", PASSAGES)] == [2, 0, 1, 3]
    assert rank("天气怎么样", PASSAGES)[0][0] == 3
    assert rank("nothing of it", ["x", "y"]) == [(0, 0.0), (1, 0.0)]
    assert rank("", []) == []
