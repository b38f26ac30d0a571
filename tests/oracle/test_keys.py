"""The list of known keys against what transformers writes and reads."""

from __future__ import annotations

import json
from typing import Any

import pytest

from s2scli.models.convert import FAMILIES
from s2scli.models.convert.generation import FAMILY_DEFAULTS, LEGACY
from s2scli.models.convert.keys import CONFIG, GENERATION, TOKENIZER, known_keys
from tests.conftest import GOLDEN
from tests.families import FAMILIES as CHECKPOINTS
from tests.oracle.needs import needs

pytestmark = needs("torch", "transformers")


@pytest.mark.parametrize("family", FAMILIES)
def test_all_keys_of_transformers_are_known(family: str) -> None:
    from transformers import CONFIG_MAPPING, GenerationConfig

    known = known_keys(family)
    config: Any = CONFIG_MAPPING[family]()
    unknown = config.to_dict().keys() - known[CONFIG].keys() - known[GENERATION].keys()
    assert not unknown
    assert not GenerationConfig().to_dict().keys() - known[GENERATION].keys()


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_all_keys_of_tokenizers_are_known(name: str, tmp_path: Any) -> None:
    import transformers

    tokenizer: Any = getattr(transformers, CHECKPOINTS[name].tokenizer)
    tokenizer.from_pretrained(GOLDEN / name).save_pretrained(tmp_path)
    written = json.loads((tmp_path / TOKENIZER).read_text("utf-8"))
    config = json.loads((GOLDEN / name / CONFIG).read_text("utf-8"))
    assert not written.keys() - known_keys(config["model_type"])[TOKENIZER].keys()


@pytest.mark.parametrize("family", FAMILIES)
def test_defaults_are_those_of_transformers(family: str) -> None:
    from transformers import CONFIG_MAPPING, GenerationConfig, PretrainedConfig

    assert PretrainedConfig._get_global_generation_defaults() == LEGACY
    theirs: Any = GenerationConfig.from_model_config(CONFIG_MAPPING[family]())
    named = {name for row in FAMILY_DEFAULTS.values() for name in row}
    found = {name: getattr(theirs, name) for name in named}
    if family == "marian":  # whose <pad> is the last token, whichever that is
        found |= {"pad_token_id": None, "decoder_start_token_id": None}
    off = {"encoder_no_repeat_ngram_size": 0}
    assert {**dict.fromkeys(named), **off, **FAMILY_DEFAULTS[family]} == found
