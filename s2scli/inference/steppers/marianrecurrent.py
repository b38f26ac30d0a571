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

from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper
from s2scli.inference.steppers.batch import Attending, DecodingBatch
from s2scli.inference.steppers.functions import product
from s2scli.inference.steppers.marianparts import Layer, PartReader
from s2scli.inference.steppers.recurrentcells import State
from s2scli.inference.steppers.texts import SourceIds
from s2scli.models.arrays import Arrays

__all__ = ["MarianRecurrent", "open_stepper"]

START = -1  # not a token: the first step gets a vector of zeros
MASKED = np.float32(-1e9)  # added to the scores beyond the end of a source


@dataclass(slots=True, kw_only=True)
class _Decoding(DecodingBatch):
    """A batch that is being decoded.

    Attributes:
        values: the encoder output, sources × positions × width.
        keys: the attention keys of the same positions.
        mask: sources × positions, added to the attention scores.
        states: the states of each decoder layer, one per row.
    """

    values: Floats
    keys: Floats
    mask: Floats
    states: list[State]

    def follow(self, parents: Ids) -> None:
        """Reorder the states."""
        self.states = [(output[parents], memory[parents]) for output, memory in self.states]

    def keep(self, kept: Ids) -> None:
        """Drop finished sources."""
        self.values, self.keys, self.mask = self.values[kept], self.keys[kept], self.mask[kept]


class MarianRecurrent(Attending, VocabularyStepper):
    """A ``Stepper``; see ``s2scli.inference.engines.stepper``.

    Args:
        config: sizes and tokens, as ``s2scli.models.convert.marianrecurrent`` writes them.
        arrays: the weights.

    Raises:
        InvalidModelError: their shapes do not match.
    """

    def __init__(self, config: Mapping[str, Any], arrays: Arrays) -> None:
        read = PartReader(config, arrays)
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
        values = np.ascontiguousarray(numbers.swapaxes(0, 1))
        return _Decoding(
            beams=beams,
            sources=len(sources),
            values=values,
            keys=self._attention.key(values),
            mask=np.where(inside, np.float32(0), MASKED),
            states=[(first, first) for _ in self._decoder],
        )

    def step(self, state: _Decoding, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token."""
        state.move(parents)
        embedded = self._targets[tokens]
        embedded[tokens == START] = 0
        cells = self._decoder[0].cells
        found = cells[0].advance(_projected(cells[0].inputs, embedded), state.states[0])
        context, state.looked = self._attention(found[0], state.keys, state.values, state.mask)
        found = cells[1].advance(_projected(cells[1].inputs, context), found)
        for cell in cells[2:]:
            found = cell.advance(None, found)
        state.states[0], output = found, found[0]
        for number, layer in enumerate(self._decoder[1:], 1):
            found = layer.advance(_projected(layer.cells[0].inputs, output), state.states[number])
            state.states[number] = found
            output = found[0] + output if self._skip else found[0]
        parts = zip(self._hidden, (embedded, output, context), strict=True)
        hidden = sum(projection(numbers) for projection, numbers in parts)
        logits = product(np.tanh(hidden), self._output)
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


def open_stepper(config: Mapping[str, Any], arrays: Arrays) -> MarianRecurrent:
    """The stepper of a model (``s2scli.inference.engines.arrays.STEPPERS``)."""
    return MarianRecurrent(config, arrays)
