"""Models for long texts with random weights, against transformers: ids and scores."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from s2scli.errors import InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

LONGEST = 12
# Texts that end within a block, with one, and just behind one; and one of all positions.
LENGTHS = (3, 8, 9, 47, 96, 144)
SEARCHES = ((1, 1.0), (4, 0.6), (4, 2.0))
SIDES = ("encoder", "decoder")
FAIRSEQ = {
    "d_model": 32,
    **{f"{side}_layers": 2 for side in SIDES},
    **{f"{side}_attention_heads": 4 for side in SIDES},
    **{f"{side}_ffn_dim": 64 for side in SIDES},
    "max_position_embeddings": 144,
    "forced_eos_token_id": None,
}
LED = {
    **{name: size for name, size in FAIRSEQ.items() if "max_" not in name},
    "max_encoder_position_embeddings": 144,
    "max_decoder_position_embeddings": 32,
}
T5 = {
    "d_model": 32,
    "d_kv": 12,
    "d_ff": 48,
    "num_layers": 3,
    "num_decoder_layers": 2,
    "num_heads": 4,
    "decoder_start_token_id": 0,
}


class Case(NamedTuple):
    """A model: transformers' classes, sizes, and the checkpoint that has its tokenizer."""

    name: str
    sizes: dict[str, Any]
    tokenizer: str


CASES = {
    "led": Case("LED", {**LED, "attention_window": 8}, "bart"),
    "led-two-windows": Case("LED", {**LED, "attention_window": [4, 12]}, "bart"),
    "longt5-local": Case(
        "LongT5",
        {
            **T5,
            "local_radius": 7,
            "relative_attention_num_buckets": 8,
            "tie_word_embeddings": False,
        },
        "t5",
    ),
    "longt5-global": Case(
        "LongT5",
        {
            **T5,
            "encoder_attention_type": "transient-global",
            "local_radius": 7,
            "global_block_size": 4,
            "feed_forward_proj": "gated-gelu",
            "relative_attention_max_distance": 20,
        },
        "t5",
    ),
    "longt5-uneven": Case(
        "LongT5",
        {
            **T5,
            "encoder_attention_type": "transient-global",
            "local_radius": 4,
            "global_block_size": 7,
        },
        "t5",
    ),
    "pegasus-x": Case("PegasusX", {**FAIRSEQ, "num_global_tokens": 3, "block_size": 8}, "pegasus"),
    "bigbird": Case(
        "BigBirdPegasus", {**FAIRSEQ, "block_size": 4, "num_random_blocks": 2}, "bigbird-pegasus"
    ),
    "bigbird-biased": Case(
        "BigBirdPegasus",
        {**FAIRSEQ, "block_size": 5, "num_random_blocks": 1, "use_bias": True},
        "bigbird-pegasus",
    ),
    "pegasus-x-unmoved": Case(
        "PegasusX",
        {**FAIRSEQ, "num_global_tokens": 1, "block_size": 9, "stagger_local_blocks": False},
        "pegasus",
    ),
}


