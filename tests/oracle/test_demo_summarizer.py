"""The small summarizer of ``tests/golden`` against transformers itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s2scli.api import load
from s2scli.models.convert.run import convert
from tests.oracle.needs import needs
from tests.test_demo_summarizer import CHECKPOINT

pytestmark = needs("torch", "transformers")


@pytest.mark.parametrize("beams", [1, 4])
def test_a_hundred_abstracts_against_transformers(tmp_path: Path, beams: int) -> None:
    """On pieces of the golden abstracts, so that there are a hundred different inputs."""
    import torch
    import transformers

    golden = json.loads(CHECKPOINT.with_suffix(".json").read_text("utf-8"))
    convert(CHECKPOINT, tmp_path / "demo", quantization="float32")
    transformers.logging.set_verbosity_error()
    texts = [text[: len(text) * part // 3] for text in golden["texts"] for part in (1, 2, 3)]
    tokenizer: Any = transformers.T5Tokenizer.from_pretrained(CHECKPOINT, legacy=True)
    theirs: Any = transformers.T5ForConditionalGeneration.from_pretrained(
        CHECKPOINT, dtype=torch.float32
    ).eval()
    wanted = []
    for start in range(0, len(texts), 20):
        batch = [f"summarize: {text}" for text in texts[start : start + 20]]
        encoded = tokenizer(batch, return_tensors="pt", padding=True)
        found = theirs.generate(**encoded, num_beams=beams, early_stopping=beams > 1)
        wanted += tokenizer.batch_decode(found, skip_special_tokens=True)
    summaries = load(tmp_path / "demo", "summarize").summarize(texts, beam_size=beams)
    assert len(texts) > 100
    assert [summary.text for summary in summaries] == wanted
