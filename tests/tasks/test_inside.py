"""Tokens, attention and log-probabilities of hypotheses, on real models of two engines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.data import Hypothesis
from s2scli.errors import UsageError
from s2scli.models.convert.run import convert
from s2scli.tasks.inside import aligned_tokens, log_probs_of_tokens, log_probs_of_words
from tests.conftest import GOLDEN

TEXTS = [
    "Where is the station, please?",
    "  I am hungry. ",
    "",
    "--",
    "I didn't see the red house.",
]
LONG = "The red house is old. " * 60
NAMES = ["Kegama knows the old Fesada tomorrow .", "the old Dora sees Lidini on_monday ."]


@pytest.fixture(scope="module")
def model() -> Iterator[Any]:
    with s2scli.load("en-de", threads=1, compute_type="float32") as loaded:
        yield loaded


def check(hypothesis: Hypothesis) -> None:
    """What holds for every hypothesis."""
    for detail in hypothesis.details:
        assert len(detail.target) == len(detail.spans)
        assert len(detail.log_probs) == len(detail.target) + bool(detail.end)
        assert detail.attention is not None
        assert len(detail.attention) == len(detail.target)
        for row in detail.attention:
            assert len(row) == len(detail.source)
            assert sum(row) == pytest.approx(1.0, abs=2e-3)
    tokens = log_probs_of_tokens(hypothesis)
    assert len(tokens) == hypothesis.tokens
    total = math.fsum(likely.log_prob for likely in tokens)
    assert total == pytest.approx(hypothesis.score * hypothesis.tokens, rel=1e-3, abs=2e-3)
    words = log_probs_of_words(hypothesis)
    assert math.fsum(likely.log_prob for likely in words) == pytest.approx(total)


@pytest.mark.parametrize("beam", [1, 4])
def test_log_probabilities_add_up_to_the_score(model: Any, beam: int) -> None:
    plain = model.translate(TEXTS, beam_size=beam, n_best=beam)
    found = model.translate(TEXTS, beam_size=beam, n_best=beam, details=True, alignment=True)
    for before, result in zip(plain, found, strict=True):
        assert [h.text for h in before.hypotheses] == [h.text for h in result.hypotheses]
        for hypothesis in result.hypotheses:
            check(hypothesis)
            words = log_probs_of_words(hypothesis)
            assert [word for word, _ in words] == [*hypothesis.text.split(), "</s>"]


def test_a_line_in_parts(model: Any) -> None:
    hypothesis = model.translate(LONG, beam_size=1, details=True).hypotheses[0]
    assert len(hypothesis.details) > 1
    check(hypothesis)
    for detail in hypothesis.details:
        for token, (start, end) in zip(detail.target, detail.spans, strict=True):
            assert hypothesis.text[start:end].strip() == token.strip("▁")
    pairs = aligned_tokens(hypothesis)
    sources = [token for detail in hypothesis.details for token in detail.source]
    targets = [token for detail in hypothesis.details for token in detail.target]
    assert {target for _, target in pairs} == set(range(len(targets)))
    looked = [sources[one] for one, other in pairs if targets[other] == "▁Haus"]
    assert looked.count("▁house") > 0.9 * len(looked)


def test_a_prefix_is_not_counted(model: Any) -> None:
    hypothesis = model.translate(TEXTS[0], prefix="Sag mir,", details=True).hypotheses[0]
    (detail,) = hypothesis.details
    assert "".join(detail.given) == "▁Sag▁mir,"
    check(hypothesis)
    assert " ".join(w for w, _ in log_probs_of_words(hypothesis)[:-1]) in hypothesis.text


def test_outputs_that_are_cut_off(model: Any) -> None:
    hypothesis = model.translate(TEXTS[0], max_length=3, details=True).hypotheses[0]
    assert hypothesis.truncated
    check(hypothesis)


def test_our_own_search(tmp_path: Path) -> None:
    convert(GOLDEN / "opennmt" / "gru-mlp.pt", tmp_path / "m", quantization="float32")
    with s2scli.load(tmp_path / "m", threads=1) as model:
        for beam in (1, 4):
            for result in model.translate(NAMES, beam_size=beam, max_length=40, details=True):
                check(result.hypotheses[0])
        copied = model.translate(NAMES[0], details=True, replace_unknowns=True).hypotheses[0]
    assert [word for word, _ in log_probs_of_words(copied)] == [*copied.text.split(), "</s>"]


def test_what_changes_outputs_is_refused(model: Any) -> None:
    with pytest.raises(UsageError, match="what the model wrote"):
        model.translate("a", details=True, protect=True)
