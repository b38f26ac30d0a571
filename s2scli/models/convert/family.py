"""What a model family makes of a checkpoint: the contract of the modules in this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from s2scli.models.convert.artifact import Artifact
from s2scli.models.convert.defaults import Defaults
from s2scli.models.convert.weights import Weights
from s2scli.models.images import ImageRecipe
from s2scli.models.manifest import SearchRules, TokenizerRecipe

__all__ = ["Conversion", "ModelTexts"]


@dataclass(frozen=True, slots=True)
class ModelTexts:
    """What a model reads and writes: of a conversion all but its weights.

    Attributes:
        source: the tokens that it reads, in the order of their ids.
        target: those that it writes.
        start: the token that decoding starts from; empty if a language's takes its place.
        unknown: the token that stands for all others.
        tokenizer: as in ``Conversion``.
        files: as there.
        tasks: as there.
        max_source_tokens: as there.
        max_target_tokens: as there.
        defaults: as there.
        rowless: as there.
        source_languages: as there.
        target_languages: as there.
        images: as there.
    """

    source: Sequence[str]
    target: Sequence[str]
    start: str
    unknown: str
    tokenizer: TokenizerRecipe
    files: Mapping[str, bytes]
    tasks: tuple[str, ...]
    max_source_tokens: int
    max_target_tokens: int
    defaults: Defaults
    rowless: tuple[str, ...] = ()
    source_languages: tuple[str, ...] = ()
    target_languages: tuple[str, ...] = ()
    images: ImageRecipe | None = None

    def conversion(self, artifact: Artifact, weights: Weights) -> Conversion:
        """The whole conversion, with what an engine runs and where its weights come from."""
        return Conversion(
            artifact=artifact,
            weights=weights,
            tokenizer=self.tokenizer,
            files=self.files,
            tasks=self.tasks,
            source_languages=self.source_languages,
            target_languages=self.target_languages,
            max_source_tokens=self.max_source_tokens,
            max_target_tokens=self.max_target_tokens,
            defaults=self.defaults,
            rowless=self.rowless,
            images=self.images,
        )


@dataclass(frozen=True, slots=True)
class Conversion:
    """A checkpoint in an engine's terms, not yet quantized.

    Attributes:
        artifact: the model in the terms of the engine that will run it.
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
        search: how the reference implementation searches; of use to engines of our own search.
        images: how images become pixels, for models that read them.
    """

    artifact: Artifact
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
    search: SearchRules = field(default_factory=SearchRules)
    images: ImageRecipe | None = None
