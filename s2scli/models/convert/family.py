"""What a model family makes of a checkpoint: the contract of the modules in this folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ctranslate2.specs import model_spec

from s2scli.models.convert.weights import Weights
from s2scli.models.manifest import TokenizerRecipe

__all__ = ["Conversion"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """A checkpoint in the engine's terms, not yet quantized.

    Attributes:
        spec: the engine's specification with its weights, vocabularies and configuration.
        weights: where the weights were taken from.
        tokenizer: how to tokenize.
        files: names of the checkpoint's files that the tokenizer needs.
        tasks: what the model does.
        source_languages: languages it reads.
        target_languages: languages it writes.
        max_source_tokens: the longest source, suffix counted.
        max_target_tokens: the longest target, end token counted.
        decoding: fields of ``s2scli.data.Decoding`` that the checkpoint sets.
        ignored: tensors that the family knows and does not need.
    """

    spec: model_spec.SequenceToSequenceModelSpec
    weights: Weights
    tokenizer: TokenizerRecipe
    files: tuple[str, ...]
    tasks: tuple[str, ...]
    source_languages: tuple[str, ...]
    target_languages: tuple[str, ...]
    max_source_tokens: int
    max_target_tokens: int
    decoding: Mapping[str, Any] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
