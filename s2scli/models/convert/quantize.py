"""Quantization of a model's weights, in row chunks so that no second copy of a table is made.

The arithmetic is CTranslate2's own (``ctranslate2.specs.model_spec``), bit for bit: int8 has one
scale a row, 127 / max |w|; int16 has one scale a table, 2^10 / max |w|.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from ctranslate2.specs import model_spec

from s2scli.models.convert.tensor import Array

__all__ = ["QUANTIZATIONS", "quantize"]

# By quantization, the type of the weights that stay floating-point numbers.
QUANTIZATIONS = {
    "int8": None,
    "int8_float32": "float32",
    "int16": "float32",
    "float16": "float16",
    "bfloat16": "bfloat16",
    "float32": "float32",
}
CHUNK_NUMBERS = 1 << 22
TINY = np.float32(127) / np.finfo(np.float32).max


class BFloat16(model_spec.Variable):  # type: ignore[misc]
    """A variable of bfloat16 numbers, held as their bits: NumPy has no such type."""

    def __init__(self, bits: Array) -> None:
        self.bits = bits

    @property
    def shape(self) -> tuple[int, ...]:
        """The dimensions."""
        return self.bits.shape

    @property
    def dtype(self) -> str:
        """The engine's name of the type."""
        return "bfloat16"

    def numpy(self) -> Array:
        """The numbers widened to float32."""
        return (self.bits.astype(np.uint32) << 16).view(np.float32)

    def num_bytes(self) -> int:
        """Size of the numbers."""
        return self.bits.nbytes

    def to_bytes(self) -> bytes:
        """The numbers as they are stored."""
        return self.bits.tobytes()

    def _to(self, dtype: str) -> model_spec.Variable:
        return model_spec.NumpyVariable(self.numpy().astype(dtype))

    def _equal(self, other: BFloat16) -> bool:
        return np.array_equal(self.bits, other.bits)


def quantize(spec: model_spec.LayerSpec, quantization: str) -> None:
    """Quantize all weights of a validated specification in place.

    Args:
        spec: a model's specification; tables used twice must be aliased already.
        quantization: a key of ``QUANTIZATIONS``.
    """

    def visit(layer: Any, name: str, value: Any) -> None:
        key = name.rpartition("/")[2]
        if not isinstance(value, model_spec.Variable) or value.is_scalar():
            return
        array = value.numpy()
        if array.dtype not in (np.float32, np.float16):
            return
        if quantization.startswith("int") and hasattr(layer, f"{key}_scale"):
            scale, integers = (_int16 if quantization == "int16" else _int8)(array)
            setattr(layer, key, model_spec.NumpyVariable(integers))
            setattr(layer, f"{key}_scale", model_spec.NumpyVariable(scale))
        elif dtype := QUANTIZATIONS[quantization]:
            setattr(layer, key, _cast(array, dtype))

    model_spec.visit_spec(spec, visit)


def _rows(array: Array) -> Iterator[slice]:
    step = max(1, CHUNK_NUMBERS // max(1, array[0].size))
    for start in range(0, len(array), step):
        yield slice(start, start + step)


def _int8(array: Array) -> tuple[Array, Array]:
    integers = np.empty(array.shape, np.int8)
    scale = np.empty(len(array), np.float32)
    for rows in _rows(array):
        chunk = array[rows].astype(np.float32)
        largest = np.abs(chunk).max(axis=1)
        largest[largest == 0] = 127.0
        scale[rows] = 127.0 / np.maximum(largest, TINY)
        chunk *= scale[rows, None]
        integers[rows] = np.rint(chunk, out=chunk)
    return scale, integers


def _int16(array: Array) -> tuple[Array, Array]:
    largest = max(np.abs(array[rows].astype(np.float32)).max() for rows in _rows(array))
    scale = np.float32(2**10 / largest)
    integers = np.empty(array.shape, np.int16)
    for rows in _rows(array):
        integers[rows] = np.rint(array[rows].astype(np.float32) * scale)
    return np.asarray(scale), integers


def _cast(array: Array, dtype: str) -> model_spec.Variable:
    if dtype != "bfloat16":
        return model_spec.NumpyVariable(array.astype(dtype, copy=False))
    bits = np.empty(array.shape, np.uint16)
    for rows in _rows(array):
        wide = array[rows].astype(np.float32).view(np.uint32)
        # Round half to even, as PyTorch does.
        bits[rows] = (wide + 0x7FFF + ((wide >> 16) & 1)) >> 16
    return BFloat16(bits)
