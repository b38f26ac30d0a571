"""Checkpoints with unusual settings against transformers itself, in every family."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.families import FAMILIES, best_tokens, numbers_of
from tests.oracle.needs import needs
from tests.variants import Weights, table_names, variant

pytestmark = needs("torch", "transformers")
SOME = 25  # sentences


def compare(checkpoint: Path, directory: Path, name: str, beam: int = 1, **options: Any) -> None:
    """Make sure that a variant's outputs are those of transformers."""
    from tests.oracle.reference import Reference

    convert(checkpoint, directory, quantization="float32")
    family = FAMILIES[name]
    direction = family.directions[0]
    ours = Model(directory, place("cpu", threads=1), job=direction.job)
    golden = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    sources = golden["runs"][0]["sources"][:SOME]
    encoded = [ours.source(tokens) for tokens in ours.encode(sources)]
    found = best_tokens(ours, encoded, ours.decoding({"beam_size": beam}))
    numbers = numbers_of(directory)
    end = ours.manifest.tokenizer.end
    mine = [numbers([*h.tokens, *([] if h.truncated else [end])]) for h in found]
    theirs = Reference(checkpoint, family).generate(
        sources, direction, beam, max_length=None, **options
    )
    assert mine == theirs
    assert len(set(map(tuple, mine))) > SOME // 2


@pytest.mark.parametrize("name", FAMILIES)
def test_an_output_of_its_own(name: str, tmp_path: Path) -> None:
    def own_output(weights: Weights) -> None:
        shared, encoder, decoder, head = table_names(weights)
        weights[encoder] = weights[decoder] = weights[shared]
        weights[head] = weights.get(head, weights[shared]).copy()
        weights[head][5::7] *= 1.05

    keys = {"tie_word_embeddings": False}
    checkpoint = variant(name, tmp_path / "c", config=keys, weights=own_output)
    compare(checkpoint, tmp_path / "m", name)
