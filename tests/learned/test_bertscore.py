"""BERTScore against scores of bert-score 0.3.13 (``scripts/make_learned_golden.py``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import BadInputError, MissingInputError
from s2scli.metrics.base import MetricOptions, load_metric
from tests.learned.conftest import LAYERS, LEARNED, Metrics

BASELINE = LEARNED / "baseline.tsv"
WAYS = {
    "plain": MetricOptions(),
    "idf": MetricOptions(idf=True),
    "rescaled": MetricOptions(baseline=BASELINE),
    "idf-rescaled": MetricOptions(idf=True, baseline=BASELINE),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize(("quantization", "most"), [("float32", 1e-5), ("int8", 0.005)])
def test_scores_are_those_of_the_reference(
    name: str, quantization: str, most: float, metrics: Metrics, golden: dict[str, Any]
) -> None:
    expected = golden["bertscore"][name]
    references = [[text] for text in golden["references"]]
    for way, options in WAYS.items():
        metric = load_metric(f"bertscore:{metrics(name, quantization)}", options)
        rows = np.array(metric.statistics(golden["hypotheses"], references))
        wanted = np.array(expected[way])
        assert np.abs(rows[:, [1, 2, 0]] - wanted).max() <= most, way
        assert metric.score(rows.tolist()) == pytest.approx(wanted[:, 2].mean(), abs=most)


def test_the_best_of_several_references_counts(metrics: Metrics, golden: dict[str, Any]) -> None:
    metric = load_metric(f"bertscore:{metrics('bert-small')}")
    pairs = zip(golden["references"], golden["sources"], strict=True)
    rows = np.array(metric.statistics(golden["hypotheses"], list(pairs)))
    wanted = np.array(golden["bertscore"]["bert-small"]["several"])
    assert np.abs(rows[:, [1, 2, 0]] - wanted).max() <= 1e-5


def test_signatures(metrics: Metrics) -> None:
    name = f"bertscore:{metrics('roberta-small')}"
    plain, full = (load_metric(name, WAYS[way]).signature(1) for way in ("plain", "idf-rescaled"))
    assert "|layer:2|idf:no|rescaled:no|" in plain
    assert "|layer:2|idf:references|rescaled:" in full
    assert "rescaled:no" not in full


@pytest.mark.parametrize(
    "content", ["", "LAYER,P,R,F\n", "LAYER,P,R,F\n2,0.1\n", "x\n2,a,b,c\n", "L\n2,1,1,1\n"]
)
def test_a_file_that_holds_no_baselines(content: str, metrics: Metrics, tmp_path: Path) -> None:
    path = tmp_path / "baseline.tsv"
    path.write_text(content)
    name = f"bertscore:{metrics('roberta-small')}"
    with pytest.raises(BadInputError, match="baseline"):
        load_metric(name, MetricOptions(baseline=path))
    with pytest.raises(MissingInputError):
        load_metric(name, MetricOptions(baseline=tmp_path / "none"))
