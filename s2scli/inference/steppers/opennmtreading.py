"""Builds the parts of OpenNMT-py's recurrent models from arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.inference.engines.matrices import Matrix, MatrixMaker
from s2scli.inference.engines.stepper import Floats
from s2scli.inference.steppers.attending import Additive, Product, Scoring
from s2scli.inference.steppers.opennmtencoder import Encoder
from s2scli.inference.steppers.recurrentcells import GRU, LSTM, Projection, RecurrentCell
from s2scli.inference.steppers.texts import Vocabularies, reading_settings
from s2scli.models.arrays import Arrays

__all__ = ["ModelReader"]

# PyTorch's positions of the gates of our cells (GRU: reset, update, candidate; LSTM: forget, input,
# candidate, output). A state of two parts belongs to a cell of four gates.
GATES = {"GRU": (0, 1, 2), "LSTM": (1, 0, 2, 3)}


class ModelReader:
    """Builds a model's parts.

    Args:
        config: sizes and tokens, as ``s2scli.models.convert.opennmt`` writes them.
        arrays: the weights.
        matrix: makes the model's matrices.

    Raises:
        InvalidModelError: the settings are damaged. Its methods raise it too, where weights are
            missing or have another shape.
    """

    def __init__(self, config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> None:
        self._arrays, self._matrix = arrays, matrix
        with reading_settings():
            self.vocabularies = Vocabularies.read(config)
            self.start, self.padding = (
                self.vocabularies.target.index(config[name]) for name in ("start", "padding")
            )
            self.hidden, self._layers, self._directions = (
                int(config[name]) for name in ("hidden", "layers", "directions")
            )
            self._source_width, self._target_width = (
                int(config[name]) for name in ("source_width", "target_width")
            )
            self._gates = GATES[config["cell"]]
            self._kinds = {"attention": config["attention"], "copy": config["copy_attention"]}
            self.feeds, self._bridges = bool(config["input_feed"]), bool(config["bridge"])
            self.copies = str(config["copy"])

    def tables(self) -> tuple[Floats, Floats]:
        """The embeddings of both sides."""
        take = self._arrays.take
        return (
            take("source", len(self.vocabularies.source), self._source_width),
            take("target", len(self.vocabularies.target), self._target_width),
        )

    def encoder(self) -> Encoder:
        """The encoder."""
        size, width = self.hidden // self._directions, self._source_width
        layers = []
        for layer in range(self._layers):
            names = [f"encoder.{layer}.{direction}" for direction in range(self._directions)]
            layers.append(tuple(self._cell_of(name, width, size) for name in names))
            width = self.hidden
        return Encoder(tuple(layers), size)

    def bridge(self) -> list[Projection]:
        """The layer for each part of a state; empty without a bridge."""
        if not self._bridges:
            return []
        width = self.hidden // self._directions * self._layers
        parts = (self._linear(f"bridge.{n}", width, width) for n in range(len(self._gates) - 2))
        return [Projection(self._matrix(weight), bias) for weight, bias in parts]

    def decoder_cells(self) -> list[RecurrentCell]:
        """The decoder's cells, by layer."""
        width = self._target_width + (self.hidden if self.feeds else 0)
        cells: list[RecurrentCell] = []
        for layer in range(self._layers):
            cells.append(self._cell_of(f"decoder.{layer}", width, self.hidden))
            width = self.hidden
        return cells

    def scoring(self, name: str) -> Scoring:
        """The scoring of an attention: ``attention``, or ``copy`` if separate."""
        kind, size = self._kinds[name], self.hidden
        if kind == "dot":
            return Product()
        if kind == "general":
            # Stored for queries; keys are multiplied from the other side.
            return Product(self._matrix(self._arrays.take(f"{name}.in", size, size).T))
        if kind != "mlp":
            raise InvalidModelError(f"The model's settings are damaged: attention {kind!r}")
        query, bias = self._linear(f"{name}.query", size, size)
        return Additive(
            self._matrix(query),
            bias,
            self._matrix(self._arrays.take(f"{name}.source", size, size)),
            self._arrays.take(f"{name}.vector", 1, size)[0],
        )

    def mixing(self) -> Callable[[Floats], Floats]:
        """The layer that combines the context and the last cell's output."""
        matrix = self._matrix(self._arrays.take("attention.out", self.hidden, 2 * self.hidden))
        if self._kinds["attention"] == "mlp":
            bias = self._arrays.take("attention.out.bias", self.hidden)
            return lambda numbers: matrix(numbers) + bias
        return lambda numbers: np.tanh(matrix(numbers))

    def output(self) -> tuple[Matrix, Floats]:
        """The output matrix and its bias."""
        weight, bias = self._linear("output", len(self.vocabularies.target), self.hidden)
        return self._matrix(weight), bias

    def gate(self) -> tuple[Floats, Floats]:
        """The gate between generating and copying: a vector and a bias."""
        weight, bias = self._linear("gate", 1, self.hidden)
        return weight[0], bias

    def _cell_of(self, name: str, width: int, size: int) -> RecurrentCell:
        """A cell from PyTorch's weights, whose gates are in another order."""
        rows = np.concatenate([np.arange(gate * size, (gate + 1) * size) for gate in self._gates])
        take, count = self._arrays.take, len(rows)
        inputs = Projection(
            self._matrix(take(f"{name}.input", count, width)[rows]),
            take(f"{name}.input.bias", count)[rows],
        )
        recurrent = Projection(self._matrix(take(f"{name}.hidden", count, size)[rows]))
        bias = take(f"{name}.hidden.bias", count)[rows]
        if self._gates == GATES["GRU"]:
            return GRU(inputs, recurrent, bias, gated=True)
        return LSTM(inputs, recurrent, bias)

    def _linear(self, name: str, rows: int, columns: int) -> tuple[Floats, Floats]:
        return self._arrays.take(name, rows, columns), self._arrays.take(f"{name}.bias", rows)
