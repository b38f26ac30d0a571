"""What every decoder needs: one token for each row, and the keys and values before it.

Inputs: ``input_ids`` (N, 1), ``parents`` (N) (which of the last step's rows each goes on from),
``position`` (1); ``past.i.key`` (M, H, d, T), ``past.i.value`` (M, H, T, d); ``cross.i.key``
(B, H, d, S) and ``cross.i.value`` (B, H, S, d), which the beams of a source share. Outputs:
``logits`` (N, V), ``present.i.key`` and ``present.i.value``.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.graphs.graph import Graph, NumberType
from s2scli.models.convert.graphs.layers import Heads, Layers, LinearLayer
from s2scli.models.convert.parts import PartTensors, Projection, folded
from s2scli.models.convert.tensor import Array, Tensor

__all__ = ["DecoderLayers", "SourceLayers", "TextDecoder", "write_cross"]


class SourceLayers:
    """What a decoder looks at, and the layers by which it does.

    Args:
        width: numbers per position that the encoder gives.
        projection: the linear layer between the two, if there is one.
    """

    def __init__(self, width: int, projection: Projection) -> None:
        self.width = width
        self.projection = projection
        # For each of the decoder's layers, those of keys and of values.
        self.pairs: list[tuple[LinearLayer, LinearLayer]] = []

    def inputs(self, width: int) -> int:
        """How many numbers the decoder's layers take, of a decoder of this width."""
        return width if self.projection else self.width

    def look(self, key: LinearLayer, value: LinearLayer) -> None:
        """Add the layers of one of the decoder's; the layer between becomes part of them."""
        self.pairs.append((self._folded(key), self._folded(value)))

    def _folded(self, linear: LinearLayer) -> LinearLayer:
        weight, bias, projection = linear.weight, linear.bias, self.projection
        if projection is None:
            return linear
        rows = weight.shape[0]
        added = bias or Tensor("F32", (rows,), lambda: np.zeros(rows, np.float32))

        def part(number: int) -> Array:
            return np.asarray(folded((weight, added), projection)[number])

        return LinearLayer(
            Tensor("F32", (rows, self.width), lambda: part(0)),
            Tensor("F32", (rows,), lambda: part(1)),
        )


class TextDecoder(Protocol):
    """A decoder as a graph."""

    @property
    def settings(self) -> ConfigObject:
        """The part's, with its class's defaults."""

    @property
    def width(self) -> int:
        """Numbers per token."""

    @property
    def tokens(self) -> int:
        """Rows of the embeddings."""

    @property
    def positions(self) -> int:
        """The longest output in tokens."""

    @property
    def root(self) -> str:
        """What the names of its tensors begin with, but for those of its output."""

    @property
    def heads(self) -> Heads:
        """Of its attentions."""

    def write(
        self, layers: DecoderLayers, names: PartTensors, head: PartTensors, source: SourceLayers
    ) -> None:
        """Add it to a graph.

        Args:
            layers: adds to the graph.
            names: the tensors of the part's layers.
            head: those of its output.
            source: what it looks at; is told by which layers.

        Raises:
            InvalidModelError: a tensor is missing or misshapen, or a setting is wrong.
        """


