"""BLEU, chrF and TER equal sacrebleu's own, scores, signatures, intervals and paired tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER
from sacrebleu.significance import PairedTest, Result

from s2scli.errors import UsageError
from s2scli.metrics import METRICS
from s2scli.metrics import resample as resampling
from s2scli.metrics.base import Metric, MetricOptions, Statistics, load_metric
from s2scli.metrics.resample import confidence_interval, paired_tests
from tests.metrics.texts import random_pairs, real_pairs

PAIRS = [*real_pairs(), *random_pairs(400)]
HYPOTHESES = [one for one, _ in PAIRS]
OTHERS = [two if number % 3 else one for number, (one, two) in enumerate(random_pairs(405, 1))]
REFERENCES = [two for _, two in PAIRS]
SECOND = [one[::-1] for one, _ in PAIRS]


@pytest.mark.parametrize(
    ("name", "options", "theirs"),
    [
        ("bleu", MetricOptions(), BLEU()),
        ("bleu", MetricOptions(tokenize="intl", lowercase=True), BLEU(True, tokenize="intl")),
        ("bleu", MetricOptions(tokenize="zh"), BLEU(tokenize="zh")),
        ("bleu", MetricOptions(tokenize="char"), BLEU(tokenize="char")),
        ("bleu", MetricOptions(tokenize="none"), BLEU(tokenize="none", force=True)),
        ("chrf", MetricOptions(), CHRF()),
        ("chrf", MetricOptions(lowercase=True), CHRF(lowercase=True)),
        ("chrf++", MetricOptions(), CHRF(word_order=2)),
        ("ter", MetricOptions(), TER()),
    ],
)
def test_scores_and_signatures(
    name: str, options: MetricOptions, theirs: BLEU | CHRF | TER
) -> None:
    metric = load_metric(name, options)
    for documents in ([REFERENCES], [REFERENCES, SECOND]):
        rows = list(zip(*documents, strict=True))
        expected = theirs.corpus_score(HYPOTHESES, documents)
        assert metric.score(metric.statistics(HYPOTHESES, rows)) == expected.score
        assert metric.signature(len(documents)) == str(theirs.get_signature())


def test_sentence_scores() -> None:
    for name, theirs in (("bleu", BLEU(effective_order=True)), ("chrf", CHRF()), ("ter", TER())):
        metric = load_metric(name)
        found = metric.sentence_scores(metric.statistics(HYPOTHESES, [[r] for r in REFERENCES]))
        expected = [
            theirs.sentence_score(h, [r]).score for h, r in zip(HYPOTHESES, REFERENCES, strict=True)
        ]
        np.testing.assert_array_equal(found, expected)


def statistics(metric: Metric, hypotheses: list[str]) -> Statistics:
    return metric.statistics(hypotheses, [[r] for r in REFERENCES])


@pytest.mark.parametrize("chunk", [20_000_000, 50_000])
def test_intervals_and_paired_tests(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resampling, "CHUNK_NUMBERS", chunk)
    systems: list[tuple[str, Sequence[str]]] = [("one", HYPOTHESES), ("two", OTHERS)]
    theirs = {"bleu": BLEU(), "chrf": CHRF(), "ter": TER()}
    for name, metric in ((name, load_metric(name)) for name in theirs):
        expected = theirs[name].corpus_score(HYPOTHESES, [REFERENCES], n_bootstrap=200)
        found = confidence_interval(metric, statistics(metric, HYPOTHESES), 200, 12345)
        assert found.mean == pytest.approx(expected._mean, rel=1e-6)
        assert found.half_width == pytest.approx(expected._ci, rel=1e-5)
        one, two = statistics(metric, HYPOTHESES), statistics(metric, OTHERS)
        found_p = paired_tests(metric, one, two, samples=300, trials=400, seed=12345)
        for kind, samples, ours in (
            ("bs", 300, found_p.bootstrap_p),
            ("ar", 400, found_p.randomization_p),
        ):
            test = PairedTest(systems, {name: theirs[name]}, [REFERENCES], kind, samples)
            _, results = test()
            result = results[theirs[name].corpus_score(["a"], [["a"]]).name][1]
            assert isinstance(result, Result)
            assert ours == result.p_value


@pytest.mark.parametrize("name", METRICS)
def test_any_text_gives_finite_numbers(name: str) -> None:
    metric = load_metric(name)
    found = statistics(metric, HYPOTHESES)
    assert len(found) == len(HYPOTHESES)
    assert np.isfinite(metric.score(found))
    assert np.isfinite(metric.sentence_scores(found)).all()
    assert np.isfinite(metric.score(found[:3]))
    perfect = metric.score(statistics(metric, REFERENCES))
    worse = metric.score(found)
    assert (
        perfect <= worse if metric.lower_is_better else perfect >= worse or name == "length-ratio"
    )
    assert metric.signature(1).startswith("nrefs:1|")


def test_unknown_names() -> None:
    with pytest.raises(UsageError, match="Did you mean rougeL"):
        load_metric("rougel")
    with pytest.raises(UsageError, match="There is no tokenizer"):
        load_metric("bleu", MetricOptions(tokenize="klingon"))


DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")
def test_newstest2014() -> None:
    """The German side against itself with every seventh word left out."""
    references = (DATA / "newstest2014.de").read_text("utf-8").split("\n")[:3003]
    hypotheses = [
        " ".join(word for number, word in enumerate(line.split()) if number % 7)
        for line in references
    ]
    for name, theirs in (("bleu", BLEU()), ("chrf", CHRF()), ("chrf++", CHRF(word_order=2))):
        metric = load_metric(name)
        found = metric.score(metric.statistics(hypotheses, [[line] for line in references]))
        assert found == theirs.corpus_score(hypotheses, [references]).score
    metric, few = load_metric("ter"), slice(0, 300)
    found = metric.score(metric.statistics(hypotheses[few], [[r] for r in references[few]]))
    assert found == TER().corpus_score(hypotheses[few], [references[few]]).score


@pytest.mark.parametrize("name", METRICS)
def test_systems_that_differ_in_one_segment(name: str) -> None:
    """No trial gives a greater difference, in whatever order a metric's numbers are summed."""
    references = [[f"the old house no {n} is on the hill and it is red"] for n in range(30)]
    baseline = [f"the house {n} is on a hill and red" for n in range(30)]
    system = ["the house was red", *baseline[1:]]
    metric = load_metric(name)
    found = [metric.statistics(texts, references) for texts in (baseline, system)]
    tested = paired_tests(metric, *found, samples=40, trials=100, seed=12345)
    assert tested.randomization_p == pytest.approx(1 / 101)
