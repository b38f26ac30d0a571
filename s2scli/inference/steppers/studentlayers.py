"""The parts of Marian's students in NumPy: attention, the recurrent cell, normalization."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from s2scli.inference.engines.stepper import Floats
from s2scli.inference.steppers.functions import sigmoid, softmax

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
    """A matrix with one row per input, and a bias."""

    matrix: Floats
    bias: Floats

    def __call__(self, numbers: Floats) -> Floats:
        """The layer's output."""
        found: Floats = numbers @ self.matrix
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

    def __call__(self, numbers: Floats, mask: Floats) -> Floats:
        """The part's output; ``mask`` is added to the scores."""
        return self.around(numbers, lambda x: self._attend(x, mask))

    def _attend(self, numbers: Floats, mask: Floats) -> Floats:
        batch, length, width = numbers.shape
        three = self.inputs(numbers).reshape(batch, length, 3, self.heads, -1)
        queries, keys, values = three.transpose(2, 0, 3, 1, 4)
        weights = _attention(queries, keys.swapaxes(-1, -2), mask)
        return self.output((weights @ values).swapaxes(1, 2).reshape(batch, length, width))


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
        self, numbers: Floats, memory: tuple[Floats, Floats], mask: Floats
    ) -> tuple[Floats, Floats]:
        """The part's output, and the attention weights of its first head."""
        keys, values = memory
        rows, width = numbers.shape
        looked: list[Floats] = []

        def attend(x: Floats) -> Floats:
            queries = self.query(x).reshape(len(keys), -1, self.heads, width // self.heads)
            weights = _attention(queries.swapaxes(1, 2), keys, mask)
            looked.append(weights[:, 0].reshape(rows, -1))
            return self.output((weights @ values).swapaxes(1, 2).reshape(rows, width))

        return self.around(numbers, attend), looked[0]


def _attention(queries: Floats, keys: Floats, mask: Floats) -> Floats:
    """The attention weights; keys have one column per position."""
    weights: Floats = queries @ keys
    weights *= np.float32(1 / math.sqrt(queries.shape[-1]))
    weights += mask
    return softmax(weights)
