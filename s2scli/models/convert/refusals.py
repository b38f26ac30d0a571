"""Families that cannot be converted: what they are, and what would do instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.plugs import suggestion

__all__ = ["REFUSED", "refusal"]

_SEQ2SEQ = "Take an encoder-decoder model, such as a Flan-T5: s2s models list --task generate."
# ``model_type`` of config.json → what it is and why it is refused, what to do instead.
REFUSED: dict[str, tuple[str, str]] = {
    "prophetnet": (
        "ProphetNet: the engine has no n-gram decoder",
        "Take a BART or Pegasus model fine-tuned for the same task.",
    ),
    "xlm-prophetnet": (
        "XLM-ProphetNet: the engine has no n-gram decoder",
        "Take an mT5 or mBART model fine-tuned for the same task.",
    ),
    "t5gemma": (
        "T5Gemma: the engine's encoder-decoder has no soft cap on attention scores",
        "Take a T5, Flan-T5 or UMT5 model.",
    ),
    "t5gemma2": (
        "T5Gemma 2: the engine's decoder has no merged self- and cross-attention",
        "Take a T5, Flan-T5 or UMT5 model.",
    ),
    "whisper": (
        "Whisper, which reads sound",
        "Transcribe with a tool made for it, such as faster-whisper, then pipe the text here.",
    ),
    "nllb-moe": (
        "NLLB-MoE: the engine has no mixture of experts in an encoder-decoder",
        "Take a dense one: nllb-3.3b or nllb-1.3b.",
    ),
    "switch_transformers": (
        "Switch Transformers: the engine has no mixture of experts in an encoder-decoder",
        "Take a T5 or Flan-T5 model.",
    ),
    "seamless_m4t": (
        "SeamlessM4T, which reads sound",
        "For text to text take an NLLB model, which knows the same languages.",
    ),
    "seamless_m4t_v2": (
        "SeamlessM4T v2, which reads sound",
        "For text to text take an NLLB model, which knows the same languages.",
    ),
}
# What the end of an architecture's class tells of a model that is not an encoder-decoder.
_KINDS = {
    "ForCausalLM": "a decoder-only language model",
    "LMHeadModel": "a decoder-only language model",
    "ForMaskedLM": "an encoder without a decoder",
    "ForSequenceClassification": "a classifier",
    "ForTokenClassification": "a tagger",
}


def refusal(name: str, config: Mapping[str, Any], families: Mapping[str, str]) -> InvalidModelError:
    """The error for a checkpoint whose family is not among ``families``.

    Args:
        name: of the checkpoint.
        config: its ``config.json``.
        families: the known ones, by ``model_type``.
    """
    family = str(config.get("model_type") or "")
    if family in REFUSED:
        what, advice = REFUSED[family]
        return InvalidModelError(f"{name} cannot be converted: it is {what}", advice)
    architectures = config.get("architectures")
    for architecture in architectures if isinstance(architectures, list) else []:
        for end, kind in _KINDS.items():
            if str(architecture).endswith(end):
                return InvalidModelError(
                    f"{name} cannot be converted: it is {kind} ({architecture})", _SEQ2SEQ
                )
    if not family:
        return InvalidModelError(
            f"{name} cannot be converted: its config.json does not name the family (model_type)",
            "Take a checkpoint that transformers saved.",
        )
    return InvalidModelError(
        f"{name} cannot be converted: it is of the family {family!r}",
        suggestion(family, families, f"Known families: {', '.join(families)}."),
    )
