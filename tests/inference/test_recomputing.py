"""CTranslate2 one step at a time, against what the engine itself finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from s2scli.errors import InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.engines import recomputing
from s2scli.inference.engines.ctranslate2 import CTranslate2Engine
from s2scli.inference.engines.recomputing import RecomputingStepper
from s2scli.inference.engines.stepper import Floats
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.inference.search import log_softmax
from s2scli.models.convert.run import Labels, convert
from tests.conftest import GOLDEN
from tests.families import FAMILIES

TEXTS = ["Where is the station?", "Good morning to you, my friend!", "Yes."]


def stepper_of(model: Model) -> RecomputingStepper:
    assert isinstance(model.engine, CTranslate2Engine)
    stepper = model.engine.searching._open()
    assert isinstance(stepper, RecomputingStepper)
    return stepper


def forced(model: Model, source: list[str], target: list[str]) -> list[Floats]:
    """Log-probabilities of all tokens at each step of a target."""
    stepper, given = stepper_of(model), model.frame.start_given
    ids = [stepper.tokens.index(token) for token in [*model.frame.target_prefix, *target]]
    state = stepper.start([source], 1)
    begun = ids if given else [stepper.start_token, *ids]
    rows = [log_softmax(stepper.step(state, np.array([n]), np.arange(1)))[0] for n in begun]
    return rows[len(rows) - len(target) - 1 :]


@pytest.mark.parametrize("name", ["marian-tiny", "t5", "bart", "mbart25", "nllb"])
def test_log_probabilities_are_those_that_the_engine_gives_targets(
    name: str, tmp_path: Path
) -> None:
    """With starts of the model's own, starts that are languages, and tokens that are forced."""
    convert(GOLDEN / name, tmp_path / "m", quantization="float32")
    model = Model(tmp_path / "m", place("cpu", threads=1), job=FAMILIES[name].directions[0].job)
    sources = [model.source(tokens) for tokens in model.encode(TEXTS)]
    targets = model.encode_targets(["Wo ist der Bahnhof?", "Guten Morgen!", "Ja."])
    expected = model.score(sources, targets)
    end = model.manifest.tokenizer.end
    for source, target, scores in zip(sources, targets, expected, strict=True):
        rows = forced(model, source, target)
        ids = [stepper_of(model).tokens.index(token) for token in [*target, end]]
        found = [float(row[number]) for row, number in zip(rows, ids, strict=True)]
        assert found == pytest.approx(scores, abs=1e-5)


def test_greedy_search_over_it_is_the_engines_own(small_models: Mapping[str, Path]) -> None:
    model = Model(small_models["t5"], place("cpu", threads=1))
    assert isinstance(model.engine, CTranslate2Engine)
    sources = [model.source(tokens) for tokens in model.encode(TEXTS)]
    decoding = model.decoding({"beam_size": 1, "max_length": 12, "no_repeat_ngram_size": 2})
    own = model.engine.submit(sources, decoding).result()
    ours = model.engine.searching.submit(sources, decoding).result()
    for (theirs,), (found,) in zip(own, ours, strict=True):
        assert (found.tokens, found.truncated) == (theirs.tokens, theirs.truncated)
        assert found.score == pytest.approx(theirs.score, abs=1e-5)


def test_outputs_may_be_as_long_as_the_model_has_places(tmp_path: Path) -> None:
    convert(GOLDEN / "mbart50", tmp_path / "m", labels=Labels(name="m"), quantization="float32")
    job = Job(source_language="en", target_language="de")
    model = Model(tmp_path / "m", place("cpu", threads=1), job=job)
    decoding = model.decoding({"max_length": 64, "min_length": 63, "search": "reference"})
    assert decoding.max_length == 64  # the table of positions has as many rows
    sources = [model.source(tokens) for tokens in model.encode(TEXTS[:1])]
    ((found,),) = model.submit(sources, replace(decoding, beam_size=2)).result()
    assert found.tokens >= 60


def test_no_token_is_forbidden_and_equal_rows_are_equal(model: Model) -> None:
    stepper = stepper_of(model)
    sources = [model.source(tokens) for tokens in model.encode(TEXTS)]
    state = stepper.start(sources, 2)
    logits = stepper.step(state, np.full(6, stepper.start_token), np.arange(6))
    assert logits.shape == (6, len(stepper.tokens))
    assert np.isfinite(logits).all()
    assert (logits[::2] == logits[1::2]).all()
    assert (logits[0] != logits[2]).any()
    logits[0] = 0  # the caller may change the array
    assert (logits[1] != 0).any()


def test_batches_that_take_much_memory_are_parted(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepper = stepper_of(model)
    sources = [model.source(tokens) for tokens in model.encode(TEXTS)]

    def second() -> Floats:
        state = stepper.start(sources, 1)
        stepper.step(state, np.full(3, stepper.start_token), np.arange(3))
        return stepper.step(state, np.full(2, 7), np.array([0, 2]))

    together = second()
    monkeypatch.setattr(recomputing, "MOST_BYTES", 1)
    assert np.abs(second() - together).max() < 0.5  # int8: padding changes roundings


def test_a_vocabulary_that_cannot_be_read_is_named(model: Model, tmp_path: Path) -> None:
    assert isinstance(model.engine, CTranslate2Engine)
    with pytest.raises(InvalidModelError, match=r"config\.json"):
        RecomputingStepper(model.engine._translator, tmp_path)
