"""Top-k of long rows, fast."""

from __future__ import annotations

import numpy as np

from s2scli.inference.engines.stepper import Floats, Ids

__all__ = ["greatest"]

BLOCK = 256  # columns per block


def greatest(scores: Floats, count: int) -> tuple[Floats, Ids]:
    """The greatest numbers of each row, in descending order; ties keep the order of the columns."""
    if scores.shape[1] > 2 * BLOCK * count:
        columns = _promising(scores, count)
        found, index = greatest(np.take_along_axis(scores, columns, 1), count)
        return found, np.take_along_axis(columns, index, 1)
    if scores.shape[1] > 4 * count:
        index = np.sort(np.argpartition(scores, -count, axis=1)[:, -count:], axis=1)
        order = np.argsort(-np.take_along_axis(scores, index, 1), axis=1, kind="stable")
        index = np.take_along_axis(index, order, 1)
    else:
        index = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    return np.take_along_axis(scores, index, 1), index


def _promising(scores: Floats, count: int) -> Ids:
    """Columns, ascending, among which are the ``count`` greatest numbers of each row: they are in
    the blocks whose greatest ones are the greatest, or in what is left over of a block."""
    whole = scores.shape[1] // BLOCK * BLOCK
    peaks = scores[:, :whole].reshape(len(scores), -1, BLOCK).max(-1)
    blocks = np.sort(np.argsort(-peaks, axis=1, kind="stable")[:, :count], axis=1)
    columns = (blocks[:, :, None] * BLOCK + np.arange(BLOCK)).reshape(len(scores), -1)
    rest = np.arange(whole, scores.shape[1])
    return np.concatenate([columns, np.broadcast_to(rest, (len(scores), len(rest)))], axis=1)
