"""Two GRUs: one reads a source, the other goes on from its last state (Cho et al. 2014,
https://arxiv.org/abs/1406.1078). There is no attention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper
from s2scli.inference.steppers.functions import product
from s2scli.inference.steppers.opennmtencoder import Encoder, advanced
from s2scli.inference.steppers.recurrentcells import GRU, Projection, State
from s2scli.models.arrays import Arrays

__all__ = ["GruPair", "open_stepper"]


@dataclass(slots=True)
class _Cell:
    """The decoder's state, of each row."""

    state: State


class GruPair(VocabularyStepper):
    """A stepper; see ``s2scli.inference.engines.stepper``.

    Args:
        config: sizes and tokens, as ``s2scli.models.convert.pronouncing`` writes them.
        arrays: the weights.

    Raises:
        InvalidModelError: they do not fit each other.
    """

    def __init__(self, config: Mapping[str, Any], arrays: Arrays) -> None:
        try:
            letters, tokens = list(config["source"]), list(config["target"])
            unknown, start = (tokens.index(config[name]) for name in ("unknown", "start"))
            self._unknown_source = letters.index(config["unknown"])
            size, (read, written) = int(config["hidden"]), map(int, config["widths"])
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidModelError(f"The model's settings are damaged: {error}") from error
        super().__init__(tokens, unknown, start)
        self._ids = {letter: number for number, letter in enumerate(letters)}
        self._sources = arrays.take("encoder", len(letters), read)
        self._targets = arrays.take("decoder", len(tokens), written)
        self._encoder = Encoder(((_cell(arrays, "encoder", read, size),),), size)
        self._cell = _cell(arrays, "decoder", written, size)
        self._output = arrays.take("output", len(tokens), size)
        self._bias = arrays.take("output.bias", len(tokens))

    def start(self, sources: Sequence[Source], beams: int) -> _Cell:
        """Encode a batch."""
        lengths = np.array([len(source) for source in sources])
        ids = np.zeros((len(sources), lengths.max()), np.int64)
        for row, source in zip(ids, sources, strict=True):
            row[: len(source)] = [self._ids.get(str(t), self._unknown_source) for t in source]
        there = np.arange(ids.shape[1]) < lengths[:, None]
        _, finals = self._encoder(self._sources[ids], there.astype(np.float32))
        last = np.repeat(finals[0][0][0], beams, axis=0)
        return _Cell((last, last))

    def step(self, state: _Cell, tokens: Ids, parents: Ids) -> Floats:
        """The logits of every row's next token."""
        last = state.state[0][parents]
        state.state = advanced(self._cell, self._targets[tokens], (last, last))
        logits = product(state.state[0], self._output)
        logits += self._bias
        return logits


def _cell(arrays: Arrays, name: str, width: int, size: int) -> GRU:
    """A cell with the gates in PyTorch's order, which is ours."""
    count = 3 * size
    return GRU(
        Projection(
            arrays.take(f"{name}.input", count, width), arrays.take(f"{name}.input.bias", count)
        ),
        Projection(arrays.take(f"{name}.hidden", count, size)),
        arrays.take(f"{name}.hidden.bias", count),
        gated=True,
    )


def open_stepper(config: Mapping[str, Any], arrays: Arrays) -> GruPair:
    """The stepper of a model directory."""
    return GruPair(config, arrays)
