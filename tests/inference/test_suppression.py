"""Words that must not come do not come, however a vocabulary can spell them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import s2scli
from s2scli.errors import UsageError
from s2scli.inference.model import Model
from s2scli.inference.tokenizers.spellings import MOST, marked_ways, ways
from tests.conftest import Run

LETTERS = "ab"
PIECES = ["".join(p) for n in (1, 2, 3) for p in product(LETTERS, repeat=n)]
TEXT = "The cat sat on the mat. Where is the station? I would like a cup of coffee, please."


@settings(max_examples=200, deadline=None)
@given(st.text(LETTERS, min_size=1, max_size=8), st.sets(st.sampled_from(PIECES)))
def test_all_ways_are_found(word: str, vocabulary: set[str]) -> None:
    cuts = [c for n in range(len(word)) for c in combinations(range(1, len(word)), n)]
    all_ways = {
        tuple(word[a:b] for a, b in zip((0, *cut), (*cut, len(word)), strict=True)) for cut in cuts
    }
    expected = {way for way in all_ways if vocabulary.issuperset(way)}
    found = ways(word, vocabulary.__contains__)
    assert set(found) == expected
    assert len(found) == len(expected)
    assert [len(way) for way in found] == sorted(map(len, found))


def test_there_is_a_limit_for_a_long_word() -> None:
    found = ways("a" * 40, lambda piece: True)
    assert len(found) == MOST
    assert ("a" * 40,) in found


def test_what_is_spelt_in_bytes_has_one_way() -> None:
    tokens = ["▁", "<0xE2>", "<0x82>", "<0xAC>"]
    assert marked_ways(tokens, "▁", lambda piece: piece in tokens) == [
        tuple(tokens),
        tuple(tokens[1:]),
    ]


@pytest.mark.parametrize("beam", [1, 4])
def test_a_word_does_not_come(model: Model, beam: int) -> None:
    with s2scli.load("en-de", threads=1) as loaded:
        text = "Where is the station?"
        assert "Bahnhof" in loaded.translate(text, beam_size=beam).text
        found = loaded.translate(text, beam_size=beam, n_best=beam, suppress_words=["Bahnhof"])
        assert not any("Bahnhof" in each.text for each in found.hypotheses)
        # What the model itself never writes stays so.
        own = loaded.decoding("translate").suppress
        more = loaded.decoding("translate", suppress_words=["Bahnhof"]).suppress
        assert more[: len(own)] == own
        assert len(more) > len(own)


@pytest.mark.parametrize("name", ["t5", "bart"])
def test_all_words_of_an_output_can_be_suppressed(
    name: str, small_models: Mapping[str, Path]
) -> None:
    with s2scli.load(small_models[name], "generate", threads=1) as model:
        before = model.generate(TEXT, prompt="{text}", max_length=30).text
        words = sorted({word for word in before.split() if len(word) > 2})
        assert words
        for word in words:
            after = model.generate(TEXT, prompt="{text}", max_length=30, suppress_words=[word]).text
            assert word not in after.split()


@pytest.mark.parametrize("kind", ["sentencepiece", "t5", "bart"])
def test_each_way_is_the_word(kind: str, model: Model, small_models: Mapping[str, Path]) -> None:
    with s2scli.load(small_models.get(kind, "en-de"), threads=1) as loaded:
        tokenizer = loaded.model.tokenizer
        for word in ("station", "Haus", "the cat"):
            found = tokenizer.spellings(word)
            assert tuple(tokenizer.encode_targets([word])[0]) in found
            assert {text.strip() for text in tokenizer.decode([list(way) for way in found])} == {
                word
            }


def test_a_word_that_the_model_cannot_write_is_refused(
    small_models: Mapping[str, Path], s2s: Run
) -> None:
    """There would be nothing to suppress: the vocabulary has neither its letters nor bytes."""
    model = small_models["t5"]
    done = s2s("generate", "-m", model, "--prompt", "{text}", "--suppress", "日本", stdin=b"A\n")
    assert done.returncode == 2
    assert "cannot write '日本'" in done.stderr.decode()
    with s2scli.load(model, threads=1) as loaded, pytest.raises(UsageError, match="cannot write"):
        loaded.translate("Hello!", suppress_words=["日本"])
