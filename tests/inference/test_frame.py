"""What stands around a text: prompts, language tokens, and the decoding that goes with a job."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from s2scli.errors import UsageError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import Labels, convert
from tests.conftest import GOLDEN

TASKS = {
    "summarization": {"prefix": "summarize: ", "max_length": 30, "length_penalty": 2.0},
    "translation_en_to_de": {"prefix": "translate English to German: ", "max_length": 50},
    "translation_en_to_fr": {"prefix": "translate English to French: ", "max_length": 50},
}


@pytest.fixture(scope="module")
def t5(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A T5 that lists its tasks, as t5-small does."""
    root = tmp_path_factory.mktemp("t5")
    checkpoint = Path(shutil.copytree(GOLDEN / "t5", root / "c"))
    config = json.loads((checkpoint / "config.json").read_text("utf-8"))
    (checkpoint / "config.json").write_text(json.dumps({**config, "task_specific_params": TASKS}))
    convert(checkpoint, root / "m", quantization="float32")
    return root / "m"


def load(directory: Path, job: Job) -> Model:
    return Model(directory, place("cpu", threads=1), job=job)


def read(model: Model, text: str = "a") -> list[str]:
    return model.source(model.encode([text])[0])


def test_prompts_of_language_pairs(t5: Path) -> None:
    german = load(t5, Job("translate", "English", "de"))
    same = load(t5, Job(prompt="translate English to German: {text}"))
    assert read(german) == read(same) != read(load(t5, Job(prompt="{text}")))
    assert german.decoding({}).max_length == 49
    assert load(t5, Job("translate", None, "fra")).frame != german.frame
    assert german.manifest.tasks == ("summarize", "translate", "generate")
    with pytest.raises(UsageError, match="They are: en-de, en-fr"):
        load(t5, Job("translate", "en"))
    with pytest.raises(UsageError, match="They are: en-de, en-fr"):
        load(t5, Job("translate", "en", "it"))


def test_other_tasks(t5: Path) -> None:
    model = load(t5, Job("summarize"))
    assert model.decoding({}).length_penalty == 2.0
    assert model.decoding({"length_penalty": 1.0}).length_penalty == 1.0
    assert read(model)[-1] == "</s>"
    assert len(read(model)) > len(read(load(t5, Job(prompt="{text}"))))


def test_a_prompt_must_hold_the_text_once(t5: Path) -> None:
    for prompt in ("say it", "{text} {text}"):
        with pytest.raises(UsageError, match="exactly once"):
            load(t5, Job(prompt=prompt))


def test_prompts_of_the_registry_name_the_languages(tmp_path: Path) -> None:
    prompts = {"translate": "translate {from} to {to}: {text}"}
    labels = Labels(name="flan", tasks=("translate",), prompts=prompts)
    convert(GOLDEN / "t5v1_1", tmp_path / "m", quantization="float32", labels=labels)
    model = load(tmp_path / "m", Job("translate", "eng", "de"))
    same = load(tmp_path / "m", Job(prompt="translate English to German: {text}"))
    assert read(model) == read(same)
    with pytest.raises(UsageError, match="needs --to"):
        load(tmp_path / "m", Job("translate", "en"))


def test_languages_as_tokens(tmp_path: Path) -> None:
    convert(GOLDEN / "nllb", tmp_path / "m", quantization="float32")
    model = load(tmp_path / "m", Job("translate", "English", "German"))
    assert model.source(["▁a"]) == ["eng_Latn", "▁a", "</s>"]
    assert model.frame.target_prefix == ["deu_Latn"]
    with pytest.raises(UsageError, match=r"needs --from .*: it reads 202 languages"):
        load(tmp_path / "m", Job("translate", None, "de"))
    with pytest.raises(
        UsageError, match=r"does not write 'Klingon'.*nearest|no language 'Klingon'"
    ):
        load(tmp_path / "m", Job("translate", "en", "Klingon"))
