from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import InvalidModelError, UsageError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from s2scli.models.convert.transformer import sinusoidal_positions
from tests.checkpoints import (
    TEXT,
    Array,
    make_marian,
    write_pytorch,
    write_safetensors,
    write_shards,
)
from tests.conftest import GOLDEN


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((GOLDEN / "marian-tiny.json").read_text("utf-8"))
    run: dict[str, Any] = content["runs"][0]
    return run


@pytest.fixture(scope="module")
def golden_model(
    golden_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Model, list[str]]:
    directory = tmp_path_factory.mktemp("model") / "tiny"
    convert(golden_checkpoint, directory, quantization="float32")
    vocabulary = json.loads((golden_checkpoint / "vocab.json").read_text("utf-8"))
    return Model(directory, place("cpu", threads=1)), sorted(vocabulary, key=vocabulary.get)


def test_source_ids_equal_transformers(
    golden: dict[str, Any], golden_model: tuple[Model, list[str]]
) -> None:
    model, vocabulary = golden_model
    ids = {token: number for number, token in enumerate(vocabulary)}
    found = [
        [ids.get(token, ids["<unk>"]) for token in model.source(tokens)]
        for tokens in model.encode(golden["sources"])
    ]
    assert found == golden["source_ids"]


@pytest.mark.parametrize("beam", [1, 2, 3, 4, 5])
def test_hypotheses_equal_transformers(
    golden: dict[str, Any], golden_model: tuple[Model, list[str]], beam: int
) -> None:
    model, vocabulary = golden_model
    sources = [model.source(tokens) for tokens in model.encode(golden["sources"])]
    decoding = model.decoding({"beam_size": beam})
    found = [h[0] for h in model.engine.submit(sources, decoding).result()]
    expected = [[vocabulary[i] for i in ids[:-1]] for ids in golden["ids"][str(beam)]]
    assert len(found) == 500
    assert [h.tokens for h in found] == expected
    assert not any(h.truncated for h in found)
    assert model.tokenizer.decode([h.tokens for h in found]) == golden["texts"][str(beam)]


FORMS: dict[str, Callable[[Path, dict[str, Array]], None]] = {
    "safetensors": lambda d, t: write_safetensors(d / "model.safetensors", t),
    "shards": write_shards,
    "pytorch": lambda d, t: write_pytorch(d / "pytorch_model.bin", t),
}


@pytest.mark.parametrize("zero_pad", [True, False])
@pytest.mark.parametrize("separate", [True, False])
def test_every_form_of_weights_gives_the_same_model(
    tmp_path: Path, zero_pad: bool, separate: bool
) -> None:
    models = []
    for form, write in FORMS.items():
        checkpoint = tmp_path / form
        write(checkpoint, make_marian(checkpoint, zero_pad=zero_pad, separate=separate))
        convert(checkpoint, tmp_path / f"{form}-model", quantization="float32")
        models.append((tmp_path / f"{form}-model" / "model.bin").read_bytes())
    assert models[0] == models[1] == models[2]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_sources(tmp_path: Path, dtype: str) -> None:
    weights = make_marian(tmp_path / "half")
    make_marian(tmp_path / "full")
    if dtype == "float16":
        half = {name: array.astype(np.float16) for name, array in weights.items()}
        full = {name: array.astype(np.float32) for name, array in half.items()}
    else:
        half = {n: (a.view(np.uint32) >> 16).astype(np.uint16) for n, a in weights.items()}
        full = {n: (a.astype(np.uint32) << 16).view(np.float32) for n, a in half.items()}
    write_safetensors(tmp_path / "half" / "model.safetensors", half)
    write_safetensors(tmp_path / "full" / "model.safetensors", full)
    for name in ("half", "full"):
        convert(tmp_path / name, tmp_path / f"{name}-model", quantization="int8")
    one, other = (tmp_path / f"{name}-model" / "model.bin" for name in ("half", "full"))
    model = Model(tmp_path / "half-model", place("cpu", threads=1))
    sources = [model.source(tokens) for tokens in model.encode(TEXT)]
    decoding = model.decoding({"max_length": 8})
    expected = Model(tmp_path / "full-model", place("cpu", threads=1)).submit(sources, decoding)
    assert model.submit(sources, decoding).result() == expected.result()
    assert abs(one.stat().st_size - other.stat().st_size) < other.stat().st_size // 2


