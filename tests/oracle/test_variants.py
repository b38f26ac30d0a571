"""Checkpoints with unusual settings against transformers itself, in every family."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from filecmp import cmp
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN
from tests.families import ALL, FAMILIES, numbers_of
from tests.oracle.needs import needs
from tests.variants import Weights, table_names, variant, without_lists

pytestmark = needs("torch", "transformers")
SOME = 12  # sentences


def golden(name: str) -> dict[str, Any]:
    run: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["runs"][0]
    return run


class Common:
    """What is common in a family's outputs, by ids."""

    def __init__(self, name: str) -> None:
        rows = [row[:-1] for row in golden(name)["ids"]["1"]]
        first = Counter(row[0] for row in rows)
        pairs = Counter(pair for row in rows for pair in pairwise(row) if pair[0] != pair[1])
        inner = Counter(token for row in rows for token in row[2:])
        self.first = [token for token, _ in first.most_common(3)]
        self.pairs = [list(pair) for pair, _ in pairs.most_common(3)]
        self.inner = [token for token, _ in inner.most_common(8)]
        self.end: int = golden(name)["ids"]["1"][0][-1]


@lru_cache(maxsize=1)
def golden_reference(name: str) -> Any:
    from tests.oracle.reference import Reference

    return Reference(GOLDEN / name, ALL[name])


def loaded(name: str, checkpoint: Path) -> Any:
    """A variant in transformers; loaded anew only if it differs in more than how it generates."""
    from transformers import GenerationConfig

    from tests.oracle.reference import Reference

    settings = ("config.json", "tokenizer_config.json")
    theirs, golden = (
        [json.loads((folder / file).read_text("utf-8")) for file in settings]
        for folder in (checkpoint, GOLDEN / name)
    )
    weights = "model.safetensors"
    same = cmp(checkpoint / weights, GOLDEN / name / weights, shallow=False)
    if theirs != golden or not same:
        return Reference(checkpoint, ALL[name])
    reference = golden_reference(name)
    reference.model.generation_config = GenerationConfig.from_pretrained(checkpoint)
    return reference


def compare(
    checkpoint: Path,
    directory: Path,
    name: str,
    beam: int = 1,
    job: Job | None = None,
    varied: int = SOME // 2,
    **options: Any,
) -> Model:
    """Make sure that a variant's ids and texts are those of ``generate`` with its own settings."""
    import torch

    convert(checkpoint, directory, quantization="float32")
    direction = ALL[name].directions[0]
    ours = Model(directory, place("cpu", threads=1), job=job or direction.job)
    sources = golden(name)["sources"][:SOME]
    encoded = [ours.source(tokens) for tokens in ours.encode(sources)]
    # Their lengths count the start token too.
    lengths: dict[str, Any] = {
        key: options[key] - 1 for key in ("max_length", "min_length") if key in options
    }
    decoding = ours.decoding({"beam_size": beam, **lengths})
    mine = [found[0].text for found in ours.submit(encoded, decoding).result()]
    reference = loaded(name, checkpoint)
    if direction.source:
        reference.tokenizer.src_lang = direction.source
    texts = [direction.prompt + text for text in sources]
    batch = reference.tokenizer(texts, return_tensors="pt", padding=True)
    with torch.no_grad():
        rows = reference.model.generate(**batch, num_beams=beam, early_stopping=beam > 1, **options)
    # Which not every tokenizer takes for special.
    languages = set(numbers_of(directory)(list(ours.manifest.tokenizer.target_tokens.values())))
    kept = [[number for number in row if number not in languages] for row in rows.tolist()]
    theirs = reference.tokenizer.batch_decode(kept, skip_special_tokens=True)
    assert mine == [text.strip() for text in theirs]
    assert len(set(mine)) >= varied
    return ours


def language(name: str) -> dict[str, Any]:
    """What a call to ``generate`` must say beside the settings: the target's language."""
    direction = FAMILIES[name].directions[0]
    if not direction.target:
        return {}
    tokenizer = golden_reference(name).tokenizer
    token = tokenizer.convert_tokens_to_ids(direction.target)
    if hasattr(tokenizer, "get_lang_id"):
        token = tokenizer.get_lang_id(direction.target)
    starts = FAMILIES[name].starts_with_language
    return {"decoder_start_token_id" if starts else "forced_bos_token_id": token}


