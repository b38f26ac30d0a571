"""Weights that are not numbers: training that went wrong leaves NaN or infinity in a checkpoint.

A model computes nothing but garbage with them, and the integers of quantization hide them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from s2scli.errors import InvalidModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from s2scli.models.convert.tensor import Array, Tensor

__all__ = ["finite"]

CHUNK_NUMBERS = 1 << 22
EXPONENT = 0x7F80  # all of these bits are set in bfloat16's infinity and NaN
# The bias of tokens that must never come is infinite in some checkpoints.
UNBOUNDED = "final_logits_bias"


def finite(name: str, tensor: Tensor) -> Tensor:
    """The tensor, whose numbers are looked at when they are read for the first time.

    Args:
        name: the checkpoint's.
        tensor: one that is still on disk.
    """
    if isinstance(tensor.load, _Checked) or tensor.dtype not in ("F16", "BF16", "F32", "F64"):
        return tensor
    return replace(tensor, load=_Checked(name, tensor.dtype, tensor.load))


@dataclass(slots=True)
class _Checked:
    """Reads a tensor.

    Raises:
        InvalidModelError: when called, a number is NaN or infinite.
    """

    name: str
    dtype: str
    load: Callable[[], Array]
    done: bool = False

    def __call__(self) -> Array:
        array = self.load()
        if not self.done and not self._is_finite(array):
            raise InvalidModelError(
                f"The tensor {self.name} holds NaN or infinity, with which no model can compute",
                "The checkpoint's training went wrong, or what saved it did: take another one.",
            )
        self.done = True
        return array

    def _is_finite(self, array: Array) -> bool:
        rows = np.atleast_1d(array)
        step = max(1, CHUNK_NUMBERS // max(1, rows[:1].size))
        return all(
            self._all_finite(rows[start : start + step]) for start in range(0, len(rows), step)
        )

    def _all_finite(self, part: Array) -> bool:
        if self.dtype == "BF16":
            return not bool(((part & EXPONENT) == EXPONENT).any())
        if self.name == UNBOUNDED:
            return not bool(np.isnan(part).any())
        with np.errstate(over="ignore"):
            return bool(np.isfinite(part.astype(np.float32) if self.dtype == "F64" else part).all())
