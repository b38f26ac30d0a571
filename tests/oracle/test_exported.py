"""ONNX files that others exported, against transformers on the checkpoint: ids and scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.exported import EXPORTED, tokens_of, write_exported
from tests.families import FAMILIES, Direction, best_tokens
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

SENTENCES, LONGEST = 100, 59
# Beam size, length penalty.
SEARCHES = ((1, 1.0), (4, 0.6), (4, 1.0), (4, 2.0))


def theirs(
    reference: Any, sources: list[str], direction: Direction, beams: int, penalty: float
) -> list[tuple[list[int], float]]:
    """Ids without start and forced first tokens, and sums of log-probabilities."""
    from tests.oracle.reference import ids_and_scores

    tokenizer, model = reference.tokenizer, reference.model
    options: dict[str, Any] = {}
    if direction.target:
        tokenizer.src_lang = direction.source
        language = tokenizer.convert_tokens_to_ids(direction.target)
        if hasattr(tokenizer, "get_lang_id"):
            language = tokenizer.get_lang_id(direction.target)
        options["forced_bos_token_id"] = language
    forced = options or model.generation_config.forced_bos_token_id is not None
    texts = [direction.prompt + source for source in sources]
    found = ids_and_scores(
        model,
        beams,
        **tokenizer(texts, return_tensors="pt", padding=True),
        length_penalty=penalty,
        max_length=LONGEST + 1,
        **options,
    )
    assert all(ids[-1] == model.generation_config.eos_token_id for ids, _ in found)
    return [(ids[bool(forced) : -1], total) for ids, total in found]


@pytest.mark.parametrize("family", [name for name in EXPORTED if name in FAMILIES])
def test_ids_and_scores(family: str, tmp_path: Path) -> None:
    from tests.oracle.reference import Reference

    checkpoint = write_exported(family, tmp_path / "c")
    convert(checkpoint, tmp_path / "m", quantization="float32")
    numbers = {token: number for number, token in enumerate(tokens_of(tmp_path / "m"))}
    reference = Reference(GOLDEN / family, FAMILIES[family])
    runs = json.loads((GOLDEN / f"{family}.json").read_text("utf-8"))["runs"]
    for direction, run in zip(FAMILIES[family].directions, runs, strict=True):
        model, sources = (
            Model(tmp_path / "m", place("cpu"), job=direction.job),
            run["sources"][:SENTENCES],
        )
        tokens = [model.source(each) for each in model.encode(sources)]
        for beams, penalty in SEARCHES:
            given = {"beam_size": beams, "length_penalty": penalty, "max_length": LONGEST}
            decoding = model.decoding({**given, "min_length": 0})
            rows = best_tokens(model, tokens, decoding)
            others = theirs(reference, sources, direction, beams, penalty)
            assert [[numbers[t] for t in row.tokens] for row in rows] == [ids for ids, _ in others]
            totals = [row.score * row.length for row in rows], [total for _, total in others]
            np.testing.assert_allclose(*totals, rtol=1e-5, atol=2e-4)
