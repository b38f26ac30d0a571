"""What people take for a checkpoint: told at once by what it is; and what is one after all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import InvalidModelError, UnavailableError
from s2scli.models.convert.location import locate
from s2scli.models.convert.run import convert
from s2scli.models.convert.safetensors import read_safetensors
from s2scli.models.manifest import Manifest
from s2scli.models.pages import repository
from tests.checkpoints import Array, write_pytorch, write_safetensors
from tests.conftest import GOLDEN, Run
from tests.families import FAMILIES

POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d' * 32}\nsize 312459\n"
BASE_CLASS = [name for name in FAMILIES if not name.endswith(("t5", "t5v1_1", "madlad"))]


def arrays(checkpoint: Path) -> dict[str, Array]:
    """The tensors of a checkpoint as they are stored (bfloat16 as its bits)."""
    found = read_safetensors(checkpoint / "model.safetensors")
    return {name: np.array(tensor.load()) for name, tensor in found.items()}


def copy_of(name: str, target: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / name, target))


def change(checkpoint: Path, **keys: Any) -> None:
    """Set keys of ``config.json``."""
    path = checkpoint / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **keys}))


FILES = [(name, path.name) for name in FAMILIES for path in sorted((GOLDEN / name).iterdir())]


@pytest.mark.parametrize(("name", "file"), FILES)
def test_a_pointer_of_git_lfs_in_the_place_of_any_file(
    name: str, file: str, tmp_path: Path
) -> None:
    checkpoint = copy_of(name, tmp_path / "c")
    (checkpoint / file).write_text(POINTER)
    with pytest.raises(InvalidModelError, match=rf"{file} is a Git LFS pointer.*git -C"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(
    "name", ["marian-tiny", "t5", "bart", "nllb", "bert2bert", "marian-student", "led", "vit-gpt2"]
)
def test_links_to_files_that_are_not_there(name: str, tmp_path: Path) -> None:
    checkpoint = copy_of(name, tmp_path / "c")
    for file in sorted(checkpoint.iterdir()):
        content = file.read_bytes()
        file.unlink()
        file.symlink_to("../../blobs/4d4d")
        with pytest.raises(InvalidModelError, match=rf"{file.name} is a link to a file that is no"):
            convert(checkpoint, tmp_path / "m", quantization="int8")
        file.unlink()
        file.write_bytes(content)
    (checkpoint / "tf_model.h5").symlink_to("../../blobs/4d4d")  # of another library: not read
    convert(checkpoint, tmp_path / "m", quantization="float32")


@pytest.mark.parametrize(
    "file", ["model.safetensors.index.json", "model-00001-of-00002.safetensors"]
)
def test_a_pointer_in_the_place_of_a_shard_or_an_index(file: str, tmp_path: Path) -> None:
    checkpoint = copy_of("t5", tmp_path / "c")
    (checkpoint / "model.safetensors").unlink()
    index = {"weight_map": {"shared.weight": "model-00001-of-00002.safetensors"}}
    (checkpoint / "model.safetensors.index.json").write_text(json.dumps(index))
    (checkpoint / file).write_text(POINTER)
    with pytest.raises(InvalidModelError, match=f"{file} is a Git LFS pointer"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


def test_models_that_were_converted_already(tmp_path: Path) -> None:
    convert(GOLDEN / "t5", tmp_path / "m", quantization="int8")
    with pytest.raises(InvalidModelError, match=r"is a model of s2s: .* -m "):
        convert(tmp_path / "m", tmp_path / "n", quantization="int8")
    (tmp_path / "m" / "s2s.json").unlink()
    with pytest.raises(InvalidModelError, match="is a model of CTranslate2"):
        convert(tmp_path / "m", tmp_path / "n", quantization="int8")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("tf_model.h5", r"TensorFlow alone \(tf_model.h5\).*from_tf=True"),
        ("flax_model.msgpack", "Flax alone .*from_flax=True"),
        ("model-Q4_K_M.gguf", "as GGUF"),
    ],
)
def test_weights_of_other_libraries(file: str, said: str, tmp_path: Path) -> None:
    checkpoint = copy_of("t5", tmp_path / "c")
    (checkpoint / "model.safetensors").rename(checkpoint / file)
    with pytest.raises(InvalidModelError, match=said):
        convert(checkpoint, tmp_path / "m", quantization="int8")
    if file.endswith(".gguf"):
        with pytest.raises(InvalidModelError, match=said):
            convert(checkpoint / file, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("whole", [True, False])
def test_adapters(whole: bool, tmp_path: Path) -> None:
    checkpoint = copy_of("t5", tmp_path / "c")
    if not whole:
        (checkpoint / "config.json").unlink()
        (checkpoint / "model.safetensors").unlink()
    settings = {"peft_type": "LORA", "base_model_name_or_path": "google/flan-t5-base"}
    (checkpoint / "adapter_config.json").write_text(json.dumps(settings))
    with pytest.raises(
        InvalidModelError, match=r"adapter .* google/flan-t5-base.*merge_and_unload"
    ):
        convert(checkpoint, tmp_path / "m", quantization="int8")


def test_an_adapter_within_the_weights(tmp_path: Path) -> None:
    checkpoint = copy_of("bart", tmp_path / "c")
    tensors = arrays(checkpoint)
    key = "base_model.model.model.encoder.layers.0.self_attn.q_proj.lora_A.default.weight"
    tensors[key] = np.zeros((4, 32), np.float32)
    write_safetensors(checkpoint / "model.safetensors", tensors)
    with pytest.raises(InvalidModelError, match="is an adapter"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(
    ("settings", "tool"),
    [
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, r"bitsandbytes \(8 bits\)"),
        ({"load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}, r"bitsandbytes \(4 bits\)"),
        ({"quant_method": "gptq", "bits": 4}, "GPTQ"),
        ({"quant_method": "awq"}, "AWQ"),
        ({"quant_method": "new-fashion"}, "new-fashion"),
    ],
)
def test_quantized_checkpoints(settings: dict[str, Any], tool: str, tmp_path: Path) -> None:
    checkpoint = copy_of("t5v1_1", tmp_path / "c")
    change(checkpoint, quantization_config=settings)
    with pytest.raises(InvalidModelError, match=rf"that {tool} has quantized.*float weights"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(("ending", "tool"), [("SCB", "bitsandbytes"), ("qweight", "GPTQ")])
def test_quantized_tensors(ending: str, tool: str, tmp_path: Path) -> None:
    checkpoint = copy_of("bart", tmp_path / "c")
    tensors = arrays(checkpoint)
    tensors[f"model.encoder.layers.0.fc1.{ending}"] = np.zeros(4, np.float32)
    write_safetensors(checkpoint / "model.safetensors", tensors)
    with pytest.raises(InvalidModelError, match=f"{tool}.* has quantized"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


def model_bytes(checkpoint: Path, directory: Path) -> bytes:
    convert(checkpoint, directory, quantization="float32")
    return (directory / "model.bin").read_bytes()


@pytest.mark.parametrize("name", BASE_CLASS)
def test_saves_of_the_base_class(name: str, tmp_path: Path) -> None:
    """As ``BartModel.save_pretrained`` writes them: no ``model.`` before the names."""
    checkpoint = copy_of(name, tmp_path / "c")
    tensors = {
        key.removeprefix("model."): array
        for key, array in arrays(checkpoint).items()
        if key not in ("lm_head.weight", "final_logits_bias")
    }
    write_safetensors(checkpoint / "model.safetensors", tensors)
    expected = model_bytes(GOLDEN / name, tmp_path / "whole")
    found = model_bytes(checkpoint, tmp_path / "m")
    bias = arrays(GOLDEN / name).get("final_logits_bias")
    assert found == expected or (bias is not None and bias.any())


@pytest.mark.parametrize("name", FAMILIES)
def test_leftovers_of_older_versions(name: str, tmp_path: Path) -> None:
    checkpoint = copy_of(name, tmp_path / "c")
    tensors = arrays(checkpoint)
    root = "" if "shared.weight" in tensors else "model."
    for side in ("encoder", "decoder"):
        tensors[f"{root}{side}.version"] = np.array([3], np.float32)
        tensors[f"{root}{side}.embed_positions._float_tensor"] = np.zeros(1, np.float32)
        tensors[f"{root}{side}.embed_positions.position_ids"] = np.zeros((1, 9), np.float32)
    (checkpoint / "model.safetensors").unlink()
    write_pytorch(checkpoint / "pytorch_model.bin", tensors)
    assert model_bytes(checkpoint, tmp_path / "m") == model_bytes(GOLDEN / name, tmp_path / "n")


def cache(root: Path, commits: tuple[str, ...], main: str = "") -> Path:
    """A repository of the hub's cache with the same checkpoint at several commits."""
    folder = root / "models--Some-Lab--opus--en-de"
    blobs = folder / "blobs"
    blobs.mkdir(parents=True)
    for path in (GOLDEN / "marian-tiny").iterdir():
        shutil.copy(path, blobs / path.name)
    for commit in commits:
        snapshot = folder / "snapshots" / commit
        snapshot.mkdir(parents=True)
        for blob in blobs.iterdir():
            (snapshot / blob.name).symlink_to(f"../../blobs/{blob.name}")
    if main:
        (folder / "refs").mkdir()
        (folder / "refs" / "main").write_text(main)
    return folder


