"""What a model family makes of a checkpoint: the contract of the modules in this folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from s2scli.models.convert.defaults import Defaults
from s2scli.models.convert.specs import model_spec
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
        files: the tokenizer's files, by their names in the model directory.
        tasks: what the model does.
        source_languages: languages it reads.
        target_languages: languages it writes.
        max_source_tokens: the longest source, suffix counted.
        max_target_tokens: the longest target, end token counted.
        defaults: how its makers decode.
        rowless: added tokens for which the model has nothing.
        attending_layers: how many decoder layers look at the source, the first ones; None is all.
    """

    spec: model_spec.SequenceToSequenceModelSpec
    weights: Weights
    tokenizer: TokenizerRecipe
    files: Mapping[str, bytes]
    tasks: tuple[str, ...]
    source_languages: tuple[str, ...]
    target_languages: tuple[str, ...]
    max_source_tokens: int
    max_target_tokens: int
    defaults: Defaults = field(default_factory=Defaults)
    rowless: tuple[str, ...] = ()
    attending_layers: int | None = None