def test_a_zero_pad_row_is_the_start_and_leaves_the_vocabulary(tmp_path: Path) -> None:
    for name, zero in (("zero", True), ("trained", False)):
        weights = make_marian(tmp_path / name, zero_pad=zero)
        write_safetensors(tmp_path / name / "model.safetensors", weights)
        convert(tmp_path / name, tmp_path / f"{name}-model", quantization="float32")
    vocabularies = {
        name: json.loads((tmp_path / f"{name}-model" / "shared_vocabulary.json").read_text())
        for name in ("zero", "trained")
    }
    starts = {
        name: json.loads((tmp_path / f"{name}-model" / "config.json").read_text())
        for name in ("zero", "trained")
    }
    assert vocabularies["trained"] == [*vocabularies["zero"], "<pad>"]
    assert starts["zero"]["decoder_start_token"] == "</s>"
    assert starts["trained"]["decoder_start_token"] == "<pad>"
    trained = Model(tmp_path / "trained-model", place("cpu", threads=1))
    assert trained.decoding({}).suppress == (("<pad>",),)


def test_defaults_of_the_checkpoint(tmp_path: Path) -> None:
    weights = make_marian(tmp_path / "c")
    write_safetensors(tmp_path / "c" / "model.safetensors", weights)
    report = convert(tmp_path / "c", tmp_path / "m", quantization="int8")
    expected = {"beam_size": 3, "max_length": 39, "forced_end": True}
    assert report.manifest.decoding == expected
    assert report.manifest.source_languages == ("eng",)
    assert report.manifest.target_languages == ("deu",)
    assert report.manifest.parameters == sum(array.size for array in weights.values())
    model = Model(tmp_path / "m", place("cpu", threads=1))
    assert model.decoding({}).beam_size == 3
    assert model.decoding({"beam_size": 2, "max_length": 1000}).max_length == 64


def test_target_language_tokens(tmp_path: Path) -> None:
    weights = make_marian(tmp_path / "c", codes=[">>deu<<", ">>nld<<"])
    write_safetensors(tmp_path / "c" / "model.safetensors", weights)
    convert(tmp_path / "c", tmp_path / "m", quantization="float32")
    model = Model(tmp_path / "m", place("cpu", threads=1), job=Job(target_language="nld"))
    assert model.source(["▁a"]) == [">>nld<<", "▁a", "</s>"]
    with pytest.raises(UsageError, match="needs --to"):
        Model(tmp_path / "m", place("cpu", threads=1))
    with pytest.raises(UsageError, match="The nearest are: deu, nld"):
        Model(tmp_path / "m", place("cpu", threads=1), job=Job(target_language="fra"))
    # What a user types stays text.
    assert ">>deu<<" not in model.encode([">>deu<< hello"])[0]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            lambda w: w.pop("model.decoder.layers.1.fc1.bias"),
            r"no tensor .*1\.fc1\.bias",
        ),
        (
            lambda w: w.update(extra=np.zeros(2, np.float32)),
            "nothing in its family reads, such as extra",
        ),
        (
            lambda w: w.update({"model.encoder.layers.0.fc1.bias": np.zeros(3, np.float32)}),
            r"has shape \[3\], but the configuration asks for \[64\]",
        ),
    ],
)
def test_missing_extra_and_misshapen_tensors_are_named(
    tmp_path: Path, change: Callable[[dict[str, Array]], object], complaint: str
) -> None:
    weights = make_marian(tmp_path / "c")
    change(weights)
    write_safetensors(tmp_path / "c" / "model.safetensors", weights)
    with pytest.raises(InvalidModelError, match=complaint):
        convert(tmp_path / "c", tmp_path / "m", quantization="int8")
    assert list(tmp_path.iterdir()) == [tmp_path / "c"]


@pytest.mark.parametrize(
    ("file", "key", "value", "complaint"),
    [
        ("config.json", "model_type", "prophetnet", "ProphetNet"),
        ("config.json", "d_model", "x", "gives d_model as 'x'"),
        ("config.json", "encoder_layers", -1, "gives encoder_layers as -1"),
        ("config.json", "activation_function", "tanhshrink", "tanhshrink"),
        ("config.json", "vocab_size", 5, "a vocabulary of 5"),
        ("config.json", "num_beams", "many", "num_beams"),
        ("vocab.json", "</s>", 7, "ids have gaps"),
        ("vocab.json", "</s>", "zero", "ids are not numbers"),
    ],
)
def test_wrong_settings_are_named(
    tmp_path: Path, file: str, key: str, value: object, complaint: str
) -> None:
    weights = make_marian(tmp_path / "c")
    write_safetensors(tmp_path / "c" / "model.safetensors", weights)
    path = tmp_path / "c" / file
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(InvalidModelError, match=complaint):
        convert(tmp_path / "c", tmp_path / "m", quantization="int8")


def test_positions() -> None:
    table = sinusoidal_positions(50, 8)
    assert table.shape == (50, 8)
    np.testing.assert_allclose(table[7, 1], np.sin(7 / 10000 ** (2 / 8)), rtol=1e-6)
    np.testing.assert_allclose(table[7, 5], np.cos(7 / 10000 ** (2 / 8)), rtol=1e-6)
