"""What a run's signature says, and what changes it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.api import TextModel
from s2scli.inference.engines import ctranslate2
from s2scli.models.convert.run import convert
from s2scli.models.store import bundled_directory
from tests.conftest import GOLDEN


@pytest.fixture(scope="module")
def model() -> Iterator[TextModel]:
    with s2scli.load("en-de") as loaded:
        yield loaded


def facts(signature: str) -> dict[str, str]:
    return dict(part.split(":", 1) for part in signature.split("|"))


def test_names_model_search_and_versions(model: TextModel) -> None:
    found = facts(model.signature("translate"))
    assert found["model"] == "en-de"
    assert found["engine"].startswith("ctranslate2-")
    assert (found["task"], found["from"], found["to"]) == ("translate", "en", "de")
    assert (found["beam-size"], found["length-penalty"]) == ("4", "1")
    assert found["s2s"] == s2scli.__version__
    assert "patience" not in found


@pytest.mark.parametrize("overflow", [True, False])
def test_weights_of_seven_bits_are_said(overflow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctranslate2, "products_overflow", lambda: overflow)
    for kind in ("int8", "float32"):
        with s2scli.load("en-de", compute_type=kind, threads=1) as loaded:
            found = facts(loaded.signature("translate")).get("weights")
        assert found == ("7-bit" if overflow and kind == "int8" else None)


@pytest.mark.parametrize(("kind", "packages"), [("float32", 1), ("int8", 2), ("auto", 2)])
def test_all_that_compute_are_named(kind: str, packages: int, tmp_path: Path) -> None:
    """NumPy's models multiply integers by ONNX Runtime."""
    convert(GOLDEN / "marian-student", tmp_path / "m", quantization="int8")
    with s2scli.load(tmp_path / "m", compute_type=kind) as loaded:
        found = facts(loaded.signature("translate"))["engine"]
    names = [part.partition("-")[0] for part in found.split("+")]
    assert names == ["numpy", "onnxruntime"][:packages]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"beam_size": 2}, {"beam-size"}),
        ({"patience": 2.0}, {"patience"}),
        ({"max_length": "1.5x"}, {"max-ratio", "max-length"}),
        ({"suppress_words": ["Bahnhof"]}, {"suppress"}),
        ({"prefix": "Sag mir,"}, {"prefix"}),
        ({"no_unknown": True}, {"no-unknown"}),
    ],
)
def test_each_option_that_counts_changes_it(
    model: TextModel, options: dict[str, Any], names: set[str]
) -> None:
    before, after = facts(model.signature("translate")), None
    after = facts(model.signature("translate", **options))
    assert {name for name in before | after if before.get(name) != after.get(name)} == names


def test_how_many_are_shown_does_not(model: TextModel) -> None:
    assert model.signature("translate", n_best=2) == model.signature("translate")


def test_texts_with_its_own_signs_stay_one_fact(model: TextModel) -> None:
    before, after = model.signature("translate"), model.signature("translate", prefix="a|b:c d")
    assert after.count("|") == before.count("|") + 1
    assert not set(after) & set(" \t\n")


def test_another_file_or_recipe_is_another_hash(model: TextModel, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundled_directory("en-de"), copy)
    with s2scli.load(copy) as same:
        assert same.signature("translate") == model.signature("translate")
    manifest = copy / "s2s.json"
    content = json.loads(manifest.read_bytes())
    content["tokenizer"]["lead"] += " "
    manifest.write_text(json.dumps(content))
    with s2scli.load(copy) as other:
        assert (
            facts(other.signature("translate"))["hash"]
            != facts(model.signature("translate"))["hash"]
        )
