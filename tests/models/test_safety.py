"""Hostile checkpoints and model directories: refused with a clear error, nothing outside touched.

Hostile pickles and safetensors headers have their tests beside their readers.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from s2scli.models.integrity import check_files, damaged_files
from s2scli.models.manifest import FILE_NAME, Manifest
from s2scli.models.paths import contained
from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from tests.conftest import GOLDEN


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that no checkpoint has any business with."""
    path = tmp_path / "secret"
    path.write_text("{}")
    return path


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / "nllb", tmp_path / "checkpoint"))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundled_directory(DEFAULT_MODEL), tmp_path / "model"))


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "/etc/passwd", "a\\b", "a\0b"])
def test_names_that_are_paths(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidModelError, match="is not the name of a file"):
        contained(tmp_path, name)


@pytest.mark.parametrize(
    "name",
    ["config.json", "generation_config.json", "sentencepiece.bpe.model", "model.safetensors"],
)
def test_links_out_of_a_checkpoint(
    checkpoint: Path, secret: Path, tmp_path: Path, name: str
) -> None:
    (checkpoint / name).rename(secret)
    (checkpoint / name).symlink_to(secret)
    with pytest.raises(InvalidModelError, match="leads out of the directory"):
        convert(checkpoint, tmp_path / "m", quantization="int8")
    assert not (tmp_path / "m").exists()


def test_links_as_the_hubs_cache_has_them(checkpoint: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "models--a--b" / "snapshots" / "0123"
    blobs = tmp_path / "models--a--b" / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    for path in checkpoint.iterdir():
        shutil.copy(path, blobs / path.name)
        (snapshot / path.name).symlink_to(f"../../blobs/{path.name}")
    convert(snapshot, tmp_path / "m", quantization="int8")
    (snapshot / "config.json").unlink()
    (snapshot / "config.json").symlink_to(checkpoint / "config.json")
    with pytest.raises(InvalidModelError, match="leads out"):
        convert(snapshot, tmp_path / "n", quantization="int8")


def test_a_shard_index_that_names_paths(checkpoint: Path, tmp_path: Path) -> None:
    (checkpoint / "model.safetensors").rename(tmp_path / "x.safetensors")
    for name in ("../x.safetensors", str(tmp_path / "x.safetensors"), "..", ""):
        index = {"weight_map": {"model.shared.weight": name}}
        (checkpoint / "model.safetensors.index.json").write_text(json.dumps(index))
        with pytest.raises(InvalidModelError, match="is not the name of a file"):
            convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", "added_tokens.json"])
def test_json_that_is_too_large_or_too_deep(checkpoint: Path, tmp_path: Path, name: str) -> None:
    with (checkpoint / name).open("wb") as file:
        file.truncate(65 << 20)
    with pytest.raises(InvalidModelError, match="larger than 64 MB"):
        convert(checkpoint, tmp_path / "m", quantization="int8")
    (checkpoint / name).write_text('{"a":' * 50_000)
    with pytest.raises(InvalidModelError, match="is not JSON"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("added_tokens.json", {"x": 1 << 40}),
        ("added_tokens.json", {"x": -1}),
        ("added_tokens.json", {"x": "1"}),
        ("config.json", {"vocab_size": 1 << 60}),
        ("config.json", {"vocab_size": 10}),
        ("config.json", {"max_position_embeddings": 1 << 40}),
        ("config.json", {"encoder_layers": 1 << 30}),
        ("generation_config.json", {"decoder_start_token_id": 1 << 30}),
        ("tokenizer_config.json", {"tokenizer_class": "Evil"}),
        ("generation_config.json", {"num_beams": "4; rm -rf /"}),
        ("generation_config.json", {"suppress_tokens": "all"}),
        ("generation_config.json", {"bad_words_ids": 7}),
    ],
)
def test_settings_that_ask_for_the_impossible(
    checkpoint: Path, tmp_path: Path, name: str, content: dict[str, Any]
) -> None:
    path = checkpoint / name
    old = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**old, **content}))
    with pytest.raises(InvalidModelError):
        convert(checkpoint, tmp_path / "m", quantization="int8")
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("name", ["model.bin", "source.spm", "shared_vocabulary.json"])
def test_a_changed_file_never_reaches_the_engine(directory: Path, name: str) -> None:
    data = bytearray((directory / name).read_bytes())
    data[len(data) // 2] ^= 1
    (directory / name).write_bytes(data)
    with pytest.raises(InvalidModelError, match="is damaged"):
        Model(directory, place("cpu", threads=1))
    assert list(damaged_files(directory, Manifest.load(directory))) == [name]
    (directory / name).write_bytes(data[:-1])
    with pytest.raises(InvalidModelError, match="does not have the size"):
        Model(directory, place("cpu", threads=1))
    (directory / name).unlink()
    with pytest.raises(InvalidModelError, match="is missing"):
        Model(directory, place("cpu", threads=1))


def test_a_link_in_a_model_directory(directory: Path, tmp_path: Path) -> None:
    (directory / "model.bin").rename(tmp_path / "elsewhere")
    (directory / "model.bin").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidModelError, match="leads out"):
        Model(directory, place("cpu", threads=1))


def test_large_files_are_hashed_once_and_again_when_they_change(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from s2scli.disk import hashes
    from s2scli.models import integrity

    hashed: list[str] = []

    def counted(path: Path) -> str:
        hashed.append(path.name)
        return original(path)

    original = hashes.sha256
    monkeypatch.setattr(integrity, "sha256", counted)
    monkeypatch.setattr(integrity, "ALWAYS_HASHED_BYTES", 1 << 20)
    manifest = Manifest.load(directory)
    check_files(directory, manifest)
    assert hashed.count("model.bin") == 1
    check_files(directory, manifest)
    assert hashed.count("model.bin") == 1
    assert hashed.count("source.spm") == 2
    data = bytearray((directory / "model.bin").read_bytes())
    data[-1] ^= 1
    (directory / "model.bin").write_bytes(data)
    with pytest.raises(InvalidModelError, match="is damaged"):
        check_files(directory, manifest)
    (directory / ".verified").write_text("[" * 10_000)
    with pytest.raises(InvalidModelError, match="is damaged"):
        check_files(directory, manifest)


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["tokenizer"].update(source="../secret"),
        lambda m: m["tokenizer"].update(target="/etc/passwd"),
        lambda m: m["files"].update({"../secret": {"bytes": 1, "sha256": "0"}}),
        lambda m: m["tokenizer"].update(kind="os:system"),
        lambda m: m["decoding"].update(beam_size="many"),
        lambda m: m["decoding"].update(beam_size=True),
        lambda m: m["decoding"].update(suppress=[1]),
        lambda m: m["decoding"].update(shell="rm"),
        lambda m: m.update(prompts={"translate": "{text}{text}"}),
    ],
)
def test_manifests_that_ask_for_the_impossible(
    directory: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    path = directory / FILE_NAME
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(InvalidModelError):
        Model(directory, place("cpu", threads=1)).decoding({})
