"""A tensor of a checkpoint that is still on disk, whatever the file format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["DTYPES", "MAX_DIMENSIONS", "Array", "Tensor", "same_numbers", "stack"]

Array = npt.NDArray[Any]

# NumPy has no bfloat16: its bits are read as integers and widened to float32.
DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}
MAX_DIMENSIONS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A tensor that is still on disk; it is read whenever its numbers are asked for.

    Attributes:
        dtype: a key of ``DTYPES``.
        shape: its dimensions.
        load: returns the stored numbers in that shape; the array may be a read-only view.
        first: returns the first stored number, where that costs less than to load them all.
        integers: of a matrix that is stored as int8, its integers and the number that the weights
            were multiplied with.
    """

    dtype: str
    shape: tuple[int, ...]
    load: Callable[[], Array]
    first: Callable[[], float] | None = None
    integers: Callable[[], tuple[Array, np.float32]] | None = None

    def array(self) -> Array:
        """The numbers: float32 where bfloat16 or float64 is stored, else as stored."""
        stored = self.load()
        if self.dtype == "BF16":
            return (stored.astype(np.uint32) << 16).view(np.float32)
        return stored.astype(np.float32) if self.dtype == "F64" else stored

    def first_number(self) -> float:
        """The first of the stored numbers."""
        return self.first() if self.first else float(self.load().flat[0])

    def rows(self, start: int, stop: int) -> Tensor:
        """Some of its rows, still on disk."""
        return Tensor(self.dtype, (stop - start, *self.shape[1:]), lambda: self.load()[start:stop])

    def reshaped(self, *shape: int) -> Tensor:
        """The same numbers in another shape, still on disk."""
        return Tensor(self.dtype, shape, lambda: self.load().reshape(shape), self.first)

    def turned(self) -> Tensor:
        """A table with rows and columns in each other's place, still on disk."""
        integers = self.integers
        turned = None if integers is None else lambda: _turned(*integers())
        return Tensor(
            self.dtype, self.shape[::-1], lambda: self.load().T, self.first_number, turned
        )


def _turned(integers: Array, multiplier: np.float32) -> tuple[Array, np.float32]:
    return integers.T, multiplier


def stack(tensors: Sequence[Tensor]) -> Tensor:
    """Tensors on top of each other, still on disk; they differ in their first dimension at most."""
    dtypes = {tensor.dtype for tensor in tensors}
    dtype = dtypes.pop() if len(dtypes) == 1 else ""
    shape = (sum(tensor.shape[0] for tensor in tensors), *tensors[0].shape[1:])
    if dtype:
        first = tensors[0].first_number
        return Tensor(dtype, shape, lambda: np.concatenate([t.load() for t in tensors]), first)
    return Tensor("F32", shape, lambda: np.concatenate([t.array() for t in tensors]))


def same_numbers(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors hold the same numbers, whatever the types that they are stored in."""
    if one is other:
        return True
    if one.shape != other.shape:
        return False
    if one.dtype == other.dtype:
        return np.array_equal(one.load(), other.load())
    return np.array_equal(one.array(), other.array())
