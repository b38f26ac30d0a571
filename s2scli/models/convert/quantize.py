"""Quantization of a model's weights while they are written: one tensor at a time.

A specification holds tensors that are still on disk. Here each becomes a variable that is read,
quantized and written when its turn comes, and then forgotten. The arithmetic is CTranslate2's own
(``ctranslate2.specs.model_spec``), bit for bit: int8 has one scale a row, 127 / max |w|; int16 has
one scale a table, 2^10 / max |w|.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2scli.models.convert import QUANTIZATIONS
from s2scli.models.convert.specs import model_spec
from s2scli.models.convert.tensor import Array, Tensor

__all__ = ["Int8", "Variable", "Written", "alias", "cast", "quantize"]

CHUNK_NUMBERS = 1 << 22
TINY = np.float32(127) / np.finfo(np.float32).max
# What a tensor's numbers are once it has been read, in the engine's terms.
TYPES = {"F32": "float32", "F64": "float32", "BF16": "float32", "F16": "float16"}
ITEM_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2, "int16": 2, "int8": 1}

Written = Callable[[int], None]


class Variable:
    """A variable as ``ModelSpec.save`` needs it; its bytes are made on demand.

    Args:
        shape: the dimensions.
        dtype: the engine's name of the type.
        make: returns the numbers as they are stored.
    """

    def __init__(self, shape: tuple[int, ...], dtype: str, make: Callable[[], Array]) -> None:
        self.shape = shape
        self.dtype = dtype
        self._make = make

    def num_bytes(self) -> int:
        """Size of the numbers."""
        return math.prod(self.shape) * ITEM_BYTES[self.dtype]

    def to_bytes(self) -> memoryview:
        """The numbers as they are stored."""
        return np.ascontiguousarray(self._make()).data.cast("B")


def alias(spec: model_spec.LayerSpec) -> None:
    """Store equal weights once, under the first of their names.

    Args:
        spec: a validated specification.
    """
    seen: dict[tuple[object, ...], list[tuple[str, Tensor]]] = {}
    for name, value in spec.variables(ordered=True):
        tensor = _tensor(value)
        if tensor is None:
            continue
        alike = seen.setdefault((tensor.dtype, tensor.shape, tensor.first_number()), [])
        for first, other in alike:
            if other is tensor or np.array_equal(tensor.load(), other.load()):
                scope, _, attribute = name.rpartition("/")
                setattr(model_spec.index_spec(spec, scope), attribute, first)
                break
        else:
            alike.append((name, tensor))


def quantize(spec: model_spec.LayerSpec, quantization: str, written: Written | None = None) -> None:
    """Replace all weights of a specification by ones that are quantized as they are saved.

    Args:
        spec: a validated specification in which equal weights are aliased.
        quantization: a key of ``s2scli.models.convert.QUANTIZATIONS``.
        written: called for each weight as it is saved, with its number of elements.
    """

    def visit(layer: Any, name: str, value: Any) -> None:
        key = name.rpartition("/")[2]
        tensor = _tensor(value)
        if tensor is None:
            return

        def read() -> Array:
            if written:
                written(math.prod(tensor.shape))
            return tensor.array()

        if quantization.startswith("int") and hasattr(layer, f"{key}_scale"):
            wide = quantization == "int16"
            pair = Int16(read) if wide else Int8(read, tensor.integers)
            shape = () if quantization == "int16" else tensor.shape[:1]
            dtype = quantization.partition("_")[0]
            setattr(layer, key, Variable(tensor.shape, dtype, pair.integers))
            setattr(layer, f"{key}_scale", Variable(shape, "float32", pair.scale))
        else:
            dtype = QUANTIZATIONS[quantization] or TYPES[tensor.dtype]
            setattr(layer, key, Variable(tensor.shape, dtype, lambda: cast(read(), dtype)))

    model_spec.visit_spec(spec, visit)


def _tensor(value: Any) -> Tensor | None:
    """A variable with floating-point numbers as a tensor; None for all others."""
    if isinstance(value, Tensor):
        return value
    if isinstance(value, model_spec.NumpyVariable) and not value.is_scalar():
        names = {"float32": "F32", "float16": "F16"}
        if value.dtype in names:
            return Tensor(names[value.dtype], value.shape, value.numpy)
    return None


def _rows(array: Array) -> Iterator[slice]:
    step = max(1, CHUNK_NUMBERS // max(1, array[0].size))
    for start in range(0, len(array), step):
        yield slice(start, start + step)


class Int8:
    """Integers and their scales, which come out together and are saved one after the other.

    Args:
        read: returns the weights.
        stored: returns the integers and the scale of a matrix that was quantized already; those
            stay as they are.
    """

    def __init__(
        self,
        read: Callable[[], Array],
        stored: Callable[[], tuple[Array, np.float32]] | None = None,
    ) -> None:
        self._read = read
        self._stored = stored
        self._scale = np.empty(0, np.float32)

    def integers(self) -> Array:
        """The numbers times their row's scale, rounded."""
        if self._stored:
            found, scale = self._stored()
            self._scale = np.full(len(found), scale, np.float32)
            return found
        array = self._read()
        integers = np.empty(array.shape, np.int8)
        self._scale = np.empty(len(array), np.float32)
        for rows in _rows(array):
            chunk = array[rows].astype(np.float32)
            largest = np.abs(chunk).max(axis=1)
            largest[largest == 0] = 127.0
            self._scale[rows] = 127.0 / np.maximum(largest, TINY)
            chunk *= self._scale[rows, None]
            integers[rows] = np.rint(chunk, out=chunk)
        return integers

    def scale(self) -> Array:
        """One scale a row, once there are integers."""
        return self._scale


class Int16(Int8):
    """Integers with one scale for all."""

    def integers(self) -> Array:
        array = self._read()
        largest = max(np.abs(array[rows].astype(np.float32)).max() for rows in _rows(array))
        scale = np.float32(2**10 / largest)
        integers = np.empty(array.shape, np.int16)
        for rows in _rows(array):
            integers[rows] = np.rint(array[rows].astype(np.float32) * scale)
        self._scale = np.asarray(scale)
        return integers


def cast(array: Array, dtype: str) -> Array:
    """The numbers as float32, float16, or the bits of bfloat16 (rounded half to even).

    Raises:
        ValueError: one is too large for float16.
    """
    if dtype != "bfloat16":
        try:
            with np.errstate(over="raise"):
                return array.astype(dtype, copy=False)
        except FloatingPointError:
            raise ValueError("a weight is too large for float16; use bfloat16 or float32") from None
    bits = np.empty(array.shape, np.uint16)
    for rows in _rows(array):
        wide = array[rows].astype(np.float32).view(np.uint32)
        bits[rows] = (wide + 0x7FFF + ((wide >> 16) & 1)) >> 16
    return bits
