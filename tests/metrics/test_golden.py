"""ROUGE and METEOR against stored numbers of rouge-score and NLTK; answers against their rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from s2scli.metrics.base import MetricOptions, load_metric
from s2scli.metrics.meteor import meteor_score
from s2scli.metrics.porter import stem
from tests.conftest import GOLDEN


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((GOLDEN / "metrics.json").read_text("utf-8"))["rows"]
    return found


@pytest.mark.parametrize("name", ["rouge1", "rouge2", "rougeL", "rougeLsum"])
@pytest.mark.parametrize("stemmed", [True, False])
def test_rouge(name: str, stemmed: bool, rows: list[dict[str, Any]]) -> None:
    metric = load_metric(name, MetricOptions(stem=stemmed))
    hypotheses = [row["hypothesis"] for row in rows]
    found = metric.statistics(hypotheses, [[row["reference"]] for row in rows])
    expected = [row["stemmed" if stemmed else "plain"][name] for row in rows]
    assert len(rows) > 300
    assert [row[0] for row in found] == pytest.approx(expected, abs=1e-9)


def test_meteor(rows: list[dict[str, Any]]) -> None:
    found = [
        meteor_score(row["hypothesis"].lower().split(), row["reference"].lower().split())
        for row in rows
    ]
    assert found == pytest.approx([row["meteor"] for row in rows], abs=1e-9)


def test_numbers_of_the_paper_of_rouge() -> None:
    """Lin 2004, section 3: police killed the gunman."""
    metric = load_metric("rougeL", MetricOptions(stem=False))
    reference = ["police killed the gunman"]
    for hypothesis, expected in (
        ("police kill the gunman", 0.75),
        ("the gunman kill police", 0.5),
        ("the gunman police killed", 0.5),
    ):
        (row,) = metric.statistics([hypothesis], [reference])
        assert row[0] == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("caresses", "caress"),
        ("ponies", "poni"),
        ("ties", "tie"),
        ("feed", "feed"),
        ("agreed", "agre"),
        ("plastered", "plaster"),
        ("motoring", "motor"),
        ("conflated", "conflat"),
        ("hopping", "hop"),
        ("filing", "file"),
        ("relational", "relat"),
        ("vietnamization", "vietnam"),
        ("electriciti", "electr"),
        ("adjustable", "adjust"),
        ("controll", "control"),
        ("skies", "sky"),
    ],
)
def test_words_of_the_paper_of_the_stemmer(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_answers() -> None:
    exact, f_score = load_metric("exact-match"), load_metric("token-f1")
    hypotheses = ["The  Eiffel Tower!", "in 1889, Paris", "", "nothing"]
    references = [["eiffel tower", "tower"], ["Paris"], [""], ["something"]]
    assert exact.score(exact.statistics(hypotheses, references)) == 50.0
    found = [row[0] for row in f_score.statistics(hypotheses, references)]
    assert found == [100.0, pytest.approx(50.0), 100.0, 0.0]


def test_letters_beyond_ascii() -> None:
    """rouge-score drops them; ``unicode`` keeps them."""
    for words, expected in (("ascii", 0.0), ("unicode", 1.0)):
        metric = load_metric("rouge1", MetricOptions(rouge_words=words))
        assert metric.score(metric.statistics(["東京 Москва"], [["東京 Москва"]])) == expected