class DecoderLayers(Layers):
    """Adds a decoder's layers to a graph.

    Args:
        graph: the graph.
        heads: of all its attentions.
        scale: what queries are multiplied by; by default the inverse root of the heads' size.
    """

    def __init__(self, graph: Graph, heads: Heads, scale: float | None = None) -> None:
        super().__init__(graph)
        self.heads = heads
        self._scale = heads.size**-0.5 if scale is None else scale
        self.ids = graph.input("input_ids", NumberType.INT64, "N", 1)
        self.position = graph.input("position", NumberType.INT64, 1)
        self._parents = graph.input("parents", NumberType.INT64, "N")
        self._layer = -1
        self._groups = ""

    def attend_back(
        self, x: str, query: LinearLayer, key: LinearLayer, value: LinearLayer, *, bias: str = ""
    ) -> str:
        """Each row looks at its own tokens, of which this is the last: (N, 1, width) both ways.

        Args:
            x: the rows.
            query: the layer of queries, and so on.
            key: likewise.
            value: likewise.
            bias: what is added to the scores (1, H, 1, T + 1), if anything.
        """
        g, heads, n, d = self.graph, self.heads, self.heads.number, self.heads.size
        self._layer += 1
        number = self._layer
        q, k, v = (self.linear(x, row) for row in (self.scaled(query), key, value))
        before = (
            g.input(f"past.{number}.key", NumberType.FLOAT32, "M", n, d, "T"),
            g.input(f"past.{number}.value", NumberType.FLOAT32, "M", n, "T", d),
        )
        ours = [g.op("Gather", past, self._parents, axis=0) for past in before]
        keys = g.op("Concat", ours[0], g.op("Reshape", k, g.sizes(-1, n, d, 1)), axis=3)
        values = g.op("Concat", ours[1], g.op("Reshape", v, g.sizes(-1, n, 1, d)), axis=2)
        g.output(keys, f"present.{number}.key", "N", n, d, "T1")
        g.output(values, f"present.{number}.value", "N", n, "T1", d)
        y = self.attend(g.op("Reshape", q, g.sizes(-1, n, 1, d)), keys, values, bias)
        return g.op("Reshape", y, g.sizes(-1, 1, heads.width))

    def attend_source(self, x: str, query: LinearLayer) -> str:
        """The beams of a source are so many queries to it: (N, 1, width) both ways."""
        g, heads, n, d = self.graph, self.heads, self.heads.number, self.heads.size
        k = g.input(f"cross.{self._layer}.key", NumberType.FLOAT32, "B", n, d, "S")
        v = g.input(f"cross.{self._layer}.value", NumberType.FLOAT32, "B", n, "S", d)
        if not self._groups:
            batch = g.op("Gather", g.op("Shape", k), g.sizes(0))
            self._groups = g.op("Concat", batch, g.sizes(-1, n, d), axis=0)
        q = g.op("Reshape", self.linear(x, self.scaled(query)), self._groups)
        y = self.attend(g.op("Transpose", q, perm=[0, 2, 1, 3]), k, v)
        y = g.op("Transpose", y, perm=[0, 2, 1, 3])
        return g.op("Reshape", y, g.sizes(-1, 1, heads.width))

    def scaled(self, query: LinearLayer) -> LinearLayer:
        """A layer of queries with their scale."""
        return query.times(self._scale)

    def place(self, table: Tensor, *, behind: int | None = None) -> str:
        """The rows of a table of positions.

        Args:
            table: the positions.
            behind: the id of the padding token, where positions are counted from the number behind
                it, and that token itself is always at the number of its id.
        """
        g = self.graph
        if behind is None:
            return g.op("Gather", g.weights(table), self.position)
        pad = g.number(behind, NumberType.INT64)
        counted = g.op("Add", self.position, g.number(behind + 1, NumberType.INT64))
        index = g.op("Where", g.op("Equal", self.ids, pad), pad, counted)
        return g.op("Gather", g.weights(table), index)

    def finish(self, x: str, table: Tensor, bias: Tensor | None) -> None:
        """Give the logits out."""
        logits = self.output(x, table, bias)
        self.graph.output(logits, "logits", "N", table.shape[0])


def write_cross(layers: Layers, x: str, source: SourceLayers, heads: Heads) -> None:
    """Give out the keys and values of each of a decoder's layers.

    Args:
        layers: those of the encoder.
        x: what it makes of the sources (B, S, d).
        source: the layers of keys and of values.
        heads: those of the decoder.
    """
    g = layers.graph
    for number, (key, value) in enumerate(source.pairs):
        k = layers.split(layers.linear(x, key), heads, keys=True)
        v = layers.split(layers.linear(x, value), heads)
        g.output(k, f"cross.{number}.key", "B", heads.number, heads.size, "S")
        g.output(v, f"cross.{number}.value", "B", heads.number, "S", heads.size)
