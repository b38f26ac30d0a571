"""Added tokens of every family, wherever they are declared (no transformers needed)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import InvalidModelError, UsageError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.m2m100 import LANGUAGES
from s2scli.models.convert.run import convert
from s2scli.models.manifest import Manifest
from tests.checkpoints import write_safetensors
from tests.conftest import GOLDEN, Run
from tests.families import FAMILIES
from tests.models.convert.test_standins import arrays
from tests.variants import variant, without_lists

TABLES = ("shared.weight", "embed_tokens.weight", "lm_head.weight")
DECODER = "tokenizer_config.json"
MULTILINGUAL = {"nllb": "yua_Latn", "mbart50": "tuvan", "mbart25": "tuvan", "m2m100": "__zh-Hant__"}


def enlarged(name: str, target: Path, rows: int) -> int:
    """Copy a checkpoint and add rows to its tables; gives the number of the first one."""
    shutil.copytree(GOLDEN / name, target)
    path = target / "config.json"
    config = json.loads(path.read_text("utf-8"))
    old = config["vocab_size"]
    tensors = arrays(target)
    for key, array in tensors.items():
        if key.endswith(TABLES):
            tensors[key] = np.concatenate([array, np.repeat(array[5:6], rows, axis=0)])
        elif key == "final_logits_bias":
            tensors[key] = np.concatenate([array, np.zeros((1, rows), array.dtype)], axis=1)
    write_safetensors(target / "model.safetensors", tensors)
    sizes = {key: old + rows for key in ("vocab_size", "decoder_vocab_size") if key in config}
    path.write_text(json.dumps({**config, **sizes}))
    return int(old)


def declare(checkpoint: Path, tokens: Mapping[int, Mapping[str, Any]], form: str) -> None:
    """Write added tokens where ``form`` says."""
    if form == "added_tokens.json":
        path = checkpoint / form
        names = {str(token["content"]): number for number, token in tokens.items()}
        path.write_text(json.dumps({**read(path), **names}))
        path, key = checkpoint / "special_tokens_map.json", "additional_special_tokens"
        special = [token["content"] for token in tokens.values() if token["special"]]
        path.write_text(json.dumps({**read(path), key: [*read(path).get(key, []), *special]}))
        return
    path, key = checkpoint / form, "added_tokens_decoder"
    listed = {str(number): token for number, token in tokens.items()}
    path.write_text(json.dumps({**read(path), key: {**read(path).get(key, {}), **listed}}))


def read(path: Path) -> dict[str, Any]:
    """A JSON file, empty if it is not there."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return content


def model_of(checkpoint: Path, directory: Path, job: Job) -> Model:
    convert(checkpoint, directory, quantization="int8")
    return Model(directory, place("cpu", threads=1), job=job)


@pytest.mark.parametrize("form", ["added_tokens.json", "tokenizer_config.json"])
@pytest.mark.parametrize("name", FAMILIES)
def test_plain_and_special_ones(name: str, form: str, tmp_path: Path) -> None:
    first = enlarged(name, tmp_path / "c", 5)
    plain, special = {"content": "ZZZ", "special": False}, {"content": "<hl>", "special": True}
    declare(tmp_path / "c", {first: plain, first + 1: special}, form)
    direction = FAMILIES[name].directions[0]
    model = model_of(tmp_path / "c", tmp_path / "m", direction.job)
    vocabulary = json.loads((tmp_path / "m" / "shared_vocabulary.json").read_text("utf-8"))
    assert vocabulary[first : first + 2] == ["ZZZ", "<hl>"]
    tokens = model.encode(["a ZZZ b <hl> c"])[0]
    assert tokens.count("ZZZ") == 1
    assert "<hl>" not in tokens  # a user's text stays text
    piece = tokens[tokens.index("ZZZ") - 1]
    filler = f"<unused_{first + 3}>"
    (text,) = model.tokenizer.decode([["<hl>", piece, "ZZZ", filler, "<hl>"]])
    assert text.endswith("ZZZ")
    assert "<" not in text
    spans = model.tokenizer.source_spans("a ZZZ b")
    assert (2, 5) in spans
    assert model.tokenizer.target_spans(["ZZZ"]) == [(0, 3)]


@pytest.mark.parametrize(
    ("name", "token"),
    [("mt5", "<extra_id_7>"), ("madlad", "<extra_id_7>"), ("m2m100", "<mask>"), ("bart", "")],
)
def test_plain_ones_that_are_called_as_special_ones(name: str, token: str, tmp_path: Path) -> None:
    first = enlarged(name, tmp_path / "c", 2)
    token = token or f"<unused_{first}>"
    declare(tmp_path / "c", {first: {"content": token, "special": False}}, DECODER)
    model = model_of(tmp_path / "c", tmp_path / "m", FAMILIES[name].directions[0].job)
    assert model.encode([f"a {token} b"])[0].count(token) == 1
    assert model.tokenizer.decode([[token, f"<unused_{first + 1}>"]]) == [token]


