from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from s2scli.errors import InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from s2scli.models.convert.vocabulary import arrange
from tests.checkpoints import write_safetensors
from tests.conftest import GOLDEN


def test_rows_are_filled() -> None:
    assert arrange(["a", "b"], {3: "c"}, 5) == ["a", "b", "<unused_2>", "c", "<unused_4>"]
    assert arrange(["a", "b"], {5: "b"}, 6)[1] == "b"


def test_added_tokens_and_one_more_may_lie_beyond_the_rows() -> None:
    assert arrange(["a", "<mask>"], {1: "<mask>"}, 1) == ["a"]
    assert arrange(["a", "b"], {}, 1) == ["a"]
    assert arrange(["a"], {1: "b", 2: "c"}, 1) == ["a"]
    with pytest.raises(InvalidModelError, match="vocabulary of 1"):
        arrange(["a", "b", "c"], {}, 1)
    with pytest.raises(InvalidModelError, match="the same token twice"):
        arrange(["a", "a"], {}, 2)


def test_a_bart_without_a_row_for_its_mask(tmp_path: Path) -> None:
    """As facebook/bart-large-cnn: the tokenizer has one token more than the table has rows."""
    from s2scli.models.convert.safetensors import read_safetensors

    checkpoint = Path(shutil.copytree(GOLDEN / "bart", tmp_path / "c"))
    vocabulary = json.loads((checkpoint / "vocab.json").read_text("utf-8"))
    order = sorted(vocabulary, key=vocabulary.__getitem__)
    order.remove("<mask>")
    order.append("<mask>")
    (checkpoint / "vocab.json").write_text(json.dumps({t: n for n, t in enumerate(order)}))
    merges = (checkpoint / "merges.txt").read_text("utf-8").splitlines()
    (checkpoint / "merges.txt").write_text("\n".join(merges[:-1]))
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        (checkpoint / name).unlink()
    config = json.loads((checkpoint / "config.json").read_text("utf-8"))
    config["vocab_size"] = len(order) - 1
    (checkpoint / "config.json").write_text(json.dumps(config))
    tensors = {n: t.array() for n, t in read_safetensors(checkpoint / "model.safetensors").items()}
    tensors["model.shared.weight"] = tensors["model.shared.weight"][: len(order) - 1]
    tensors["final_logits_bias"] = tensors["final_logits_bias"][:, : len(order) - 1]
    write_safetensors(checkpoint / "model.safetensors", tensors)
    convert(checkpoint, tmp_path / "m", quantization="int8")
    model = Model(tmp_path / "m", place("cpu", threads=1))
    assert len(model.encode(["Hello <mask> there"])[0]) > 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("merges.txt", "a b c\n"),
        ("merges.txt", "zzz yyy\n"),
        ("vocab.json", '{"a": 0, "b": 2}'),
        ("vocab.json", '{"a": "x"}'),
    ],
)
def test_damaged_byte_level_files(tmp_path: Path, name: str, content: str) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "bart", tmp_path / "c"))
    (checkpoint / name).write_text(content)
    with pytest.raises(InvalidModelError):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("content", ["{}", '{"model": {"vocab": 7}}', '{"model": 1}', "[]"])
def test_damaged_tokenizer_json(tmp_path: Path, content: str) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "nllb", tmp_path / "c"))
    (checkpoint / "sentencepiece.bpe.model").unlink()
    (checkpoint / "tokenizer.json").write_text(content)
    with pytest.raises(InvalidModelError):
        convert(checkpoint, tmp_path / "m", quantization="int8")
