"""Marian's students: a Transformer encoder, and a decoder with recurrence instead of
self-attention.

The recurrent cell is the SSRU (simpler simple recurrent unit: Kim et al. 2019,
https://aclanthology.org/D19-5632): with the gate f = sigmoid(x Wf + bf), the cell's state becomes
f * c + (1 - f) * x W, and its output is the positive part of that. So a step costs the same however
long the target is. Firefox Translations and Bergamot publish such models.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2scli.inference.engines.matrices import MatrixMaker
from s2scli.inference.engines.stepper import Floats, Ids, Source, Stepper, VocabularyStepper
from s2scli.inference.steppers.batch import Attending, DecodingBatch
from s2scli.inference.steppers.candidates import CandidateStepper
from s2scli.inference.steppers.lengths import LengthGroup, divided, kept_groups, length_groups
from s2scli.inference.steppers.studentlayers import (
    ACTIVATIONS,
    Around,
    CrossAttention,
    Feed,
    Linear,
    Norm,
    SelfAttention,
    SSRUCell,
)
from s2scli.inference.steppers.texts import SourceIds, Vocabularies, reading_settings
from s2scli.models.arrays import Arrays
from s2scli.models.lexicon import Lexicon
from s2scli.models.manifest import LEXICON_FILE
from s2scli.models.sinusoids import marian_sinusoids

__all__ = ["Student", "open_stepper"]

START = -1  # not a token: the first step gets a vector of zeros


@dataclass(frozen=True, slots=True)
class _DecoderLayer:
    cell: SSRUCell
    attention: CrossAttention
    feed: Feed


@dataclass(slots=True, kw_only=True)
class _State(DecodingBatch):
    """A batch that is being decoded.

    Attributes:
        cells: the states of each layer, one per row.
        groups: the sources, with their keys and values.
        logits: buffer for the result of a step.
        position: position of the next token.
    """

    cells: list[Floats]
    groups: list[LengthGroup]
    logits: Floats
    position: int = 0

    def follow(self, parents: Ids) -> None:
        """Reorder the cells' states."""
        self.cells = [cell[parents] for cell in self.cells]

    def keep(self, kept: Ids) -> None:
        """Drop finished sources."""
        self.groups = kept_groups(self.groups, kept)


