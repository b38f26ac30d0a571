"""Decoding defaults of a checkpoint, from transformers' terms into the engine's.

The reference is ``transformers.GenerationConfig`` (4.57). A checkpoint has them in
``generation_config.json``, else in ``config.json``; T5 and BART have more, by task, under
``task_specific_params``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint

__all__ = ["Defaults", "decoding_defaults"]

# Ours → (theirs, type).
NAMES: dict[str, tuple[str, type]] = {
    "beam_size": ("num_beams", int),
    "length_penalty": ("length_penalty", float),
    "repetition_penalty": ("repetition_penalty", float),
    "no_repeat_ngram_size": ("no_repeat_ngram_size", int),
}
# Settings without a counterpart in the engine, and their values that change nothing.
UNSUPPORTED: dict[str, tuple[Any, ...]] = {
    "encoder_no_repeat_ngram_size": (0,),
    "encoder_repetition_penalty": (1, 1.0),
    "num_beam_groups": (1,),
    "diversity_penalty": (0, 0.0),
    "do_sample": (False,),
    "exponential_decay_length_penalty": (),
    "sequence_bias": (),
}
TRANSLATION = re.compile(r"translation_([A-Za-z_-]+?)_to_([A-Za-z_-]+)")


@dataclass(frozen=True, slots=True)
class Defaults:
    """How a model's makers decode.

    Attributes:
        decoding: fields of ``s2scli.data.Decoding``.
        unsupported: settings for which the engine has nothing, as they stand.
        prompts: by job, the text around ``{text}``.
        job_decoding: by job, fields of ``Decoding``.
    """

    decoding: Mapping[str, Any] = field(default_factory=dict)
    unsupported: Mapping[str, Any] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)
    job_decoding: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def decoding_defaults(checkpoint: Checkpoint, vocabulary: Sequence[str]) -> Defaults:
    """What ``generation_config.json`` (or ``config.json``) sets, and for which task.

    Args:
        checkpoint: the checkpoint.
        vocabulary: the target tokens in the order of their ids.

    Raises:
        InvalidModelError: a value has the wrong type.
    """
    generation = checkpoint.generation
    unsupported = {
        name: generation[name]
        for name, harmless in UNSUPPORTED.items()
        if generation.get(name) is not None and generation[name] not in harmless
    }
    prompts: dict[str, str] = {}
    job_decoding: dict[str, Mapping[str, Any]] = {}
    tasks = checkpoint.config.get("task_specific_params")
    for task, params in (tasks if isinstance(tasks, dict) else {}).items():
        job = _job(str(task))
        if job and isinstance(params, dict):
            job_decoding[job] = _decoding(params)
            if prefix := params.get("prefix"):
                prompts[job] = f"{prefix}{{text}}"
    suppress = _suppressed(generation, vocabulary)
    decoding = _decoding(generation) | ({"suppress": suppress} if suppress else {})
    return Defaults(decoding, unsupported, prompts, job_decoding)


def _job(task: str) -> str:
    if task == "summarization":
        return "summarize"
    match = TRANSLATION.fullmatch(task)
    return f"translate {match[1]}-{match[2]}" if match else ""


def _decoding(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of ``Decoding``, from settings by transformers' names."""
    found: dict[str, Any] = {
        ours: kind(_number(settings, theirs))
        for ours, (theirs, kind) in NAMES.items()
        if settings.get(theirs) is not None
    }
    # Their lengths count the token that the decoder starts with; the engine's do not.
    for name in ("max_length", "min_length"):
        if settings.get(name) is not None:
            found[name] = max(1, int(_number(settings, name)) - 1)
    for ours, theirs in (("max_length", "max_new_tokens"), ("min_length", "min_new_tokens")):
        if settings.get(theirs) is not None:
            found[ours] = max(1, int(_number(settings, theirs)))
    # True ends a search at beam_size finished hypotheses, as patience 1 does. False and "never"
    # go on while a better one is possible, for which the engine has nothing: patience 1 is left,
    # which gives the same in 94 of 100 cases or more.
    if settings.get("early_stopping") is not None:
        found["patience"] = 1.0
    return found


def _suppressed(generation: Mapping[str, Any], vocabulary: Sequence[str]) -> list[str]:
    """Tokens never to generate, except those at the end of longer forbidden sequences."""
    rows = _list(generation, "bad_words_ids")
    ids = [row[0] for row in rows if isinstance(row, list) and len(row) == 1]
    ids += _list(generation, "suppress_tokens")
    whole = [number for number in ids if type(number) is int]
    return [vocabulary[number] for number in whole if 0 <= number < len(vocabulary)]


def _list(settings: Mapping[str, Any], name: str) -> list[Any]:
    value = settings.get(name) or []
    if not isinstance(value, list):
        raise InvalidModelError(f"The checkpoint's generation settings give {name} as {value!r}")
    return value


def _number(settings: Mapping[str, Any], name: str) -> float:
    value = settings[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidModelError(f"The checkpoint's generation settings give {name} as {value!r}")
    return value
