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
from tests.models.convert.test_framing import template
from tests.variants import variant


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


def test_halves_of_characters_in_any_file(tmp_path: Path) -> None:
    for file in ("config.json", "generation_config.json", "tokenizer_config.json"):
        checkpoint = tmp_path / file
        variant("t5", checkpoint)
        content = json.loads((checkpoint / file).read_text("utf-8"))
        (checkpoint / file).write_text(json.dumps({**content, "some": "a\ud83d"}))
        with pytest.raises(InvalidModelError, match=rf"{file} has half of a character \(U\+D83D"):
            convert(checkpoint, tmp_path / "m", quantization="int8")
    whole = variant("t5", tmp_path / "whole", config={"_name_or_path": "\U0001f600"})
    convert(whole, tmp_path / "m", quantization="int8")


def test_a_file_of_merges_that_is_not_utf8(tmp_path: Path) -> None:
    checkpoint = variant("bart", tmp_path / "c")
    (checkpoint / "merges.txt").write_bytes(b"a \xff\n")
    with pytest.raises(InvalidModelError, match=r"merges\.txt is not UTF-8"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(("name", "key"), [("pegasus", "offset"), ("t5", "extra_ids")])
@pytest.mark.parametrize("value", [2.5, "7", True, -1, 10**9, [1]])
def test_counts_that_are_none(name: str, key: str, value: object, tmp_path: Path) -> None:
    checkpoint = variant(name, tmp_path / "c", tokenizer={key: value})
    with pytest.raises(InvalidModelError, match=rf"tokenizer_config\.json gives {key} as"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


def test_dropout_of_a_tokenizer(tmp_path: Path) -> None:
    """By it, the library makes other tokens of a text each time."""
    checkpoint = Path(shutil.copytree(GOLDEN / "bart", tmp_path / "c"))
    model = {"type": "BPE", "dropout": 0.1, "vocab": {"a": 0}, "merges": []}
    (checkpoint / "tokenizer.json").write_text(json.dumps({"version": "1.0", "model": model}))
    with pytest.raises(InvalidModelError, match=r"sets dropout to 0\.1"):
        convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("token", ["\n", "\t", "  "])
def test_added_tokens_that_become_white_space(token: str, tmp_path: Path) -> None:
    checkpoint = variant("t5", tmp_path / "c")
    (checkpoint / "spiece.model").unlink()
    tokens = [["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["▁a", -1.0], ["▁", -2.0]]
    for normalized in (True, False):
        added = {"id": 5, "content": token, "normalized": normalized, "special": False}
        flags = dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
        content = {
            "version": "1.0",
            "added_tokens": [{**added, **flags}],
            "normalizer": {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
            "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
            "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"},
            "model": {"type": "Unigram", "unk_id": 2, "vocab": tokens},
            "post_processor": {"type": "Sequence", "processors": [template("$A", "</s>")]},
        }
        (checkpoint / "tokenizer.json").write_text(json.dumps(content))
        if normalized:
            with pytest.raises(InvalidModelError, match="normalizes the added token"):
                convert(checkpoint, tmp_path / "m", quantization="int8")
        else:
            convert(checkpoint, tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(
    ("name", "file", "said"),
    [
        ("bart", "merges.txt", "has no pairs"),
        ("t5", "spiece.model", "is empty"),
        ("marian-tiny", "source.spm", "is empty"),
    ],
)
def test_an_empty_file_of_a_tokenizer(name: str, file: str, said: str, tmp_path: Path) -> None:
    checkpoint = variant(name, tmp_path / "c")
    (checkpoint / file).write_bytes(b"")
    with pytest.raises(InvalidModelError, match=f"{file} {said}. Fetch it again"):
        convert(checkpoint, tmp_path / "m", quantization="int8")