class Student(Attending, VocabularyStepper):
    """A ``Stepper``; see ``s2scli.inference.engines.stepper``.

    Args:
        config: sizes and tokens, as ``s2scli.models.convert.marianstudent`` writes them.
        arrays: the weights.
        matrix: makes its matrices.

    Raises:
        InvalidModelError: their shapes do not match.
    """

    def __init__(self, config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> None:
        read = _Reader(config, arrays, matrix)
        tokens = read.vocabularies
        super().__init__(tokens.target, tokens.unknown, START)
        self._read = SourceIds(tokens.source, tokens.unknown_source)
        self._width = read.width
        self._positions = marian_sinusoids(read.positions, read.width)
        self._sources, self._targets, table = read.tables()
        self._output = matrix(table)
        self._lexicon = read.lexicon()
        self._table = table if self._lexicon else None
        self._bias = read.output_bias()
        self._encoder = [read.encoder_layer(number) for number in range(read.encoder_layers)]
        self._decoder = [read.decoder_layer(number) for number in range(read.decoder_layers)]
        self._norms = read.top_norms()
        self._aligned = read.aligned

    def start(self, sources: Sequence[Source], beams: int) -> _State:
        """Encode a batch."""
        ids, inside = self._read(sources)
        groups = length_groups(inside.sum(1), beams)
        numbers = self._encode(ids, groups)
        for group, part in zip(groups, divided(numbers, groups), strict=True):
            group.memories = [layer.attention.remember(part) for layer in self._decoder]
        rows = len(sources) * beams
        return _State(
            beams=beams,
            sources=len(sources),
            cells=[np.zeros((rows, self._width), np.float32) for _ in self._decoder],
            groups=groups,
            looked=np.zeros((rows, ids.shape[1]), np.float32),
            logits=np.empty((rows, len(self.tokens)), np.float32),
        )

    def restricted(self, sources: Sequence[Source]) -> Stepper:
        """The same model with the candidates of its lexical shortlist as its vocabulary."""
        if self._lexicon is None or self._table is None:
            return self
        return CandidateStepper(self, self._lexicon, self._table, self._bias, sources)

    def ids(self, sources: Sequence[Source]) -> list[list[int]]:
        """The ids of the tokens of each source."""
        ids, inside = self._read(sources)
        return [row[here].tolist() for row, here in zip(ids, inside, strict=True)]

    def step(self, state: _State, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token."""
        numbers = self.hidden(state, tokens, parents)
        logits = self._output(numbers, state.logits[: len(numbers)])
        if self._bias is not None:
            logits += self._bias
        return logits

    def hidden(self, state: _State, tokens: Ids, parents: Ids) -> Floats:
        """What the logits of a step are projected from, rows × width; see ``step``."""
        state.move(parents)
        numbers = self._embedded(self._targets[tokens])
        numbers[tokens == START] = 0
        numbers += self._positions[state.position]
        for number, layer in enumerate(self._decoder):
            numbers = layer.cell(numbers, state.cells[number])
            looked = np.zeros((len(numbers), state.looked.shape[1]), np.float32)
            numbers = layer.attention(numbers, state.groups, number, looked)
            if number == self._aligned:
                state.looked = looked
            numbers = layer.feed(numbers)
        if self._norms:
            numbers = self._norms[1](numbers)
        state.position += 1
        return numbers

    def _encode(self, ids: Ids, groups: Sequence[LengthGroup]) -> Floats:
        """The encoder's output, one row for each token, group by group."""
        parts = [ids[group.sources, : group.length] for group in groups]
        rows = [self._embedded(self._sources[p]) + self._positions[: p.shape[1]] for p in parts]
        numbers = np.concatenate([part.reshape(-1, self._width) for part in rows])
        for attention, feed in self._encoder:
            numbers = feed(attention(numbers, groups))
        return self._norms[0](numbers) if self._norms else numbers

    def _embedded(self, rows: Floats) -> Floats:
        scaled: Floats = rows * np.float32(math.sqrt(self._width))
        return scaled


class _Reader:
    """Builds a model's parts from its arrays."""

    def __init__(self, config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> None:
        self._arrays, self._matrix = arrays, matrix
        with reading_settings():
            self.vocabularies = Vocabularies.read(config)
            self.positions, self.aligned = int(config["positions"]), int(config["alignment_layer"])
            self.width, self._heads, self._inner, self.encoder_layers, self.decoder_layers = (
                int(config[name])
                for name in ("width", "heads", "ffn", "encoder_layers", "decoder_layers")
            )
            self._activation = ACTIVATIONS[config["activation"]]
            self._norm_first = bool(config["norm_first"])
            self._shared = "source" not in config

    def tables(self) -> tuple[Floats, Floats, Floats]:
        """The embeddings of both sides, and the output matrix."""
        return self.vocabularies.tables(self._arrays, self.width)

    def lexicon(self) -> Lexicon | None:
        """The lexical shortlist, if the model came with one."""
        data = self._arrays.file(LEXICON_FILE)
        if data is None:
            return None
        sizes = len(self.vocabularies.source), len(self.vocabularies.target)
        return Lexicon(data, sizes, shared=self._shared)

    def output_bias(self) -> Floats | None:
        """The bias of the logits."""
        name = "output.bias"
        count = len(self.vocabularies.target)
        return self._arrays.take(name, count) if name in self._arrays else None

    def top_norms(self) -> tuple[Norm, Norm] | None:
        """The normalizations after the last layers, of models that normalize before each part."""
        if not self._norm_first:
            return None
        return self._norm("encoder.norm"), self._norm("decoder.norm")

    def encoder_layer(self, number: int) -> tuple[SelfAttention, Feed]:
        """A layer of the encoder."""
        place = f"encoder.{number}."
        inputs = self._joined([f"{place}self.{name}" for name in "qkv"])
        attention = SelfAttention(
            self._around(f"{place}self"), inputs, self._linear(f"{place}self.o"), self._heads
        )
        return attention, self._feed(place)

    def decoder_layer(self, number: int) -> _DecoderLayer:
        """A layer of the decoder."""
        place = f"decoder.{number}."
        cell = SSRUCell(
            self._around(f"{place}cell"), self._joined([f"{place}cell.new", f"{place}cell.gate"])
        )
        query, key, value, output = (self._linear(f"{place}cross.{name}") for name in "qkvo")
        around = self._around(f"{place}cross")
        cross = CrossAttention(around, query, key, value, output, self._heads)
        return _DecoderLayer(cell, cross, self._feed(place))

    def _feed(self, place: str) -> Feed:
        inner = self._linear(f"{place}ffn.inner", self._inner)
        outer = self._linear(f"{place}ffn.outer", None, self._inner)
        return Feed(self._around(f"{place}ffn"), inner, outer, self._activation)

    def _around(self, place: str) -> Around:
        return Around(self._norm(f"{place}.norm"), self._norm_first)

    def _norm(self, name: str) -> Norm:
        return Norm(
            *(self._arrays.take(f"{name}.{part}", self.width) for part in ("scale", "bias"))
        )

    def _linear(self, name: str, outputs: int | None = None, inputs: int | None = None) -> Linear:
        weight, bias = self._taken(name, outputs or self.width, inputs or self.width)
        return Linear(self._matrix(weight), bias)

    def _joined(self, names: Sequence[str]) -> Linear:
        """Concatenate matrices that have the same input."""
        weights, biases = zip(*(self._taken(n, self.width, self.width) for n in names), strict=True)
        return Linear(self._matrix(np.concatenate(weights)), np.concatenate(biases))

    def _taken(self, name: str, rows: int, columns: int) -> tuple[Floats, Floats]:
        """A matrix with one row per output, and its bias."""
        bias = f"{name}.bias"
        added = (
            self._arrays.take(bias, rows) if bias in self._arrays else np.zeros(rows, np.float32)
        )
        return self._arrays.take(name, rows, columns), added


def open_stepper(config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> Student:
    """The stepper of a model (``s2scli.inference.engines.arrays.STEPPERS``)."""
    return Student(config, arrays, matrix)
