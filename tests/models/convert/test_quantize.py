from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ctranslate2.specs import common_spec, model_spec, transformer_spec

from s2scli.models.convert import QUANTIZATIONS
from s2scli.models.convert import quantize as module
from s2scli.models.convert.quantize import Variable, alias, quantize
from tests.checkpoints import Array


def linear(weight: Array) -> common_spec.LinearSpec:
    spec = common_spec.LinearSpec()
    spec.weight = weight.copy()
    spec.bias = weight[:, 0].copy()
    spec.validate()
    return spec


@pytest.fixture
def weight() -> Array:
    weight = np.random.default_rng(3).normal(size=(50, 40)).astype(np.float32)
    weight[7] = 0
    weight[8] = 1e-40
    return weight


@pytest.mark.parametrize("quantization", sorted(set(QUANTIZATIONS) - {"bfloat16"}))
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_the_numbers_are_the_engines_own(
    monkeypatch: pytest.MonkeyPatch, weight: Array, quantization: str, dtype: type
) -> None:
    monkeypatch.setattr(module, "CHUNK_NUMBERS", 120)  # three rows at a time
    weight = weight.astype(dtype)
    ours, theirs = linear(weight), linear(weight)
    quantize(ours, quantization)
    theirs.optimize(quantization)
    for name, variable in theirs.variables().items():
        mine = ours.variables()[name]
        assert (mine.dtype, list(mine.shape)) == (variable.dtype, list(variable.shape)), name
        assert mine.to_bytes() == variable.to_bytes(), name


def test_bfloat16_rounds_half_to_even(weight: Array) -> None:
    # 1 + 2^-8 lies between two bfloat16 numbers, and so does 1 + 3 * 2^-8.
    weight[0, :3] = [1 + 2**-8, 1 + 3 * 2**-8, -2.5]
    spec = linear(weight)
    quantize(spec, "bfloat16")
    assert isinstance(spec.weight, Variable)
    assert spec.weight.dtype == "bfloat16"
    bits = np.frombuffer(spec.weight.to_bytes(), np.uint16).astype(np.uint32) << 16
    wide = bits.view(np.float32).reshape(weight.shape)
    assert list(wide[0, :3]) == [1.0, 1 + 2**-6, -2.5]
    np.testing.assert_allclose(wide, weight, rtol=2**-8, atol=1e-38)
    assert spec.weight.num_bytes() == weight.size * 2 == len(spec.weight.to_bytes())


def test_equal_weights_are_stored_once_as_the_engine_does_it(weight: Array) -> None:
    def network() -> model_spec.LayerSpec:
        spec = transformer_spec.TransformerSpec.from_config((1, 1), 1)
        for layer in (spec.encoder.embeddings[0], spec.decoder.embeddings):
            layer.weight = weight.copy()
        spec.decoder.projection.weight = weight.copy()
        spec.encoder.position_encodings.encodings = weight.copy() + 1
        spec.decoder.position_encodings.encodings = weight.copy() + 2
        return spec

    ours, theirs = network(), network()
    for spec in (ours, theirs):
        model_spec.visit_spec(spec, _wrap)
    alias(ours)
    theirs.optimize(None)
    names = {n: v for n, v in theirs.variables().items() if isinstance(v, str)}
    assert {n: v for n, v in ours.variables().items() if isinstance(v, str)} == names
    assert "encoder/embeddings_0/weight" in names


def _wrap(layer: Any, name: str, value: Any) -> None:
    """What ``validate`` does, for a specification most of which is not set."""
    key = name.rpartition("/")[2]
    if value is None:
        setattr(layer, key, model_spec.OPTIONAL)
    elif not isinstance(value, str):
        setattr(layer, key, model_spec.NumpyVariable(np.asarray(value, np.float32)))
