"""Scores of texts against each other: sacrebleu's own for each pair, however they are counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from s2scli.metrics import pairwise
from s2scli.metrics.base import load_metric

ORACLES: dict[str, Any] = {
    "chrf": CHRF(),
    "chrf++": CHRF(word_order=2),
    "bleu": BLEU(effective_order=True),
}
TEXTS = [
    "Wo ist der Bahnhof?",
    "Wo ist die Station, bitte?",
    "der der der der der Hund",
    "der der Hund",
    "Ein Satz mit (Klammern), 1.234,5 Zahlen und „Zeichen“.",
    "ab",
    "",
    "  ",
    "東京は大きい",
]


def theirs(name: str, texts: list[str]) -> list[list[float]]:
    oracle = ORACLES[name]
    return [[oracle.sentence_score(text, [other]).score for other in texts] for text in texts]


@pytest.mark.parametrize("name", ORACLES)
def test_each_pair_has_the_score_of_sacrebleu(name: str) -> None:
    found = load_metric(name).pairwise(TEXTS)
    np.testing.assert_allclose(found, theirs(name, TEXTS), rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ORACLES)
def test_whatever_the_texts(name: str) -> None:
    metric = load_metric(name)

    @settings(max_examples=30)
    @given(st.lists(st.text(st.sampled_from("ab .,ä"), max_size=12), min_size=1, max_size=5))
    def check(texts: list[str]) -> None:
        np.testing.assert_allclose(metric.pairwise(texts), theirs(name, texts), rtol=0, atol=1e-9)

    check()


def test_large_lists_are_counted_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = load_metric("chrf").pairwise(TEXTS)
    monkeypatch.setattr(pairwise, "MOST_CELLS", 3 * len(TEXTS))
    assert load_metric("chrf").pairwise(TEXTS) == whole


@pytest.mark.parametrize("name", ["ter", "rouge1", "rougeL", "meteor", "exact-match", "token-f1"])
def test_other_metrics_take_each_pair(name: str) -> None:
    metric = load_metric(name)
    texts = TEXTS[:4]
    found = metric.pairwise(texts)
    for row, text in zip(found, texts, strict=True):
        for score, other in zip(row, texts, strict=True):
            assert score == metric.score(metric.statistics([text], [[other]]))
