"""COMET against scores of unbabel-comet 2.2.7 (``scripts/make_learned_golden.py``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import InvalidModelError, UsageError
from s2scli.inference.scoring.comet import CometScorer
from s2scli.metrics.base import load_metric
from s2scli.models.convert.graphs.cometgraphs import mix_weights
from s2scli.models.manifest import Manifest
from tests.learned.conftest import Metrics

KINDS = ("regression", "layer", "referenceless", "unified", "unite")
WITHOUT_REFERENCES = ("referenceless", "unified")


def texts(golden: dict[str, Any]) -> dict[str, list[str]]:
    return {
        "src": golden["sources"],
        "mt": golden["hypotheses"],
        "ref": golden["references"],
    }


def opened(directory: Path) -> CometScorer:
    return CometScorer(directory, Manifest.load(directory))


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("quantization", "most"), [("float32", 1e-5), ("float16", 2e-3), ("int8", 0.005)]
)
def test_scores_are_those_of_the_reference(
    name: str, quantization: str, most: float, metrics: Metrics, golden: dict[str, Any]
) -> None:
    scorer = opened(metrics(name, quantization))
    found = scorer.estimates(texts(golden))
    scores = np.array([estimate.score for estimate in found])
    assert np.abs(scores - golden["comet"][name]).max() <= most
    cut = [number for number, estimate in enumerate(found) if not estimate.whole]
    assert cut == ([5, 11] if name == "unite" else [5])  # longer than the model reads
    assert scorer.texts == {"mt", "src"} | (set() if name in WITHOUT_REFERENCES else {"ref"})


def test_scores_do_not_depend_on_batches(metrics: Metrics, golden: dict[str, Any]) -> None:
    together = opened(metrics("regression")).estimates(texts(golden))
    scorer = opened(metrics("regression"))
    for number, estimate in enumerate(together):
        one = {name: [each[number]] for name, each in texts(golden).items()}
        assert scorer.estimates(one)[0].score == pytest.approx(estimate.score, abs=1e-6)


def test_a_metric_like_any_other(metrics: Metrics, golden: dict[str, Any]) -> None:
    metric = load_metric(f"comet:{metrics('regression')}")
    assert (metric.needs_references, metric.needs_sources) == (True, True)
    references = [[text] for text in golden["references"]]
    rows = metric.statistics(golden["hypotheses"], references, golden["sources"])
    assert metric.sentence_scores(rows) == pytest.approx(golden["comet"]["regression"], abs=1e-5)
    assert metric.score(rows) == pytest.approx(np.mean(golden["comet"]["regression"]), abs=1e-5)
    assert metric.remarks[0].endswith("whose ends do not count: 1")
    signature = metric.signature(1)
    manifest = Manifest.load(metrics("regression"))
    assert f"model:regression-float32|hash:{manifest.fingerprint}|type:float32|" in signature


def test_the_best_of_several_references_counts(metrics: Metrics, golden: dict[str, Any]) -> None:
    metric = load_metric(f"comet:{metrics('regression')}")
    rows = zip(golden["hypotheses"], golden["references"], golden["sources"], strict=True)
    for hypothesis, reference, source in list(rows)[:4]:
        alone = [
            metric.statistics([hypothesis], [[text]], [source])[0][0] for text in (reference, "Ja.")
        ]
        both = metric.statistics([hypothesis], [[reference, "Ja."]], [source])[0][0]
        assert both == pytest.approx(max(alone), abs=1e-6)


def test_quality_estimation_reads_no_references(metrics: Metrics, golden: dict[str, Any]) -> None:
    metric = load_metric(f"cometkiwi:{metrics('unified')}")
    assert (metric.needs_references, metric.needs_sources) == (False, True)
    none: list[list[str]] = [[] for _ in golden["sources"]]
    rows = metric.statistics(golden["hypotheses"], none, golden["sources"])
    assert metric.sentence_scores(rows) == pytest.approx(golden["comet"]["unified"], abs=1e-5)
    assert metric.signature(0).startswith("nrefs:0|model:unified-float32|")
    with pytest.raises(UsageError, match="reads references"):
        load_metric(f"cometkiwi:{metrics('regression')}")


def test_a_model_that_does_something_else(metrics: Metrics) -> None:
    with pytest.raises(UsageError, match="en-de is not a learned metric"):
        load_metric("comet:en-de")
    with pytest.raises(UsageError, match="is not an encoder for BERTScore"):
        load_metric(f"bertscore:{metrics('unified')}")
    with pytest.raises(UsageError, match="names no model"):
        load_metric("comet:")


def test_mixes() -> None:
    """Sparsemax leaves out what is far behind; both sum up to gamma."""
    scalars = [0.5, 2.0, 1.8, -1.0]
    soft, sparse = (mix_weights(scalars, 1.5, kind) for kind in ("softmax", "sparsemax"))
    assert sum(soft) == pytest.approx(1.5)
    assert sum(sparse) == pytest.approx(1.5)
    assert sparse == pytest.approx([0, 0.9, 0.6, 0])
    assert all(soft)


def test_a_damaged_model_is_refused(metrics: Metrics, tmp_path: Path) -> None:
    for name in ("stepper.json", "s2s.json"):
        (tmp_path / name).write_bytes((metrics("regression") / name).read_bytes())
    with pytest.raises(InvalidModelError, match=r"sentencepiece\.bpe\.model"):
        load_metric(f"comet:{tmp_path}")
