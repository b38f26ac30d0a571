"""The parts of Marian's students in NumPy: attention, the recurrent cell, what is around them."""

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
    """A matrix with one row an input, and what is added."""

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
        """The numbers, normalized."""
        numbers = numbers - numbers.mean(-1, keepdims=True)
        spread = np.einsum("...i,...i->...", numbers, numbers)[..., None] / numbers.shape[-1]
        numbers /= np.sqrt(spread + EPSILON)
        numbers *= self.scale
        numbers += self.bias
        return numbers


@dataclass(frozen=True, slots=True)
class Around:
    """What all parts of a layer have: a normalization, before the part or after its sum.

    Attributes:
        norm: it.
        first: whether it comes before.
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
    """The part that sees one position at a time."""

    around: Around
    inner: Linear
    outer: Linear
    activation: Activation

    def __call__(self, numbers: Floats) -> Floats:
        """The part's output."""
        return self.around(numbers, lambda x: self.outer(self.activation(self.inner(x))))


@dataclass(frozen=True, slots=True)
class SelfAttention:
    """An encoder's attention; ``inputs`` makes queries, keys and values at once."""

    around: Around
    inputs: Linear
    output: Linear
    heads: int

    def __call__(self, numbers: Floats, mask: Floats) -> Floats:
        """The part's output; ``mask`` is added to the weights."""
        return self.around(numbers, lambda x: self._attend(x, mask))

    def _attend(self, numbers: Floats, mask: Floats) -> Floats:
        batch, length, width = numbers.shape
        three = self.inputs(numbers).reshape(batch, length, 3, self.heads, -1)
        queries, keys, values = three.transpose(2, 0, 3, 1, 4)
        weights = _attention(queries, keys.swapaxes(-1, -2), mask)
        return self.output((weights @ values).swapaxes(1, 2).reshape(batch, length, width))


@dataclass(frozen=True, slots=True)
class SSRUCell:
    """The SSRU; ``inputs`` makes the new state and the gate at once."""

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
    """A decoder's attention to the source, whose keys and values are made once."""

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
        """The part's output, and how much its first head looked at each token of the source."""
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
    """The weights of attention; keys have one column a position."""
    weights: Floats = queries @ keys
    weights *= np.float32(1 / math.sqrt(queries.shape[-1]))
    weights += mask
    return softmax(weights)
