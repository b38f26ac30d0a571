"""Moses' words: where they stand in texts, and what is said where the library is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from s2scli.errors import UnavailableError
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.inference.tokenizers import Tokenizer, open_tokenizer
from s2scli.models.convert.run import convert
from s2scli.models.manifest import Manifest
from tests.conftest import GOLDEN


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("moses") / "m"
    convert(GOLDEN / "fsmt", path, quantization="float32")
    return path


@pytest.fixture(scope="module")
def tokenizer(directory: Path) -> Tokenizer:
    return Model(directory, place("cpu", threads=1)).tokenizer


TEXTS = [
    "The \u201cgood\u201d old-fashioned idea isn't bad\u2026",
    "\u00ab oui \u00bb \u2014 a (b) [c]|d & e",
    "1\u00a0000 3,5 %",
]


@pytest.mark.parametrize("text", TEXTS)
def test_each_letter_of_a_source_is_in_the_span_of_its_piece(
    text: str, tokenizer: Tokenizer
) -> None:
    (tokens,) = tokenizer.encode([text])
    spans = tokenizer.source_spans(text)
    assert len(spans) == len(tokens)
    assert spans == sorted(spans)
    letters = "".join(text[a:b] for a, b in spans)
    assert [c for c in letters if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize("text", TEXTS)
def test_each_letter_of_a_target_too(text: str, tokenizer: Tokenizer) -> None:
    (tokens,) = tokenizer.encode_targets([text])
    (written,) = tokenizer.decode([tokens])
    spans = tokenizer.target_spans(tokens)
    assert len(spans) == len(tokens)
    assert spans == sorted(spans)
    letters = "".join(written[a:b] for a, b in spans)
    assert [c for c in letters if c.isalnum()] == [c for c in written if c.isalnum()]


def test_without_sacremoses_the_message_says_what_to_install(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sacremoses", None)
    with pytest.raises(UnavailableError) as caught:
        open_tokenizer(Manifest.load(directory).tokenizer, directory)
    assert "s2scli[moses]" in str(caught.value.advice)
