"""Where tokens are in their text, for both kinds of tokenizers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from s2scli.data import Span
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.inference.tokenizers import Tokenizer

texts = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\u00ad\u200b\ufeff\u2581\t  日本½ﬁＡ😀é.aetn"),
    ),
    max_size=30,
)


@pytest.fixture(scope="module", params=["sentencepiece", "tokenizer-json"])
def tokenizer(
    request: pytest.FixtureRequest, model: Model, small_models: dict[str, Path]
) -> Tokenizer:
    if request.param == "sentencepiece":
        return model.tokenizer
    return Model(small_models["bart"], place("cpu", threads=1)).tokenizer


def in_order(spans: Sequence[Span], text: str) -> None:
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert list(spans) == sorted(spans)


def test_tokens_stand_for_what_they_say(tokenizer: Tokenizer) -> None:
    text = "Tom's dog, 4711"
    tokens = tokenizer.encode([text])[0]
    spans = tokenizer.source_spans(text)
    said = [token.strip("▁Ġ") for token in tokens]
    assert [text[start:end].strip() for start, end in spans] == said
    spans = tokenizer.target_spans(tokens)
    assert [text[start:end].strip() for start, end in spans] == said


@given(texts)
@example("")
@example("½ ﬃ ㌔ ＡＢ \u00ad\u0301")
@example("</s> <unk>▁ ▁")
@example(" \x85")
@example("日本 😀\u200d👩")
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_spans_of_any_text(tokenizer: Tokenizer, text: str) -> None:
    tokens = tokenizer.encode([text])[0]
    spans = tokenizer.source_spans(text)
    assert len(spans) == len(tokens)
    in_order(spans, text)
    back = tokenizer.decode([tokens])[0]
    spans = tokenizer.target_spans(tokens)
    assert len(spans) == len(tokens)
    in_order(spans, back)
    covered = {position for start, end in spans for position in range(start, end)}
    assert all(character.isspace() or i in covered for i, character in enumerate(back))


def test_special_tokens_have_no_characters(model: Model) -> None:
    tokens = ["<pad>", "▁Tom", "</s>", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "."]
    assert model.tokenizer.decode([tokens]) == ["Tom😀."]
    spans = model.tokenizer.target_spans(tokens)
    assert [end - start for start, end in spans] == [0, 3, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (["▁S", "<0xC3>", "ren", "."], "Sren."),
        (["▁S", "<0xC3>", "<0xB8>", "ren"], "Søren"),
        (["▁S", "<0xC3>", "</s>", "<0xB8>", "ren"], "Søren"),
        (["<0xF0>", "<0x9F>", "<0xC3>", "<0xB8>", "<0xB8>"], "ø"),
        (["▁a", "<0xEF>", "<0xBF>", "<0xBD>", "<0xEF>"], "a\ufffd"),
        (["▁a", "\ufffd", "<0x80>"], "a\ufffd"),
        (["<0xC3>"], ""),
    ],
)
def test_bytes_of_no_whole_character_are_left_out(
    model: Model, tokens: list[str], text: str
) -> None:
    tokenizer = model.tokenizer
    assert tokenizer.decode([tokens]) == [text]
    spans = tokenizer.target_spans(tokens)
    assert "".join(text[start:end] for start, end in spans) == text


@given(st.text(max_size=8), st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_bytes_of_letters(small_models: dict[str, Path], text: str, data: st.DataObject) -> None:
    """Of a byte-level tokenizer's tokens, any may be missing."""
    tokenizer = Model(small_models["bart"], place("cpu", threads=1)).tokenizer
    tokens = tokenizer.encode([text])[0]
    kept = data.draw(st.lists(st.booleans(), min_size=len(tokens), max_size=len(tokens)))
    rest = [token for token, is_kept in zip(tokens, kept, strict=True) if is_kept]
    found = tokenizer.decode([rest])[0]
    assert found.count("\ufffd") <= text.count("\ufffd")
    in_order(tokenizer.target_spans(rest), found)


def test_a_character_of_several_bytes_is_the_last_ones(small_models: dict[str, Path]) -> None:
    tokenizer = Model(small_models["bart"], place("cpu", threads=1)).tokenizer
    tokens = tokenizer.encode(["a 😀 b"])[0]
    spans = tokenizer.target_spans(tokens)
    text = tokenizer.decode([tokens])[0]
    said = [text[start:end].strip() for start, end in spans]
    assert [part for part in said if part] == ["a", "😀", "b"]
    assert len(said) > len("a😀b")
