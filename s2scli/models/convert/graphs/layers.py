"""The layers that encoders and decoders are made of.

Linear layers of int8 follow CTranslate2's way: every row of activations has a scale of its own, so
that what comes out of a batch is what comes out of a source alone. Weights keep to 7 bits
(-63 … 63), for processors without VNNI add two products of 8 by 8 bits in 16, which then hold them:
2 · 255 · 63 < 2¹⁵. So results are the same everywhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.graphs.graph import RUNTIME, Graph, NumberType, StoredNumbers
from s2scli.models.convert.tensor import Array, Tensor
from s2scli.models.convert.transformer import wave_rates

__all__ = ["ACTIVATIONS", "Heads", "Layers", "LinearLayer", "NormLayer"]

ACTIVATIONS = (
    "gelu",
    "gelu_new",
    "gelu_fast",
    "gelu_pytorch_tanh",
    "quick_gelu",
    "relu",
    "silu",
    "swish",
    "tanh",
)
TANH_GELU = ("gelu_new", "gelu_fast", "gelu_pytorch_tanh")
WEIGHT_BITS, TABLE_BITS, ROW_BITS = 7, 8, 8
ZERO = 128  # what stands for 0 among the activations of int8
TINY = 1e-12


class LinearLayer(NamedTuple):
    """A linear layer: a table with one row an output, and what is added, if anything."""

    weight: Tensor
    bias: Tensor | None = None

    def times(self, factor: float) -> LinearLayer:
        """The same with all its outputs multiplied."""

        def times(tensor: Tensor) -> Tensor:
            number = np.float32(factor)
            return Tensor("F32", tensor.shape, lambda: tensor.array().astype(np.float32) * number)

        return LinearLayer(times(self.weight), times(self.bias) if self.bias else None)


class NormLayer(NamedTuple):
    """A layer normalization."""

    weight: Tensor
    bias: Tensor
    epsilon: float


class Heads(NamedTuple):
    """How an attention is divided: how many heads, and how many numbers each has."""

    number: int
    size: int

    @property
    def width(self) -> int:
        """Numbers of all heads together."""
        return self.number * self.size


class Layers:
    """Adds layers to a graph.

    Args:
        graph: the graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._int8 = graph.quantization.startswith("int8")
        # Activations that several layers read are quantized once.
        self._rows: dict[str, _QuantizedRows] = {}

    def linear(self, x: str, linear: LinearLayer) -> str:
        """A linear layer."""
        g = self.graph
        y = self._by_rows(x, linear.weight) if self._int8 else self._whole(x, linear.weight)
        return y if linear.bias is None else g.op("Add", y, g.weights(linear.bias))

    def output(self, x: str, table: Tensor, bias: Tensor | None) -> str:
        """The output's layer, whose table may be that of the embeddings: (N, 1, d) to (N, V)."""
        g = self.graph
        flat = g.op("Reshape", x, g.sizes(-1, table.shape[1]))
        if self._int8:
            return self.linear(flat, LinearLayer(table, bias))
        added = [g.weights(bias)] if bias is not None else []
        return g.op("Gemm", flat, g.weights(table), *added, transB=1)

    def embed(self, table: Tensor, ids: str) -> str:
        """Rows of a table."""
        g = self.graph
        if not self._int8:
            return g.op("Gather", g.weights(table), ids)
        rows = _Quantized(table, TABLE_BITS)
        integers = g.op("Gather", g.constant(rows.integers()), ids)
        scale = g.op("Gather", g.constant(rows.scale(1)), ids)
        return g.op("Mul", g.op("Cast", integers, to=NumberType.FLOAT32), scale)

    def norm(self, x: str, norm: NormLayer) -> str:
        """A layer normalization."""
        g = self.graph
        pair = g.weights(norm.weight), g.weights(norm.bias)
        return g.op("LayerNormalization", x, *pair, axis=-1, epsilon=norm.epsilon)

    def rms_norm(self, x: str, weight: Tensor, epsilon: float) -> str:
        """Root mean square normalization (Zhang and Sennrich 2019), as T5 has it."""
        g = self.graph
        mean = g.op("ReduceMean", g.op("Mul", x, x), g.sizes(-1), keepdims=1)
        root = g.op("Sqrt", g.op("Add", mean, g.number(epsilon)))
        return g.op("Mul", g.op("Div", x, root), g.weights(weight))

    def waves(self, places: str, width: int) -> str:
        """Sines, then cosines, of positions (N, 1): (N, width).

        Raises:
            InvalidModelError: the width is too small.
        """
        g = self.graph
        rates = wave_rates(width)
        stored = g.constant(StoredNumbers(NumberType.FLOAT32, rates.shape, lambda: rates))
        angles = g.op("Mul", g.op("Cast", places, to=NumberType.FLOAT32), stored)
        return g.op("Concat", g.op("Sin", angles), g.op("Cos", angles), axis=-1)

    def activate(self, x: str, name: str) -> str:
        """An activation function, by its name in transformers.

        Raises:
            InvalidModelError: there is none such.
        """
        g = self.graph
        if name not in ACTIVATIONS:
            raise InvalidModelError(f"config.json asks for the activation {name!r}")
        if name == "gelu":
            return g.op("Gelu", x)
        if name in TANH_GELU:
            return g.op("Gelu", x, approximate="tanh")
        if name in ("relu", "tanh"):
            return g.op(name.capitalize(), x)
        inner = g.op("Mul", x, g.number(1.702)) if name == "quick_gelu" else x
        return g.op("Mul", x, g.op("Sigmoid", inner))

    def add(self, x: str, y: str) -> str:
        """A residual connection."""
        return self.graph.op("Add", x, y)

    def forward(self, x: str, first: LinearLayer, activation: str, second: LinearLayer) -> str:
        """A feed-forward layer."""
        return self.linear(self.activate(self.linear(x, first), activation), second)

    def split(self, x: str, heads: Heads, *, keys: bool = False) -> str:
        """(B, S, width) to (B, heads, S, size), keys to (B, heads, size, S)."""
        g = self.graph
        apart = g.op("Reshape", x, g.sizes(0, 0, heads.number, heads.size))
        return g.op("Transpose", apart, perm=[0, 2, 3, 1] if keys else [0, 2, 1, 3])

    def merge(self, x: str, heads: Heads) -> str:
        """(B, heads, S, size) to (B, S, width)."""
        g = self.graph
        return g.op("Reshape", g.op("Transpose", x, perm=[0, 2, 1, 3]), g.sizes(0, 0, heads.width))

    def attend(self, q: str, k: str, v: str, bias: str = "", windows: int = 1) -> str:
        """Attention.

        Args:
            q: scaled queries (B, H, Q, d).
            k: keys (B, H, d, S).
            v: values (B, H, S, d).
            bias: what is added to the scores (windows, H, Q, S), if anything.
            windows: how many rows of B have biases of their own, in turn.
        """
        g = self.graph
        scores = g.op("MatMul", q, k)
        if windows > 1:
            shape = g.op("Shape", scores)
            groups = g.op(
                "Concat", g.sizes(-1, windows), g.op("Slice", shape, g.sizes(1), g.sizes(4)), axis=0
            )
            scores = g.op("Add", g.op("Reshape", scores, groups), bias)
            scores = g.op("Reshape", scores, shape)
        elif bias:
            scores = g.op("Add", scores, bias)
        return g.op("MatMul", g.op("Softmax", scores, axis=-1), v)

    def self_attention(
        self,
        x: str,
        rows: tuple[LinearLayer, LinearLayer, LinearLayer],
        heads: Heads,
        bias: str = "",
        windows: int = 1,
    ) -> str:
        """All tokens look at all: layers of queries, keys and values of the same (B, S, d)."""
        query, key, value = rows
        q = self.split(self.linear(x, query.times(heads.size**-0.5)), heads)
        k = self.split(self.linear(x, key), heads, keys=True)
        v = self.split(self.linear(x, value), heads)
        return self.merge(self.attend(q, k, v, bias, windows), heads)

    def _whole(self, x: str, weight: Tensor) -> str:
        g = self.graph
        return g.op("MatMul", x, g.weights(weight.turned()))

    def _by_rows(self, x: str, weight: Tensor) -> str:
        """Products of whole numbers: one scale for each row of activations and of weights."""
        g = self.graph
        if x not in self._rows:
            self._rows[x] = self._quantize(x, weight.shape[1])
        given, table = self._rows[x], _Quantized(weight, WEIGHT_BITS)
        y = g.op(
            "MatMulIntegerToFloat",
            given.integers,
            g.constant(table.integers(turned=True)),
            g.number(1),
            g.constant(table.scale(0)),
            g.number(ZERO, NumberType.UINT8),
            domain=RUNTIME,
        )
        y = g.op("Mul", y, given.scale)
        shape = g.op("Concat", given.outer, g.sizes(weight.shape[0]), axis=0)
        # There may be no row, as of a text that has no block.
        return g.op("Reshape", y, shape, allowzero=1)

    def _quantize(self, x: str, width: int) -> _QuantizedRows:
        """Activations as numbers from 1 to 255 around ``ZERO``, and their scales."""
        g, most = self.graph, 2 ** (ROW_BITS - 1) - 1
        flat = g.op("Reshape", x, g.sizes(-1, width))
        largest = g.op("ReduceMax", g.op("Abs", flat), g.sizes(-1), keepdims=0)
        scale = g.op("Mul", g.op("Max", largest, g.number(TINY)), g.number(1 / most))
        # One zero point for each row, as the operator wants it; they are integers without a sign.
        zeros = g.op("Expand", g.number(ZERO, NumberType.UINT8), g.op("Shape", scale))
        integers = g.op("QuantizeLinear", flat, scale, zeros, axis=0)
        return _QuantizedRows(
            integers, g.op("Unsqueeze", scale, g.sizes(-1)), g.op("Shape", x, end=-1)
        )


