"""The parts of recurrent models in NumPy: cells, and additive attention (Bahdanau et al. 2015)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from s2scli.inference.engines.matrices import Matrix
from s2scli.inference.engines.stepper import Floats
from s2scli.inference.steppers.functions import additive_scores, sigmoid, softmax
from s2scli.inference.steppers.lengths import LengthGroup

__all__ = ["GRU", "LSTM", "Attention", "Normalization", "Projection", "RecurrentCell", "State"]

# A cell's output, and its memory; the same object in cells without a separate memory.
State: TypeAlias = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Normalization:
    """Layer normalization (Ba et al. 2016, https://arxiv.org/abs/1607.06450), block by block.

    Attributes:
        scale: multiplied with the normalized numbers.
        shift: added after that; None for no shift.
        epsilon: added to the variance.
        blocks: widths of the blocks that are normalized separately; empty for one block.
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
    """A matrix with bias and normalization.

    Attributes:
        matrix: the matrix.
        bias: added before the normalization.
        norm: the normalization.
        after: added after the normalization.
    """

    matrix: Matrix
    bias: Floats | None = None
    norm: Normalization | None = None
    after: Floats | None = None

    def __call__(self, numbers: Floats) -> Floats:
        """The projection of the last dimension."""
        found = self.matrix(numbers)
        if self.bias is not None:
            found += self.bias
        if self.norm is not None:
            found = self.norm(found)
        if self.after is not None:
            found += self.after
        return found


class RecurrentCell(Protocol):
    """A recurrent cell. Without ``inputs`` it depends on the state alone (a transition)."""

    @property
    def inputs(self) -> Projection | None:
        """The projection of an input for ``advance``; can be computed for all positions at once."""

    def advance(self, projected: Floats | None, state: State) -> State:
        """The next state."""


@dataclass(frozen=True, slots=True)
class GRU:
    """A gated recurrent unit (Cho et al. 2014, https://arxiv.org/abs/1406.1078).

    Its three parts are the reset gate, the update gate and the candidate, in this order.

    Attributes:
        inputs: projection of the input to the three parts.
        recurrent: projection of the state to the three parts.
        bias: bias of the three parts; that of the candidate is added before the reset gate is
            applied if ``gated``, else after.
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
        inputs: projection of the input to the four parts.
        recurrent: projection of the last output to the four parts.
        bias: bias of the four parts.
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
        query: projection of the decoder state.
        key: projection of the encoder output.
        score: the vector that turns tanh(query + key) into a score.
    """

    query: Projection
    key: Projection
    score: Floats

    def __call__(self, state: Floats, groups: Sequence[LengthGroup], looked: Floats) -> Floats:
        """The context vectors.

        Args:
            state: one row per beam per source.
            groups: the sources, whose first memory is ``key`` of the encoder output, and that.
            looked: rows × source tokens, which becomes the attention weights.
        """
        queries = self.query(state)
        width = groups[0].memories[0][1].shape[-1]
        found = np.empty((len(state), width), np.float32)
        for group in groups:
            keys, values = group.memories[0]
            own = queries[group.rows].reshape(len(keys), -1, queries.shape[1])
            shares = softmax(additive_scores(own, keys, self.score))
            looked[group.rows, : group.length] = shares.reshape(-1, group.length)
            found[group.rows] = (shares @ values).reshape(-1, width)
        return found
