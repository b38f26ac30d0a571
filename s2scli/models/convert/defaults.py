"""Decoding defaults of a checkpoint, from transformers' terms into the engine's.

The reference is ``transformers.GenerationConfig`` (4.57).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint

__all__ = ["decoding_defaults"]

# Ours → (theirs, type).
NAMES: dict[str, tuple[str, type]] = {
    "beam_size": ("num_beams", int),
    "length_penalty": ("length_penalty", float),
    "repetition_penalty": ("repetition_penalty", float),
    "no_repeat_ngram_size": ("no_repeat_ngram_size", int),
}


def decoding_defaults(checkpoint: Checkpoint, vocabulary: Sequence[str]) -> dict[str, Any]:
    """The fields of ``Decoding`` that ``generation_config.json`` (or ``config.json``) sets.

    Args:
        checkpoint: the checkpoint.
        vocabulary: the target tokens in the order of their ids.

    Raises:
        InvalidModelError: a value has the wrong type.
    """
    generation = checkpoint.generation
    defaults: dict[str, Any] = {
        ours: kind(_number(generation, theirs))
        for ours, (theirs, kind) in NAMES.items()
        if generation.get(theirs) is not None
    }
    # Their lengths count the token that the decoder starts with; the engine's do not.
    for ours, theirs in (("max_length", "max_length"), ("min_length", "min_length")):
        if generation.get(theirs) is not None:
            defaults[ours] = max(1, int(_number(generation, theirs)) - 1)
    if generation.get("max_new_tokens") is not None:
        defaults["max_length"] = int(_number(generation, "max_new_tokens"))
    suppress = [ids[0] for ids in generation.get("bad_words_ids") or [] if len(ids) == 1]
    tokens = [vocabulary[number] for number in suppress if 0 <= number < len(vocabulary)]
    if tokens:
        defaults["suppress"] = tokens
    return defaults


def _number(generation: dict[str, Any], name: str) -> float:
    value = generation[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidModelError(f"The checkpoint's generation settings give {name} as {value!r}")
    return value
