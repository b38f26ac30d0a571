"""Attention to neighbours and to the first token, for texts of any length.

Tokens are taken in blocks of as many as each looks at on either side: those of a block look at
their own, the one before and the one after, as far as they are near enough. So memory grows with
the length of a text, not with its square.
"""

from __future__ import annotations

import numpy as np

from s2scli.models.convert.graphs.graph import NumberType, StoredNumbers
from s2scli.models.convert.graphs.layers import Heads, Layers

__all__ = ["WindowAttention"]

END = 1 << 62  # beyond any length


class WindowAttention:
    """Adds such attentions to a graph.

    Attributes:
        heads: of all of them.

    Args:
        layers: adds to the graph.
        heads: of all of them.
        length: how many tokens there are (1).
    """

    def __init__(self, layers: Layers, heads: Heads, length: str) -> None:
        self._graph = layers.graph
        self.heads = heads
        self._length = length
        # By the number of neighbours: how many tokens make blocks whole, and who sees whom.
        self._fillers: dict[int, str] = {}
        self._masks: dict[int, str] = {}

    def attend(self, q: str, k: str, v: str, window: int) -> str:
        """Each token looks at the first and at its neighbours.

        Args:
            q: scaled queries (1, H, S, d).
            k: keys, likewise.
            v: values, likewise.
            window: how many tokens on either side.

        Returns:
            (1, S, width).
        """
        g, heads = self._graph, self.heads
        blocks = self._blocks(self._padded(q, 0, window), window)
        keys, values = (self._three(self._padded(each, window, window), window) for each in (k, v))
        scores = g.op("MatMul", blocks, g.op("Transpose", keys, perm=[0, 1, 3, 2]))
        scores = g.op("Where", self._mask(window), scores, g.number(-np.inf))
        first = [g.op("Slice", each, g.sizes(0), g.sizes(1), g.sizes(2)) for each in (k, v)]
        to_first = g.op("MatMul", blocks, g.op("Reshape", first[0], self._sizes(heads.size, 1)))
        shares = g.op("Softmax", g.op("Concat", to_first, scores, axis=3), axis=-1)
        of_first = g.op("Slice", shares, g.sizes(0), g.sizes(1), g.sizes(3))
        y = g.op(
            "Add",
            g.op("MatMul", of_first, g.op("Reshape", first[1], self._sizes(1, heads.size))),
            g.op("MatMul", self.rest(shares, 3), values),
        )
        y = g.op("Reshape", y, g.sizes(heads.number, -1, heads.size))
        y = g.op("Slice", y, g.sizes(0), self._length, g.sizes(1))
        y = g.op("Transpose", y, perm=[1, 0, 2])
        return g.op("Reshape", y, g.sizes(1, -1, heads.width))

    def rest(self, x: str, axis: int) -> str:
        """All but the first along an axis."""
        g = self._graph
        return g.op("Slice", x, g.sizes(1), g.sizes(END), g.sizes(axis))

    def _sizes(self, *last: int) -> str:
        return self._graph.sizes(self.heads.number, 1, *last)

    def _filler(self, window: int) -> str:
        """How many tokens the last block lacks (1)."""
        if window not in self._fillers:
            g = self._graph
            size = g.sizes(window)
            over = g.op("Mod", self._length, size)
            self._fillers[window] = g.op("Mod", g.op("Sub", size, over), size)
        return self._fillers[window]

    def _padded(self, x: str, around: int, window: int) -> str:
        """Zeros that make blocks whole, and so many more on either side."""
        g = self._graph
        after = g.op("Add", self._filler(window), g.sizes(around))
        before = g.sizes(0, 0, around, 0, 0, 0)
        return g.op("Pad", x, g.op("Concat", before, after, g.sizes(0), axis=0))

    def _blocks(self, x: str, window: int) -> str:
        """(1, H, S, d) to (H, blocks, window, d)."""
        heads = self.heads
        return self._graph.op("Reshape", x, self._graph.sizes(heads.number, -1, window, heads.size))

    def _three(self, x: str, window: int) -> str:
        """Each block with those before and after it: (H, blocks, 3 * window, d)."""
        g = self._graph
        blocks = self._blocks(x, window)
        parts = [
            g.op("Slice", blocks, g.sizes(start), g.sizes(end), g.sizes(1))
            for start, end in ((0, -2), (1, -1), (2, END))
        ]
        return g.op("Concat", *parts, axis=2)

    def _mask(self, window: int) -> str:
        """Which keys of three blocks each token of one looks at: (blocks, window, 3 * window)."""
        if window not in self._masks:
            g = self._graph
            count = g.op("Div", g.op("Add", self._length, self._filler(window)), g.sizes(window))
            numbers = g.op(
                "Range",
                g.number(0, NumberType.INT64),
                g.op("Squeeze", count),
                g.number(1, NumberType.INT64),
            )
            starts = g.op("Mul", g.op("Reshape", numbers, g.sizes(-1, 1, 1)), g.sizes(window))
            places = g.op("Add", starts, g.sizes(*range(-window, 2 * window)))
            # The first token is looked at by itself.
            within = g.op("Less", places, self._length)
            real = g.op("And", g.op("Greater", places, g.sizes(0)), within)
            self._masks[window] = g.op("And", real, g.constant(_band(window)))
        return self._masks[window]


def _band(window: int) -> StoredNumbers:
    """Whether keys are near enough, by their places."""
    own, others = np.arange(window)[:, None], np.arange(-window, 2 * window)
    near = np.abs(others - own) <= window
    return StoredNumbers(NumberType.BOOL, near.shape, lambda: near)
