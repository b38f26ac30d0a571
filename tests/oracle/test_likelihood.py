"""Teacher forcing against transformers' loss, for every family."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from s2scli.tasks.likelihood import likelihoods
from tests.conftest import GOLDEN
from tests.families import FAMILIES
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
TARGETS = ["Wo ist der Bahnhof?", "Ich weiß es nicht.", "Tom, komm her!", "Hello there."]


@pytest.mark.parametrize("name", FAMILIES)
def test_likelihoods_equal_the_loss(name: str, tmp_path: Path) -> None:
    import torch

    from tests.oracle.reference import Reference

    family = FAMILIES[name]
    convert(GOLDEN / name, tmp_path / "m", quantization="float32")
    reference = Reference(GOLDEN / name, family)
    tokenizer, model = reference.tokenizer, reference.model
    sources = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["runs"][0]["sources"][:4]
    for direction in family.directions:
        ours = Model(tmp_path / "m", place("cpu"), job=direction.job)
        found = list(likelihoods(sources, TARGETS, ours))
        ids = reference.source_ids(sources, direction)
        vocabulary = json.loads((tmp_path / "m" / "shared_vocabulary.json").read_text("utf-8"))
        numbers = {token: number for number, token in enumerate(vocabulary)}
        start = [model.config.decoder_start_token_id]
        if direction.target:
            code = tokenizer.convert_tokens_to_ids(direction.target)
            if hasattr(tokenizer, "get_lang_id"):
                code = tokenizer.get_lang_id(direction.target)
            start = [code] if family.starts_with_language else [*start, code]
        elif model.generation_config.forced_bos_token_id is not None:
            start.append(model.generation_config.forced_bos_token_id)
        for source, each in zip(ids, found, strict=True):
            labels = [numbers.get(token, numbers["<unk>"]) for token in each.tokens]
            inputs = torch.tensor([[*start, *labels[:-1]]])
            with torch.no_grad():
                logits = model(input_ids=torch.tensor([source]), decoder_input_ids=inputs).logits[0]
            loss = torch.nn.functional.cross_entropy(logits[len(start) - 1 :], torch.tensor(labels))
            assert each.cross_entropy == pytest.approx(float(loss), abs=1e-3)