def test_a_repository_of_the_hubs_cache(s2s: Run, tmp_path: Path) -> None:
    folder = cache(tmp_path, ("a" * 40, "b" * 40), main="b" * 40)
    for given in (folder, folder / "snapshots" / ("b" * 40)):
        done = s2s("convert", given, "--force")
        assert done.returncode == 0, done.stderr
        (directory,) = (tmp_path / "home" / "models").iterdir()
        assert directory.name == "Some-Lab--opus--en-de@bbbbbbbbbbbb-int8"
        manifest = Manifest.load(directory)
        assert (manifest.name, manifest.checkpoint) == ("Some-Lab/opus--en-de",) * 2
        assert manifest.revision == "b" * 40
    assert s2s("translate", "-m", "Some-Lab/opus--en-de", stdin=b"Hello.\n").returncode == 0


def test_which_snapshot_counts(tmp_path: Path) -> None:
    one = cache(tmp_path / "one", ("a" * 40,))
    assert locate(one).directory == one / "snapshots" / ("a" * 40)
    several = cache(tmp_path / "several", ("a" * 40, "b" * 40), main="c" * 40)
    with pytest.raises(InvalidModelError, match="2 snapshots, and none of them is its main branch"):
        locate(several)
    empty = tmp_path / "models--a--b"
    (empty / "snapshots").mkdir(parents=True)
    with pytest.raises(InvalidModelError, match="without a snapshot"):
        locate(empty)
    assert locate(tmp_path / "nothing").hub_id == ""


