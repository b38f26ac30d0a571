"""The way from a trained checkpoint to scores, on the small summarizer of ``tests/golden``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s2scli.api import load
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN, Run

CHECKPOINT = GOLDEN / "demo-summarizer"


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    """What transformers made of some abstracts (``scripts/make_summary_golden.py``)."""
    content: dict[str, Any] = json.loads((GOLDEN / "demo-summarizer.json").read_text("utf-8"))
    return content


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("demo") / "model"
    convert(CHECKPOINT, directory, quantization="float32")
    return directory


@pytest.mark.parametrize(
    ("run", "options"),
    [
        ("greedy", {"beam_size": 1}),
        ("beam", {"beam_size": 4}),
        ("constrained", {"beam_size": 1, "no_repeat_ngram_size": 3, "min_length": 19}),
    ],
)
def test_summaries_are_those_of_transformers(
    demo: Path, golden: dict[str, Any], run: str, options: dict[str, Any]
) -> None:
    model = load(demo, "summarize", threads=1)
    summaries = list(model.summarize(golden["texts"], **options))
    assert [summary.text for summary in summaries] == golden["outputs"][run]
    assert all(len(summary.chunks) == 1 for summary in summaries)


def test_from_documents_to_scores(s2s: Run, demo: Path, golden: dict[str, Any], tmp_path: Path
) -> None:  # fmt: skip
    rows = zip(golden["texts"], golden["summaries"], strict=True)
    source = tmp_path / "set.jsonl"
    lines = [json.dumps({"text": text, "summaries": refs}) + "\n" for text, refs in rows]
    source.write_text("".join(lines))
    out = tmp_path / "out.jsonl"
    arguments = ("--jsonl-field", "text", "--format", "jsonl", "-o", out, source)
    assert s2s("summarize", "-m", demo, *arguments).returncode == 0
    done = s2s("score", out, source, "--ref-field", "summaries", "--task", "summarize", "--json")
    scores = {
        row["metric"]: row["score"] for row in json.loads(done.stdout)["systems"][0]["scores"]
    }
    assert scores["rouge1"] > 0.15


def test_a_long_document(demo: Path, golden: dict[str, Any]) -> None:
    model = load(demo, "summarize", threads=1)
    (summary,) = model.summarize(["\n\n".join(golden["texts"])], beam_size=1)
    assert summary.levels >= 2
    text = summary.document.text
    assert "".join(text[chunk.fresh : chunk.end] for chunk in summary.chunks) == text
