"""Weights that are not numbers, or that a type cannot hold, end a conversion by their names."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.convert.run import convert
from s2scli.models.convert.safetensors import read_safetensors
from tests.checkpoints import write_pytorch, write_safetensors
from tests.conftest import GOLDEN
from tests.variants import Weights

NAMES = {
    "marian-tiny": "model.encoder.layers.0.fc1.weight",
    "bart": "model.decoder.layers.0.self_attn.q_proj.bias",
    "mt5": "shared.weight",
    "bert2bert": "encoder.encoder.layer.0.output.LayerNorm.bias",
    "vit-gpt2": "decoder.transformer.h.0.mlp.c_fc.weight",
}
BFLOAT16_NAN = 0x7FC0


def spoil(name: str, number: float, dtype: str = "") -> Weights:
    """The weights of a checkpoint, of which one tensor has one other number, its last."""
    found = read_safetensors(GOLDEN / name / "model.safetensors")
    arrays = {key: np.array(tensor.array(), dtype or None) for key, tensor in found.items()}
    arrays[NAMES[name]].flat[-1] = number
    return arrays


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("number", "quantization"), [(np.nan, "int8"), (-np.inf, "float32")])
def test_what_is_no_number(name: str, number: float, quantization: str, tmp_path: Path) -> None:
    arrays = spoil(name, number)
    checkpoint = Path(shutil.copytree(GOLDEN / name, tmp_path / "c"))
    write_safetensors(checkpoint / "model.safetensors", arrays)
    with pytest.raises(InvalidModelError, match=f"{NAMES[name]} holds NaN or infinity"):
        convert(checkpoint, tmp_path / "m", quantization=quantization)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_what_is_no_number_in_half_the_bits(kind: str, tmp_path: Path) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "bart", tmp_path / "c"))
    (checkpoint / "model.safetensors").unlink()
    arrays = spoil("bart", np.nan, "float16")
    if kind == "bfloat16":
        wide = {name: array.astype(np.float32) for name, array in arrays.items()}
        arrays = {n: (a.view(np.uint32) >> 16).astype(np.uint16) for n, a in wide.items()}
        arrays[NAMES["bart"]].flat[-1] = BFLOAT16_NAN
    write_pytorch(checkpoint / "pytorch_model.bin", arrays)
    with pytest.raises(InvalidModelError, match=f"{NAMES['bart']} holds NaN or infinity"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("name", ["bart", "vit-gpt2"])
def test_a_weight_too_large_for_float16(name: str, tmp_path: Path) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / name, tmp_path / "c"))
    write_safetensors(checkpoint / "model.safetensors", spoil(name, 1e6, "float32"))
    with pytest.raises(InvalidModelError, match=r"too large for float16; use bfloat16 or float32"):
        convert(checkpoint, tmp_path / "m", quantization="float16")
    convert(checkpoint, tmp_path / "m", quantization="float32")


def test_a_token_that_never_comes_may_have_an_infinite_bias(tmp_path: Path) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "bart", tmp_path / "c"))
    arrays = spoil("bart", 0.0)
    arrays["final_logits_bias"][0, 3] = -np.inf
    write_safetensors(checkpoint / "model.safetensors", arrays)
    convert(checkpoint, tmp_path / "m", quantization="int8")
