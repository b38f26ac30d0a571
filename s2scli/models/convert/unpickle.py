"""A restricted unpickler: it can build tensors that are still on disk, and nothing else.

A pickle is a program. This one may name an ordered dictionary, PyTorch's storage types and the
functions that rebuild a tensor, which are ours here; the rest is refused (CVE-2025-32434 shows
why ``weights_only`` alone was not enough). A caller may admit more classes and functions by name:
each becomes an ``Inert`` object, which keeps what the pickle says of it and does nothing.
"""

from __future__ import annotations

import math
import pickle
from collections import OrderedDict
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.tensor import DTYPES, MAX_DIMENSIONS, Array, Tensor

__all__ = ["MAX_PICKLE_BYTES", "Inert", "LimitedReader", "Storages", "unpickle"]

MAX_PICKLE_BYTES = 64 << 20
STORAGES = {
    "DoubleStorage": "F64",
    "FloatStorage": "F32",
    "HalfStorage": "F16",
    "BFloat16Storage": "BF16",
    "LongStorage": "I64",
    "IntStorage": "I32",
    "ShortStorage": "I16",
    "CharStorage": "I8",
    "ByteStorage": "U8",
    "BoolStorage": "BOOL",
}


class Storages(Protocol):
    """Where a file keeps the numbers of its tensors."""

    def __call__(self, key: str, dtype: str, length: int) -> Callable[[], bytes | memoryview]:
        """A function that returns the bytes of a storage of ``length`` numbers."""


class LimitedReader:
    """A binary file of which a pickle may read no more than ``MAX_PICKLE_BYTES``."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._left = MAX_PICKLE_BYTES

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes."""
        return self._counted(self._file.read(min(size, self._left + 1)))

    def readline(self) -> bytes:
        """The rest of a line."""
        return self._counted(self._file.readline(self._left + 1))

    def _counted(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise InvalidModelError(f"its pickle is larger than {MAX_PICKLE_BYTES >> 20} MB")
        return data


class Inert:
    """An object of an admitted class, or the result of an admitted function, as data.

    Attributes:
        name: what the pickle calls it, such as ``argparse.Namespace``.
        arguments: what it was to be made with.
        state: its attributes, or what else was to be its state; None if there is none.
        items: by key, if it is a mapping.
    """

    name: ClassVar[str] = ""
    arguments: tuple[Any, ...]
    state: Any
    items: dict[Any, Any]

    def __new__(cls, *arguments: Any, **_named: Any) -> Inert:
        """Keep the arguments."""
        made = super().__new__(cls)
        made.arguments, made.state, made.items = arguments, None, {}
        return made

    def __init__(self, *arguments: Any, **_named: Any) -> None:
        """Nothing is left to do."""

    def __setitem__(self, key: Any, value: Any) -> None:
        self.items[key] = value


@dataclass(frozen=True, slots=True)
class _StorageType:
    dtype: str


@dataclass(frozen=True, slots=True)
class _Storage:
    dtype: str
    length: int
    load: Callable[[], bytes | memoryview]


def unpickle(
    reader: LimitedReader,
    path: Path,
    storages: Storages | None = None,
    admitted: Container[str] = (),
) -> Any:
    """Read one pickle.

    Args:
        reader: the file, at the pickle's first byte; afterwards at the byte after it.
        path: for messages.
        storages: where its tensors' numbers are; None if it may hold no tensors.
        admitted: full names of classes and functions that become ``Inert`` objects.

    Raises:
        InvalidModelError: it asks for anything but tensors and what is admitted.
        Exception: it is damaged; a hostile one can make the unpickler raise anything.
    """
    return _Unpickler(reader, path, storages, admitted).load()


# The unpickler in Python, not the one in C, which sets aside as much memory as a pickle tells it.
class _Unpickler(pickle._Unpickler):
    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)

    def __init__(
        self,
        reader: LimitedReader,
        path: Path,
        storages: Storages | None,
        admitted: Container[str],
    ) -> None:
        super().__init__(reader)
        self._path = path
        self._storages = storages
        self._admitted = admitted

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return _rebuild_parameter
        if module == "torch" and name in STORAGES:
            return _StorageType(STORAGES[name])
        if (full := f"{module}.{name}") in self._admitted:
            return type("Inert", (Inert,), {"name": full})
        raise InvalidModelError(
            f"{self._path} is refused: it asks for {full}, and a weight file may hold only tensors"
        )

    def persistent_load(self, pid: Any) -> _Storage:
        kind, storage_type, key, _location, length, *view = pid
        if kind != "storage" or not isinstance(storage_type, _StorageType) or any(view):
            raise InvalidModelError(f"{self._path} refers to something other than a storage")
        if not isinstance(key, str) or type(length) is not int or length < 0 or not self._storages:
            raise InvalidModelError(f"{self._path} has a badly described storage")
        dtype = storage_type.dtype
        return _Storage(dtype, length, self._storages(key, dtype, length))

    def load_build(self) -> None:
        """Keep the attributes of an inert object as data; those of others are but metadata."""
        state = self.stack.pop()  # type: ignore[attr-defined]
        if isinstance(made := self.stack[-1], Inert):  # type: ignore[attr-defined]
            made.state = state

    dispatch[pickle.BUILD[0]] = load_build


def _rebuild_tensor(
    storage: _Storage,
    offset: int,
    shape: tuple[int, ...],
    stride: tuple[int, ...],
    _requires_grad: object = False,
    _hooks: object = None,
    metadata: object = None,
) -> Tensor:
    if not isinstance(storage, _Storage):
        raise InvalidModelError("a tensor without a storage")
    numbers = (offset, *shape, *stride)
    if len(shape) != len(stride) or len(shape) > MAX_DIMENSIONS:
        raise InvalidModelError("a tensor with a wrong number of dimensions")
    if any(type(number) is not int or number < 0 for number in numbers):
        raise InvalidModelError("a tensor with a negative size")
    steps = sum((size - 1) * step for size, step in zip(shape, stride, strict=True))
    if 0 not in shape and offset + steps >= storage.length:
        raise InvalidModelError("a tensor that reaches beyond its storage")
    if math.prod(shape) > max(storage.length, 1):
        raise InvalidModelError("a tensor larger than its storage")
    negated = _is_negated(metadata)

    def load() -> Array:
        dtype = np.dtype(DTYPES[storage.dtype])
        flat = np.frombuffer(storage.load(), dtype)[offset:]
        strides = [step * dtype.itemsize for step in stride]
        stored = np.ascontiguousarray(np.lib.stride_tricks.as_strided(flat, shape, strides))
        return _negative(stored, storage.dtype) if negated else stored

    return Tensor(storage.dtype, tuple(shape), load)


def _is_negated(metadata: object) -> bool:
    """Whether PyTorch stored the numbers with the opposite sign (``torch._neg_view``).

    Raises:
        InvalidModelError: it asks for anything else to be done with them.
    """
    if not metadata:
        return False
    marks = {k for k, v in metadata.items() if v} if isinstance(metadata, dict) else {"?"}
    if not marks <= {"neg"}:
        raise InvalidModelError("a tensor that is a complex conjugate or more")
    return bool(marks)


def _negative(stored: Array, dtype: str) -> Array:
    sign_bit = np.uint16(0x8000)
    return stored ^ sign_bit if dtype == "BF16" else -stored


def _rebuild_parameter(tensor: Tensor, *_: object) -> Tensor:
    return tensor
