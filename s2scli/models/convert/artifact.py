"""What a conversion makes and an engine reads: the contract between families and ``run``."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from s2scli.models.convert.alignment import choose_attention
from s2scli.models.convert.quantize import Written, alias, quantize
from s2scli.models.convert.specs import model_spec
from s2scli.models.enginenames import CTRANSLATE2

__all__ = ["Artifact", "CTranslate2Artifact"]


class Artifact(Protocol):
    """A model in the terms of one engine, its weights still on disk."""

    @property
    def engine(self) -> str:
        """Which, a key of ``s2scli.inference.engines.ENGINES``."""

    def save(self, directory: Path, quantization: str, written: Written) -> None:
        """Write the files that the engine reads.

        Args:
            directory: an empty one; the tokenizer's files and the manifest are written by others.
            quantization: a key of ``s2scli.models.convert.QUANTIZATIONS``.
            written: is told of each tensor, as it is saved, how many numbers it has.

        Raises:
            ValueError: the model cannot be saved so; the message follows "cannot be converted: ".
        """


class CTranslate2Artifact:
    """A specification of CTranslate2.

    Args:
        spec: the specification with its weights, vocabularies and configuration.
        attending_layers: how many decoder layers look at the source, the first ones; None is all.
    """

    engine = CTRANSLATE2

    def __init__(
        self,
        spec: model_spec.SequenceToSequenceModelSpec,
        attending_layers: int | None = None,
    ) -> None:
        self.spec = spec
        self.attending_layers = attending_layers

    def save(self, directory: Path, quantization: str, written: Written) -> None:
        """Write ``model.bin``, ``config.json`` and the vocabularies."""
        choose_attention(self.spec, self.attending_layers)
        self.spec.validate()
        alias(self.spec)
        quantize(self.spec, quantization, written)
        self.spec.save(str(directory))
