"""A model's matrices: products in float32 by NumPy, or of integers by ONNX Runtime.

Rows are multiplied with a matrix that has one row per output. With integers, each row of numbers
and each row of the matrix has a scale of its own (``s2scli.models.convert.graphs.layers``), so that
a product does not depend on the other rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

import numpy as np

from s2scli.inference.engines.sessions import own_session, runtime_errors
from s2scli.inference.engines.stepper import Floats
from s2scli.models.convert.graphs.graph import Graph, NumberType
from s2scli.models.convert.graphs.layers import Layers, LinearLayer
from s2scli.models.convert.graphs.onnxfile import onnx_bytes
from s2scli.models.convert.tensor import Tensor

__all__ = ["FloatMatrix", "IntegerMatrices", "Matrix", "MatrixMaker"]


class Matrix(Protocol):
    """A matrix that numbers are multiplied with."""

    def __call__(self, numbers: Floats, out: Floats | None = None, /) -> Floats:
        """The product.

        Args:
            numbers: the last dimension is multiplied.
            out: where the product is written; None for a new array. For two dimensions only.
        """


MatrixMaker: TypeAlias = Callable[[Floats], Matrix]  # takes one row per output

# Smaller matrices take one thread: the threads of each would cost more than they save.
LARGE = 1 << 22
ROWS_AT_ONCE = 256  # what is computed of so many rows fits into the processor's cache


class FloatMatrix:
    """A matrix in float32.

    Args:
        weight: one row per output.
    """

    def __init__(self, weight: Floats) -> None:
        # OpenBLAS is quickest, for few rows and for many, with one column an output.
        self._columns = np.ascontiguousarray(weight.T)

    def __call__(self, numbers: Floats, out: Floats | None = None, /) -> Floats:
        """The product."""
        rows = numbers.reshape(-1, numbers.shape[-1])  # all positions at once
        found: Floats = np.matmul(rows, self._columns, out=out)
        return found.reshape(*numbers.shape[:-1], self._columns.shape[1])


class IntegerMatrices:
    """Makes matrices of integers.

    Args:
        threads: maximum threads of a product.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def __call__(self, weight: Floats) -> Matrix:
        """A matrix, quantized.

        Raises:
            UnavailableError: ONNX Runtime is not installed.
        """
        return _IntegerMatrix(weight, self._threads if weight.size >= LARGE else 1)


class _IntegerMatrix:
    def __init__(self, weight: Floats, threads: int) -> None:
        self._outputs, width = weight.shape
        graph = Graph("product", "int8")
        numbers = graph.input("numbers", NumberType.FLOAT32, "N", width)
        table = Tensor("F32", weight.shape, lambda: weight)
        found = Layers(graph).linear(numbers, LinearLayer(table))
        graph.output(found, "found", "N", self._outputs)
        self._session = own_session(onnx_bytes(graph), threads)

    def __call__(self, numbers: Floats, out: Floats | None = None, /) -> Floats:
        """The product."""
        rows = np.ascontiguousarray(numbers, np.float32).reshape(-1, numbers.shape[-1])
        found = np.empty((len(rows), self._outputs), np.float32) if out is None else out
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            self._multiply(rows[part], found[part])
        return found.reshape(*numbers.shape[:-1], self._outputs)

    def _multiply(self, rows: Floats, out: Floats) -> None:
        if not out.flags.c_contiguous:
            into = np.empty_like(out, order="C")
            self._multiply(rows, into)
            out[:] = into
            return
        with runtime_errors():
            binding = self._session.io_binding()
            binding.bind_cpu_input("numbers", rows)
            binding.bind_output("found", "cpu", 0, np.float32, out.shape, out.ctypes.data)
            self._session.run_with_iobinding(binding)
