"""The encoders of learned metrics against transformers: tokens, and vectors between layers.

The scores of whole metrics are compared with stored ones: unbabel-comet needs an older NumPy than
s2s does, so that no environment can have both (``scripts/make_learned_golden.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.inference.scoring.bertscore import BertScorer
from s2scli.models.convert.opening import ScoringParts
from s2scli.models.convert.run import convert
from s2scli.models.manifest import Manifest
from tests.conftest import GOLDEN
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")

LEARNED = GOLDEN / "learned"
ENCODERS = ("xlm-roberta-small", "roberta-small", "bert-small")
SENTENCES = [
    line.split("\t")[column]
    for line in (GOLDEN / "bundled-sentences.tsv").read_text("utf-8").splitlines()
    for column in (1, 2)
]
STRANGE = ["", " ", "a  b", "Ünïcödé — “quoted”", "日本語の文", "x" * 90, "1,234.5 €", "\u200bzero"]
TEXTS = [*SENTENCES[:24], *STRANGE]


@pytest.fixture(params=ENCODERS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("layer", [0, 3])
def test_vectors_are_those_of_transformers(name: str, layer: int, tmp_path: Path) -> None:
    import torch
    import transformers

    convert(
        LEARNED / name, tmp_path / "m", quantization="float32", scoring=ScoringParts(layer=layer)
    )
    scorer = BertScorer(tmp_path / "m", Manifest.load(tmp_path / "m"))
    encoder = scorer.encoder
    tokenizer = transformers.AutoTokenizer.from_pretrained(LEARNED / name, use_fast=False)
    model = transformers.AutoModel.from_pretrained(LEARNED / name).eval()
    rows = [tuple(ids_of(tokenizer)(text.strip())) for text in TEXTS]
    assert [row for row, _ in scorer.rows(TEXTS)] == rows
    for numbers, vectors in encoder.run(rows):
        for number, found in zip(numbers, vectors, strict=True):
            ids = torch.tensor([rows[number]])
            with torch.no_grad():
                states = model(ids, output_hidden_states=True).hidden_states[layer][0].numpy()
            expected = states / np.linalg.norm(states, axis=-1, keepdims=True)
            assert np.abs(found[: len(rows[number])] - expected).max() < 1e-5


def ids_of(tokenizer: Any) -> Callable[[str], list[int]]:
    """How bert-score reads texts."""
    special = {"max_length": tokenizer.model_max_length, "truncation": True}
    if "Roberta" in type(tokenizer).__name__ and "XLM" not in type(tokenizer).__name__:
        special["add_prefix_space"] = True
    return lambda text: (
        list(tokenizer.encode(text, **special))
        if text
        else [
            tokenizer.cls_token_id,
            tokenizer.sep_token_id,
        ]
    )
