"""Pipelines, summaries and constrained greedy search against transformers itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from s2scli.api import load
from s2scli.pipelines import pipeline
from tests.conftest import GOLDEN
from tests.families import FAMILIES
from tests.oracle.needs import needs
from tests.variants import variant

pytestmark = needs("torch", "transformers")
# The engine can only stop as transformers does if that stops when the beam is full.
SAME_END = {"early_stopping": True}


def sources(name: str) -> list[str]:
    golden = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    found: list[str] = golden["runs"][0]["sources"][:100]
    assert len(found) == 100
    return found


class Theirs:
    """A pipeline of transformers on a checkpoint, with its slow tokenizer."""

    def __init__(self, task: str, name: str, checkpoint: Path | None = None) -> None:
        import torch
        import transformers

        transformers.logging.set_verbosity_error()
        family = FAMILIES[name]
        place = checkpoint or GOLDEN / name
        tokenizer: Any = getattr(transformers, family.tokenizer).from_pretrained(place)
        kind: Any = getattr(transformers, family.model)
        model = kind.from_pretrained(place, dtype=torch.float32).eval()
        self._pipeline: Any = transformers.pipeline(task, model=model, tokenizer=tokenizer)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._pipeline(*arguments, **options)


@pytest.mark.parametrize("task", ["summarization", "text2text-generation", "translation"])
@pytest.mark.parametrize("name", ["t5", "bart"])
@pytest.mark.parametrize("beams", [1, 4])
def test_the_same_records(task: str, name: str, beams: int, small_models: dict[str, Path]) -> None:
    texts = sources(name)
    theirs, ours = Theirs(task, name), pipeline(task, model=str(small_models[name]))
    options: dict[str, Any] = {"num_beams": beams, "max_new_tokens": 40, **SAME_END}
    assert ours(texts, **options) == theirs(texts, **options)
    assert ours(texts[0], **options) == theirs(texts[0], **options)
    assert ours(texts[:9], batch_size=4, **options) == theirs(texts[:9], batch_size=4, **options)

    def some() -> Iterator[str]:
        yield from texts[:5]

    assert list(ours(some(), **options)) == list(theirs(some(), **options))
    if beams > 1:
        options["num_return_sequences"] = 1 if task == "summarization" else 2
        assert ours(texts[:9], **options) == theirs(texts[:9], **options)


# transformers applies the repetition penalty to the token that the decoder starts with too. BART's
# is the end token, so that every end becomes less likely; the engine does not do so.
@pytest.mark.parametrize(
    ("name", "constraints"),
    [
        ("t5", {"no_repeat_ngram_size": 2}),
        ("t5", {"min_new_tokens": 12}),
        ("t5", {"repetition_penalty": 1.5}),
        ("t5", {"no_repeat_ngram_size": 3, "min_new_tokens": 9, "repetition_penalty": 1.2}),
        ("bart", {"no_repeat_ngram_size": 2}),
        ("bart", {"min_new_tokens": 12}),
        ("bart", {"no_repeat_ngram_size": 3, "min_new_tokens": 9}),
    ],
)
def test_constraints_in_greedy_search(
    name: str, constraints: dict[str, Any], small_models: dict[str, Path]
) -> None:
    texts = sources(name)
    theirs = Theirs("summarization", name)
    ours = pipeline("summarization", model=str(small_models[name]))
    options = {"num_beams": 1, "max_new_tokens": 40, **constraints}
    found, wanted = ours(texts, **options), theirs(texts, **options)
    differing = [i for i in range(len(texts)) if found[i] != wanted[i]]
    assert not differing, [(found[i], wanted[i]) for i in differing[:3]]


def test_lengths_mean_the_same(small_models: dict[str, Path]) -> None:
    texts = sources("t5")[:20]
    theirs = Theirs("text2text-generation", "t5")
    ours = pipeline("text2text-generation", model=str(small_models["t5"]))
    for options in ({"max_new_tokens": 7}, {"max_new_tokens": 30, "min_length": 10}):
        given = {"num_beams": 1, **options}
        assert ours(texts, **given) == theirs(texts, **given)


def test_multilingual_translation(tmp_path: Path) -> None:
    from s2scli.models.convert.run import convert

    convert(GOLDEN / "nllb", tmp_path / "nllb", quantization="float32")
    texts = sources("nllb")[:30]
    languages = {"src_lang": "eng_Latn", "tgt_lang": "deu_Latn"}
    options: dict[str, Any] = {"num_beams": 2, "max_length": 40, **SAME_END}
    ours = pipeline("translation", model=str(tmp_path / "nllb"), **languages)
    theirs = Theirs("translation", "nllb")
    assert ours(texts, **options) == theirs(texts, **languages, **options)
    at_the_call = pipeline("translation", model=str(tmp_path / "nllb"))
    assert at_the_call(texts, **languages, **options) == theirs(texts, **languages, **options)
    back = {"src_lang": "deu_Latn", "tgt_lang": "eng_Latn"}
    assert ours(texts[0], **back, **options) == theirs(texts[0], **back, **options)
    assert load(tmp_path / "nllb", source="English", target="German").model.manifest.name


PREFIXED = [
    ("t5", "translation"),
    ("t5", "summarization"),
    ("t5", "text2text-generation"),
    ("mt5", "translation"),
    ("mt5", "summarization"),
    ("bart", "text2text-generation"),
    ("bart", "summarization"),
    ("pegasus", "translation"),
    ("marian-tiny", "translation"),
    ("marian-tiny", "text2text-generation"),
]


@pytest.mark.parametrize(("name", "task"), PREFIXED)
def test_what_stands_before_each_text(name: str, task: str, tmp_path: Path) -> None:
    """Of the whole model, unless a task has its own."""
    own = {"task_specific_params": {"summarization": {"prefix": "in short: "}}}
    keys = {"prefix": "the old house of ", **(own if name == "t5" else {})}
    same_with(keys, name, task, tmp_path)


def test_what_stands_before_a_pair_of_languages(tmp_path: Path) -> None:
    own = {"task_specific_params": {"translation_en_to_de": {"prefix": "in German: "}}}
    keys = {"prefix": "the old house of ", **own}
    same_with(keys, "t5", "translation_en_to_de", tmp_path)


def same_with(keys: dict[str, Any], name: str, task: str, folder: Path) -> None:
    """Make sure that a checkpoint with other keys does the same, and not as without them."""
    from s2scli.models.convert.run import convert

    checkpoint = variant(name, folder / "c", config=keys)
    convert(checkpoint, folder / "m", quantization="float32")
    texts = sources(name)[:12]
    options: dict[str, Any] = {"num_beams": 1, "max_new_tokens": 20}
    found = pipeline(task, model=str(folder / "m"))(texts, **options)
    assert found == Theirs(task, name, checkpoint)(texts, **options)
    assert found != Theirs(task, name)(texts, **options)


def test_what_no_translation_by_languages_has(tmp_path: Path) -> None:
    from s2scli.models.convert.run import convert

    checkpoint = variant("nllb", tmp_path / "c", config={"prefix": "the old house of "})
    convert(checkpoint, tmp_path / "m", quantization="float32")
    texts = sources("nllb")[:12]
    languages = {"src_lang": "eng_Latn", "tgt_lang": "deu_Latn"}
    options: dict[str, Any] = {"num_beams": 1, "max_new_tokens": 20}
    found = pipeline("translation", model=str(tmp_path / "m"), **languages)(texts, **options)
    assert found == Theirs("translation", "nllb", checkpoint)(texts, **languages, **options)
