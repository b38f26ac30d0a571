"""Marian's binary models (``.bin``), one tensor at a time.

The format (``src/common/binary.cpp`` and ``types.h`` of https://github.com/marian-nmt/marian-dev
and, for the type numbers of Bergamot and Firefox, of https://github.com/browsermt/marian-dev), all
integers little-endian: version and number of items (8 bytes each); for each item the length of its
name, its type, the number of its dimensions and the length of its data (8 bytes each); the names,
each with a NUL at its end; the dimensions (4 bytes each); the length of a gap (8 bytes) and the
gap; the data, each padded to 256 bytes.

A matrix of ``intgemm8`` or ``intgemm16`` holds integers with rows and columns in each other's
place, but for embeddings, and after them, as float32, the multiplier that made them of the
weights. Types for one kind of processor are not read.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.gzipped import first_bytes, map_file
from s2scli.models.convert.tensor import DTYPES, MAX_DIMENSIONS, Array, Tensor

__all__ = ["is_marian_binary", "read_marian_binary"]

VERSION = struct.pack("<Q", 1)
HEADER = struct.Struct("<4Q")
ALIGNMENT = 256  # bytes
MULTIPLIER_BYTES = 4
EMBEDDINGS = "Wemb"  # part of the names of those tables
PLAIN = {
    0x101: "I8",
    0x102: "I16",
    0x104: "I32",
    0x108: "I64",
    0x201: "U8",
    0x402: "F16",
    0x404: "F32",
    0x408: "F64",
}
# Marian's number, and that of Bergamot and Firefox, of the types of quantized matrices.
QUANTIZED = {0x10001: "i1", 0x4101: "i1", 0x10002: "<i2", 0x4102: "<i2"}
# Whose layout is that of one kind of processor, or of one library.
OTHERS = {
    0x802: "packed16",
    0x1801: "packed8avx2",
    0x2801: "packed8avx512",
    0x18001: "intgemm8ssse3",
    0x11001: "intgemm8avx2",
    0x12001: "intgemm8avx512",
    0x13001: "intgemm8avx512vnni",
    0x14002: "intgemm16sse2",
    0x11002: "intgemm16avx2",
    0x12002: "intgemm16avx512",
}
ADVICE = "Convert the model's .npz, or what marian-conv makes of it with --gemm-type intgemm8."


@dataclass(frozen=True, slots=True)
class _Item:
    """A tensor, described.

    Attributes:
        name: its name.
        kind: the number of its type.
        shape: its dimensions.
        length: bytes of its data, padding counted.
    """

    name: str
    kind: int
    shape: tuple[int, ...]
    length: int


def is_marian_binary(path: Path) -> bool:
    """Whether a file, which may be gzipped, begins like a Marian binary model."""
    return first_bytes(path, len(VERSION)) == VERSION


def read_marian_binary(path: Path) -> dict[str, Tensor]:
    """The tensors of a binary model by name; quantized ones as the float32 numbers they stand for.

    Raises:
        InvalidModelError: the file is truncated or damaged, or a tensor has a type that cannot be
            read.
    """
    data = map_file(path)
    reader = _Reader(path, data)
    items = list(_items(reader))
    reader.take(reader.number())
    tensors: dict[str, Tensor] = {}
    for item in items:
        if item.name in tensors:
            raise InvalidModelError(f"{path} has the tensor {item.name} twice")
        tensors[item.name] = _tensor(path, item, reader.take(item.length))
    if reader.left:
        raise InvalidModelError(f"{path} has {reader.left} bytes that belong to no tensor")
    return tensors


class _Reader:
    """A place in a file that moves on; nothing is taken that the file does not have."""

    def __init__(self, path: Path, data: memoryview) -> None:
        self.path = path
        self._data = data

    @property
    def left(self) -> int:
        """The number of bytes that are left."""
        return len(self._data)

    def take(self, count: int) -> memoryview:
        """The next bytes."""
        if count > len(self._data):
            raise InvalidModelError(f"{self.path} is truncated, or not a Marian binary model")
        taken, self._data = self._data[:count], self._data[count:]
        return taken

    def number(self) -> int:
        """The next eight bytes as a number."""
        return int.from_bytes(self.take(8), "little")


def _items(reader: _Reader) -> Iterator[_Item]:
    if reader.take(len(VERSION)) != VERSION:
        raise InvalidModelError(f"{reader.path} is not a Marian binary model, version 1")
    headers = list(HEADER.iter_unpack(reader.take(reader.number() * HEADER.size)))
    names = [bytes(reader.take(header[0])) for header in headers]
    for name, (_, kind, dimensions, length) in zip(names, headers, strict=True):
        shape = np.frombuffer(reader.take(4 * dimensions), "<i4").tolist()
        text = name.removesuffix(b"\0").decode("utf-8", "replace")
        if not 1 <= dimensions <= MAX_DIMENSIONS or min(shape) < 1:
            raise InvalidModelError(f"{reader.path}: {text} has the shape {shape[:9]}")
        yield _Item(text, kind, tuple(shape), length)


def _tensor(path: Path, item: _Item, data: memoryview) -> Tensor:
    if item.kind in QUANTIZED:
        return _quantized(path, item, data)
    if item.kind not in PLAIN:
        kind = OTHERS.get(item.kind, f"the type {item.kind:#x}")
        raise InvalidModelError(f"{path} stores {item.name} as {kind}, which is not read", ADVICE)
    ours = PLAIN[item.kind]
    dtype = np.dtype(DTYPES[ours])
    count = math.prod(item.shape)
    _check_size(path, item, count * dtype.itemsize)
    return Tensor(ours, item.shape, lambda: np.frombuffer(data, dtype, count).reshape(item.shape))


def _check_size(path: Path, item: _Item, size: int) -> None:
    if not size <= item.length < size + ALIGNMENT:
        raise InvalidModelError(f"{path}: {item.name} does not have the size it claims")


def _quantized(path: Path, item: _Item, data: memoryview) -> Tensor:
    dtype = np.dtype(QUANTIZED[item.kind])
    count = math.prod(item.shape)
    size = count * dtype.itemsize
    _check_size(path, item, size + MULTIPLIER_BYTES)
    (multiplier,) = struct.unpack_from("<f", data, size)
    if not 0 < multiplier < math.inf:
        raise InvalidModelError(f"{path}: {item.name} has the multiplier {multiplier}")

    def integers() -> tuple[Array, np.float32]:
        found = np.frombuffer(data, dtype, count)
        if EMBEDDINGS not in item.name:
            found = found.reshape(item.shape[-1], -1).T
        return found.reshape(item.shape), np.float32(multiplier)

    def load() -> Array:
        found, by = integers()
        weights: Array = found.astype(np.float32) / by
        return weights

    return Tensor("F32", item.shape, load, integers=integers if dtype.itemsize == 1 else None)
