"""The parts of an encoder-decoder that was put together from two models, and their tensors' names.

The reference is ``transformers`` (``EncoderDecoderModel``, 4.57; Rothe et al. 2020,
https://arxiv.org/abs/1907.12461).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.tensor import Array, Tensor, same_numbers
from s2scli.models.convert.transformer import ACTIVATIONS
from s2scli.models.convert.weights import Weights

__all__ = ["Pair", "PartTensors", "Projection", "activation", "folded", "set_linear", "set_norm"]

# A weight and a bias.
Pair = tuple["Tensor | Array", "Tensor | Array"]
# A linear layer between the encoder and the decoder, as arrays, or none.
Projection = tuple[Array, Array] | None


@dataclass(frozen=True, slots=True)
class PartTensors:
    """The tensors of a part.

    Attributes:
        weights: all of the checkpoint's.
        roots: what the names may begin with; where the other part's weights are this one's too,
            each is stored under one name or under both.
    """

    weights: Weights
    roots: Sequence[str]

    def within(self, name: str) -> PartTensors:
        """The tensors of something inside the part."""
        return PartTensors(self.weights, [f"{root}{name}" for root in self.roots])

    def __contains__(self, name: str) -> bool:
        return any(f"{root}{name}" in self.weights for root in self.roots)

    def take(self, name: str, *shape: int) -> Tensor:
        """A tensor, which must have this shape.

        Raises:
            InvalidModelError: it is missing or has another shape, or two that are tied differ.
        """
        stored = [f"{root}{name}" for root in self.roots if f"{root}{name}" in self.weights]
        if not stored:
            raise InvalidModelError(f"The checkpoint has no tensor {self.roots[0]}{name}")
        found = self.weights.take(stored[0], *shape)
        for other in stored[1:]:
            self._copy(other, found, "tie_encoder_decoder")
        return found

    def pass_over_copy(self, name: str, other: Tensor) -> None:
        """Skip a tensor that ``config.json`` ties to another, if it is stored as well.

        Raises:
            InvalidModelError: its numbers are others.
        """
        for root in self.roots:
            if f"{root}{name}" in self.weights:
                self._copy(f"{root}{name}", other, "tie_word_embeddings")

    def output(self, name: str, table: Tensor, size: tuple[int, int], *, tied: bool) -> Tensor:
        """The table of the output.

        Args:
            name: its own.
            table: that of the embeddings.
            size: its rows and columns.
            tied: whether the two are one.

        Raises:
            InvalidModelError: it is missing or misshapen, or differs from the one it is tied to.
        """
        if not tied:
            return self.take(name, *size)
        self.pass_over_copy(name, table)
        return table

    def pass_over(self, names: Iterable[str]) -> None:
        """Skip tensors that are known but not needed."""
        self.weights.pass_over(f"{root}{name}" for name in names for root in self.roots)

    def _copy(self, name: str, other: Tensor, key: str) -> None:
        if not same_numbers(self.weights.look(name, *other.shape), other):
            raise InvalidModelError(
                f"The tensor {name} contradicts config.json, which ties it to another: "
                "the numbers differ",
                f"If it was trained separately, set {key} to false in config.json.",
            )
        self.weights.pass_over([name])

    def linear(self, name: str, rows: int, columns: int) -> tuple[Tensor, Tensor]:
        """The weight and the bias of a linear layer.

        Raises:
            InvalidModelError: one is missing or has another shape.
        """
        return self.take(f"{name}.weight", rows, columns), self.take(f"{name}.bias", rows)

    def norm(self, name: str, width: int) -> tuple[Tensor, Tensor]:
        """The weight and the bias of a layer normalization.

        Raises:
            InvalidModelError: one is missing or has another shape.
        """
        return self.take(f"{name}.weight", width), self.take(f"{name}.bias", width)


def activation(settings: ConfigObject, name: str, usual: str) -> Any:
    """The engine's name of an activation function.

    Raises:
        InvalidModelError: it has none such.
    """
    asked = str(settings.content.get(name, usual))
    if asked not in ACTIVATIONS:
        raise InvalidModelError(
            f"{settings.place} asks for the activation {asked!r}, which the engine lacks"
        )
    return ACTIVATIONS[asked]


def folded(linear: tuple[Tensor, Tensor], projection: Projection) -> Pair:
    """A linear layer after another, as one: ``K (P x + p) + k = (K P) x + (K p + k)``."""
    if projection is None:
        return linear
    weight, bias = (tensor.array().astype(np.float64) for tensor in linear)
    outer, shift = (array.astype(np.float64) for array in projection)
    return (weight @ outer).astype(np.float32), (weight @ shift + bias).astype(np.float32)


def set_linear(spec: Any, pair: Pair) -> None:
    """Set a linear layer of a specification."""
    spec.weight, spec.bias = pair


def set_norm(spec: Any, pair: Pair) -> None:
    """Set a layer normalization of a specification."""
    spec.gamma, spec.beta = pair