@pytest.mark.parametrize("name", FAMILIES)
def test_special_ones_in_a_prompt(name: str, tmp_path: Path) -> None:
    first = enlarged(name, tmp_path / "c", 1)
    declare(tmp_path / "c", {first: {"content": "<hl>", "special": True}}, "tokenizer_config.json")
    own = FAMILIES[name].directions[0].job
    languages = (own.source_language, own.target_language)
    asked = Job("translate", *languages, "<hl> {text} <hl>", prompt_tokens=True)
    model = model_of(tmp_path / "c", tmp_path / "m", asked)
    assert model.encode(["say <hl>"])[0].count("<hl>") == 2
    text = model.doing(Job("translate", *languages, "<hl> {text} <hl>"))
    assert "<hl>" not in text.encode(["say"])[0]
    with pytest.raises(UsageError, match="holds no special token"):
        model.doing(Job("translate", *languages, "ask: {text}", prompt_tokens=True))
    with pytest.raises(UsageError, match="--prompt-tokens"):
        model.doing(Job("translate", *languages, prompt_tokens=True))


@pytest.mark.parametrize("form", ["added_tokens.json", "tokenizer_config.json"])
@pytest.mark.parametrize(("name", "token"), MULTILINGUAL.items())
def test_languages_of_any_name(name: str, token: str, form: str, tmp_path: Path, s2s: Run) -> None:
    first = enlarged(name, tmp_path / "c", 1)
    declare(tmp_path / "c", {first: {"content": token, "special": True}}, form)
    model = model_of(tmp_path / "c", tmp_path / "m", Job("translate", "de", token))
    frame = model.frame
    assert frame.target_prefix == [token]
    assert model.doing(Job("translate", "de", token.strip("_"))).frame.target_prefix == [token]
    assert token in model.doing(Job("translate", token, "de")).source(["▁a"])
    done = s2s("translate", "-m", tmp_path / "m", "--from", "de", "--to", token, stdin=b"Hallo.\n")
    assert done.returncode == 0, done.stderr


def test_languages_whose_numbers_added_tokens_have_are_named(tmp_path: Path) -> None:
    """transformers gives them these numbers where no file lists M2M100's languages."""
    shutil.copytree(GOLDEN / "m2m100", tmp_path / "c")
    words = len(read(tmp_path / "c" / "vocab.json"))
    news = {words + n: {"content": f"<new{n}>", "special": False} for n in range(2)}
    declare(tmp_path / "c", news, "added_tokens.json")
    manifest = convert(tmp_path / "c", tmp_path / "m", quantization="int8").manifest
    assert manifest.unsupported["added_tokens"] == ["__af__", "__am__"]
    assert not {"af", "am"} & manifest.tokenizer.target_tokens.keys()


@pytest.mark.parametrize("count", [0, 100])
def test_languages_that_are_added_without_a_number(count: int, tmp_path: Path) -> None:
    """M2M100 keeps its own, and has the new one if its place is behind them, as transformers."""
    own = [f"__{code}__" for code in LANGUAGES.split()][:count]
    names = {"additional_special_tokens": [*own, "__tyv__"]}
    checkpoint = variant("m2m100", tmp_path / "c", tokenizer=names)
    manifest = convert(checkpoint, tmp_path / "m", quantization="int8").manifest
    plain = convert(GOLDEN / "m2m100", tmp_path / "plain", quantization="int8").manifest
    assert set(manifest.target_languages) - {"tyv"} == set(plain.target_languages)
    assert ("tyv" in manifest.target_languages) == bool(count)
    assert manifest.unsupported.get("added_tokens") == (None if count else ["__tyv__"])
    tokens = json.loads((tmp_path / "m" / "shared_vocabulary.json").read_text("utf-8"))
    first = len(read(checkpoint / "vocab.json"))
    assert tokens[first] == "__af__"
    assert not count or tokens[first + count] == "__tyv__"


def test_a_language_with_another_number_than_its_own(tmp_path: Path) -> None:
    """transformers asks for it by the number of its place in the list."""
    shutil.copytree(GOLDEN / "m2m100", tmp_path / "c")
    words = len(read(tmp_path / "c" / "vocab.json"))
    declare(tmp_path / "c", {words: {"content": "__de__", "special": True}}, DECODER)
    with pytest.raises(InvalidModelError, match=f"__de__ the number {words}, but"):
        convert(tmp_path / "c", tmp_path / "m", quantization="int8")


