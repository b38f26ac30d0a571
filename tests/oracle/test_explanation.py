"""Attention, probabilities and alternatives are those of transformers."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.flow.options import FlowOptions
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from s2scli.tasks.explanation import explain
from tests.conftest import GOLDEN
from tests.families import FAMILIES, numbers_of
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
TEXTS = ["Tom is here.", "I like the old house."]
TOP = 5


@pytest.mark.parametrize("name", ["marian-tiny", "t5", "bart", "nllb"])
def test_every_token(name: str, tmp_path: Path) -> None:
    import torch

    from tests.oracle.reference import Reference

    family = FAMILIES[name]
    convert(GOLDEN / name, tmp_path / "m", quantization="float32")
    model = Model(tmp_path / "m", place("cpu", threads=1), job=family.directions[0].job)
    theirs = Reference(GOLDEN / name, family).model
    theirs.set_attn_implementation("eager")  # which gives its weights
    read, written = numbers_of(tmp_path / "m"), numbers_of(tmp_path / "m", "target")
    prefix, start = written(model.frame.target_prefix), theirs.config.decoder_start_token_id
    begun = prefix if model.frame.start_given else [start, *prefix]
    decoding = model.decoding({"beam_size": 2, "max_length": 16})
    for text in TEXTS:
        (part,) = explain(text, model, decoding, FlowOptions.on("cpu"), TOP).parts
        source, target = read(list(part.source)), written([token.token for token in part.target])
        with torch.no_grad():
            out = theirs(
                input_ids=torch.tensor([source]),
                decoder_input_ids=torch.tensor([[*begun, *target[:-1]]]),
                output_attentions=True,
            )
        logs = out.logits[0].log_softmax(-1)[len(begun) - 1 :]
        looked = out.cross_attentions[-1][0].mean(0)[len(begun) - 1 :]
        for number, token in enumerate(part.target):
            own = logs[number, target[number]]
            assert token.log_prob == pytest.approx(float(own), abs=1e-3)
            assert token.rank == int((logs[number] > own).sum()) + 1
            values = [value for _, value in token.alternatives]
            assert values == pytest.approx(logs[number].topk(TOP).values.tolist(), abs=1e-3)
            if token.attention:
                assert list(token.attention) == pytest.approx(looked[number].tolist(), abs=1e-3)
