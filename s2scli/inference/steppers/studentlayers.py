"""The parts of Marian's students in NumPy: attention, the recurrent cell, normalization."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from s2scli.inference.engines.matrices import Matrix
from s2scli.inference.engines.stepper import Floats
from s2scli.inference.steppers.functions import sigmoid, softmax
from s2scli.inference.steppers.lengths import LengthGroup, divided

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Around",
    "CrossAttention",
    "Feed",
    "Linear",
    "Norm",
    "SSRUCell",
    "SelfAttention",
]

EPSILON = np.float32(1e-6)

Activation = Callable[[Floats], Floats]


ACTIVATIONS: dict[str, Activation] = {
    "relu": lambda x: np.maximum(x, 0, out=x),
    "swish": lambda x: x * sigmoid(x),
    "gelu": lambda x: x * sigmoid(np.float32(1.702) * x),
}


@dataclass(frozen=True, slots=True)
class Linear:
    """A matrix and a bias."""

    matrix: Matrix
    bias: Floats

    def __call__(self, numbers: Floats) -> Floats:
        """The layer's output."""
        found = self.matrix(numbers)
        found += self.bias
        return found


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalization (Ba et al. 2016, https://arxiv.org/abs/1607.06450)."""

    scale: Floats
    bias: Floats

    def __call__(self, numbers: Floats) -> Floats:
        """Normalize the last dimension."""
        numbers = numbers - numbers.mean(-1, keepdims=True)
        spread = np.einsum("...i,...i->...", numbers, numbers)[..., None] / numbers.shape[-1]
        numbers /= np.sqrt(spread + EPSILON)
        numbers *= self.scale
        numbers += self.bias
        return numbers


@dataclass(frozen=True, slots=True)
class Around:
    """The residual connection and normalization around each part of a layer.

    Attributes:
        norm: the normalization.
        first: whether it comes before the part, not after the sum.
    """

    norm: Norm
    first: bool

    def __call__(self, numbers: Floats, part: Callable[[Floats], Floats]) -> Floats:
        """The part's output, added to its input."""
        if self.first:
            return numbers + part(self.norm(numbers))
        return self.norm(part(numbers) + numbers)


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed-forward part."""

    around: Around
    inner: Linear
    outer: Linear
    activation: Activation

    def __call__(self, numbers: Floats) -> Floats:
        """The part's output."""
        return self.around(numbers, lambda x: self.outer(self.activation(self.inner(x))))


@dataclass(frozen=True, slots=True)
class SelfAttention:
    """The encoder's self-attention; ``inputs`` computes queries, keys and values at once."""

    around: Around
    inputs: Linear
    output: Linear
    heads: int

    def __call__(self, numbers: Floats, groups: Sequence[LengthGroup]) -> Floats:
        """The part's output; the rows are the tokens of sources, group by group."""
        return self.around(numbers, lambda x: self._attend(x, groups))

    def _attend(self, numbers: Floats, groups: Sequence[LengthGroup]) -> Floats:
        found = np.empty_like(numbers)
        parts = divided(self.inputs(numbers), groups)
        for part, out in zip(parts, divided(found, groups), strict=True):
            three = part.reshape(*part.shape[:2], 3, self.heads, -1)
            queries, keys, values = three.transpose(2, 0, 3, 1, 4)
            mixed = _attention(queries, keys.swapaxes(-1, -2)) @ values
            out[:] = mixed.swapaxes(1, 2).reshape(out.shape)
        return self.output(found)


@dataclass(frozen=True, slots=True)
class SSRUCell:
    """The SSRU; ``inputs`` computes the new state and the gate at once."""

    around: Around
    inputs: Linear

    def __call__(self, numbers: Floats, state: Floats) -> Floats:
        """The part's output; ``state`` is changed in place."""
        return self.around(numbers, lambda x: self._advance(x, state))

    def _advance(self, numbers: Floats, state: Floats) -> Floats:
        new, gate = np.split(self.inputs(numbers), 2, axis=-1)
        gate = sigmoid(gate)
        state *= gate
        state += (1 - gate) * new
        return np.maximum(state, 0)


@dataclass(frozen=True, slots=True)
class CrossAttention:
    """The decoder's attention to the source; keys and values are computed once per source."""

    around: Around
    query: Linear
    key: Linear
    value: Linear
    output: Linear
    heads: int

    def remember(self, numbers: Floats) -> tuple[Floats, Floats]:
        """Keys (sources × heads × size × length) and values (… × length × size)."""
        batch, length, _ = numbers.shape
        keys, values = (
            part(numbers).reshape(batch, length, self.heads, -1) for part in (self.key, self.value)
        )
        turned = np.ascontiguousarray(keys.transpose(0, 2, 3, 1))
        return turned, np.ascontiguousarray(values.swapaxes(1, 2))

    def __call__(
        self, numbers: Floats, groups: Sequence[LengthGroup], layer: int, looked: Floats
    ) -> Floats:
        """The part's output.

        Args:
            numbers: one row for each hypothesis.
            groups: the sources.
            layer: the number of its layer, whose keys and values are used.
            looked: rows × source tokens, which becomes the attention weights of the first head.
        """

        def attend(x: Floats) -> Floats:
            queries, found = self.query(x), np.empty_like(x)
            for group in groups:
                keys, values = group.memories[layer]
                own = queries[group.rows].reshape(len(keys), -1, *keys.shape[1:3])
                weights = _attention(own.swapaxes(1, 2), keys)
                looked[group.rows, : group.length] = weights[:, 0].reshape(-1, group.length)
                mixed = (weights @ values).swapaxes(1, 2)
                found[group.rows] = mixed.reshape(-1, x.shape[1])
            return self.output(found)

        return self.around(numbers, attend)


def _attention(queries: Floats, keys: Floats) -> Floats:
    """The attention weights; keys have one column per position."""
    weights: Floats = queries @ keys
    weights *= np.float32(1 / math.sqrt(queries.shape[-1]))
    return softmax(weights)
