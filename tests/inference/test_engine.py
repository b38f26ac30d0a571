from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from s2scli.data import Decoding
from s2scli.errors import InvalidModelError, S2SError, UnavailableError
from s2scli.inference.coverage import coverage
from s2scli.inference.device import place
from s2scli.inference.engines import PACKAGES, package_version
from s2scli.inference.engines.ctranslate2 import CTranslate2Engine
from s2scli.inference.model import Model
from s2scli.models.manifest import Manifest
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

SENTENCES = [
    "Where is the station?",
    "I would like a cup of coffee, please.",
    "The weather is nice today, but it will rain tomorrow.",
]


@pytest.mark.parametrize("beam_size", [1, 4])
@pytest.mark.parametrize("length_penalty", [0.0, 0.6, 1.0, 2.0])
def test_scores_are_mean_log_probabilities(
    model: Model, beam_size: int, length_penalty: float
) -> None:
    sources = [model.source(tokens) for tokens in model.encode(SENTENCES)]
    decoding = model.decoding({"beam_size": beam_size, "length_penalty": length_penalty})
    hypotheses = [h[0] for h in model.engine.submit(sources, decoding).result()]
    assert isinstance(model.engine, CTranslate2Engine)
    scored = model.engine._translator.score_batch(sources, [h.tokens for h in hypotheses])
    for hypothesis, result in zip(hypotheses, scored, strict=True):
        assert hypothesis.length == len(result.log_probs)
        mean = sum(result.log_probs) / len(result.log_probs)
        assert hypothesis.score == pytest.approx(mean, abs=2e-2)  # int8 arithmetic
        assert hypothesis.score <= 0


def test_what_reaches_the_maximum_length_is_marked(model: Model) -> None:
    sources = [model.source(tokens) for tokens in model.encode(SENTENCES)]
    for beam_size in (1, 4):
        full = model.submit(sources, model.decoding({"beam_size": beam_size})).result()
        assert not any(h[0].truncated for h in full)
        cut = model.submit(sources, model.decoding({"beam_size": beam_size, "max_length": 3}))
        # The third token is the end, which the checkpoint forces at the longest length.
        assert all(h[0].truncated and h[0].tokens == 2 for h in cut.result())
        fits = model.decoding({"beam_size": beam_size, "max_length": full[0][0].tokens})
        assert model.submit(sources[:1], fits).result()[0][0].text == full[0][0].text


def test_n_best_is_sorted_and_distinct(model: Model) -> None:
    sources = [model.source(tokens) for tokens in model.encode(SENTENCES)]
    for hypotheses in model.submit(sources, model.decoding({"n_best": 4})).result():
        scores = [h.score for h in hypotheses]
        assert scores == sorted(scores, reverse=True)
        assert len({h.text for h in hypotheses}) == 4


