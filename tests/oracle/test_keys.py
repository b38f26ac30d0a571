"""The list of known keys against what transformers writes and reads."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from s2scli.models.convert import FAMILIES
from s2scli.models.convert.familykeys import known_keys
from s2scli.models.convert.generation import LEGACY, generation_settings
from s2scli.models.convert.imageprocessors import PREPROCESSOR, PREPROCESSOR_KEYS
from s2scli.models.convert.keys import CONFIG, GENERATION, SHOWN, TOKENIZER
from s2scli.models.convert.partkeys import known_part_keys
from s2scli.models.convert.typedefaults import TYPE_DEFAULTS
from tests.captions import CHECKPOINTS
from tests.conftest import GOLDEN
from tests.families import ALL
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")


# Layouts of our own, and what ours has that transformers' does not.
OURS = ("show-attend-tell", "attending-lstm")
ADDED = {"resnet": {"image_size"}, "led": {"max_position_embeddings"}}
# Not those whose configuration is made of two others.
WHOLE = [name for name in FAMILIES if not name.endswith("encoder-decoder") and name not in OURS]
PROCESSED = [name for name in CHECKPOINTS if name not in OURS]  # checkpoints that read images
PARTS = [kind for kind in TYPE_DEFAULTS if kind not in (*WHOLE, *OURS)]


@pytest.mark.parametrize("family", WHOLE)
def test_all_keys_of_transformers_are_known(family: str) -> None:
    from transformers import CONFIG_MAPPING, GenerationConfig

    known = known_keys(family)
    config: Any = CONFIG_MAPPING[family]()
    unknown = config.to_dict().keys() - known[CONFIG].keys() - known[GENERATION].keys()
    assert not unknown
    assert not GenerationConfig().to_dict().keys() - known[GENERATION].keys()


@pytest.mark.parametrize("name", [*ALL, *PROCESSED])
def test_all_keys_of_tokenizers_are_known(name: str, tmp_path: Any) -> None:
    import transformers

    kind = ALL[name].tokenizer if name in ALL else "AutoTokenizer"
    tokenizer: Any = getattr(transformers, kind)
    tokenizer.from_pretrained(GOLDEN / name, use_fast=False).save_pretrained(tmp_path)
    written = json.loads((tmp_path / TOKENIZER).read_text("utf-8"))
    config = json.loads((GOLDEN / name / CONFIG).read_text("utf-8"))
    assert not written.keys() - known_keys(config["model_type"])[TOKENIZER].keys()


@pytest.mark.parametrize("name", PROCESSED)
def test_all_keys_of_processors_are_known(name: str, tmp_path: Any) -> None:
    from transformers import AutoImageProcessor

    AutoImageProcessor.from_pretrained(GOLDEN / name, use_fast=False).save_pretrained(tmp_path)
    written = json.loads((tmp_path / PREPROCESSOR).read_text("utf-8"))
    assert not written.keys() - PREPROCESSOR_KEYS.keys()


@pytest.mark.parametrize("family", WHOLE)
def test_defaults_are_those_of_transformers(family: str) -> None:
    from transformers import CONFIG_MAPPING, GenerationConfig, PretrainedConfig

    assert PretrainedConfig._get_global_generation_defaults() == LEGACY
    config: Any = CONFIG_MAPPING[family]()
    theirs: Any = GenerationConfig.from_model_config(config)
    named = {name for whole in WHOLE for name in TYPE_DEFAULTS[whole] if hasattr(theirs, name)}
    found = {name: getattr(theirs, name) for name in named}
    if family == "marian":  # whose <pad> is the last token, whichever that is
        found |= {"pad_token_id": None, "decoder_start_token_id": None}
    ours = {n: v for n, v in TYPE_DEFAULTS[family].items() if n not in ADDED.get(family, ())}
    found |= {name: getattr(config, name) for name in ours.keys() - named}
    off = {"encoder_no_repeat_ngram_size": 0, "max_length": 20, "num_beams": 1}
    assert {**dict.fromkeys(named), **off, **ours} == found


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize("side", ["encoder", "decoder"])
def test_all_keys_of_parts_are_known(kind: str, side: str) -> None:
    from transformers import CONFIG_MAPPING

    config = CONFIG_MAPPING[kind]().to_dict()
    assert not config.keys() - known_part_keys(side).keys()
    ours = {n: v for n, v in TYPE_DEFAULTS[kind].items() if n not in ADDED.get(kind, ())}
    assert {name: config[name] for name in ours} == ours


SIDES = ["bart", "bert2bert", "fsmt", "longt5", "m2m100", "marian-tiny", "pegasus", "t5"]


@pytest.mark.parametrize("name", SIDES)
def test_padding_on_the_left_is_shown_where_it_changes_results(name: str) -> None:
    from tests.oracle.reference import Reference

    family = replace(ALL[name], documents=False)  # texts as a batch
    reference = Reference(GOLDEN / name, family)
    texts = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["runs"][0]["sources"][:6]
    found = []
    for side in ("right", "left"):
        reference.tokenizer.padding_side = side
        found.append(reference.generate(texts, family.directions[0], 1, max_length=12))
    kind = reference.model.config.model_type
    assert (found[0] != found[1]) == (known_keys(kind)[TOKENIZER]["padding_side"].fate == SHOWN)


def test_the_decoders_settings_count_where_the_whole_says_nothing() -> None:
    from transformers import BertConfig, EncoderDecoderConfig, GenerationConfig

    own = {"num_beams": 3, "eos_token_id": 102, "max_new_tokens": 5, "min_new_tokens": 2}
    decoder = BertConfig(is_decoder=True, add_cross_attention=True, **own)
    parts = {"encoder": BertConfig().to_dict(), "decoder": decoder.to_dict()}
    config: Any = EncoderDecoderConfig(**parts, decoder_start_token_id=101, length_penalty=2.0)
    theirs = GenerationConfig.from_model_config(config)
    ours = generation_settings(json.loads(config.to_json_string()), None)
    for name in (*own, "length_penalty", "decoder_start_token_id"):
        assert ours[name] == getattr(theirs, name), name
