"""Letters of systems, and tests of all pairs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.metrics.base import load_metric
from s2scli.metrics.letters import compact_letters
from s2scli.metrics.resample import paired_tests, randomization_matrix, units
from tests.metrics.texts import random_pairs


def test_a_textbook_case() -> None:
    """1 and 2 differ from 4, and 1 from 3."""
    assert compact_letters([0, 1, 2, 3], [(0, 3), (0, 2), (1, 3)]) == ["a", "ab", "bc", "c"]
    assert compact_letters([1, 0], []) == ["a", "a"]
    assert compact_letters([1, 0], [(0, 1)]) == ["b", "a"]
    assert compact_letters([0], []) == ["a"]


def test_more_groups_than_letters() -> None:
    found = compact_letters(range(30), list(combinations(range(30), 2)))
    assert [found[0], found[25], found[26], found[29]] == ["a", "z", "a1", "d1"]


@given(st.integers(1, 7), st.data())
def test_systems_share_a_letter_unless_they_differ(count: int, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(count)))
    pairs = list(combinations(range(count), 2))
    different = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    letters = [set(found) for found in compact_letters(order, different)]
    assert all(letters)
    for one, other in pairs:
        assert bool(letters[one] & letters[other]) == ((one, other) not in different)
    assert "a" in letters[order[0]]


@pytest.mark.parametrize("name", ["bleu", "chrf", "meteor"])
def test_all_pairs_are_tested_as_one_pair_is(name: str) -> None:
    metric = load_metric(name)
    pairs = random_pairs(60)
    references = [[two] for _, two in pairs]
    texts = [
        [one for one, _ in pairs],
        [two if number % 7 == 0 else one for number, (one, two) in enumerate(pairs)],
        [one for one, _ in pairs],
        [two if number == 3 else one for number, (one, two) in enumerate(pairs)],
    ]
    systems = [metric.statistics(hypotheses, references) for hypotheses in texts]
    found = randomization_matrix(metric, systems, trials=200, seed=7)
    np.testing.assert_array_equal(found, found.T)
    for i, j in combinations(range(4), 2):
        tested = paired_tests(metric, systems[i], systems[j], samples=40, trials=200, seed=7)
        assert found[i, j] == tested.tie_p >= tested.randomization_p
    assert found[0, 2] == 1  # equal systems
    assert found[0, 3] == 1  # one segment alone says nothing
    assert found[0, 1] < 0.1


def test_documents_are_drawn_whole() -> None:
    """Units are sums; a corpus of documents has the scores that it has by segments."""
    metric = load_metric("bleu")
    pairs = random_pairs(40)
    statistics = metric.statistics([one for one, _ in pairs], [[two] for _, two in pairs])
    documents = [number // 4 for number in range(40)]
    grouped = units(statistics, documents)
    assert len(grouped) == 10
    np.testing.assert_array_equal(grouped[3], np.sum(statistics[12:16], axis=0))
    assert metric.score(grouped) == metric.score(statistics)