@pytest.mark.parametrize("name", FAMILIES)
def test_an_output_of_its_own(name: str, tmp_path: Path) -> None:
    def own_output(weights: Weights) -> None:
        shared, encoder, decoder, head = table_names(weights)
        weights[encoder] = weights[decoder] = weights[shared]
        weights[head] = weights.get(head, weights[shared]).copy()
        weights[head][5::7] *= 1.05

    keys = {"tie_word_embeddings": False}
    checkpoint = variant(name, tmp_path / "c", config=keys, weights=own_output)
    compare(checkpoint, tmp_path / "m", name, **language(name))


Settings = Callable[[Common], dict[str, Any]]
SETTINGS: dict[str, Settings] = {
    "several ends": lambda common: {"eos_token_id": [common.end, *common.inner[:2]]},
    "another end": lambda common: {"eos_token_id": common.inner[0], "max_length": 30},
    "bad words": lambda common: {"bad_words_ids": [*common.pairs, [common.inner[4]]]},
    "bad ends": lambda common: {"bad_words_ids": [[common.end], common.pairs[0]]},
    "suppressed": lambda common: {"suppress_tokens": common.inner[2:4]},
    "cut off": lambda common: {"max_length": 7},
    "cut off, ended": lambda common: {"max_length": 7, "forced_eos_token_id": common.end},
    "cut off, several ends": lambda common: {
        "max_length": 8,
        "eos_token_id": [common.end, common.inner[0]],
        "forced_eos_token_id": common.end,
    },
    "no n-grams": lambda common: {"no_repeat_ngram_size": -1},
}


T5_KEYS: list[dict[str, Any]] = [
    {"layer_norm_epsilon": 0.5},
    {"dense_act_fn": "silu"},
    {"dense_act_fn": "relu", "feed_forward_proj": "gated-gelu"},
]


@pytest.mark.parametrize("keys", T5_KEYS)
@pytest.mark.parametrize("name", ["t5", "t5v1_1", "mt5", "umt5", "madlad"])
def test_the_layers_of_t5(name: str, keys: dict[str, Any], tmp_path: Path) -> None:
    gated = {"is_gated_act": name != "t5"}  # which comes before the other key
    checkpoint = variant(name, tmp_path / "c", config={**keys, **gated})
    compare(checkpoint, tmp_path / "m", name, varied=2, max_length=20, min_length=4)


def test_an_older_form_of_a_forced_first_token(tmp_path: Path) -> None:
    keys = {"force_bos_token_to_be_generated": True}
    checkpoint = variant("bart", tmp_path / "c", config=keys)
    (checkpoint / "generation_config.json").unlink()
    ours = compare(checkpoint, tmp_path / "m", "bart", max_length=30)
    assert ours.manifest.tokenizer.target_prefix == ("<s>",)


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("name", FAMILIES)
def test_generation_settings(name: str, setting: str, tmp_path: Path) -> None:
    settings = SETTINGS[setting](Common(name))
    checkpoint = variant(name, tmp_path / "c", generation={"max_length": 40, **settings})
    compare(checkpoint, tmp_path / "m", name, varied=3, **language(name))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_forced_end_in_beam_search(name: str, tmp_path: Path) -> None:
    settings = {"max_length": 9, "forced_eos_token_id": Common(name).end}
    checkpoint = variant(name, tmp_path / "c", generation=settings)
    compare(checkpoint, tmp_path / "m", name, beam=3, **language(name))


def test_the_usual_maximum(tmp_path: Path) -> None:
    """20 alone does not count the start token."""
    for number, most in enumerate((19, 20, 21)):
        settings = {"max_length": most, "forced_eos_token_id": None}
        checkpoint = variant("blenderbot", tmp_path / f"c{number}", generation=settings)
        ours = compare(checkpoint, tmp_path / f"m{number}", "blenderbot", beam=4)
        assert ours.manifest.decoding["max_length"] == (18, 20, 20)[number]


UNTARGETED = [name for name, family in FAMILIES.items() if not family.directions[0].target]


@pytest.mark.parametrize("name", ["bert2bert", "t5", "marian-tiny"])
def test_no_token_twice(name: str, tmp_path: Path) -> None:
    """Nor the one that decoding starts from, where it is not the end."""
    settings = {"no_repeat_ngram_size": 1, "max_length": 20, "min_length": 4}
    checkpoint = variant(name, tmp_path / "c", generation=settings)
    compare(checkpoint, tmp_path / "m", name, varied=2)


