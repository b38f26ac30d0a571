from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from s2scli.inference.model import Model
from s2scli.text.chunks import chunks
from tests.text.test_sentences import HOSTILE


def characters_as_tokens(texts: Sequence[str]) -> list[list[str]]:
    return [list(text.strip()) for text in texts]


@given(HOSTILE, st.integers(1, 60), st.integers(0, 60))
def test_chunks_are_the_text_and_fit(text: str, budget: int, packed: int) -> None:
    found = list(chunks(text, characters_as_tokens, budget, packed=packed))
    assert "".join(text[start:end] for (start, end), _ in found) == text
    for (start, end), tokens in found:
        assert len(tokens) <= budget
        assert tokens == characters_as_tokens([text[start:end]])[0]


def test_sentences_are_packed_and_kept_whole(model: Model) -> None:
    sentence = "This is the house that was built by Jack. "
    count = len(model.encode([sentence])[0])
    found = list(chunks(sentence * 10, model.encode, 500, packed=3 * count + 1))
    assert [end - start for (start, end), _ in found] == [len(sentence) * n for n in (3, 3, 3, 1)]


def test_a_long_sentence_stays_whole_beside_packed_short_ones(model: Model) -> None:
    long = "This is the house that was built by Jack and his friends from the old town. "
    text = "Yes. No. " + long + "Why not? "
    found = [text[start:end] for (start, end), _ in chunks(text, model.encode, 100, packed=8)]
    assert found == ["Yes. No. ", long, "Why not? "]


def test_a_sentence_too_long_is_cut_at_the_coarsest_border(model: Model) -> None:
    text = "one two three four, five six seven eight, nine ten eleven twelve"
    budget = len(model.encode(["five six seven eight, "])[0])
    pieces = [text[start:end] for (start, end), _ in chunks(text, model.encode, budget, packed=0)]
    assert "five six seven eight, " in pieces
    assert "".join(pieces) == text
    assert all(piece.endswith((" ", ",", "twelve")) for piece in pieces)


def test_a_word_without_end_is_cut_between_characters(model: Model) -> None:
    text = "x1y2" * 5000
    found = list(chunks(text, model.encode, 50, packed=50))
    assert "".join(text[start:end] for (start, end), _ in found) == text
    assert all(len(tokens) <= 50 for _, tokens in found)
