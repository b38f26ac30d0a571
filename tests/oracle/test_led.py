"""LED with random weights, against transformers with global attention on the first token."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

WORDS, LONGEST, END = 120, 20, 2
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
LETTERS = [chr(0x100 + number) for number in range(WORDS - len(SPECIAL) - 1)]
TOKENS = [*SPECIAL, *LETTERS, LETTERS[0] + LETTERS[1]]
# Texts that end within a block, with one, and just behind one; and one of all positions.
LENGTHS = (3, 5, 8, 9, 24, 47, 144)
SEARCHES = ((1, 1.0), (4, 0.6), (4, 2.0))
SHAPE = {
    "vocab_size": WORDS,
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_encoder_position_embeddings": 144,
    "max_decoder_position_embeddings": 32,
}


def write_checkpoint(directory: Path, windows: int | list[int]) -> Any:
    """Write a checkpoint whose outputs are not all alike; the model in transformers."""
    import torch
    import transformers

    torch.manual_seed(3)
    config = transformers.LEDConfig(**SHAPE, attention_window=windows)
    model = transformers.LEDForConditionalGeneration(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            spread = 0.25 if parameter.dim() > 1 else 0.1
            centre = float(parameter.dim() == 1 and name.endswith("weight"))
            parameter.copy_(centre + spread * torch.randn(parameter.shape))
        model.final_logits_bias.copy_(0.3 * torch.randn(1, WORDS))
    model.save_pretrained(directory)
    (directory / "vocab.json").write_text(json.dumps({t: n for n, t in enumerate(TOKENS)}))
    (directory / "merges.txt").write_text(f"#version: 0.2\n{LETTERS[0]} {LETTERS[1]}\n", "utf-8")
    settings = {"tokenizer_class": "LEDTokenizer"}
    (directory / "tokenizer_config.json").write_text(json.dumps(settings))
    return model


def answer(model: Any, source: list[int], beams: int, penalty: float) -> tuple[list[int], float]:
    """What transformers gives for a text: ids with their end, and the sum of log-probabilities."""
    import torch

    ids = torch.tensor([source])
    out = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        global_attention_mask=(torch.arange(len(source)) == 0).long()[None],
        num_beams=beams,
        length_penalty=penalty,
        max_new_tokens=LONGEST,
        return_dict_in_generate=True,
        output_scores=True,
    )
    logs = model.compute_transition_scores(
        out.sequences,
        out.scores,
        getattr(out, "beam_indices", None),
        normalize_logits=beams == 1,
    )[0].tolist()
    row = out.sequences[0, 1:].tolist()
    length = row.index(END) + 1 if END in row else len(row)
    return row[:length], sum(logs[:length])


@pytest.mark.parametrize("windows", [8, [4, 12]])
def test_ids_and_scores(windows: int | list[int], tmp_path: Path) -> None:
    reference = write_checkpoint(tmp_path / "c", windows)
    report = convert(tmp_path / "c", tmp_path / "m", quantization="float32")
    assert report.manifest.max_source_tokens == 144
    model = Model(tmp_path / "m", place("cpu", threads=1), job=Job("summarize"))
    random = np.random.default_rng(1)
    sources = [
        [0, *map(int, random.integers(len(SPECIAL), WORDS, length - 2)), END] for length in LENGTHS
    ]
    tokens = [[TOKENS[number] for number in source] for source in sources]
    for beams, penalty in SEARCHES:
        given = {"beam_size": beams, "length_penalty": penalty, "max_length": LONGEST}
        decoding = model.decoding({**given, "min_length": 0})
        rows = [several[0] for several in model.engine.submit(tokens, decoding).result()]
        ours = [[*map(TOKENS.index, row.tokens), *([] if row.truncated else [END])] for row in rows]
        theirs = [answer(reference, source, beams, penalty) for source in sources]
        assert ours == [ids for ids, _ in theirs]
        totals = [row.score * row.length for row in rows], [total for _, total in theirs]
        np.testing.assert_allclose(*totals, rtol=1e-5, atol=1e-4)
    assert len({tuple(row) for row in ours}) > 1


def test_int8_and_windows_that_are_none(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "c", 8)
    convert(tmp_path / "c", tmp_path / "m", quantization="int8")
    model = Model(tmp_path / "m", place("cpu", threads=1), job=Job("summarize"))
    decoding = model.decoding({"max_length": LONGEST, "beam_size": 2})
    texts = [TOKENS[10:30], TOKENS[40:45], TOKENS[60:110]]
    together = model.engine.submit(texts, decoding).result()
    assert together == [model.engine.submit([text], decoding).result()[0] for text in texts]
    path = tmp_path / "c" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    for wrong in (7, 0, [8], "8"):
        path.write_text(json.dumps({**config, "attention_window": wrong}))
        with pytest.raises(InvalidModelError, match="attention_window"):
            convert(tmp_path / "c", tmp_path / "other", quantization="float32")