def write_checkpoint(directory: Path, case: Case) -> Any:
    """Write a checkpoint whose outputs are not all alike; the model in transformers."""
    import torch
    import transformers

    torch.manual_seed(3)
    source = GOLDEN / case.tokenizer
    size = json.loads((source / "config.json").read_text("utf-8"))["vocab_size"]
    config = getattr(transformers, f"{case.name}Config")(**case.sizes, vocab_size=size)
    model = getattr(transformers, f"{case.name}ForConditionalGeneration")(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            spread = 0.25 if parameter.dim() > 1 else 0.1
            centre = float(parameter.dim() == 1 and name.endswith("weight"))
            parameter.copy_(centre + spread * torch.randn(parameter.shape))
        if hasattr(model, "final_logits_bias"):
            model.final_logits_bias.copy_(0.3 * torch.randn(1, size))
    model.save_pretrained(directory)
    for file in source.iterdir():
        if file.name not in ("config.json", "generation_config.json", "model.safetensors"):
            shutil.copy(file, directory)
    if case.name == "LED":
        settings = {"tokenizer_class": "LEDTokenizer"}
        (directory / "tokenizer_config.json").write_text(json.dumps(settings))
    return model


def answer(model: Any, source: list[int], beams: int, penalty: float) -> tuple[list[int], float]:
    """What transformers gives for a text: ids with their end, and the sum of log-probabilities."""
    import torch

    from tests.oracle.reference import ids_and_scores

    ids, further = torch.tensor([source]), {}
    if model.config.model_type == "bigbird_pegasus":
        # A model that has read a short text reads all later ones with full attention.
        model.model.encoder.set_attention_type("block_sparse")
    if model.config.model_type == "led":
        further = {"global_attention_mask": (torch.arange(len(source)) == 0).long()[None]}
    return ids_and_scores(
        model,
        beams,
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        length_penalty=penalty,
        max_new_tokens=LONGEST,
        **further,
    )[0]


def compare(
    reference: Any, directory: Path, lengths: tuple[int, ...], searches: Any = SEARCHES
) -> None:
    """Random texts of some lengths, in transformers and in a converted model."""
    model = Model(directory, place("cpu", threads=1), job=Job("summarize"))
    tokens = json.loads((directory / "stepper.json").read_text("utf-8"))["tokens"]
    end = reference.config.eos_token_id
    random = np.random.default_rng(1)
    sources = [[*map(int, random.integers(5, 400, length - 1)), end] for length in lengths]
    texts = [[tokens[number] for number in source] for source in sources]
    for beams, penalty in searches:
        given = {"beam_size": beams, "length_penalty": penalty, "max_length": LONGEST}
        decoding = model.decoding({**given, "min_length": 0})
        rows = [several[0] for several in model.engine.submit(texts, decoding).result()]
        ours = [[*map(tokens.index, row.tokens), *([] if row.truncated else [end])] for row in rows]
        theirs = [answer(reference, source, beams, penalty) for source in sources]
        assert ours == [ids for ids, _ in theirs], (beams, penalty)
        totals = [row.score * row.length for row in rows], [total for _, total in theirs]
        np.testing.assert_allclose(*totals, rtol=1e-5, atol=2e-4)
    assert len({tuple(row) for row in ours}) > 1


@pytest.mark.parametrize("name", CASES)
def test_ids_and_scores(name: str, tmp_path: Path) -> None:
    reference = write_checkpoint(tmp_path / "c", CASES[name])
    is_bigbird = CASES[name].name == "BigBirdPegasus"
    convert(tmp_path / "c", tmp_path / "m", quantization="float32", long_inputs=is_bigbird)
    compare(reference, tmp_path / "m", LENGTHS)


@pytest.mark.parametrize("name", ["led", "longt5-global", "pegasus-x", "bigbird"])
def test_int8_is_the_same_in_a_batch(name: str, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "c", CASES[name])
    convert(tmp_path / "c", tmp_path / "m", quantization="int8", long_inputs=name == "bigbird")
    model = Model(tmp_path / "m", place("cpu", threads=1), job=Job("summarize"))
    tokens = json.loads((tmp_path / "m" / "stepper.json").read_text("utf-8"))["tokens"]
    decoding = model.decoding({"max_length": LONGEST, "beam_size": 2})
    texts = [tokens[10:30], tokens[40:43], tokens[60:110]]
    together = model.engine.submit(texts, decoding).result()
    assert together == [model.engine.submit([text], decoding).result()[0] for text in texts]


WRONG = [
    ("led", "attention_window", (7, 0, [8], "8", 1 << 40)),
    ("longt5-global", "encoder_attention_type", ("global", 1)),
    ("longt5-global", "local_radius", (0, -1, "7", 1 << 20)),
    ("longt5-global", "global_block_size", (0,)),
    ("longt5-global", "relative_attention_max_distance", (8, 1 << 20)),
    ("pegasus-x", "block_size", (9, 0, 1 << 20)),
    ("pegasus-x", "num_global_tokens", (0,)),
    ("pegasus-x", "stagger_local_blocks", ("yes",)),
]


@pytest.mark.parametrize(("name", "key", "values"), WRONG)
def test_settings_that_cannot_be(name: str, key: str, values: Any, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "c", CASES[name])
    path = tmp_path / "c" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    for wrong in values:
        path.write_text(json.dumps({**config, key: wrong}))
        with pytest.raises(InvalidModelError, match=key):
            convert(tmp_path / "c", tmp_path / "other", quantization="float32")


def test_relative_steps_are_those_of_the_reference() -> None:
    import torch
    from transformers.models.longt5.modeling_longt5 import LongT5Attention

    from s2scli.models.convert.graphs.relativebias import steps

    for both, count, most in ((True, 32, 128), (False, 32, 128), (True, 8, 20), (False, 7, 100)):
        distances = np.arange(0, most + 50)
        theirs = LongT5Attention._relative_position_bucket(
            -torch.from_numpy(distances), both, count, most
        )
        assert steps(distances, count // 2 if both else count, most).tolist() == theirs.tolist()
