"""Any Unicode in, finite numbers out: corpus, sentences, intervals and comparisons."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s2scli.metrics import METRICS
from s2scli.metrics.base import MetricOptions, load_metric
from s2scli.tasks.score import Scorer

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("ab c.,\n\t\u00a0\u2028\u200b\ufeffÄß東é\u0301"),
    ),
    max_size=40,
)
PAIRS = st.lists(st.tuples(TEXTS, st.lists(TEXTS, min_size=1, max_size=3)), min_size=1, max_size=5)


@pytest.mark.parametrize("name", METRICS)
@given(pairs=PAIRS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_finite_numbers(name: str, pairs: list[tuple[str, list[str]]]) -> None:
    hypotheses, references = zip(*pairs, strict=True)
    metric = load_metric(name)
    statistics = metric.statistics(hypotheses, references)
    assert len(statistics) == len(pairs)
    assert math.isfinite(metric.score(statistics))
    assert all(map(math.isfinite, metric.sentence_scores(statistics)))


@given(pairs=PAIRS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_finite_intervals(pairs: list[tuple[str, list[str]]]) -> None:
    hypotheses, references = zip(*pairs, strict=True)
    scorer = Scorer(list(METRICS), references, MetricOptions())
    for score in scorer.scores(scorer.statistics(hypotheses), 20, 1):
        assert score.interval
        assert math.isfinite(score.interval.mean)
        assert score.interval.lower <= score.interval.upper


# Not BLEU: a text of fewer than four words has none. Nor TER, the smaller the better.
@pytest.mark.parametrize("name", ["chrf", "chrf++", "rouge1", "rougeL", "token-f1"])
@given(text=st.text(st.sampled_from("abcdefg "), min_size=1, max_size=60))
@settings(max_examples=40, deadline=None)
def test_nothing_is_better_than_the_reference(name: str, text: str) -> None:
    metric = load_metric(name)
    same = metric.score(metric.statistics([text], [[text]]))
    other = metric.score(metric.statistics([f"{text} more words"], [[text]]))
    assert same >= other
