"""Binary models: what the same model's ``.npz`` gives, however stored; damaged ones are refused."""

from __future__ import annotations

import gzip
import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.convert.marianbin import is_marian_binary, read_marian_binary
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.models.convert.marianbinary import (
    BERGAMOT8,
    BERGAMOT16,
    INTGEMM8,
    INTGEMM16,
    Array,
    plain,
    quantized,
    student,
    write_binary,
)

SOURCE = GOLDEN / "marian-nmt"
RANDOM = np.random.default_rng(1)


@pytest.fixture(scope="module")
def arrays() -> dict[str, Array]:
    return dict(np.load(SOURCE / "model.npz"))


def directory(path: Path) -> Path:
    """A directory with all but the model."""
    path.mkdir()
    shutil.copy(SOURCE / "vocab.spm", path)
    return path


def weights(path: Path) -> bytes:
    return (path / "model.bin").read_bytes()


def test_a_binary_model_is_its_npz(arrays: dict[str, Array], tmp_path: Path) -> None:
    source = directory(tmp_path / "c")
    write_binary(source / "model.bin", {name: plain(array) for name, array in arrays.items()})
    convert(source, tmp_path / "m", quantization="int8")
    convert(SOURCE, tmp_path / "n", quantization="int8")
    assert weights(tmp_path / "m") == weights(tmp_path / "n")


def test_gzipped_files(arrays: dict[str, Array], tmp_path: Path) -> None:
    source = tmp_path / "c"
    source.mkdir()
    write_binary(tmp_path / "x.bin", {name: plain(array) for name, array in arrays.items()})
    for name, path in (("model.ende.bin.gz", tmp_path / "x.bin"), ("vocab.ende.spm.gz", None)):
        data = (path or SOURCE / "vocab.spm").read_bytes()
        (source / name).write_bytes(gzip.compress(data, 1))
    # A shortlist ends in .bin as well, and is no model.
    (source / "lex.50.50.ende.s2t.bin").write_bytes(struct.pack("<Q", 0xF11A48D5013417F5) * 9)
    convert(source, tmp_path / "m", quantization="int8")
    convert(SOURCE, tmp_path / "n", quantization="int8")
    assert weights(tmp_path / "m") == weights(tmp_path / "n")
    (source / "model.ende.bin.gz").unlink()
    (source / "model.npz.gz").write_bytes(gzip.compress((SOURCE / "model.npz").read_bytes(), 1))
    convert(source, tmp_path / "m", quantization="int8", force=True)
    assert weights(tmp_path / "m") == weights(tmp_path / "n")
    (source / "model.npz.gz").write_bytes(b"no")
    with pytest.raises(InvalidModelError, match="is damaged"):
        convert(source, tmp_path / "o", quantization="int8")


@pytest.mark.parametrize("kind", [INTGEMM8, INTGEMM16, BERGAMOT8, BERGAMOT16])
def test_quantized_matrices(kind: int, tmp_path: Path) -> None:
    matrix = RANDOM.normal(size=(24, 40)).astype(np.float32)
    flat = {"Wemb": quantized(matrix, kind, turned=False), "l1_W1": quantized(matrix, kind)}
    write_binary(tmp_path / "m.bin", flat)
    tensors = read_marian_binary(tmp_path / "m.bin")
    step = np.abs(matrix).max() / 127 if kind in (INTGEMM8, BERGAMOT8) else 1 / 1024
    for tensor in tensors.values():
        assert (tensor.dtype, tensor.shape) == ("F32", (24, 40))
        found = tensor.array()
        assert np.abs(found - matrix).max() <= step * 0.5001
        assert np.allclose(found / step, np.rint(found / step), atol=1e-3)


def test_a_quantized_model_with_what_bergamot_adds(
    arrays: dict[str, Array], tmp_path: Path
) -> None:
    source = directory(tmp_path / "c")
    items = student(arrays, BERGAMOT8)
    items["encoder_l1_self_Wq_QuantMultA"] = plain(np.ones((1, 1), np.float32))
    items["none_QuantMultA"] = quantized(np.ones((1, 1), np.float32), BERGAMOT8)
    write_binary(source / "model.ende.intgemm.alphas.bin", items)
    report = convert(source, tmp_path / "m", quantization="float32")
    numbers = sum(array.size for array in arrays.values() if array.dtype == np.float32)
    assert report.manifest.parameters == numbers


def test_two_vocabularies_by_firefoxs_names(arrays: dict[str, Array], tmp_path: Path) -> None:
    source = tmp_path / "c"
    source.mkdir()
    items = {name: plain(array) for name, array in arrays.items()}
    items["encoder_Wemb"] = items["decoder_Wemb"] = items.pop("Wemb")
    write_binary(source / "model.enja.bin", items)
    for name in ("srcvocab.enja.spm", "trgvocab.enja.spm"):
        shutil.copy(SOURCE / "vocab.spm", source / name)
    report = convert(source, tmp_path / "m", quantization="int8")
    assert report.manifest.tokenizer.source == "srcvocab.enja.spm"
    assert report.manifest.tokenizer.target == "trgvocab.enja.spm"


