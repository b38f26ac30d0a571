"""Samples: their distribution, and what they must not depend on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import s2scli
from s2scli.data import Decoding
from s2scli.errors import UsageError
from s2scli.inference.device import place
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.inference.engines.ctranslate2 import CTranslate2Engine
from s2scli.inference.model import Model
from s2scli.inference.sampling import draw
from s2scli.inference.search import log_softmax
from s2scli.inference.warpers import Sampling, warp
from tests.inference.test_search import SOURCES, decode, engine, everything

TEXTS = [
    "Where is the station?",
    "I would like a cup of coffee, please.",
    "The weather is nice today.",
    "Good morning!",
    "My brother has a big dog.",
    "I am hungry.",
]
DRAWN = Decoding(beam_size=1, n_best=3, max_length=6, min_length=0, sample=True)


def is_likely(counts: Sequence[float], chances: Sequence[float]) -> bool:
    """Whether counts may come from chances, by Pearson's chi-square; rare outcomes are one."""
    counted, expected = np.array(counts, float), np.array(chances) * sum(counts)
    rare = expected < 5
    if rare.any():
        counted = np.append(counted[~rare], counted[rare].sum())
        expected = np.append(expected[~rare], expected[rare].sum())
    kept = expected > 0
    statistic = float((((counted - expected) ** 2)[kept] / expected[kept]).sum())
    freedom = len(expected[kept]) - 1
    return statistic < freedom + 5 * math.sqrt(2 * freedom)


def texts_of(found: Sequence[Any]) -> list[list[str]]:
    return [[hypothesis.text for hypothesis in result.hypotheses] for result in found]


def tokens_of(found: Sequence[Sequence[TokenHypothesis]]) -> list[list[list[str]]]:
    return [[hypothesis.tokens for hypothesis in several] for several in found]


@pytest.mark.parametrize(
    "how", [Sampling(), Sampling(0.5), Sampling(1.5, top_k=20), Sampling(top_p=0.8)]
)
def test_tokens_come_as_often_as_they_are_likely(
    how: Sampling, small_models: Mapping[str, Path]
) -> None:
    """One step of a real model, drawn from many times."""
    model = Model(small_models["t5"], place("cpu", threads=1))
    assert isinstance(model.engine, CTranslate2Engine)
    stepper = model.engine.searching._open()
    state = stepper.start([model.source(model.encode([TEXTS[0]])[0])], 1)
    logits = stepper.step(state, np.array([stepper.start_token]), np.arange(1))
    warped = warp(logits, how)
    count = 10_000
    keys = [number.to_bytes(16, "little") for number in range(count)]
    drawn = draw(np.repeat(warped, count, 0), keys)
    counts = np.bincount(drawn, minlength=logits.shape[1]).tolist()
    assert is_likely(counts, np.exp(log_softmax(warped.copy()))[0].tolist())
    other = np.exp(log_softmax(warp(logits, Sampling(3.0))))[0].tolist()
    assert not is_likely(counts, other)  # the test does see differences


def test_whole_targets_come_as_often_as_they_are_likely() -> None:
    options = replace(DRAWN, n_best=1000, max_length=3)
    found = decode(options)
    for source, several in zip(SOURCES, found, strict=True):
        counts = Counter(tuple(h.tokens) for h in several if not h.truncated)
        chances = {target: math.exp(score) for target, score in everything(source, 3).items()}
        cut = 1 - sum(chances.values())
        numbers = [counts[target] for target in chances]
        assert is_likely([*numbers, 1000 - sum(numbers)], [*chances.values(), cut])
        assert [h.truncated for h in several].count(True) == 1000 - sum(numbers)


def test_scores_are_the_models_own() -> None:
    """Whatever the distribution that they were drawn from."""
    found = decode(replace(DRAWN, temperature=0.4, top_k=3))
    for source, several in zip(SOURCES, found, strict=True):
        for h in several:
            scores = engine().score([source], [h.tokens])[0][: h.length]
            assert h.score == pytest.approx(sum(scores) / h.length, abs=1e-5)


def test_a_sample_depends_on_nothing_else_in_its_batch() -> None:
    together = tokens_of(decode(DRAWN))
    alone = [
        tokens_of(engine().submit([source], DRAWN).result())[0] for source in reversed(SOURCES)
    ]
    assert together == alone[::-1]
    more = tokens_of(decode(replace(DRAWN, n_best=7)))
    assert [several[:3] for several in more] == together
    assert tokens_of(decode(replace(DRAWN, seed=1))) != together
    assert tokens_of(decode(DRAWN)) == together


