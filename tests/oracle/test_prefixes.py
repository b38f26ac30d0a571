"""Targets that begin with given tokens, against ``decoder_input_ids`` of transformers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.families import FAMILIES, numbers_of
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
SENTENCES = 20


@pytest.mark.parametrize("name", ["marian-tiny", "t5", "bart", "mbart25", "nllb", "m2m100"])
def test_greedy_outputs(name: str, tmp_path: Path) -> None:
    """The prefix comes after the code of the target language."""
    import torch

    from tests.oracle.reference import Reference

    family = FAMILIES[name]
    convert(GOLDEN / name, tmp_path / "m", quantization="float32")
    reference = Reference(GOLDEN / name, family)
    golden = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    direction, run = family.directions[0], golden["runs"][0]
    ours = Model(tmp_path / "m", place("cpu"), job=direction.job)
    written = numbers_of(tmp_path / "m", "target")
    sources = run["sources"][:SENTENCES]
    tokens = ours.prefix("Das ist")
    prefix = [*ours.frame.target_prefix, *tokens]
    start = [] if ours.frame.start_given else [reference.model.config.decoder_start_token_id]
    begin = [*start, *written(prefix)]
    expected = reference.generate(
        sources,
        direction,
        1,
        decoder_input_ids=torch.tensor([begin] * len(sources)),
        decoder_start_token_id=None,
        forced_bos_token_id=None,
    )
    decoding = ours.decoding({"beam_size": 1, "max_length": 59, "prefix": "Das ist"})
    encoded = [ours.source(tokens) for tokens in ours.encode(sources)]
    found = ours.engine.submit(encoded, decoding, prefix, ours.frame.start_given).result()
    for several, row in zip(found, expected, strict=True):
        end = [] if several[0].truncated else row[-1:]
        mine = written([*ours.frame.target_prefix, *tokens, *several[0].tokens])
        assert mine[len(mine) - len(row) + len(end) :] + end == row
    texts = [h[0].text for h in ours.submit(encoded, decoding).result()]
    assert all(text.startswith("Das ist") for text in texts)
