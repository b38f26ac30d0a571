"""What a checkpoint puts before texts, and in which jobs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.frame import Frame, Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from s2scli.models.manifest import Manifest
from tests.checkpoints import make_marian, write_safetensors
from tests.variants import variant

ALL_JOBS = ("translate", "summarize", "generate")


def manifest_of(name: str, directory: Path, **config: Any) -> Manifest:
    checkpoint = variant(name, directory / "c", config=config)
    return convert(checkpoint, directory / "m", quantization="int8").manifest


@pytest.mark.parametrize("name", ["t5", "mt5", "bart", "pegasus", "marian-tiny"])
def test_a_prefix_stands_before_the_texts_of_all_jobs(name: str, tmp_path: Path) -> None:
    """As transformers' pipelines have it, whatever the model was trained for."""
    manifest = manifest_of(name, tmp_path, prefix="{as is} ")
    assert manifest.prompts == dict.fromkeys(ALL_JOBS, "{{as is}} {text}")
    assert "prefix" not in manifest.unsupported


def test_that_of_a_task_comes_first(tmp_path: Path) -> None:
    tasks = {"summarization": {"prefix": "sum: ", "num_beams": 2}}
    manifest = manifest_of("bart", tmp_path, prefix="x: ", task_specific_params=tasks)
    plain = dict.fromkeys(ALL_JOBS, "x: {text}")
    assert manifest.prompts == {**plain, "summarize": "sum: {text}"}
    assert manifest.job_decoding == {"summarize": {"beam_size": 2}}


def test_a_task_may_say_that_nothing_stands_there(tmp_path: Path) -> None:
    tasks = {"summarization": {"prefix": None}}
    manifest = manifest_of("bart", tmp_path, prefix="x: ", task_specific_params=tasks)
    assert manifest.prompts["summarize"] == "{text}"


def test_a_prefix_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InvalidModelError, match=r"summarization\.prefix as 3"):
        manifest_of("bart", tmp_path, task_specific_params={"summarization": {"prefix": 3}})


@pytest.mark.parametrize("name", ["nllb", "m2m100", "mbart25", "mbart50"])
def test_tokenizers_that_make_the_sources_of_translations(name: str, tmp_path: Path) -> None:
    tasks = {"translation_en_to_de": {"prefix": "y: ", "num_beams": 2}}
    manifest = manifest_of(name, tmp_path, prefix="x: ", task_specific_params=tasks)
    assert manifest.prompts == {"summarize": "x: {text}", "generate": "x: {text}"}
    shown = {"translate.prefix": "x: ", "translate en-de.prefix": "y: "}
    assert shown.items() <= manifest.unsupported.items()


CODES = (">>deu<<", ">>fra<<")


def marian(directory: Path, **config: Any) -> Path:
    tensors = make_marian(directory / "marian", codes=CODES)
    write_safetensors(directory / "marian" / "model.safetensors", tensors)
    path = directory / "marian" / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **config}), "utf-8")
    convert(directory / "marian", directory / "m", quantization="float32")
    return directory / "m"


@pytest.mark.parametrize(("prefix", "rest"), [(">>deu<< ", ""), (">>deu<< to: ", "to:")])
def test_the_language_of_marian_that_a_prefix_asks_for(
    prefix: str, rest: str, tmp_path: Path
) -> None:
    """It is the one that is meant if nobody names another."""
    model = Model(marian(tmp_path, prefix=prefix), place("cpu"), job=Job("translate"))
    assert model.frame.prefix == [">>deu<<"]
    assert model.frame.prompt.literals == (rest, "")
    other = Frame.of(model.manifest, Job("translate", None, "fra"))
    assert other.prefix == [">>fra<<"]
    assert other.prompt.literals == (rest, "")


def test_languages_that_marian_has_not(tmp_path: Path) -> None:
    with pytest.raises(InvalidModelError, match=">>tyv<<"):
        marian(tmp_path, prefix=">>tyv<< ")
    with pytest.raises(InvalidModelError, match=">>deu<<"):
        manifest_of("marian-tiny", tmp_path, prefix=">>deu<< ")


def test_the_language_of_a_task_of_marian(tmp_path: Path) -> None:
    def tasks(task: str) -> dict[str, Any]:
        return {"task_specific_params": {task: {"prefix": ">>deu<< "}}}

    manifest = Manifest.load(marian(tmp_path / "1", **tasks("translation_en_to_de")))
    frame = Frame.of(manifest, Job("translate", "en", "de"))
    assert frame.prefix == [">>deu<<"]
    assert frame.prompt.literals == ("", "")
    for number, task in enumerate(("translation_en_to_fr", "summarization")):
        with pytest.raises(InvalidModelError, match="by its prefix"):
            marian(tmp_path / f"x{number}", **tasks(task))
