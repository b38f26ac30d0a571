"""Attention to neighbours and to a few others, for texts of any length.

Tokens are taken in blocks. Those of a block look at their own block, at the ones before and after
it, as far as they are near enough, and at some that all look at. Heads come one after another. So
memory grows with the length of a text, not with its square.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from s2scli.models.convert.graphs.graph import NumberType, StoredNumbers
from s2scli.models.convert.graphs.layers import Heads, Layers

__all__ = ["END", "MOST_NEAR", "MOST_SIZE", "Others", "WindowAttention", "Windows"]

END = 1 << 62  # beyond any length
# The largest windows and blocks, far beyond those of real models: tables grow with their square.
MOST_NEAR, MOST_SIZE = 2048, 1 << 14
# Adds nodes that give what is added to the scores of one head.
Bias = Callable[[int], str]


class Windows(NamedTuple):
    """At which of its neighbours a token looks.

    Attributes:
        size: tokens of a block.
        around: how many blocks on either side of its own it looks at, 0 or 1.
        near: how many tokens on either side, within these; None for all.
        shift: how many tokens of the first block stand before the text.
    """

    size: int
    around: int = 1
    near: int | None = None
    shift: int = 0

    @property
    def width(self) -> int:
        """How many keys the tokens of a block have in common."""
        return self.size * (2 * self.around + 1)


class Others(NamedTuple):
    """What all tokens look at.

    Attributes:
        keys: (1, H, G, d).
        values: likewise.
        bias: of a head, added to its scores (blocks, size, G).
    """

    keys: str
    values: str
    bias: Bias | None = None


class WindowAttention:
    """Adds such attentions to a graph.

    Attributes:
        heads: of all of them.

    Args:
        layers: adds to the graph.
        heads: of all of them.
        length: how many tokens there are (1).
        begin: how many at the beginning are no neighbours of any (1).
        end: where the last of those that are neighbours ends (1); by default with the text.
    """

    def __init__(
        self, layers: Layers, heads: Heads, length: str, begin: str = "", end: str = ""
    ) -> None:
        self._graph = layers.graph
        self.heads = heads
        self.length = length
        self._begin = begin or layers.graph.sizes(0)
        self._end = end or length
        self._counts: dict[Windows, str] = {}
        self._masks: dict[Windows, str] = {}

    def attend(
        self,
        q: str,
        k: str,
        v: str,
        windows: Windows,
        others: Others | None = None,
        bias: Bias | None = None,
    ) -> str:
        """Each token looks at its neighbours, and at the others.

        Args:
            q: scaled queries (1, H, S, d).
            k: keys, likewise.
            v: values, likewise.
            windows: which neighbours.
            others: what all look at.
            bias: of a head, added to its scores of neighbours (1, size, width of the windows).

        Returns:
            (1, S, width).
        """
        g = self._graph
        found = []
        for head in range(self.heads.number):
            one = [self._head(x, head) for x in (q, k, v)]
            blocks = self._blocks(one[0], windows)
            keys, values = (self._seen(x, windows) for x in one[1:])
            scores = self._scores(blocks, keys, bias, head)
            scores = g.op("Where", self._mask(windows), scores, g.number(-np.inf))
            if others:
                far_keys, far_values = (self._head(x, head) for x in others[:2])
                far = self._scores(blocks, far_keys, others.bias, head)
                shares = g.op("Softmax", g.op("Concat", scores, far, axis=2), axis=-1)
                width = g.sizes(windows.width)
                near = g.op("Slice", shares, g.sizes(0), width, g.sizes(2))
                far = g.op("Slice", shares, width, g.sizes(END), g.sizes(2))
                far = g.op("MatMul", far, far_values)
                y = g.op("Add", g.op("MatMul", near, values), far)
            else:
                y = g.op("MatMul", g.op("Softmax", scores, axis=-1), values)
            found.append(self._joined(y, windows))
        return found[0] if len(found) == 1 else g.op("Concat", *found, axis=2)

    def count(self, windows: Windows) -> str:
        """How many blocks there are (1)."""
        if windows not in self._counts:
            g = self._graph
            most = g.op("Add", self.length, g.sizes(windows.shift + windows.size - 1))
            self._counts[windows] = g.op("Div", most, g.sizes(windows.size))
        return self._counts[windows]

    def places(self, windows: Windows, *offsets: int) -> str:
        """Of each block, the places so far from its beginning: (blocks, 1, offsets)."""
        g = self._graph
        zero, one = (g.number(number, NumberType.INT64) for number in (0, 1))
        numbers = g.op("Range", zero, g.op("Squeeze", self.count(windows)), one)
        starts = g.op("Mul", g.op("Reshape", numbers, g.sizes(-1, 1, 1)), g.sizes(windows.size))
        return g.op("Add", starts, g.sizes(*(offset - windows.shift for offset in offsets)))

    def _head(self, x: str, number: int) -> str:
        """(1, H, S, d) to (1, S, d)."""
        return self._graph.op("Gather", x, self._graph.number(number, NumberType.INT64), axis=1)

    def _scores(self, blocks: str, keys: str, bias: Bias | None, head: int) -> str:
        g = self._graph
        scores = g.op("MatMul", blocks, g.op("Transpose", keys, perm=[0, 2, 1]))
        return g.op("Add", scores, bias(head)) if bias else scores

    def _blocks(self, x: str, windows: Windows, around: int = 0) -> str:
        """(1, S, d) to (blocks, size, d), with so many blocks of zeros on either side."""
        g, beside = self._graph, around * windows.size
        filled = g.op("Mul", self.count(windows), g.sizes(windows.size))
        after = g.op("Sub", filled, g.op("Add", self.length, g.sizes(windows.shift - beside)))
        before = g.sizes(0, windows.shift + beside, 0, 0)
        x = g.op("Pad", x, g.op("Concat", before, after, g.sizes(0), axis=0))
        return g.op("Reshape", x, g.sizes(-1, windows.size, self.heads.size))

    def _seen(self, x: str, windows: Windows) -> str:
        """Each block with those around it: (blocks, width of the windows, d)."""
        g = self._graph
        blocks = self._blocks(x, windows, windows.around)
        if not windows.around:
            return blocks
        parts = [
            g.op("Slice", blocks, g.sizes(start), g.sizes(end), g.sizes(0))
            for start, end in ((0, -2), (1, -1), (2, END))
        ]
        return g.op("Concat", *parts, axis=1)

    def _joined(self, x: str, windows: Windows) -> str:
        """(blocks, size, d) to (1, S, d)."""
        g = self._graph
        x = g.op("Reshape", x, g.sizes(1, -1, self.heads.size))
        end = g.op("Add", self.length, g.sizes(windows.shift))
        return g.op("Slice", x, g.sizes(windows.shift), end, g.sizes(1))

    def _mask(self, windows: Windows) -> str:
        """Which keys each token of a block looks at: (blocks, size or 1, width)."""
        if windows not in self._masks:
            g, beside = self._graph, windows.around * windows.size
            places = self.places(windows, *range(-beside, windows.size + beside))
            begun = g.op("GreaterOrEqual", places, self._begin)
            real = g.op("And", begun, g.op("Less", places, self._end))
            if windows.near is not None:
                real = g.op("And", real, g.constant(_band(windows, windows.near)))
            self._masks[windows] = real
        return self._masks[windows]


def _band(windows: Windows, near: int) -> StoredNumbers:
    """Whether keys are near enough, by their places."""
    beside = windows.around * windows.size
    own, others = np.arange(windows.size)[:, None], np.arange(-beside, windows.size + beside)
    seen = np.abs(others - own) <= near
    return StoredNumbers(NumberType.BOOL, seen.shape, lambda: seen)
