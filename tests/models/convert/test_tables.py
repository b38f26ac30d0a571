"""Embeddings and output: one table or several, and tensors that no model reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.convert.run import convert
from tests.checkpoints import Array
from tests.conftest import GOLDEN
from tests.families import FAMILIES
from tests.variants import Weights, table_names, variables, variant

# What transformers 5 writes for checkpoints that were tied or not before.
VERSION_5 = {"transformers_version": "5.24.0", "tie_word_embeddings": True}
SCALED = {"t5": {"scale_decoder_outputs": True}}
UNSCALED = {name: {"scale_decoder_outputs": False} for name in ("t5v1_1", "madlad")}
UNTIED = ("t5v1_1", "madlad", "mt5")  # in tests/golden


def model_bin(checkpoint: Path, directory: Path) -> Path:
    convert(checkpoint, directory, quantization="float32")
    return directory / "model.bin"


def store_copies(weights: Weights) -> None:
    shared, encoder, decoder, head = table_names(weights)
    weights[encoder] = weights[decoder] = weights[shared]
    weights.setdefault(head, weights[shared])


def own_output(weights: Weights) -> None:
    shared, *_, head = table_names(weights)
    weights[head] = weights[shared][::-1].copy()


@pytest.mark.parametrize("name", FAMILIES)
def test_a_tensor_that_nothing_reads_is_named(name: str, tmp_path: Path) -> None:
    def add(weights: Weights) -> None:
        weights["model.encoder.adapter.weight"] = np.ones(3, np.float32)

    checkpoint = variant(name, tmp_path / "c", weights=add)
    with pytest.raises(InvalidModelError, match=r"reads, such as model\.encoder\.adapter\.weight"):
        convert(checkpoint, tmp_path / "m", quantization="float32")


@pytest.mark.parametrize("name", FAMILIES)
def test_copies_of_a_table_change_nothing(name: str, tmp_path: Path) -> None:
    plain = model_bin(GOLDEN / name, tmp_path / "plain").read_bytes()
    checkpoint = variant(name, tmp_path / "c", weights=store_copies)
    assert model_bin(checkpoint, tmp_path / "m").read_bytes() == plain


@pytest.mark.parametrize("name", FAMILIES)
def test_checkpoints_of_transformers_5_mean_the_same(name: str, tmp_path: Path) -> None:
    plain = model_bin(GOLDEN / name, tmp_path / "plain").read_bytes()
    keys = VERSION_5 | SCALED.get(name, {}) | UNSCALED.get(name, {})
    checkpoint = variant(name, tmp_path / "c", config=keys)
    assert model_bin(checkpoint, tmp_path / "m").read_bytes() == plain


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("keys", [{"tie_word_embeddings": False}, VERSION_5])
def test_an_output_of_its_own_is_used(name: str, keys: dict[str, Any], tmp_path: Path) -> None:
    checkpoint = variant(name, tmp_path / "c", config=keys, weights=own_output)
    output = stored(model_bin(checkpoint, tmp_path / "m"), "decoder/projection/weight")
    table = stored(model_bin(GOLDEN / name, tmp_path / "plain"), "decoder/embeddings/weight")
    width = len(stored(tmp_path / "m" / "model.bin", "decoder/layer_0/ffn/layer_norm/gamma"))
    if name == "marian-tiny":  # whose last row of zeros is the start, and leaves the tables
        table = np.concatenate([table, np.zeros(width, np.float32)])
        output = np.concatenate([output, table[:width]])
    np.testing.assert_array_equal(output.reshape(-1, width), table.reshape(-1, width)[::-1])


def test_a_longt5_of_which_nothing_says_whether_outputs_are_scaled(tmp_path: Path) -> None:
    """transformers 5 calls all tied, and those that are not store an output of their own."""
    checkpoint = variant("longt5", tmp_path / "c", config=VERSION_5)
    with pytest.raises(InvalidModelError, match=r"scaled\. If it was .* set tie_word_embeddings"):
        convert(checkpoint, tmp_path / "m", quantization="float32")
    mended = variant("longt5", tmp_path / "d", config=VERSION_5 | {"tie_word_embeddings": False})
    plain = convert(GOLDEN / "longt5", tmp_path / "plain", quantization="float32")
    again = convert(mended, tmp_path / "m", quantization="float32")
    assert again.manifest.files == plain.manifest.files


def stored(path: Path, name: str) -> Array:
    """The numbers of a variable."""
    return np.frombuffer(variables(path)[name], np.float32)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_table_that_contradicts_the_configuration_is_named(
    name: str, number: int, tmp_path: Path
) -> None:
    def differ(weights: Weights) -> None:
        names = table_names(weights)
        weights[names[number]] = weights[names[0]] * 2

    keys = {"tie_word_embeddings": True}
    checkpoint = variant(name, tmp_path / "c", config=keys, weights=differ)
    wrong = ("", "encoder.embed_tokens", "decoder.embed_tokens", "lm_head")[number]
    with pytest.raises(InvalidModelError, match=f"{wrong}.weight contradicts"):
        convert(checkpoint, tmp_path / "m", quantization="float32")


@pytest.mark.parametrize("name", FAMILIES)
def test_an_untied_output_must_be_there(name: str, tmp_path: Path) -> None:
    checkpoint = variant(
        name,
        tmp_path / "c",
        config={"tie_word_embeddings": False},
        weights=lambda weights: weights.pop("lm_head.weight", None),
    )
    with pytest.raises(InvalidModelError, match=r"has no tensor lm_head\.weight"):
        convert(checkpoint, tmp_path / "m", quantization="float32")


@pytest.mark.parametrize("name", FAMILIES)
def test_ties_are_true_or_false(name: str, tmp_path: Path) -> None:
    checkpoint = variant(name, tmp_path / "c", config={"tie_word_embeddings": "no"})
    with pytest.raises(InvalidModelError, match="tie_word_embeddings as 'no'"):
        convert(checkpoint, tmp_path / "m", quantization="float32")


def test_a_stored_table_of_positions_is_the_computed_one(tmp_path: Path) -> None:
    """M2M100's are computed; old checkpoints store them as well."""
    plain = model_bin(GOLDEN / "m2m100", tmp_path / "plain").read_bytes()
    table = stored(tmp_path / "plain" / "model.bin", "encoder/position_encodings/encodings")
    rows = np.concatenate([np.zeros((2, 48), np.float32), table.reshape(-1, 48)])

    def store(weights: Weights) -> None:
        for side in ("encoder", "decoder"):
            weights[f"model.{side}.embed_positions.weights"] = rows.astype(np.float16)

    checkpoint = variant("m2m100", tmp_path / "c", weights=store)
    assert model_bin(checkpoint, tmp_path / "m").read_bytes() == plain
    rows[7] *= -1
    checkpoint = variant("m2m100", tmp_path / "other", weights=store)
    with pytest.raises(InvalidModelError, match=r"encoder\.embed_positions\.weights is not"):
        convert(checkpoint, tmp_path / "m2", quantization="float32")


@pytest.mark.parametrize("name", ["nllb", "m2m100", "fsmt", "pegasus-x"])
def test_a_bias_that_transformers_does_not_read(name: str, tmp_path: Path) -> None:
    """Old checkpoints store zeros; others would come out otherwise than there."""
    value = 0.0

    def store(weights: Weights) -> None:
        rows = json.loads((GOLDEN / name / "config.json").read_text("utf-8"))
        size = rows.get("tgt_vocab_size", rows.get("vocab_size"))
        weights["final_logits_bias"] = np.full((1, size), value, np.float32)

    convert(variant(name, tmp_path / "c", weights=store), tmp_path / "m", quantization="float32")
    value = 0.5
    checkpoint = variant(name, tmp_path / "c2", weights=store)
    with pytest.raises(InvalidModelError, match="final_logits_bias is not zero"):
        convert(checkpoint, tmp_path / "m2", quantization="float32")
