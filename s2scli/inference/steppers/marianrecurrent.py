"""Marian's recurrent models (its types s2s, nematus and amun).

The encoder reads the source in both directions; the decoder's first layer looks at it after its
first cell (Bahdanau et al. 2015, https://arxiv.org/abs/1409.0473), and more cells may follow in
each layer (deep transitions: Miceli Barone et al. 2017, https://aclanthology.org/W17-4710).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2scli.inference.engines.matrices import MatrixMaker
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper
from s2scli.inference.steppers.batch import Attending, DecodingBatch
from s2scli.inference.steppers.lengths import LengthGroup, kept_groups, length_groups
from s2scli.inference.steppers.marianparts import Layer, PartReader
from s2scli.inference.steppers.recurrentcells import State
from s2scli.inference.steppers.texts import SourceIds
from s2scli.models.arrays import Arrays

__all__ = ["MarianRecurrent", "open_stepper"]

START = -1  # not a token: the first step gets a vector of zeros


@dataclass(slots=True, kw_only=True)
class _Decoding(DecodingBatch):
    """A batch that is being decoded.

    Attributes:
        groups: the sources, with the attention keys and the encoder output.
        states: the states of each decoder layer, one per row.
        logits: buffer for the result of a step.
    """

    groups: list[LengthGroup]
    states: list[State]
    logits: Floats

    def follow(self, parents: Ids) -> None:
        """Reorder the states."""
        self.states = [(output[parents], memory[parents]) for output, memory in self.states]

    def keep(self, kept: Ids) -> None:
        """Drop finished sources."""
        self.groups = kept_groups(self.groups, kept)


class MarianRecurrent(Attending, VocabularyStepper):
    """A ``Stepper``; see ``s2scli.inference.engines.stepper``.

    Args:
        config: sizes and tokens, as ``s2scli.models.convert.marianrecurrent`` writes them.
        arrays: the weights.
        matrix: makes its matrices.

    Raises:
        InvalidModelError: their shapes do not match.
    """

    def __init__(self, config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> None:
        read = PartReader(config, arrays, matrix)
        tokens = read.vocabularies
        super().__init__(tokens.target, tokens.unknown, START)
        self._read = SourceIds(tokens.source, tokens.unknown_source)
        self._skip = read.skip
        self._sources, self._targets, self._output, self._output_bias = read.tables()
        self._forward, self._backward, self._upper = read.encoder()
        self._decoder = read.decoder()
        self._attention = read.attention()
        self._first, self._hidden = read.ends()

    def start(self, sources: Sequence[Source], beams: int) -> _Decoding:
        """Encode a batch."""
        ids, inside = self._read(sources)
        numbers = self._encode(self._sources[ids.T], inside.T)
        weights = inside.T[..., None].astype(np.float32)
        mean = (numbers * weights).sum(0) / weights.sum(0)
        first = np.repeat(np.tanh(self._first(mean)), beams, 0)
        groups = length_groups(inside.sum(1), beams)
        for group in groups:
            values = np.ascontiguousarray(numbers[: group.length, group.sources].swapaxes(0, 1))
            group.memories = [(self._attention.key(values), values)]
        return _Decoding(
            beams=beams,
            sources=len(sources),
            groups=groups,
            looked=np.zeros((len(first), ids.shape[1]), np.float32),
            states=[(first, first) for _ in self._decoder],
            logits=np.empty((len(first), len(self.tokens)), np.float32),
        )

    def step(self, state: _Decoding, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token."""
        state.move(parents)
        embedded = self._targets[tokens]
        embedded[tokens == START] = 0
        cells = self._decoder[0].cells
        found = cells[0].advance(_projected(cells[0].inputs, embedded), state.states[0])
        state.looked = np.zeros((len(tokens), state.looked.shape[1]), np.float32)
        context = self._attention(found[0], state.groups, state.looked)
        found = cells[1].advance(_projected(cells[1].inputs, context), found)
        for cell in cells[2:]:
            found = cell.advance(None, found)
        state.states[0], output = found, found[0]
        for number, layer in enumerate(self._decoder[1:], 1):
            found = layer.advance(_projected(layer.cells[0].inputs, output), state.states[number])
            state.states[number] = found
            output = found[0] + output if self._skip else found[0]
        hidden = self._hidden[0](embedded)
        hidden += self._hidden[1](output)
        hidden += self._hidden[2](context)
        logits = self._output(np.tanh(hidden), state.logits[: len(hidden)])
        logits += self._output_bias
        return logits

    def _encode(self, numbers: Floats, inside: Any) -> Floats:
        """The encoder output, positions × sources × width."""
        both = [self._stack(layers, numbers, inside) for layers in (self._forward, self._backward)]
        return self._stack(self._upper, np.concatenate(both, -1), inside)

    def _stack(self, layers: Sequence[Layer], numbers: Floats, inside: Any) -> Floats:
        for depth, layer in enumerate(layers):
            found = layer.transduce(numbers, inside)
            numbers = found + numbers if self._skip and depth else found
        return numbers


def _projected(projection: Any, numbers: Floats) -> Floats | None:
    return None if projection is None else projection(numbers)


def open_stepper(config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> MarianRecurrent:
    """The stepper of a model (``s2scli.inference.engines.arrays.STEPPERS``)."""
    return MarianRecurrent(config, arrays, matrix)
