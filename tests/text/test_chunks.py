from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.inference.model import Model
from s2scli.text.chunks import chunks
from s2scli.text.segmenter import sentence_splitter
from s2scli.text.sentences import Splitter, sentences
from tests.text.test_sentences import HOSTILE


def characters_as_tokens(texts: Sequence[str]) -> list[list[str]]:
    return [list(text.strip()) for text in texts]


@pytest.mark.parametrize("split", [sentences, sentence_splitter("en")])
@given(text=HOSTILE, budget=st.integers(1, 60))
def test_chunks_are_the_text_and_fit(split: Splitter, text: str, budget: int) -> None:
    found = list(chunks(text, characters_as_tokens, budget, split))
    assert "".join(text[start:end] for start, end in found) == text
    tokens = characters_as_tokens([text[start:end] for start, end in found])
    assert all(len(row) <= budget for row in tokens)


def test_sentences_are_kept_whole(model: Model) -> None:
    long = "This is the house that was built by Jack and his friends from the old town. "
    text = "Yes. No. " + long + "Why not? "
    found = [text[start:end] for start, end in chunks(text, model.encode, 100, sentences)]
    assert found == ["Yes. ", "No. ", long, "Why not? "]


def test_a_sentence_too_long_is_cut_at_the_coarsest_border(model: Model) -> None:
    text = "one two three four, five six seven eight, nine ten eleven twelve"
    budget = len(model.encode(["five six seven eight, "])[0])
    pieces = [text[start:end] for start, end in chunks(text, model.encode, budget, sentences)]
    assert "five six seven eight, " in pieces
    assert "".join(pieces) == text
    assert all(piece.endswith((" ", ",", "twelve")) for piece in pieces)


def test_a_word_without_end_is_cut_between_characters(model: Model) -> None:
    text = "x1y2" * 5000
    found = list(chunks(text, model.encode, 50, sentence_splitter("en")))
    assert "".join(text[start:end] for start, end in found) == text
    assert all(len(row) <= 50 for row in model.encode([text[a:b] for a, b in found]))
