"""g2p_en's checkpoint: phonemes of words are those that PyTorch gives (``scripts/make_g2p.py``)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import BadInputError, InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.pronouncing import LETTERS, PHONEMES
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN, Run

CHECKPOINT = GOLDEN / "g2p" / "checkpoint20.npz"
SAID: dict[str, tuple[list[str], float]] = json.loads((GOLDEN / "g2p/said.json").read_text("utf-8"))


def opened(directory: Path) -> Model:
    return Model(directory, place("cpu", threads=1), job=Job("generate"))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("models") / "g2p"
    convert(CHECKPOINT, found, quantization="float32")
    return found


def test_the_tokens_are_those_of_cmudict() -> None:
    assert (len(LETTERS), len(PHONEMES), len(set(PHONEMES))) == (29, 74, 74)
    assert PHONEMES[:5] == ("<pad>", "<unk>", "<s>", "</s>", "AA0")
    assert PHONEMES[-9:] == ("UW", "UW0", "UW1", "UW2", "V", "W", "Y", "Z", "ZH")


def test_phonemes_and_scores_of_200_words(directory: Path) -> None:
    assert len(SAID) == 200
    model = opened(directory)
    sources = [model.source(row) for row in model.encode(list(SAID))]
    found = model.submit(sources, model.decoding({})).result()
    assert [rows[0].text for rows in found] == [" ".join(tokens) for tokens, _ in SAID.values()]
    totals = [rows[0].score * rows[0].tokens for rows in found]
    assert totals == pytest.approx([total for _, total in SAID.values()], abs=1e-4)
    # After so many its own decoder stops.
    assert model.decoding({}).max_length == model.manifest.max_target_tokens == 20


def test_integers_are_multiplied_row_by_row(tmp_path: Path) -> None:
    """A batch is what each word is alone, bit for bit."""
    convert(CHECKPOINT, tmp_path / "m", quantization="int8")
    model = Model(tmp_path / "m", place("cpu", threads=1), "int8", Job("generate"))
    sources = [model.source(row) for row in model.encode(list(SAID)[:40])]
    decoding = model.decoding({"beam_size": 3})
    together = model.engine.submit(sources, decoding).result()
    for source, expected in zip(sources, together, strict=True):
        assert model.engine.submit([source], decoding).result() == [expected]


@pytest.mark.parametrize("quantization", ["float32", "float16"])
def test_words_from_the_command_line(quantization: str, s2s: Run, tmp_path: Path) -> None:
    shutil.copy(CHECKPOINT, tmp_path)
    model = str(tmp_path / "model")
    options = ("-o", model, "--quantization", quantization)
    assert s2s("convert", tmp_path, *options).returncode == 0
    words = list(SAID)[:3]
    text = f"{words[0]}\n\n {words[1].upper()} \n{words[2]}́\n"
    found = s2s("generate", "-m", model, "--prompt", "{text}", stdin=text.encode())
    assert found.returncode == 0, found.stderr
    lines = found.stdout.decode().splitlines()
    assert lines == [" ".join(SAID[words[0]][0]), "", *(" ".join(SAID[w][0]) for w in words[1:])]


def test_letters_know_their_characters(directory: Path) -> None:
    tokenizer = opened(directory).tokenizer
    text = " Ca\u0301É "
    assert tokenizer.encode([text]) == [["c", "a", "e"]]
    assert tokenizer.source_spans(text) == [(1, 2), (2, 3), (4, 5)]
    assert tokenizer.decode([["<s>", "K", "AE1"]]) == ["K AE1"]


def changed(path: Path, arrays: Mapping[str, Any]) -> Path:
    """The checkpoint with other arrays; without those that are None."""
    with np.load(CHECKPOINT) as found:
        content = {**dict(found), **arrays}
    kept: Any = {name: array for name, array in content.items() if array is not None}
    np.savez(path, **kept)
    return path


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"enc_emb": np.zeros((30, 12), np.float32)}, "has 30 tokens in enc_emb, and nothing says"),
    ({"dec_emb": np.zeros((73, 12), np.float32)}, "has 73 tokens in dec_emb"),
    ({"enc_b_ih": None}, "has no tensor enc_b_ih"),
    ({"fc_w": np.zeros((74, 41), np.float32)}, "fc_w has shape"),
    ({"dec_w_hh": np.zeros((120, 40), np.int64)}, "dec_w_hh holds I64"),
    ({"attention": np.zeros(3, np.float32)}, "nothing in its family reads, such as attention"),
]


@pytest.mark.parametrize(("arrays", "words"), FAULTS)
def test_faults_are_named(arrays: dict[str, Any], words: str, tmp_path: Path) -> None:
    path = changed(tmp_path / "other.npz", arrays)
    with pytest.raises(InvalidModelError, match=words):
        convert(path, tmp_path / "model", quantization="float32")
    assert not (tmp_path / "model").exists()


def test_a_word_that_is_too_long_is_named(directory: Path) -> None:
    from s2scli.data import Segment
    from s2scli.flow.stream import FlowOptions
    from s2scli.tasks.generate import Record, generate

    model = opened(directory)
    records = [[Record(Segment(0, "a" * 1200), {"text": "a" * 1200})]]
    with pytest.raises(BadInputError, match="the model takes"):
        list(generate(records, model, model.decoding({}), FlowOptions(64)))
