"""The parts of Marian's recurrent models, read from their arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2scli.inference.engines.matrices import Matrix, MatrixMaker
from s2scli.inference.engines.stepper import Floats
from s2scli.inference.steppers.recurrentcells import (
    GRU,
    LSTM,
    Attention,
    Normalization,
    Projection,
    RecurrentCell,
    State,
)
from s2scli.inference.steppers.texts import Vocabularies, reading_settings
from s2scli.models.arrays import Arrays

__all__ = ["Layer", "PartReader"]

EPSILON, NEMATUS_EPSILON = np.float32(1e-9), np.float32(1e-5)
GATES = {"gru": 3, "gru-nematus": 3, "lstm": 4}  # gates and candidate of a cell
LARGEST = 64  # maximum layers, or cells per layer


@dataclass(frozen=True, slots=True)
class Layer:
    """A recurrent layer: one or more cells applied in turn at each position.

    Attributes:
        cells: the cells; the first one gets the input.
        backward: whether the layer reads the source from its end.
    """

    cells: tuple[RecurrentCell, ...]
    backward: bool = False

    def advance(self, projected: Floats | None, state: State) -> State:
        """The state at the next position."""
        for number, cell in enumerate(self.cells):
            state = cell.advance(None if number else projected, state)
        return state

    def transduce(self, numbers: Floats, inside: Any) -> Floats:
        """The outputs at all positions.

        Args:
            numbers: the inputs, positions × sources × width.
            inside: positions × sources, whether within the source; elsewhere the state stays.
        """
        inputs = self.cells[0].inputs
        assert inputs is not None
        projected = inputs(numbers)
        positions = range(len(numbers))
        state: State | None = None
        found: list[Floats] = []
        for place in reversed(positions) if self.backward else positions:
            state = self._next(projected[place], state, inside[place][:, None])
            found.append(state[0])
        return np.stack(found[::-1] if self.backward else found)

    def _next(self, projected: Floats, state: State | None, inside: Any) -> State:
        if state is None:
            gates = 4 if isinstance(self.cells[0], LSTM) else 3
            zeros = np.zeros((len(projected), projected.shape[1] // gates), np.float32)
            state = zeros, zeros
        output, memory = self.advance(projected, state)
        if inside.all():
            return output, memory
        return np.where(inside, output, state[0]), np.where(inside, memory, state[1])


class PartReader:
    """Builds a model's parts from its arrays.

    Attributes:
        vocabularies: the tokens of both sides.
        skip: whether layers above the first add their input to their output.

    Args:
        config: the content of ``stepper.json``.
        arrays: the weights.
        matrix: makes the model's matrices.

    Raises:
        InvalidModelError: they are damaged.
    """

    def __init__(self, config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> None:
        self._arrays, self._make = arrays, matrix
        with reading_settings():
            self.vocabularies = Vocabularies.read(config)
            self.skip = bool(config["skip"])
            self._embedding, self._state = int(config["embedding"]), int(config["state"])
            self._gates = {side: GATES[config[f"{side}_cell"]] for side in ("encoder", "decoder")}
            self._norm = {"": "", "gamma": "gamma", "nematus": "nematus"}[config["norm"]]
            self._cell_norm = {
                side: "nematus"
                if self._norm and config[f"{side}_cell"] == "gru-nematus"
                else "gamma" * bool(self._norm)
                for side in ("encoder", "decoder")
            }
            self._encoder: list[list[bool]] = [
                [bool(backward) for backward in config[name]] for name in ("forward", "backward")
            ]
            self._upper, self._encoder_cells = int(config["upper"]), int(config["encoder_cells"])
            self._decoder = [int(count) for count in config["decoder_cells"]]
            counts = [*map(len, self._encoder), self._encoder_cells, *self._decoder]
            if not all(1 <= count <= LARGEST for count in counts) or self._decoder[0] < 2:
                raise ValueError(f"it has {counts} layers and cells")

    def tables(self) -> tuple[Floats, Floats, Matrix, Floats]:
        """The embeddings of both sides, the output matrix and its bias."""
        bias = self._arrays.take("output.bias", len(self.vocabularies.target))
        source, target, output = self.vocabularies.tables(self._arrays, self._embedding)
        return source, target, self._make(output), bias

    def encoder(self) -> tuple[list[Layer], list[Layer], list[Layer]]:
        """The layers of both directions, and the layers above that read both outputs."""
        forward, backward = (
            [
                self._layer("encoder", f"encoder.{name}.{number}", self._encoder_cells, inputs, end)
                for number, (end, inputs) in enumerate(
                    zip(ends, [self._embedding] + [self._state] * len(ends), strict=False)
                )
            ]
            for name, ends in zip(("forward", "backward"), self._encoder, strict=True)
        )
        upper = [
            self._layer(
                "encoder",
                f"encoder.upper.{number}",
                self._encoder_cells,
                self._state if number else 2 * self._state,
                False,
            )
            for number in range(self._upper)
        ]
        return forward, backward, upper

    def decoder(self) -> list[Layer]:
        """The layers of the decoder."""
        first = tuple(
            self._cell("decoder", f"decoder.0.{number}", inputs, final=number > 0)
            for number, inputs in enumerate(
                [self._embedding, self._context, *[0] * (self._decoder[0] - 2)]
            )
        )
        others = [
            self._layer("decoder", f"decoder.{number}", count, self._state, False)
            for number, count in enumerate(self._decoder[1:], 1)
        ]
        return [Layer(first), *others]

    def attention(self) -> Attention:
        """The attention of the decoder's first layer."""
        width = self._context
        bias = self._arrays.take("attention.bias", width)
        names = ("attention.query", "attention.key")
        query, key = (self._normalization(name, width, nematus=None) for name in names)
        if self._norm == "gamma":
            assert key is not None
            key = Normalization(key.scale, bias, EPSILON)
        return Attention(
            Projection(self._matrix("attention.query", width, self._state), None, query),
            Projection(
                self._matrix("attention.key", width, self._context),
                None if self._norm == "gamma" else bias,
                key,
            ),
            self._arrays.take("attention.score", width),
        )

    def ends(self) -> tuple[Projection, tuple[Projection, ...]]:
        """From the encoder's mean to the first decoder state; the layers before the output."""
        first = self._dense("start", self._state, self._context)
        sizes = (self._embedding, self._state, self._context)
        hidden = (
            self._dense(f"hidden.{number}", self._embedding, inputs)
            for number, inputs in enumerate(sizes)
        )
        return first, tuple(hidden)

    @property
    def _context(self) -> int:
        """The width of the encoder's output."""
        return self._state if self._upper else 2 * self._state

    def _dense(self, name: str, outputs: int, inputs: int) -> Projection:
        matrix = self._matrix(name, outputs, inputs)
        bias = self._arrays.take(f"{name}.bias", outputs)
        norm = self._normalization(name, outputs, nematus=None)
        if norm is not None and self._norm == "gamma":
            return Projection(matrix, None, Normalization(norm.scale, bias, EPSILON))
        return Projection(matrix, bias, norm)

    def _layer(self, side: str, name: str, cells: int, inputs: int, backward: bool) -> Layer:
        sizes = [inputs, *[0] * (cells - 1)]
        found = (self._cell(side, f"{name}.{n}", size) for n, size in enumerate(sizes))
        return Layer(tuple(found), backward)

    def _cell(self, side: str, name: str, inputs: int, *, final: bool = False) -> RecurrentCell:
        parts, width = self._gates[side], self._state
        rows = parts * width
        bias = self._arrays.take(f"{name}.bias", rows)
        nematus = self._cell_norm[side] == "nematus"
        norms = [
            self._normalization(f"{name}.{kind}", rows, nematus=nematus)
            if kind == "state" or inputs
            else None
            for kind in ("input", "state")
        ]
        own, reading = self._matrix(f"{name}.state", rows, width), None
        matrix = self._matrix(f"{name}.input", rows, inputs) if inputs else None
        if nematus and norms[1] is not None:
            return _nematus_cell(side, matrix, own, norms, bias, final=final)
        if matrix is not None:
            reading = Projection(matrix, None, norms[0])
        if parts == GATES["lstm"]:
            return LSTM(reading, Projection(own, None, norms[1]), bias)
        return GRU(reading, Projection(own, None, norms[1]), bias, final)

    def _matrix(self, name: str, outputs: int, inputs: int) -> Matrix:
        return self._make(self._arrays.take(name, outputs, inputs))

    def _normalization(
        self, name: str, width: int, *, nematus: bool | None
    ) -> Normalization | None:
        """The layer normalization of a product; None if there is none.

        Args:
            name: the matrix's name.
            width: the width of the product.
            nematus: whether a cell normalizes as in Nematus, gates and candidate separately; None
                outside cells, where the model's setting holds.
        """
        if not self._norm:
            return None
        scale = self._arrays.take(f"{name}.scale", width)
        if nematus or (nematus is None and self._norm == "nematus"):
            shift = self._arrays.take(f"{name}.shift", width)
            blocks = (2 * width // 3, width // 3) if nematus else ()
            return Normalization(scale, shift, NEMATUS_EPSILON, blocks)
        return Normalization(scale, None, EPSILON)


def _nematus_cell(
    side: str,
    matrix: Matrix | None,
    own: Matrix,
    norms: list[Normalization | None],
    bias: Floats,
    *,
    final: bool,
) -> GRU:
    """A cell normalized as in Nematus, where the bias is added before the normalization.

    In the encoder, and in decoder cells that read tokens, the bias belongs to the input; in
    transitions of the encoder it is added after the normalization of the state.
    """
    nothing = np.zeros_like(bias)
    transition = matrix is None
    before = bias if side == "decoder" and (final or transition) else None
    gates = bias.copy()
    gates[2 * len(bias) // 3 :] = 0
    late = side == "encoder" and transition
    recurrent = Projection(own, before, norms[1], gates if late else None)
    reading = None if matrix is None else Projection(matrix, None if final else bias, norms[0])
    return GRU(reading, recurrent, bias - gates if late else nothing, final)
