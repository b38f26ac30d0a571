"""Weights of 7 bits, for processors whose sums of products of 8-bit integers overflow."""

from __future__ import annotations

import platform
import struct
from pathlib import Path

import ctranslate2
import numpy as np
import pytest

from s2scli.inference.device import products_overflow
from s2scli.inference.engines.sevenbits import with_seven_bits
from s2scli.models.store import bundled_directory
from tests.models.convert.test_families import convert_golden

WEIGHT = b"encoder/layer_0/ffn/linear_0/weight"


@pytest.mark.parametrize(
    ("machine", "text", "overflow"),
    [
        (
            "x86_64",
            "processor\t: 0\nflags\t: fpu avx2 avx512f\nbugs\t\t: avx512_vnni\n",
            True,
        ),
        ("x86_64", "processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512_vnni\n", False),
        ("x86_64", "processor\t: 0\nflags\t\t: fpu avx2 avx_vnni\n", True),
        ("AMD64", None, True),
        ("aarch64", "Features\t: fp asimd\n", False),
    ],
)
def test_which_processors_overflow(
    machine: str, text: str | None, overflow: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    if text is not None:
        (tmp_path / "cpuinfo").write_text(text)
    products_overflow.cache_clear()
    assert products_overflow(tmp_path / "cpuinfo") == overflow
    products_overflow.cache_clear()


def numbers(model: bytes, name: bytes, dtype: str) -> np.ndarray:
    """The numbers of a variable, by the layout of ``ModelSpec.save``."""
    start = model.index(name + b"\0") + len(name) + 1
    rank = model[start]
    (size,) = struct.unpack_from("<I", model, start + 2 + 4 * rank)
    return np.frombuffer(model[start + 6 + 4 * rank :][:size], dtype)


def test_weights_keep_their_values_to_half_a_step() -> None:
    before = (bundled_directory("en-de") / "model.bin").read_bytes()
    files = with_seven_bits(bundled_directory("en-de"), quantize=False)
    assert files
    assert set(files) == {"model.bin", "config.json", "shared_vocabulary.json", "vmap.txt"}
    after = files["model.bin"]
    assert len(after) == len(before)
    old, new = (numbers(model, WEIGHT, "int8").astype(int) for model in (before, after))
    assert abs(old).max() == 127
    assert abs(new).max() == 64
    assert abs(old - 2 * new).max() == 1
    scales = [numbers(model, WEIGHT + b"_scale", "float32") for model in (before, after)]
    assert (scales[0] == 2 * scales[1]).all()


@pytest.mark.parametrize("stored", ["float32", "float16", "bfloat16"])
def test_floating_point_weights_become_int8(stored: str, tmp_path: Path) -> None:
    convert_golden("t5", tmp_path / "m", stored)
    assert with_seven_bits(tmp_path / "m", quantize=False) is None
    convert_golden("t5", tmp_path / "int8", "int8")
    files = with_seven_bits(tmp_path / "m", quantize=True)
    halved = with_seven_bits(tmp_path / "int8", quantize=True)
    assert files
    assert halved
    made, kept = (numbers(each["model.bin"], WEIGHT, "int8") for each in (files, halved))
    assert abs(made).max() == 64
    assert abs(made.astype(int) - kept).max() <= (2 if stored == "bfloat16" else 1)
    engine = ctranslate2.Translator("m", files=files, compute_type="int8")
    assert engine.compute_type == "int8_float32"


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_file_that_is_cut_off_is_left_to_the_engine(share: float, tmp_path: Path) -> None:
    model = (bundled_directory("en-de") / "model.bin").read_bytes()
    (tmp_path / "model.bin").write_bytes(model[: int(len(model) * share)])
    assert with_seven_bits(tmp_path, quantize=True) is None
    assert with_seven_bits(tmp_path / "nowhere", quantize=True) is None
