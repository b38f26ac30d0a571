"""Two GRUs: one reads a source, the other goes on from its last state (Cho et al. 2014,
https://arxiv.org/abs/1406.1078). There is no attention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2scli.inference.engines.matrices import MatrixMaker
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper
from s2scli.inference.steppers.batch import DecodingBatch
from s2scli.inference.steppers.opennmtencoder import Encoder, advanced
from s2scli.inference.steppers.recurrentcells import GRU, Projection
from s2scli.inference.steppers.texts import SourceIds, Vocabularies, reading_settings
from s2scli.models.arrays import Arrays

__all__ = ["GruPair", "open_stepper"]


@dataclass(slots=True, kw_only=True)
class _Cell(DecodingBatch):
    """A batch that is being decoded.

    Attributes:
        last: the decoder's state, one per row.
    """

    last: Floats

    def follow(self, parents: Ids) -> None:
        """Reorder the states."""
        self.last = self.last[parents]


class GruPair(VocabularyStepper):
    """A stepper; see ``s2scli.inference.engines.stepper``.

    Args:
        config: sizes and tokens, as ``s2scli.models.convert.pronouncing`` writes them.
        arrays: the weights.
        matrix: makes its matrices.

    Raises:
        InvalidModelError: they do not fit each other.
    """

    def __init__(self, config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> None:
        with reading_settings():
            tokens = Vocabularies.read(config)
            start = tokens.target.index(config["start"])
            size, (read, written) = int(config["hidden"]), map(int, config["widths"])
        super().__init__(tokens.target, tokens.unknown, start)
        self._read = SourceIds(tokens.source, tokens.unknown_source)
        self._sources = arrays.take("encoder", len(tokens.source), read)
        self._targets = arrays.take("decoder", len(tokens.target), written)
        self._encoder = Encoder(((_cell(arrays, matrix, "encoder", read, size),),), size)
        self._cell = _cell(arrays, matrix, "decoder", written, size)
        self._output = matrix(arrays.take("output", len(tokens.target), size))
        self._bias = arrays.take("output.bias", len(tokens.target))

    def start(self, sources: Sequence[Source], beams: int) -> _Cell:
        """Encode a batch."""
        ids, inside = self._read(sources)
        _, finals = self._encoder(self._sources[ids], inside.astype(np.float32))
        last = np.repeat(finals[0][0][0], beams, axis=0)
        return _Cell(beams=beams, sources=len(sources), last=last)

    def step(self, state: _Cell, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token."""
        state.move(parents)
        state.last, _ = advanced(self._cell, self._targets[tokens], (state.last, state.last))
        logits = self._output(state.last)
        logits += self._bias
        return logits


def _cell(arrays: Arrays, matrix: MatrixMaker, name: str, width: int, size: int) -> GRU:
    """A cell with the gates in PyTorch's order, which is ours."""
    count = 3 * size
    return GRU(
        Projection(
            matrix(arrays.take(f"{name}.input", count, width)),
            arrays.take(f"{name}.input.bias", count),
        ),
        Projection(matrix(arrays.take(f"{name}.hidden", count, size))),
        arrays.take(f"{name}.hidden.bias", count),
        gated=True,
    )


def open_stepper(config: Mapping[str, Any], arrays: Arrays, matrix: MatrixMaker) -> GruPair:
    """The stepper of a model directory."""
    return GruPair(config, arrays, matrix)