@pytest.mark.parametrize("beam", [1, 3])
@pytest.mark.parametrize("name", UNTARGETED)
def test_a_forced_first_word(name: str, beam: int, tmp_path: Path) -> None:
    """It is part of the text."""
    which = 2 if name == "madlad" else 1  # its second is a full stop, and the output's end
    settings = {"forced_bos_token_id": Common(name).inner[which]}
    checkpoint = variant(name, tmp_path / "c", generation=settings)
    compare(checkpoint, tmp_path / "m", name, beam, varied=3)


@pytest.mark.parametrize("name", ["bart", "mbart50", "nllb", "m2m100"])
def test_tokens_that_never_come_first(name: str, tmp_path: Path) -> None:
    """Where a special token is forced before them."""
    forced = {"forced_bos_token_id": 0} if name == "bart" else language(name)
    settings = {**forced, "begin_suppress_tokens": Common(name).first}
    checkpoint = variant(name, tmp_path / "c", generation=settings)
    ours = compare(checkpoint, tmp_path / "m", name, varied=3)
    assert ours.manifest.decoding["suppress"]
    assert not ours.manifest.unsupported


@pytest.mark.parametrize("name", UNTARGETED)
def test_another_start(name: str, tmp_path: Path) -> None:
    for number, token in enumerate((0, 1)):  # special ones in all families
        settings = {"decoder_start_token_id": token, "min_length": 4, "max_length": 30}
        checkpoint = variant(name, tmp_path / f"c{number}", generation=settings)
        compare(checkpoint, tmp_path / f"m{number}", name, varied=1)


@pytest.mark.parametrize("name", FAMILIES)
def test_spaces_in_front_of_marks(name: str, tmp_path: Path) -> None:
    checkpoint = variant(name, tmp_path / "c", tokenizer={"clean_up_tokenization_spaces": True})
    ours = compare(checkpoint, tmp_path / "m", name, **language(name))
    assert ours.manifest.tokenizer.clean
    kept, clean = ours.uncleaned().tokenizer, ours.tokenizer
    rows = [clean.encode_targets([text])[0] for text in SPACED]
    numbers = [numbers_of(tmp_path / "m")(row) for row in rows]
    reference = loaded(name, checkpoint)
    theirs = reference.tokenizer.batch_decode(numbers, skip_special_tokens=True)
    assert clean.decode(rows) == [text.strip() for text in theirs]
    assert clean.decode(rows) != kept.decode(rows)
    for row, text in zip(rows, clean.decode(rows), strict=True):
        spans, places = clean.target_spans(row), kept.target_spans(row)
        assert spans[-1][1] == len(text)
        assert len(spans) == len(places)


SPACED = ["It is good , is n't it ?", "Tom 's house . Yes !", "a ' b ' c", "No mark here"]


@pytest.mark.parametrize("name", ["m2m100", "nllb", "mbart50", "mbart25"])
def test_a_target_language_of_the_checkpoint(name: str, tmp_path: Path) -> None:
    """Nobody need name it; another one can be asked for in its place."""
    family = FAMILIES[name]
    first, other = (direction.job for direction in family.directions)
    checkpoint = variant(name, tmp_path / "c", generation=language(name))
    job = Job(source_language=first.source_language)
    ours = compare(checkpoint, tmp_path / "m", name, job=job)
    assert ours.frame.target_language.startswith("de")
    if name in ("m2m100", "nllb"):
        assert ours.doing(other).frame.target_prefix != ours.frame.target_prefix


@pytest.mark.parametrize("name", ["m2m100", "nllb", "mbart50", "mbart25"])
def test_a_target_that_begins_with_no_language(name: str, tmp_path: Path) -> None:
    (key,) = language(name)
    checkpoint = variant(name, tmp_path / "c", generation={key: 0})
    job = Job(source_language=FAMILIES[name].directions[0].job.source_language)
    compare(checkpoint, tmp_path / "m", name, job=job, varied=1)


def test_nllb_whose_files_list_no_languages(tmp_path: Path) -> None:
    checkpoint = without_lists("nllb", tmp_path / "c")
    ours = compare(checkpoint, tmp_path / "m", "nllb", **language("nllb"))
    assert len(ours.manifest.target_languages) == 202
