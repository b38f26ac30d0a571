"""Marian's recurrent models (its types s2s, nematus and amun).

The encoder reads the source in both directions; the decoder's first layer looks at it after its
first cell (Bahdanau et al. 2015, https://arxiv.org/abs/1409.0473), and more cells may follow in
each layer (deep transitions: Miceli Barone et al. 2017, https://aclanthology.org/W17-4710).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper, kept_sources
from s2scli.inference.steppers.functions import product
from s2scli.inference.steppers.marianparts import Layer, PartReader
from s2scli.inference.steppers.recurrentcells import State
from s2scli.models.arrays import Arrays

__all__ = ["MarianRecurrent", "open_stepper"]

START = -1  # not a token: the first step gets a vector of zeros
MASKED = np.float32(-1e9)  # added to the scores beyond the end of a source


@dataclass(slots=True)
class _Decoding:
    """A batch that is being decoded.

    Attributes:
        beams: number of rows per source.
        values: the encoder output, sources × positions × width.
        keys: the attention keys of the same positions.
        mask: sources × positions, added to the attention scores.
        states: the states of each decoder layer, one per row.
        looked: the attention weights of the last step, rows × positions.
    """

    beams: int
    values: Floats
    keys: Floats
    mask: Floats
    states: list[State]
    looked: Floats = field(default_factory=lambda: np.empty((0, 0), np.float32))

    def move(self, parents: Ids) -> None:
        """Reorder the rows by their parents; drop finished sources."""
        self.states = [(output[parents], memory[parents]) for output, memory in self.states]
        kept = kept_sources(parents, self.beams, len(self.mask))
        if kept is not None:
            self.values, self.keys = self.values[kept], self.keys[kept]
            self.mask = self.mask[kept]


class MarianRecurrent(VocabularyStepper):
    """A ``Stepper``; see ``s2scli.inference.engines.stepper``.

    Args:
        config: sizes and tokens, as ``s2scli.models.convert.marianrecurrent`` writes them.
        arrays: the weights.

    Raises:
        InvalidModelError: their shapes do not match.
    """

    attends = True

    def __init__(self, config: Mapping[str, Any], arrays: Arrays) -> None:
        read = PartReader(config, arrays)
        super().__init__(read.target, read.unknown, START)
        self._ids = {token: number for number, token in enumerate(read.source)}
        self._unknown_source = read.unknown_source
        self._skip = read.skip
        self._sources, self._targets, self._output, self._output_bias = read.tables()
        self._forward, self._backward, self._upper = read.encoder()
        self._decoder = read.decoder()
        self._attention = read.attention()
        self._first, self._hidden = read.ends()

    def start(self, sources: Sequence[Source], beams: int) -> _Decoding:
        """Encode a batch."""
        lengths = np.array([len(source) for source in sources])
        ids = np.zeros((len(sources), lengths.max()), np.int64)
        for row, source in zip(ids, sources, strict=True):
            row[: len(source)] = [self._ids.get(str(t), self._unknown_source) for t in source]
        inside = np.arange(ids.shape[1])[:, None] < lengths  # positions × sources
        numbers = self._encode(self._sources[ids.T], inside)
        weights = inside[..., None].astype(np.float32)
        mean = (numbers * weights).sum(0) / weights.sum(0)
        first = np.repeat(np.tanh(self._first(mean)), beams, 0)
        values = np.ascontiguousarray(numbers.swapaxes(0, 1))
        mask = np.where(inside.T, np.float32(0), MASKED)
        states = [(first, first) for _ in self._decoder]
        return _Decoding(beams, values, self._attention.key(values), mask, states)

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

    def attention(self, state: _Decoding) -> Floats:
        """The attention weights of the last step, rows × source tokens."""
        return state.looked

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
