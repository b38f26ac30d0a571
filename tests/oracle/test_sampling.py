"""What samples are drawn from, against transformers' logits and its warpers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from s2scli.inference.device import place
from s2scli.inference.engines.ctranslate2 import CTranslate2Engine
from s2scli.inference.model import Model
from s2scli.inference.warpers import Sampling, warp
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.families import FAMILIES, numbers_of
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")
SENTENCES = 8


@pytest.mark.parametrize("name", ["marian-tiny", "t5", "bart", "mbart25", "nllb"])
def test_logits_and_the_sets_that_are_kept(name: str, tmp_path: Path) -> None:
    import torch
    from transformers.generation.logits_process import (
        LogitsProcessorList,
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    from tests.oracle.reference import Reference

    family = FAMILIES[name]
    convert(GOLDEN / name, tmp_path / "m", quantization="float32")
    model = Model(tmp_path / "m", place("cpu", threads=1), job=family.directions[0].job)
    assert isinstance(model.engine, CTranslate2Engine)
    stepper = model.engine.searching._open()
    reference = Reference(GOLDEN / name, family)
    run = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["runs"][0]
    read, written = numbers_of(tmp_path / "m"), numbers_of(tmp_path / "m", "target")
    prefix = written([*model.frame.target_prefix, *model.prefix("Das ist")])
    start = reference.model.config.decoder_start_token_id
    begun = prefix if model.frame.start_given else [start, *prefix]
    for text in run["sources"][:SENTENCES]:
        source = model.source(model.encode([text])[0])
        state = stepper.start([source], 1)
        for number in begun:
            logits = stepper.step(state, np.array([number]), np.arange(1))
        with torch.no_grad():
            given = torch.tensor([read(source)]), torch.tensor([begun])
            theirs = reference.model(input_ids=given[0], decoder_input_ids=given[1]).logits[:, -1]
        theirs = theirs[:, : logits.shape[1]]
        possible = theirs[0] > -1e30  # Marian's own padding never comes
        assert np.abs(logits - theirs.numpy())[0, possible].max() < 1e-4
        for how in (Sampling(0.7, 20), Sampling(top_p=0.8), Sampling(1.3, 50, 0.6), Sampling(2.0)):
            warpers = LogitsProcessorList([TemperatureLogitsWarper(how.temperature)])
            if how.top_k:
                warpers.append(TopKLogitsWarper(how.top_k))
            if how.top_p < 1:
                warpers.append(TopPLogitsWarper(how.top_p))
            expected = warpers(given[1], torch.tensor(logits)).numpy()
            found = warp(logits, how)
            assert (np.isfinite(found) == np.isfinite(expected)).all()
            kept = np.isfinite(found)
            assert found[kept] == pytest.approx(expected[kept], abs=1e-5)