@pytest.mark.parametrize("special", [True, False])
def test_no_word_begins_before_a_language_that_was_added(special: bool, tmp_path: Path) -> None:
    """The tokenizer finds its code before SentencePiece sees the text; not so MADLAD's own."""
    first = enlarged("madlad", tmp_path / "c", 1)
    declare(tmp_path / "c", {first: {"content": "<2tyv>", "special": special}}, DECODER)
    model = model_of(tmp_path / "c", tmp_path / "m", Job(target_language="de"))
    assert model.frame.prefix == ["▁", "<2de>"]
    new = model.doing(Job(target_language="tyv"))
    assert new.frame.prefix == ["<2tyv>"]
    assert new.encode(["a <2tyv>"]) == model.encode(["a <2tyv>"])


@pytest.mark.parametrize("name", MULTILINGUAL)
def test_words_that_are_called_as_languages_are(name: str, tmp_path: Path) -> None:
    """A piece that was added again is no language; a new word can be one, and stays a word."""
    first = enlarged(name, tmp_path / "c", 1)
    convert(tmp_path / "c", tmp_path / "old", quantization="int8")
    vocabulary = json.loads((tmp_path / "old" / "shared_vocabulary.json").read_text("utf-8"))
    letter = vocabulary.index("e")  # a piece of its own
    words = {letter: {"content": "e"}, first: {"content": "tuvan"}}
    declare(tmp_path / "c", {n: {**w, "special": False} for n, w in words.items()}, DECODER)
    own = FAMILIES[name].directions[0].job
    model = model_of(tmp_path / "c", tmp_path / "m", own)
    assert "e" not in model.manifest.target_languages
    assert model.tokenizer.decode([["▁m", "e", "tuvan"]]) == ["m e tuvan"]
    assert {"e", "tuvan"} <= set(model.encode(["me, tuvan"])[0])
    named = model.doing(Job("translate", own.source_language, "tuvan"))
    assert named.frame.target_language == "tuvan"


@pytest.mark.parametrize("name", FAMILIES)
def test_tokens_without_rows(name: str, tmp_path: Path) -> None:
    """As transformers takes them: nothing is wrong until a text has one, which then is text."""
    first = enlarged(name, tmp_path / "c", 0)
    declare(tmp_path / "c", {first: {"content": "ZZZ", "special": False}}, "tokenizer_config.json")
    model = model_of(tmp_path / "c", tmp_path / "m", FAMILIES[name].directions[0].job)
    assert model.manifest.unsupported["added_tokens"] == ["ZZZ"]
    assert "ZZZ" not in model.encode(["a ZZZ b"])[0]


@pytest.mark.parametrize("name", ["nllb", "m2m100"])
def test_languages_that_the_files_do_not_list(name: str, tmp_path: Path) -> None:
    """They are the family's own, in its order."""
    convert(without_lists(name, tmp_path / "c"), tmp_path / "m", quantization="int8")
    convert(GOLDEN / name, tmp_path / "listed", quantization="int8")
    one, other = (Manifest.load(tmp_path / which) for which in ("m", "listed"))
    assert one.target_languages == other.target_languages
    tokens, listed = (tmp_path / w / "shared_vocabulary.json" for w in ("m", "listed"))
    assert tokens.read_bytes() == listed.read_bytes()


def test_words_of_bert_are_composed_and_alone(tmp_path: Path) -> None:
    """As its slow tokenizer has them, which reads ``vocab.txt``; fast ones do neither."""
    shutil.copytree(GOLDEN / "bert2bert", tmp_path / "c")
    news = {500: {"content": "<a>", "special": False, "single_word": True}}
    declare(tmp_path / "c", news, DECODER)
    model = model_of(tmp_path / "c", tmp_path / "m", Job("generate", prompt="{text}"))
    assert model.encode(["Go\u0308tter u\u0308ber"]) == model.encode(["Götter über"])
    assert "<a>" in model.encode(["a <a> b"])[0]
    assert "<a>" not in model.encode(["a <a>."])[0]


def test_words_that_blenderbot_small_has_already_are_refused(tmp_path: Path) -> None:
    """Its pieces have other names here."""
    ids = read(GOLDEN / "blenderbot-small" / "vocab.json")
    piece = next(token for token in ids if token.endswith("@@"))
    for number, token in enumerate((piece.removesuffix("@@"), piece)):
        checkpoint = tmp_path / str(number)
        shutil.copytree(GOLDEN / "blenderbot-small", checkpoint)
        declare(checkpoint, {500: {"content": token, "special": False}}, DECODER)
        with pytest.raises(InvalidModelError, match="which its vocabulary has"):
            convert(checkpoint, tmp_path / "m", quantization="int8")


def test_lines_of_blenderbot_small(tmp_path: Path) -> None:
    """Its tokenizer sees a line's end behind a word, and no other."""
    model = model_of(GOLDEN / "blenderbot-small", tmp_path / "m", Job("generate", prompt="{text}"))
    once, spaced, twice = model.encode(["a\nb", "a \n b", "a\n\nb"])
    assert spaced == model.encode(["a b"])[0] != once == twice
