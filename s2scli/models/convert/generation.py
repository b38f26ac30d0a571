"""The generation settings of a checkpoint that count, as transformers 4.57 finds them.

``generation_config.json`` counts if there is one. If it says that it was made from ``config.json``
(``_from_model_config``), and that has settings of its own, then these count in its place, all of
them: so the reference does, for people who changed them there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s2scli.models.convert.keys import GENERATION_KEYS
from s2scli.models.convert.typedefaults import TYPE_DEFAULTS

__all__ = ["LEGACY", "generation_settings"]

# Settings by which ``config.json`` takes the place of ``generation_config.json``, and the values
# that are none.
LEGACY: dict[str, Any] = {
    "max_length": 20,
    "min_length": 0,
    "do_sample": False,
    "early_stopping": False,
    "num_beams": 1,
    "temperature": 1.0,
    "top_k": 50,
    "top_p": 1.0,
    "typical_p": 1.0,
    "repetition_penalty": 1.0,
    "length_penalty": 1.0,
    "no_repeat_ngram_size": 0,
    "encoder_no_repeat_ngram_size": 0,
    "bad_words_ids": None,
    "num_return_sequences": 1,
    "output_scores": False,
    "return_dict_in_generate": False,
    "forced_bos_token_id": None,
    "forced_eos_token_id": None,
    "remove_invalid_values": False,
    "exponential_decay_length_penalty": None,
    "suppress_tokens": None,
    "begin_suppress_tokens": None,
    "num_beam_groups": 1,
    "diversity_penalty": 0.0,
}
# All that a decoder may say in place of the whole.
_NAMES = [n for n in GENERATION_KEYS if n not in ("_from_model_config", "transformers_version")]


def generation_settings(
    config: Mapping[str, Any], file: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The settings that count, without those that are null.

    Args:
        config: ``config.json``.
        file: ``generation_config.json``, if there is one.
    """
    defaults = TYPE_DEFAULTS.get(str(config.get("model_type")), {})
    own = {**defaults, **config}
    forced = own.get("force_bos_token_to_be_generated") and config.get("model_type") == "bart"
    if forced and own.get("forced_bos_token_id") is None:
        own["forced_bos_token_id"] = own.get("bos_token_id")
    says = _says(own, defaults)  # of two parts, the whole alone is asked
    for key, value in _of_decoder(config).items():
        if own.get(key) in (None, LEGACY.get(key)):
            own[key] = value
    if file is not None and not (file.get("_from_model_config") is True and says):
        own = dict(file)
    return {key: value for key, value in own.items() if value is not None}


def _of_decoder(config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a decoder that is a model of its own, for what the whole leaves unsaid."""
    decoder = config.get("decoder")
    if not isinstance(decoder, dict):
        return {}
    content = {**TYPE_DEFAULTS.get(str(decoder.get("model_type")), {}), **decoder}
    return {key: content[key] for key in _NAMES if content.get(key) is not None}


def _says(own: Mapping[str, Any], defaults: Mapping[str, Any]) -> bool:
    """Whether ``config.json`` has generation settings of its own."""
    usual = {**LEGACY, **defaults}
    return any(own.get(key) not in (None, usual[key]) for key in LEGACY)
