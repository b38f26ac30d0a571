"""Tests, ranks, agreement and correlations, against published numbers and SciPy."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.judging.agreement import Level, alpha, kappa
from s2scli.judging.correlation import calibrated_accuracy, kendall, pearson
from s2scli.judging.ranking import Rank, ranked
from s2scli.judging.ratings import Floats
from s2scli.judging.significance import rank_sum, sign_flip

NONE = float("nan")
# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": four observers, twelve units.
OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
)
# Cohen 1960, table 1: what two judges said of 200 cases, in percent.
COHEN = [[25, 13, 12], [12, 2, 16], [3, 15, 2]]
TENTHS = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=2, max_size=25)


def columns(pairs: list[tuple[int, int]]) -> tuple[Floats, Floats]:
    one, other = np.array(pairs, np.float64).T
    return one, other


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_is_krippendorffs(level: Level, published: float) -> None:
    assert alpha(OBSERVERS, level) == pytest.approx(published, abs=5e-4)


def test_alpha_at_its_bounds() -> None:
    assert alpha(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]), "interval") == 1
    assert alpha(np.array([[1.0, 1.0], [1.0, 1.0]]), "nominal") is None
    assert alpha(np.array([[1.0, NONE], [NONE, 1.0]]), "nominal") is None
    assert alpha(np.empty((2, 0)), "ordinal") is None
    crossed = alpha(np.array([[1.0, 2.0], [2.0, 1.0]]), "nominal")
    assert crossed is not None
    assert crossed < 0


def test_kappa_of_a_table() -> None:
    rows = [(a, b) for a, b in product(range(3), range(3)) for _ in range(COHEN[a][b])]
    one, other = columns(rows)
    # 29 observed; 40% and 40%, 30% and 30%, 30% and 30% by chance make 34.
    chance = 0.50 * 0.40 + 0.30 * 0.30 + 0.20 * 0.30
    assert kappa(one, other, weighted=False) == pytest.approx((0.29 - chance) / (1 - chance))


@given(TENTHS)
def test_weighted_kappa_is_that_of_the_table(pairs: list[tuple[int, int]]) -> None:
    one, other = columns(pairs)
    counts = np.zeros((11, 11))
    for a, b in pairs:
        counts[a, b] += 1 / len(pairs)
    weights = (np.arange(11)[:, None] - np.arange(11)) ** 2
    expected = float((np.outer(counts.sum(axis=1), counts.sum(axis=0)) * weights).sum())
    found = kappa(one, other, weighted=True)
    if expected == 0:
        assert found is None
    else:
        assert found == pytest.approx(1 - (counts * weights).sum() / expected)


@given(TENTHS)
def test_correlations_are_those_of_scipy(pairs: list[tuple[int, int]]) -> None:
    from scipy import stats

    one, other = columns(pairs)
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        assert pearson(one, other) is None
        assert kendall(one, other) is None
    else:
        assert pearson(one, other) == pytest.approx(stats.pearsonr(one, other).statistic)
        assert kendall(one, other) == pytest.approx(stats.kendalltau(one, other).statistic)


def best_accuracy(human: Floats, metric: Floats, groups: list[int]) -> float:
    """Every difference tried as epsilon, pair by pair."""
    best = 0.0
    for epsilon in [0.0, *np.abs(metric)]:
        found: dict[int, list[bool]] = {}
        for wanted, given_, group in zip(human, metric, groups, strict=True):
            said = 0 if abs(given_) <= epsilon else np.sign(given_)
            found.setdefault(group, []).append(bool(said == np.sign(wanted)))
        best = max(best, float(np.mean([np.mean(row) for row in found.values()])))
    return best


@given(
    st.lists(
        st.tuples(st.integers(-3, 3), st.integers(-5, 5), st.integers(0, 3)),
        min_size=1,
        max_size=20,
    )
)
def test_accuracy_is_the_best_of_all_epsilons(rows: list[tuple[int, int, int]]) -> None:
    human, metric, groups = np.array(rows).T
    found = calibrated_accuracy(human * 1.0, metric * 1.0, groups)
    assert found is not None
    assert found.accuracy == pytest.approx(best_accuracy(human * 1.0, metric * 1.0, list(groups)))
    assert found.epsilon == 0 or found.epsilon in np.abs(metric)


def test_accuracy_of_ties() -> None:
    """People tie the first pair and order the second; the metric differs by 0.1 and by 2."""
    found = calibrated_accuracy(np.array([0.0, 1.0]), np.array([0.1, 2.0]), np.array([0, 0]))
    assert found == (1.0, 0.1)
    assert calibrated_accuracy(np.empty(0), np.empty(0), np.empty(0, np.int64)) is None


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=11), st.booleans())
def test_few_signs_are_all_tried(differences: list[int], one_sided: bool) -> None:
    from scipy import stats

    column = np.array(differences, np.float64)
    found = sign_flip(column[:, None], 10_000, 1, one_sided=one_sided)[0]
    oracle = stats.permutation_test(
        (column,),
        np.sum,
        permutation_type="samples",
        n_resamples=np.inf,
        alternative="greater" if one_sided else "two-sided",
    )
    # SciPy doubles the smaller side; by symmetry that is the same, but no more than 1.
    assert found == pytest.approx(min(1.0, oracle.pvalue))


def test_many_signs_are_drawn() -> None:
    from scipy import stats

    column = np.random.default_rng(5).normal(0.25, 1, 60)
    found = sign_flip(np.stack([column, column * 0], axis=1), 20_000, 7)
    assert found[0] == pytest.approx(stats.ttest_1samp(column, 0).pvalue, abs=0.01)
    assert found[1] == 1
    again = sign_flip(np.stack([column, column * NONE], axis=1), 20_000, 7)
    assert list(again) == list(found)


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=20),
    st.lists(st.integers(0, 6), min_size=1, max_size=20),
)
def test_rank_sum_is_that_of_scipy(one: list[int], other: list[int]) -> None:
    from scipy import stats

    ours, theirs = np.array(one, np.float64), np.array(other, np.float64)
    if len({*one, *other}) == 1:
        assert rank_sum(ours, theirs) == 1
        return
    for less, alternative in ((False, "two-sided"), (True, "less")):
        oracle = stats.mannwhitneyu(ours, theirs, alternative=alternative, method="asymptotic")
        assert rank_sum(ours, theirs, less=less) == pytest.approx(oracle.pvalue)


def better(
    systems: int, pairs: list[tuple[int, int]]
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    matrix = np.zeros((systems, systems), np.bool_)
    for pair in pairs:
        matrix[pair] = True
    return matrix


def test_a_cluster_ends_where_all_above_beat_all_below() -> None:
    pairs = [(0, 2), (0, 3), (1, 2), (1, 3)]
    found = ranked([9.0, 8.0, 2.0, 1.0], better(4, pairs))
    assert found == [Rank(0, 1, 2, 1), Rank(1, 1, 2, 1), Rank(2, 3, 4, 2), Rank(3, 3, 4, 2)]
    found = ranked([9.0, 8.0, 2.0, 1.0], better(4, pairs[1:]))
    assert [row.cluster for row in found] == [1, 1, 1, 1]
    assert [(row.best, row.worst) for row in found] == [(1, 3), (1, 2), (2, 4), (3, 4)]


def test_all_differ_none_differ_one_is_unknown() -> None:
    every = [(a, b) for a, b in combinations(range(3), 2)]
    assert [r.cluster for r in ranked([3.0, 2.0, 1.0], better(3, every))] == [1, 2, 3]
    assert [r[1:] for r in ranked([3.0, 2.0, 1.0], better(3, []))] == [(1, 3, 1)] * 3
    assert [r.system for r in ranked([NONE, 1.0, 2.0], better(3, []))] == [2, 1]
