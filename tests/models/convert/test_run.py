from __future__ import annotations

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from s2scli.disk import directories
from s2scli.disk.hashes import sha256
from s2scli.errors import CannotCreateError, InvalidModelError, MissingInputError
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from s2scli.models.manifest import Manifest
from tests.conftest import GOLDEN


def test_the_manifest_describes_the_directory(golden_checkpoint: Path, tmp_path: Path) -> None:
    report = convert(golden_checkpoint, tmp_path / "m", quantization="int8")
    manifest = Manifest.load(tmp_path / "m")
    assert manifest == report.manifest
    assert manifest.name == "m"
    assert manifest.licence == "cc-by-4.0"
    assert set(manifest.files) == {p.name for p in (tmp_path / "m").iterdir()} - {"s2s.json"}
    for name, record in manifest.files.items():
        assert record.sha256 == sha256(tmp_path / "m" / name)
    assert manifest.checkpoint_sha256 == {
        "model.safetensors": sha256(golden_checkpoint / "model.safetensors")
    }


def test_an_existing_directory_is_kept_without_force(
    golden_checkpoint: Path, tmp_path: Path
) -> None:
    convert(golden_checkpoint, tmp_path / "m", quantization="int8")
    before = (tmp_path / "m" / "model.bin").read_bytes()
    with pytest.raises(CannotCreateError, match="--force"):
        convert(golden_checkpoint, tmp_path / "m", quantization="float32")
    assert (tmp_path / "m" / "model.bin").read_bytes() == before
    convert(golden_checkpoint, tmp_path / "m", quantization="float32", force=True)
    assert (tmp_path / "m" / "model.bin").stat().st_size > 2 * len(before)
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_force_replaces_models_only(golden_checkpoint: Path, tmp_path: Path) -> None:
    precious = tmp_path / "photos" / "cat.jpg"
    precious.parent.mkdir()
    precious.write_bytes(b"meow")
    with pytest.raises(CannotCreateError, match="not a model directory"):
        convert(golden_checkpoint, precious.parent, quantization="int8", force=True)
    assert precious.read_bytes() == b"meow"


@pytest.mark.parametrize(
    ("name", "damaged"),
    [(".git", False), ("notes", False), ("NOTES.md", False), (".git", True), ("notes", True)],
)
def test_force_keeps_what_a_user_put_beside_the_model(
    golden_checkpoint: Path, tmp_path: Path, name: str, *, damaged: bool
) -> None:
    target = tmp_path / "m"
    convert(golden_checkpoint, target, quantization="int8")
    (target / ".verified").write_text("{}")  # of s2s itself
    if damaged:
        (target / "s2s.json").write_text("{")
    (target / name).mkdir()
    with pytest.raises(CannotCreateError, match=rf"holds more than the model: {name}\. Move"):
        convert(golden_checkpoint, target, quantization="int8", force=True)
    (target / name).rmdir()
    convert(golden_checkpoint, target, quantization="int8", force=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_may_not_be_written(golden_checkpoint: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotCreateError):
        convert(golden_checkpoint, tmp_path / "m", quantization="int8")


def test_a_file_in_the_way(golden_checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotCreateError):
        convert(golden_checkpoint, tmp_path / "file" / "m", quantization="int8")


def test_what_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError):
        convert(tmp_path / "nothing", tmp_path / "m", quantization="int8")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidModelError, match=r"has no config\.json"):
        convert(tmp_path / "empty", tmp_path / "m", quantization="int8")
    (tmp_path / "empty" / "config.json").write_text("[" * 100_000)
    with pytest.raises(InvalidModelError, match="is not JSON"):
        convert(tmp_path / "empty", tmp_path / "m", quantization="int8")


def test_no_weights_and_stray_shards(golden_checkpoint: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "c"
    checkpoint.mkdir()
    for path in golden_checkpoint.iterdir():
        if path.suffix != ".safetensors":
            (checkpoint / path.name).write_bytes(path.read_bytes())
    with pytest.raises(InvalidModelError, match="has no weights"):
        convert(checkpoint, tmp_path / "m", quantization="int8")
    index = checkpoint / "model.safetensors.index.json"
    for text in ('{"weight_map": {"a": "../x.safetensors"}}', '{"weight_map": {"a": 3}}', "[]"):
        index.write_text(text)
        with pytest.raises(InvalidModelError, match=r"shard|is not the name of a file"):
            convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("force", [False, True])
def test_two_conversions_to_one_place(
    golden_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, force: bool
) -> None:
    """Both have written all before one of them puts it in place."""
    both, sync = Barrier(2), directories._sync

    def wait(directory: Path) -> None:
        sync(directory)
        if directory.name == "new":
            both.wait(60)

    monkeypatch.setattr(directories, "_sync", wait)

    def one(kind: str) -> str:
        try:
            convert(golden_checkpoint, tmp_path / "m", quantization=kind, force=force)
        except CannotCreateError as error:
            return error.message.partition(": ")[2] + f" ({error.exit_code})"
        return kind

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(one, ("int8", "float32")))
    refused = ends.count("another process made it meanwhile (73)")
    assert refused == (0 if force else 1)
    assert Manifest.load(tmp_path / "m").quantization in ends
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_a_link_to_an_empty_directory_is_that_directory(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    for force in (False, True):
        convert(GOLDEN / "t5", tmp_path / "link", quantization="int8", force=force)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real" / "s2s.json").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_not_text(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"a\xffb")
    shutil.copytree(GOLDEN / "t5", odd)
    convert(odd, tmp_path / "m", quantization="int8")
    assert Manifest.load(tmp_path / "m").checkpoint == "a\ufffdb"
    with pytest.raises(CannotCreateError, match="is not UTF-8"):
        convert(GOLDEN / "t5", odd / "m", quantization="int8")
    with pytest.raises(InvalidModelError, match="Rename the directory"):
        Model(Path(shutil.move(tmp_path / "m", odd / "n")), place("cpu", threads=1))
