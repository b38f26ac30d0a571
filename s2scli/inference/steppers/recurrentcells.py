"""The parts of recurrent models in NumPy: cells, and attention as Bahdanau et al. published it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from s2scli.inference.engines.stepper import Floats
from s2scli.inference.steppers.functions import product, sigmoid, softmax

__all__ = ["GRU", "LSTM", "Attention", "Normalization", "Projection", "RecurrentCell", "State"]

# What a cell gives out, and what it keeps beside that; the same object in cells that keep nothing.
State: TypeAlias = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Normalization:
    """Layer normalization (Ba et al. 2016, https://arxiv.org/abs/1607.06450), block by block.

    Attributes:
        scale: what the normalized numbers are multiplied with.
        shift: what is added to that; None for nothing.
        epsilon: what is added to the variance.
        blocks: how many numbers are normalized together, one after the other; none for all.
    """

    scale: Floats
    shift: Floats | None
    epsilon: np.float32
    blocks: tuple[int, ...] = ()

    def __call__(self, numbers: Floats) -> Floats:
        """Normalize in place."""
        begin = 0
        for size in self.blocks or (numbers.shape[-1],):
            block = numbers[..., begin : begin + size]
            block -= block.mean(-1, keepdims=True)
            squares = np.einsum("...i,...i->...", block, block)[..., None]
            block /= np.sqrt(squares / np.float32(size) + self.epsilon)
            begin += size
        numbers *= self.scale
        if self.shift is not None:
            numbers += self.shift
        return numbers


@dataclass(frozen=True, slots=True)
class Projection:
    """A matrix with one row an output, and what is done to the product.

    Attributes:
        weight: the matrix.
        bias: what is added before the normalization.
        norm: the normalization.
        after: what is added after it.
    """

    weight: Floats
    bias: Floats | None = None
    norm: Normalization | None = None
    after: Floats | None = None

    def __call__(self, numbers: Floats) -> Floats:
        """The projection of the last dimension."""
        found = product(numbers, self.weight)
        if self.bias is not None:
            found += self.bias
        if self.norm is not None:
            found = self.norm(found)
        if self.after is not None:
            found += self.after
        return found


class RecurrentCell(Protocol):
    """A recurrent cell. One without ``inputs`` goes on from the state alone (a transition)."""

    @property
    def inputs(self) -> Projection | None:
        """What makes of an input what ``advance`` wants; of all positions at once if known."""

    def advance(self, projected: Floats | None, state: State) -> State:
        """The next state."""


@dataclass(frozen=True, slots=True)
class GRU:
    """A gated recurrent unit (Cho et al. 2014, https://arxiv.org/abs/1406.1078).

    Its three parts are the reset gate, the update gate and the candidate, in this order.

    Attributes:
        inputs: from an input to the three parts.
        recurrent: from the state to the three parts.
        bias: of the three parts; that of the candidate is added before the reset gate counts if
            ``gated``, else after.
        gated: see ``bias``.
    """

    inputs: Projection | None
    recurrent: Projection
    bias: Floats
    gated: bool

    def advance(self, projected: Floats | None, state: State) -> State:
        """The next state."""
        last = state[0]
        width = last.shape[-1]
        own = self.recurrent(last)
        gates = own[..., : 2 * width] + self.bias[: 2 * width]
        if projected is not None:
            gates += projected[..., : 2 * width]
        gates = sigmoid(gates)
        reset, update = gates[..., :width], gates[..., width:]
        new = own[..., 2 * width :]
        if self.gated:
            new += self.bias[2 * width :]
        new *= reset
        if not self.gated:
            new += self.bias[2 * width :]
        if projected is not None:
            new += projected[..., 2 * width :]
        np.tanh(new, out=new)
        found = (1 - update) * new + update * last
        return found, found


@dataclass(frozen=True, slots=True)
class LSTM:
    """Long short-term memory (Hochreiter and Schmidhuber 1997), with a forget gate.

    Its four parts are the forget gate, the input gate, the candidate and the output gate.

    Attributes:
        inputs: from an input to the four parts.
        recurrent: from the last output to the four parts.
        bias: of the four parts.
    """

    inputs: Projection | None
    recurrent: Projection
    bias: Floats

    def advance(self, projected: Floats | None, state: State) -> State:
        """The next state."""
        last, memory = state
        width = last.shape[-1]
        own = self.recurrent(last)
        own += self.bias
        if projected is not None:
            own += projected
        gates = sigmoid(own[..., : 2 * width])
        memory = gates[..., :width] * memory
        memory += gates[..., width:] * np.tanh(own[..., 2 * width : 3 * width])
        return sigmoid(own[..., 3 * width :]) * np.tanh(memory), memory


@dataclass(frozen=True, slots=True)
class Attention:
    """Additive attention (Bahdanau et al. 2015, https://arxiv.org/abs/1409.0473).

    Attributes:
        query: from a decoder's state to the space in which states are compared.
        key: likewise, from what the encoder gives out.
        score: from there to a weight.
    """

    query: Projection
    key: Projection
    score: Floats

    def __call__(
        self, state: Floats, keys: Floats, values: Floats, mask: Floats
    ) -> tuple[Floats, Floats]:
        """What is attended to, and how much each position is.

        Args:
            state: one row for each beam of each source.
            keys: of each source, of each position (``key`` of the values).
            values: what the encoder gave out there.
            mask: what is added to the weights of each position of a source.
        """
        sources, positions, width = keys.shape
        query = self.query(state).reshape(sources, -1, 1, width)
        compared = keys[:, None] + query
        np.tanh(compared, out=compared)
        weights: Floats = (compared @ self.score).astype(np.float32, copy=False)
        weights += mask[:, None]
        shares = softmax(weights)
        found = shares @ values
        return found.reshape(len(state), -1), shares.reshape(len(state), positions)