def test_constraints_hold() -> None:
    found = decode(replace(DRAWN, n_best=50, min_length=2, suppress=(("a",), ("b", "b"))))
    for h in (h for several in found for h in several):
        assert h.truncated or len(h.tokens) >= 2
        assert "a" not in h.tokens
        assert ("b", "b") not in zip(h.tokens, h.tokens[1:], strict=False)
    begun = decode(replace(DRAWN, max_length=4), target_prefix=["a", "b"])
    assert all(len(h.tokens) <= 2 for several in begun for h in several)
    ended = decode(replace(DRAWN, n_best=50, max_length=3, forced_end=True))
    assert all(len(h.tokens) <= 2 for several in ended for h in several)
    full = decode(replace(DRAWN, max_length=2), target_prefix=["a", "b"])
    assert all(h.tokens == [] and h.truncated for several in full for h in several)


def test_a_step_without_any_token_ends_a_sample() -> None:
    nothing = tuple((token,) for token in ("</s>", "<unk>", "a", "b", "c", "<s>"))
    for several in decode(replace(DRAWN, suppress=nothing)):
        assert [(h.tokens, h.truncated) for h in several] == [([], True)] * 3


@pytest.mark.parametrize("compute_type", ["int8", "float32"])
def test_texts_are_the_same_whatever_the_batches(compute_type: str) -> None:
    """And the order, and the threads: the bundled model by CTranslate2."""
    found = []
    for threads, batch_tokens, order in ((1, None, 1), (2, 16, -1)):
        with s2scli.load(
            "en-de", threads=threads, batch_tokens=batch_tokens, compute_type=compute_type
        ) as model:
            several = model.translate(TEXTS[::order], sample=True, n_best=2, max_length=24)
            found.append(texts_of(several)[::order])
    assert found[0] == found[1]


@pytest.fixture(scope="module")
def german() -> Any:
    with s2scli.load("en-de", threads=1) as model:
        yield model


def test_equal_lines_have_equal_samples(german: Any) -> None:
    found = texts_of(german.translate([TEXTS[0], TEXTS[3], TEXTS[0]], sample=True, n_best=4))
    assert found[0] == found[2]
    assert len(set(found[0])) > 1
    other = german.translate(TEXTS[0], sample=True, n_best=4, seed=7)
    assert texts_of([other])[0] != found[0]
    (first,) = texts_of([german.translate(TEXTS[0], sample=True)])
    assert first == found[0][:1]


def test_little_choice_is_greedy_search(german: Any) -> None:
    greedy = texts_of(german.translate(TEXTS, beam_size=1))
    for choice in ({"top_k": 1}, {"top_p": 0.0}, {"temperature": 0.01}):
        assert texts_of(german.translate(TEXTS, sample=True, **choice)) == greedy


def test_samples_of_parts_are_joined_in_order(german: Any) -> None:
    """A line that is too long for the model: its first sample is of the first samples of parts."""
    line = " ".join(TEXTS) + " " + " ".join(["And this is one more."] * 60)
    found = german.translate(line, sample=True, n_best=2, max_length=30).hypotheses
    (first,) = german.translate(line, sample=True, max_length=30).hypotheses
    assert first == found[0]
    assert found[0].text != found[1].text


def test_samples_have_links_where_documents_need_them(german: Any) -> None:
    inner = german.model
    source = inner.source(inner.encode([TEXTS[0]])[0])
    decoding = replace(german.decoding("translate", sample=True, n_best=2), alignment=True)
    for hypothesis in inner.submit([source], decoding).result()[0]:
        assert hypothesis.attention
        assert all(len(word.weights) == len(source) for word in hypothesis.attention)


def test_what_means_nothing_together_is_refused(german: Any) -> None:
    for options in (
        {"temperature": 0.5},
        {"top_k": 3},
        {"top_p": 0.5, "sample": False},
        {"seed": 1},
        {"sample": True, "beam_size": 4},
        {"sample": True, "patience": 2},
        {"sample": True, "length_penalty": 0.5},
        {"sample": True, "coverage_penalty": 0.5},
        {"sample": True, "temperature": 0.0},
        {"sample": True, "top_p": 1.1},
        {"sample": True, "seed": -1},
        {"sample": 1},
    ):
        with pytest.raises(UsageError):
            german.translate(TEXTS[0], **options)
    german.translate(TEXTS[0], sample=True, beam_size=1, max_length=5)


def test_what_is_kept_has_the_chances_that_are_asked_for() -> None:
    rng = np.random.default_rng(0)
    scores: npt.NDArray[np.float32] = rng.normal(0, 3, (20, 500)).astype(np.float32)
    before = scores.copy()
    for top_p in (0.0, 0.3, 0.9, 0.999):
        chances = np.exp(log_softmax(scores.copy()))
        kept = np.isfinite(warp(scores, Sampling(top_p=top_p)))
        for row, some in zip(chances, kept, strict=True):
            assert row[some].sum() >= top_p - 1e-6
            assert row[some].min() >= row[~some].max(initial=0)
            assert some.sum() == 1 or row[some].sum() - row[some].min() < top_p
    assert (np.isfinite(warp(scores, Sampling(top_k=7))).sum(1) == 7).all()
    assert np.isfinite(warp(scores, Sampling(top_k=600))).all()
    assert (scores == before).all()
