"""Standardization, means, intervals and comparisons, against the same written out plainly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.judging.bootstrap import (
    bounds,
    drawn,
    mean_samples,
    resampled,
    standardized_samples,
)
from s2scli.judging.comparisons import Comparisons, expected_wins, strengths, victories
from s2scli.judging.ratings import Ratings, segment_means, standardized, system_means

SHAPE = (3, 4, 2)
Row = tuple[float, int, int, int]
ROWS = st.lists(
    st.tuples(
        st.integers(0, 100).map(float), st.integers(0, 2), st.integers(0, 3), st.integers(0, 1)
    ),
    min_size=1,
    max_size=40,
)


def plain_scores(rows: list[Row]) -> list[float]:
    """Standardized by annotator, then means of segments, then of systems."""
    given_: dict[int, list[float]] = {}
    for value, annotator, _, _ in rows:
        given_.setdefault(annotator, []).append(value)
    found: dict[tuple[int, int], list[float]] = {}
    for value, annotator, segment, system in rows:
        values = given_[annotator]
        spread = np.std(values, ddof=1) if len(values) > 1 else 0.0
        z = (value - np.mean(values)) / spread if spread else 0.0
        found.setdefault((system, segment), []).append(float(z))
    return [
        float(np.mean(means)) if means else float("nan")
        for means in (
            [np.mean(each) for (who, _), each in found.items() if who == system]
            for system in range(SHAPE[2])
        )
    ]


@given(ROWS)
def test_scores_are_those_of_wmt(rows: list[Row]) -> None:
    ratings = Ratings.of(rows, SHAPE)
    found = system_means(segment_means(standardized(ratings)))
    assert list(found) == pytest.approx(plain_scores(rows), nan_ok=True)


@given(ROWS, st.integers(0, 5))
def test_a_sample_is_scored_as_if_it_were_all(rows: list[Row], seed: int) -> None:
    """Segments drawn twice are two segments with the same ratings."""
    ratings = Ratings.of(rows, SHAPE)
    (counts,) = drawn(SHAPE[1], 3, seed)
    for weights in counts:
        copies = [
            (value, annotator, segment * 10 + copy, system)
            for value, annotator, segment, system in rows
            for copy in range(int(weights[segment]))
        ]
        found = standardized_samples(ratings, weights[None])[0]
        assert list(found) == pytest.approx(plain_scores(copies), nan_ok=True, abs=1e-6)
        table = segment_means(ratings)
        repeated = np.repeat(table, weights.astype(int), axis=0)
        expected = list(system_means(repeated))
        assert list(mean_samples(table, weights[None])[0]) == pytest.approx(expected, nan_ok=True)


def test_all_segments_once_are_the_scores() -> None:
    draw = np.random.default_rng(1)
    rows = [(draw.normal(), a, s, y) for a in range(3) for s in range(4) for y in range(2)]
    ratings = Ratings.of(rows, SHAPE)
    found = standardized_samples(ratings, np.ones((1, 4)))[0]
    assert found == pytest.approx(system_means(segment_means(standardized(ratings))))


def test_bounds_are_percentiles_and_draws_those_of_the_seed() -> None:
    table = np.random.default_rng(1).normal(size=(50, 2))
    table[:, 1] = np.nan

    def sampled(seed: int) -> list[object]:
        samples = resampled(lambda counts: mean_samples(table, counts), 50, 2000, seed)
        return [*bounds(samples)]

    first, second = sampled(3)
    assert second is None
    assert first == sampled(3)[0] != sampled(4)[0]
    mean, error = table[:, 0].mean(), table[:, 0].std(ddof=1) / np.sqrt(50)
    assert first == pytest.approx((mean - 1.96 * error, mean + 1.96 * error), abs=0.05)


def test_an_annotator_who_always_says_the_same() -> None:
    rows = [(7.0, 0, 0, 0), (7.0, 0, 1, 1), (3.0, 1, 0, 0)]
    ratings = Ratings.of(rows, (2, 2, 2))
    assert list(standardized(ratings).values) == [0, 0, 0]
    assert list(standardized_samples(ratings, np.ones((1, 2)))[0]) == [0, 0]


def test_who_wins() -> None:
    """A beats B three times and ties once; C was not compared."""
    rows = [(1.0, 0, 0, 0, 1), (1.0, 0, 1, 0, 1), (-1.0, 1, 0, 1, 0), (0.0, 0, 2, 0, 1)]
    found = Comparisons.of(rows, (2, 3, 3))
    wins = victories(found).sum(axis=0)
    assert wins.tolist() == [[0, 3.5, 0], [0.5, 0, 0], [0, 0, 0]]
    assert expected_wins(wins).tolist() == pytest.approx([3.5 / 4, 0.5 / 4, np.nan], nan_ok=True)
    differences = found.differences()
    assert differences[:, 0, 1].tolist() == [1, 1, 0]
    assert differences[:, 1, 0].tolist() == [-1, -1, 0]
    assert np.isnan(differences[:, 0, 2]).all()


def test_strengths_explain_the_wins() -> None:
    """At the maximum of the likelihood each system wins as often as it is expected to."""
    wins = np.array([[0, 7, 9.5], [3, 0, 6], [0.5, 4, 0]])
    found = strengths(wins, prior=0)
    chances = 1 / (1 + np.exp(found[None, :] - found[:, None]))
    expected = ((wins + wins.T) * chances).sum(axis=1)
    assert expected == pytest.approx(wins.sum(axis=1), abs=1e-6)
    assert found.sum() == pytest.approx(0)
    # Of two systems the difference is the logarithm of the odds.
    two = strengths(np.array([[0.0, 30.0], [10.0, 0.0]]), prior=0)
    assert two[0] - two[1] == pytest.approx(np.log(3))


def test_who_always_wins_has_a_strength() -> None:
    found = strengths(np.array([[0.0, 5.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    assert found[0] == -found[1] > 1
    assert np.isnan(found[2])
