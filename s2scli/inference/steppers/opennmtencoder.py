"""OpenNMT-py's recurrent encoder: layers of cells in one direction or both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from s2scli.inference.engines.stepper import Floats
from s2scli.inference.steppers.recurrentcells import RecurrentCell, State

__all__ = ["Encoder", "advanced"]


def advanced(cell: RecurrentCell, numbers: Floats, state: State) -> State:
    """The next state of a cell, given an input."""
    return cell.advance(cell.inputs(numbers) if cell.inputs else None, state)


@dataclass(frozen=True, slots=True)
class Encoder:
    """Reads sources.

    Attributes:
        layers: the cells of each layer: one, or one per direction (forward, backward).
        size: the width of a cell's state.
    """

    layers: tuple[tuple[RecurrentCell, ...], ...]
    size: int

    def __call__(self, numbers: Floats, mask: Floats) -> tuple[Floats, list[list[State]]]:
        """Read sources.

        Args:
            numbers: sources × tokens × width.
            mask: sources × tokens, 1 for tokens, 0 beyond the end of a source.

        Returns:
            The last layer's output, and the last states by layer and direction.
        """
        finals: list[list[State]] = []
        for cells in self.layers:
            read = [self._read(cell, numbers, mask, back=bool(n)) for n, cell in enumerate(cells)]
            numbers = np.concatenate([output for output, _ in read], axis=-1)
            finals.append([state for _, state in read])
        return numbers, finals

    def _read(
        self, cell: RecurrentCell, numbers: Floats, mask: Floats, *, back: bool
    ) -> tuple[Floats, State]:
        batch, length, _ = numbers.shape
        inputs = cell.inputs(numbers) if cell.inputs else None
        first = np.zeros((batch, self.size), np.float32)
        state: State = (first, first)
        output = np.zeros((batch, length, self.size), np.float32)
        whole = [bool(column.all()) for column in mask.T]
        for place in range(length - 1, -1, -1) if back else range(length):
            new = cell.advance(None if inputs is None else inputs[:, place], state)
            if not whole[place]:  # sources that have ended keep their state
                there = mask[:, place, None] > 0
                new = np.where(there, new[0], state[0]), np.where(there, new[1], state[1])
            state = new
            output[:, place] = state[0]
        output *= mask[:, :, None]
        return output, state