@pytest.mark.parametrize(
    ("address", "name", "revision"),
    [
        ("a/b", "a/b", None),
        ("opus-mt-en-de", "opus-mt-en-de", None),
        ("https://huggingface.co/a/b", "a/b", None),
        ("https://huggingface.co/a/b/", "a/b", None),
        ("https://huggingface.co/a/b?library=transformers#usage", "a/b", None),
        ("https://huggingface.co/a/b/tree/main", "a/b", "main"),
        ("https://huggingface.co/a/b/blob/v1.0/config.json", "a/b", "v1.0"),
        ("http://www.huggingface.co/a/b/resolve/abc/model.safetensors", "a/b", "abc"),
        ("https://huggingface.co/a/b/tree/refs%2Fpr%2F3", "a/b", "refs/pr/3"),
        ("https://huggingface.co/a/b/blob/refs/pr/3/config.json", "a/b", "refs/pr/3"),
        ("https://huggingface.co/a/b/tree/main/onnx", "a/b", "main"),
        ("https://huggingface.co/a/b/discussions/3", "a/b", None),
        ("huggingface.co/a/b", "a/b", None),
        ("https://hf.co/a/b", "a/b", None),
        ("hf://a/b@v2", "a/b", "v2"),
        ("https://hub.example.org/a/b", "a/b", None),
    ],
)
def test_addresses_of_pages(
    address: str, name: str, revision: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example.org")
    assert repository(address) == (name, revision)


@pytest.mark.parametrize(
    "address",
    [
        "https://huggingface.co/datasets/a/b",
        "https://huggingface.co/spaces/a/b",
        "https://huggingface.co/a",
        "https://example.org/a/b",
    ],
)
def test_pages_of_no_model(address: str) -> None:
    with pytest.raises(UnavailableError, match="page"):
        repository(address)


@pytest.mark.parametrize("page", ["tree/main/checkpoint-500", "blob/main/a/model.safetensors"])
def test_pages_of_a_folder_within_a_repository(page: str) -> None:
    """It may hold another model than the one at the top."""
    with pytest.raises(UnavailableError, match="leads to a folder"):
        repository(f"https://huggingface.co/a/b/{page}")


def test_onnx_files_of_half_a_model(tmp_path: Path) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "t5", tmp_path / "c"))
    (checkpoint / "model.safetensors").unlink()
    (checkpoint / "onnx").mkdir()
    (checkpoint / "onnx" / "encoder_model.onnx").write_bytes(b"")
    with pytest.raises(InvalidModelError, match=r"not those of a whole model") as caught:
        convert(checkpoint, tmp_path / "m", quantization="int8")
    assert "decoder_model_merged.onnx" in str(caught.value.advice)
