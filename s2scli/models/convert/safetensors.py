"""Safetensors files, memory-mapped.

The format: eight bytes with the length of a JSON header, the header (name → type, shape,
offsets), the data (https://github.com/huggingface/safetensors).
"""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.tensor import DTYPES, MAX_DIMENSIONS, Array, Tensor

__all__ = ["read_safetensors"]

MAX_HEADER_BYTES = 100_000_000


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """Map the tensors of a safetensors file.

    Raises:
        InvalidModelError: the file is cut off, or its header is wrong.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > min(size - 8, MAX_HEADER_BYTES):
            raise InvalidModelError(f"{path} is not a whole safetensors file")
        header = _header(path, file.read(length))
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    tensors: dict[str, Tensor] = {}
    reached = 0
    for begin, end, name, dtype, shape in sorted(_entries(path, header)):
        if begin != reached:
            raise InvalidModelError(f"{path}: the tensor {name} overlaps another or leaves a gap")
        tensors[name] = _mapped(data, 8 + length + begin, dtype, shape)
        reached = end
    if reached != size - 8 - length:
        raise InvalidModelError(f"{path} is cut off or has bytes that belong to no tensor")
    return tensors


def _header(path: Path, data: bytes) -> dict[str, Any]:
    try:
        header = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidModelError(f"{path} has a damaged header") from error
    if not isinstance(header, dict):
        raise InvalidModelError(f"{path} has a damaged header")
    header.pop("__metadata__", None)
    return header


def _entries(
    path: Path, header: dict[str, Any]
) -> Iterator[tuple[int, int, str, str, tuple[int, ...]]]:
    for name, entry in header.items():
        try:
            dtype, shape = entry["dtype"], tuple(entry["shape"])
            if isinstance(dtype, str) and dtype.startswith("F8"):
                raise InvalidModelError(
                    f"{path}: the tensor {name} holds {dtype}, quantized numbers of eight bits",
                    "Take the checkpoint that it was made from, with float weights.",
                )
            begin, end = entry["data_offsets"]
            whole = all(type(n) is int and n >= 0 for n in (*shape, begin, end))
            itemsize = np.dtype(DTYPES[dtype]).itemsize
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidModelError(f"{path}: the tensor {name} is badly described") from error
        if not whole or len(shape) > MAX_DIMENSIONS or math.prod(shape) * itemsize != end - begin:
            raise InvalidModelError(f"{path}: the tensor {name} does not have the size it claims")
        yield begin, end, name, dtype, shape


def _mapped(data: mmap.mmap, offset: int, dtype: str, shape: tuple[int, ...]) -> Tensor:
    def load() -> Array:
        count = math.prod(shape)
        flat = np.frombuffer(data, DTYPES[dtype], count, offset) if count else np.empty(0)
        return flat.astype(DTYPES[dtype], copy=False).reshape(shape)

    return Tensor(dtype, shape, load)
