from __future__ import annotations

import numpy as np
import pytest
from ctranslate2.specs import common_spec, model_spec

from s2scli.models.convert import quantize as module
from s2scli.models.convert.quantize import QUANTIZATIONS, quantize
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
    assert isinstance(spec.weight, model_spec.Variable)
    assert spec.weight.dtype == "bfloat16"
    wide = spec.weight.numpy()
    assert list(wide[0, :3]) == [1.0, 1 + 2**-6, -2.5]
    np.testing.assert_allclose(wide, weight, rtol=2**-8, atol=1e-38)
    assert spec.weight.num_bytes() == weight.size * 2 == len(spec.weight.to_bytes())