def test_a_configuration_of_bergamots(arrays: dict[str, Array], tmp_path: Path) -> None:
    source = directory(tmp_path / "c")
    for name in ("a.bin", "b.bin"):
        write_binary(source / name, {key: plain(array) for key, array in arrays.items()})
    text = "models: [./b.bin]\nvocabs: [./vocab.spm, ./vocab.spm]\nbeam-size: 1\n"
    text += "word-penalty: 0\nmax-length-factor: 2.0\nshortlist: [./lex.s2t.bin, false]\n"
    (source / "config.intgemm8bitalpha.yml").write_text(text)
    report = convert(source, tmp_path / "m", quantization="int8")
    assert report.manifest.decoding["beam_size"] == 1
    assert sorted(report.manifest.unsupported) == ["max-length-factor", "shortlist"]
    assert list(report.manifest.checkpoint_sha256) == ["b.bin"]
    (source / "config.other.yml").write_text(text)
    with pytest.raises(InvalidModelError, match="several decoder configurations"):
        convert(source, tmp_path / "n", quantization="int8")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (0x802, "packed16"),
        (0x2801, "packed8avx512"),
        (0x13001, "intgemm8avx512vnni"),
        (0x18001, "intgemm8ssse3"),
        (0x99, "the type 0x99"),
    ],
)
def test_layouts_of_one_processor_are_refused(kind: int, name: str, tmp_path: Path) -> None:
    write_binary(tmp_path / "m.bin", {"encoder_W": (kind, (4, 8), bytes(36))})
    with pytest.raises(InvalidModelError, match=f"stores encoder_W as {name}"):
        read_marian_binary(tmp_path / "m.bin")


@pytest.mark.parametrize(
    ("offset", "value", "message"),
    [
        (0, 2, "is not a Marian binary model, version 1"),
        (8, 1 << 58, "is truncated"),
        (8, (1 << 64) - 1, "is truncated"),
        (16, 1 << 62, "is truncated"),  # of a name
        (24, 0x404 | 1 << 40, "which is not read"),
        (32, 1 << 61, "is truncated"),  # dimensions
        (32, 0, "has the shape"),
        (40, 1 << 63, "does not have the size|is truncated"),
        (40, 0, "does not have the size"),
    ],
)
def test_numbers_that_lie(offset: int, value: int, message: str, tmp_path: Path) -> None:
    path = tmp_path / "m.bin"
    write_binary(path, {"a": plain(np.ones((4, 8), np.float32))})
    data = bytearray(path.read_bytes())
    struct.pack_into("<Q", data, offset, value)
    path.write_bytes(data)
    with pytest.raises(InvalidModelError, match=message):
        read_marian_binary(path)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1 << 30, 1 << 30), "does not have the size"),
        ((-4, -8), "has the shape"),
        ((0, 8), "has the shape"),
        ((1,) * 9, "has the shape"),
    ],
)
def test_shapes_that_lie(shape: tuple[int, ...], message: str, tmp_path: Path) -> None:
    write_binary(tmp_path / "m.bin", {"a": (0x404, shape, bytes(128))})
    with pytest.raises(InvalidModelError, match=message):
        read_marian_binary(tmp_path / "m.bin")


@pytest.mark.parametrize("multiplier", [0.0, -1.0, float("nan"), float("inf")])
def test_multipliers_that_are_none(multiplier: float, tmp_path: Path) -> None:
    data = bytes(32) + struct.pack("<f", multiplier)
    write_binary(tmp_path / "m.bin", {"a_W": (INTGEMM8, (4, 8), data)})
    with pytest.raises(InvalidModelError, match="has the multiplier"):
        read_marian_binary(tmp_path / "m.bin")


def test_any_cut_and_any_rest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.bin"
    write_binary(
        path, {"a": plain(np.ones((4, 8), np.float32)), "b_W": (INTGEMM8, (4, 8), bytes(36))}
    )
    whole = path.read_bytes()
    for size in [*range(0, 200, 7), len(whole) - 1]:
        path.write_bytes(whole[:size])
        with pytest.raises(InvalidModelError):
            read_marian_binary(path)
    path.write_bytes(whole + b"x")
    with pytest.raises(InvalidModelError, match=r"belong to no tensor|has the multiplier"):
        read_marian_binary(path)


def test_a_gzipped_bomb(tmp_path: Path) -> None:
    path = tmp_path / "m.bin.gz"
    path.write_bytes(gzip.compress(struct.pack("<Q", 1) + bytes(5_000_000)))
    assert is_marian_binary(path)
    with pytest.raises(InvalidModelError, match="is larger than"):
        read_marian_binary(path)


def test_random_bytes(tmp_path: Path) -> None:
    for size in (16, 100, 5000):
        path = tmp_path / "m.bin"
        path.write_bytes(struct.pack("<Q", 1) + os.urandom(size))
        with pytest.raises(InvalidModelError):
            read_marian_binary(path)