class _QuantizedRows(NamedTuple):
    """Names of values in a graph: activations as whole numbers.

    Attributes:
        integers: the numbers (R, width).
        scale: what each row was divided by (R, 1).
        outer: the dimensions of the activations but the last.
    """

    integers: str
    scale: str
    outer: str


class _Quantized:
    """A table as whole numbers with one scale a row, computed as they are asked for."""

    def __init__(self, table: Tensor, bits: int) -> None:
        self._table = table
        self._most = np.float32(2 ** (bits - 1) - 1)

    def integers(self, *, turned: bool = False) -> StoredNumbers:
        """The numbers; turned, one column an output."""
        shape = self._table.shape[::-1] if turned else self._table.shape
        size = int(np.prod(shape))

        def load() -> Array:
            array, scale = self._numbers()
            rounded = np.rint(array / scale[:, None]).astype(np.int8)
            return rounded.T if turned else rounded

        return StoredNumbers(NumberType.INT8, shape, load, size)

    def scale(self, axes: int) -> StoredNumbers:
        """The scales, with so many dimensions of 1 after them."""
        shape = (self._table.shape[0], *[1] * axes)

        def load() -> Array:
            return self._numbers()[1].reshape(shape)

        return StoredNumbers(NumberType.FLOAT32, shape, load)

    def _numbers(self) -> tuple[Array, Array]:
        array = self._table.array().astype(np.float32)
        scale = np.maximum(np.abs(array).max(1) / self._most, np.float32(TINY))
        return array, scale.astype(np.float32)
