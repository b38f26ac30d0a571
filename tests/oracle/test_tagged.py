"""Fields from texts with marks, against ``DonutProcessor.token2json``."""

from __future__ import annotations

import random

import pytest

from s2scli.text.tagged import fields_of
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")

TOKENS = ("<sep/>", "<paid/>", "<s_a>", "</s_a>", "<s_B>", "</s_b>", "<s_a.*>", "</s_a.*>", "</s>")
PARTS = [
    *("<s_a>", "</s_a>", "<s_b>", "</s_b>", "<s_B>", "<S_a>", "</S_A>", "<s_a.*>", "</s_a.*>"),
    *("<sep/>", "<paid/>", "<other/>", "<sep />", " ", "  ", "\n", "x", "1.5 €"),
    *("<", ">", "<s_", "</s_"),
    *("İ", "<s_İ>", "</s_i̇>", "ſ", "<ſ_a>", "</s>"),
]  # fmt: skip


def reference() -> object:
    """Its method, with the tokens of a tokenizer."""
    from types import SimpleNamespace

    from transformers import DonutProcessor

    tokenizer = SimpleNamespace(get_added_vocab=lambda: dict.fromkeys(TOKENS, 0))
    processor = DonutProcessor.__new__(DonutProcessor)
    processor.tokenizer = tokenizer
    return processor


def formed(draw: random.Random, depth: int = 0) -> str:
    """A well-formed text, more or less."""
    parts = []
    for _ in range(draw.randint(1, 3)):
        name = draw.choice(("a", "b", "c", "menu.nm"))
        deep = depth < 3 and draw.random() < 0.4
        leaf = draw.choice(
            ("x", " y z ", "<paid/>", "", "u<sep/>v", "<sep/>", "<paid/><sep/> <paid/>")
        )
        parts.append(f"<s_{name}>{formed(draw, depth + 1) if deep else leaf}</s_{name}>")
    joint = draw.choice(("", "<sep/>", " ", "<sep/> "))
    return joint.join(parts)


@pytest.mark.parametrize("seed", range(2))
def test_random_sequences(seed: int) -> None:
    draw, theirs = random.Random(seed), reference()
    lists = fields = 0
    for number in range(1500):
        if number % 2:
            text = "".join(draw.choice(PARTS) for _ in range(draw.randint(0, 14)))
        else:
            text = formed(draw)
            if draw.random() < 0.4 and text:  # one place damaged
                place = draw.randrange(len(text))
                text = text[:place] + text[place + draw.randint(1, 6) :]
        ours = fields_of(text, TOKENS)
        assert ours == theirs.token2json(text), text  # type: ignore[attr-defined]
        lists += isinstance(ours, list)
        fields += isinstance(ours, dict) and "text_sequence" not in ours
    assert lists > 50
    assert fields > 300
