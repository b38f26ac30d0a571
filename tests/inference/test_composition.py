"""What is decoded beside a sentence must not change its translation."""

from __future__ import annotations

import random
from typing import Any

import pytest

from s2scli.data import Decoding, Hypothesis, Piece, Segment
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

WHO = ["The old man", "My sister", "Nobody in this town", "Tom", "The president of the company"]
DOES = [
    "has never seen",
    "wants to buy",
    "forgot",
    "is looking for",
    "cannot find",
    "told us about",
]
WHAT = ["the red bicycle", "a letter from London", "his keys", "what happened", "the museum"]
WHEN = ["yesterday", "in the middle of the night", "", "although it was raining", "for ten years"]
AND = [".", ", and I do not know why.", ", because the children were hungry and tired of waiting."]


def sentences(count: int) -> list[str]:
    rng = random.Random(3)
    found: dict[str, None] = {}
    while len(found) < count:
        parts = [rng.choice(words) for words in (WHO, DOES, WHAT, WHEN)]
        found[" ".join(filter(None, parts)) + rng.choice(AND)] = None
    return list(found)


def decoded(
    model: Model, texts: list[str], decoding: Decoding, options: FlowOptions
) -> dict[str, tuple[Hypothesis, ...]]:
    sources = map(model.source, model.encode(texts))
    pieces = [Piece(Segment(i, texts[i]), 0, tokens) for i, tokens in enumerate(sources)]
    runs = stream([pieces], model, decoding, options)
    return {piece.segment.text: hypotheses for run in runs for piece, hypotheses in run}


OPTIONS = [
    {"beam_size": 1, "alignment": True},
    {"beam_size": 4},
    {"beam_size": 4, "alignment": True},
    {"beam_size": 3, "n_best": 2, "alignment": True},
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.slow
def test_among_sources_of_its_length_a_result_is_exact(
    model: Model, options: dict[str, Any]
) -> None:
    decoding = model.decoding(options)
    texts = sentences(300)
    together = FlowOptions(batch_tokens=1024, equal_lengths=True)
    large = decoded(model, texts, decoding, together)
    two = Model(bundled_directory(DEFAULT_MODEL), place("cpu", threads=2))
    random.Random(1).shuffle(texts)
    narrow = FlowOptions(40, window_batches=9, first_window_batches=2, equal_lengths=True)
    assert decoded(two, texts, decoding, narrow) == large
    alone = decoded(model, texts[:40], decoding, FlowOptions(1, equal_lengths=True))
    assert alone.items() <= large.items()


def test_the_attention_of_several_beams_is_that_of_the_text(model: Model) -> None:
    texts = sentences(100)
    flow = FlowOptions(batch_tokens=1024, equal_lengths=True)
    greedy, beams = (
        decoded(model, texts, model.decoding({"beam_size": size, "alignment": True}), flow)
        for size in (1, 4)
    )
    same = [text for text in texts if greedy[text][0].text == beams[text][0].text]
    assert len(same) > 30
    for text in same:
        assert beams[text][0].attention == greedy[text][0].attention