def test_a_broken_model_file_is_refused(tmp_path: Path) -> None:
    directory = tmp_path / "m"
    shutil.copytree(bundled_directory(DEFAULT_MODEL), directory)
    data = (directory / "model.bin").read_bytes()
    (directory / "model.bin").write_bytes(data[: len(data) // 2])
    with pytest.raises(InvalidModelError, match="does not have the size"):
        Model(directory, place("cpu"))
    with pytest.raises(InvalidModelError, match="engine cannot read"):
        CTranslate2Engine(directory, place("cpu"), "default")
    (directory / "source.spm").write_bytes(b"nonsense")
    (directory / "model.bin").write_bytes(data)
    with pytest.raises(InvalidModelError, match=r"source\.spm"):
        Model(directory, place("cpu"))


def test_what_the_device_cannot_compute_is_said() -> None:
    with pytest.raises(UnavailableError, match="CPU cannot compute in float16"):
        CTranslate2Engine(bundled_directory(DEFAULT_MODEL), place("cpu"), "float16")


def test_a_model_for_another_engine_names_it_and_who_wrote_it(tmp_path: Path) -> None:
    directory = tmp_path / "m"
    shutil.copytree(bundled_directory(DEFAULT_MODEL), directory)
    manifest = Manifest.load(directory)._replace(engine="quantum", converter="9.9.9")
    manifest.save(directory)
    with pytest.raises(InvalidModelError, match=r"s2s 9\.9\.9\) needs the engine 'quantum'"):
        Model(directory, place("cpu"))


def test_a_gpu_is_for_engines_that_have_gpus() -> None:
    with pytest.raises(UnavailableError, match=r"engine of this model \(numpy\) runs on CPUs"):
        place("cuda", engine="numpy")
    assert place("auto", engine="numpy").device == "cpu"


def test_failures_of_the_engine_are_ours(model: Model) -> None:
    long = [["▁a"] * (model.manifest.max_source_tokens + 500)]
    with pytest.raises(S2SError, match="engine failed"):
        model.engine.submit(long, Decoding()).result()


@pytest.mark.parametrize("compute_type", ["default", "auto", "int8", "float32"])
def test_compute_types(compute_type: str) -> None:
    directory = bundled_directory(DEFAULT_MODEL)
    model = Model(directory, place("cpu", threads=1), compute_type)
    source = model.source(model.encode(["Hello!"])[0])
    assert model.submit([source], model.decoding({})).result()[0][0].text
    assert model.engine.compute_type.startswith("float" if compute_type == "float32" else "int8")


def test_versions_of_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in (*chain(*PACKAGES.values()), "sentencepiece", "click"):
        assert package_version(package) == version(package)
    assert package_version("json") == package_version("no_such_package") == ""
    (tmp_path / "aged.py").touch()  # as old installers record it
    (tmp_path / "aged.egg-info").mkdir()
    (tmp_path / "aged.egg-info" / "PKG-INFO").write_text("Name: aged\nVersion: 0.3\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "missing"), *sys.path])
    assert package_version("aged") == "0.3"


@pytest.mark.parametrize("weight", [0.3, 3.0])
def test_a_coverage_penalty_does_not_depend_on_the_batch(model: Model, weight: float) -> None:
    """Hypotheses are ranked by formula 14 of Wu et al. 2016."""
    sources = [model.source(tokens) for tokens in model.encode(SENTENCES)]
    plain = model.decoding({"n_best": 4, "forced_end": False})
    penalized = replace(plain, coverage_penalty=weight)
    # Sources of one length: others round differently in int8.
    same = model.engine.submit(sources[:1] * 3, penalized).result()
    alone = model.engine.submit(sources[:1], penalized).result()
    assert [[h.tokens for h in row] for row in same] == [[h.tokens for h in alone[0]]] * 3
    assert isinstance(model.engine, CTranslate2Engine)
    for source in sources:
        (before,) = model.engine.submit([source], plain).result()
        (after,) = model.engine.submit([source], penalized).result()
        rows = model.engine._attention([source], [], [[h.tokens for h in before]])[0]
        values = [
            h.score + weight * coverage(looked[: h.length])
            for h, looked in zip(before, rows, strict=True)
            if looked
        ]
        order = sorted(range(4), key=lambda n: -values[n])
        assert [h.tokens for h in after] == [before[n].tokens for n in order]
        assert [h.score for h in after] == [before[n].score for n in order]
        assert all(h.attention is None for h in after)


@pytest.mark.parametrize("n_best", [1, 2])
def test_only_what_is_kept_is_looked_at_again(
    model: Model, n_best: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search keeps a whole beam where ends are forced, to rank it."""
    assert isinstance(model.engine, CTranslate2Engine)
    sources = [model.source(tokens) for tokens in model.encode(SENTENCES)]
    plain = model.decoding({"n_best": n_best, "forced_end": True})
    before = model.engine.submit(sources, plain).result()
    attention = model.engine._attention
    seen: list[int] = []

    def counting(*arguments: Any, **options: Any) -> Any:
        seen.extend(len(several) for several in arguments[2])
        return attention(*arguments, **options)

    monkeypatch.setattr(model.engine, "_attention", counting)
    found = model.engine.submit(sources, replace(plain, alignment=True)).result()
    assert seen == [n_best] * len(sources)
    assert [[h._replace(attention=None) for h in several] for several in found] == before
    assert all(len(h.attention or ()) == len(h.tokens) for several in found for h in several)
