"""Hostile files: refused with a clear error, nothing run, nothing outside touched.

Here is at least one for each reader of files that others made, through the whole conversion; what
else each refuses is tested beside it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import BadInputError, InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from s2scli.models.integrity import check_files, damaged_files
from s2scli.models.manifest import FILE_NAME, Manifest
from s2scli.models.paths import contained
from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from tests.checkpoints import reduce_pickle, write_pickle
from tests.conftest import GOLDEN
from tests.models.convert.opennmtpickle import rewritten


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


class Command:
    """Runs a command when a pickle of it is read."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (self.command,)


def _objects(source: Path, target: Path, command: str) -> None:
    """A copy of an ``.npz`` with one array more, of an object that runs a command."""
    data = io.BytesIO()
    np.save(data, np.array([Command(command)], object), allow_pickle=True)
    shutil.copy(source, target)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("more.npy", data.getvalue())


def marian_objects(root: Path, command: str) -> Path:
    directory = Path(shutil.copytree(GOLDEN / "marian-gru", root / "c"))
    _objects(GOLDEN / "marian-gru" / "model.npz", directory / "model.npz", command)
    return directory


def g2p_objects(root: Path, command: str) -> Path:
    path = root / "c.npz"
    _objects(GOLDEN / "g2p" / "checkpoint20.npz", path, command)
    return path


def opennmt_code(root: Path, command: str) -> Path:
    def change(content: dict[str, Any]) -> None:
        content["optim"] = Command(command)

    return rewritten(GOLDEN / "opennmt" / "gru-mlp.pt", root / "c.pt", change)


def pytorch_code(name: str) -> Callable[[Path, str], Path]:
    """A checkpoint of transformers whose weights are a pickle that runs a command."""

    def make(root: Path, command: str) -> Path:
        directory = Path(shutil.copytree(GOLDEN / name, root / "c"))
        (directory / "model.safetensors").unlink()
        write_pickle(directory / "pytorch_model.bin", reduce_pickle("os system", command))
        return directory

    return make


def exported(change: Callable[[Any], None]) -> Callable[[Path, str], Path]:
    """A repository of ONNX files of which one is changed."""

    def make(root: Path, command: str) -> Path:
        onnx = pytest.importorskip("onnx")
        from tests.exported import write_exported

        directory = write_exported("t5", root / "c")
        path = directory / "onnx" / "encoder_model.onnx"
        model = onnx.load(str(path))
        change(model)
        path.write_bytes(model.SerializeToString())
        return directory

    return make


def away(model: Any) -> None:
    """Take the weights from a file outside."""
    tensor = max(model.graph.initializer, key=lambda each: len(each.raw_data))
    tensor.ClearField("raw_data")
    tensor.data_location = 1
    tensor.external_data.add(key="location", value="../../secret")


def foreign(model: Any) -> None:
    """Use an operator of a library of somebody's own."""
    model.graph.node[0].domain = "evil"


def huge_header(root: Path, command: str) -> Path:
    """Safetensors that say they have a header of an exabyte."""
    directory = Path(shutil.copytree(GOLDEN / "trocr", root / "c"))
    (directory / "model.safetensors").write_bytes(struct.pack("<Q", 1 << 60) + b"{}")
    return directory


def huge_items(root: Path, command: str) -> Path:
    """A binary model of Marian's that says it has as many items as 64 bits can count."""
    directory = Path(shutil.copytree(GOLDEN / "marian-student", root / "c"))
    (path,) = directory.glob("*.bin")
    path.write_bytes(struct.pack("<QQ", 1, (1 << 64) - 1) + bytes(64))
    return directory


def yaml_code(root: Path, command: str) -> Path:
    """A decoder's settings that would call Python."""
    directory = Path(shutil.copytree(GOLDEN / "marian-nmt", root / "c"))
    (directory / "decoder.yml").write_text(f"!!python/object/apply:os.system ['{command}']")
    return directory


HOSTILE = {
    "objects in Marian's npz": (marian_objects, "holds object"),
    "objects in g2p_en's npz": (g2p_objects, "holds object"),
    "code in OpenNMT-py's pt": (opennmt_code, r"asks for (posix|nt|os)\.system"),
    "code in pytorch_model.bin": (pytorch_code("nllb"), "only tensors"),
    "code in that of a caption model": (pytorch_code("trocr"), "only tensors"),
    "onnx with weights outside": (exported(away), "not a file beside it"),
    "onnx with operators of others": (exported(foreign), "operators of 'evil'"),
    "safetensors of a huge header": (huge_header, "is not a whole safetensors file"),
    "Marian's bin of huge counts": (huge_items, "is truncated"),
    "yaml that calls Python": (yaml_code, "is not YAML"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_and_nothing_runs(name: str, tmp_path: Path) -> None:
    make, message = HOSTILE[name]
    (tmp_path / "secret").write_bytes(bytes(1 << 20))
    (tmp_path / "in").mkdir()
    source = make(tmp_path / "in", f"touch {tmp_path / 'marker'}")
    with pytest.raises(InvalidModelError, match=message):
        convert(source, tmp_path / "m", quantization="float32")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "secret"]
    assert (tmp_path / "secret").read_bytes() == bytes(1 << 20)


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """An image that says it is of this size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


BAD_IMAGES = {
    "of more pixels than there is memory": png(100_000, 100_000),
    "of the largest size that a header holds": png((1 << 31) - 1, (1 << 31) - 1),
    "of a bitmap's negative size": b"BM" + bytes(12) + struct.pack("<Iii", 40, 1 << 30, -(1 << 30)),
    "that is PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n",
    "that is SVG with a file in it": b'<svg><image href="file:///etc/passwd"/></svg>',
    "that ends too early": png(10, 10, zlib.compress(bytes(5))),
}


@pytest.mark.parametrize("name", BAD_IMAGES)
def test_images_that_are_bombs_or_programs(name: str, tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    from s2scli.inference.images import open_image

    path = tmp_path / "image.png"
    path.write_bytes(BAD_IMAGES[name])
    with pytest.raises(
        BadInputError, match=r"image\.png (has more|is no|is damaged|cannot be read)"
    ):
        open_image(path)


def test_images_are_files() -> None:
    pytest.importorskip("PIL")
    from s2scli.inference.images import open_image

    with pytest.raises(BadInputError, match="/dev/zero is no file"):
        open_image(Path("/dev/zero"))
