"""PyTorch weight files, read without PyTorch and without running anything that they contain.

A ``.bin`` file is a zip archive with a pickle (``data.pkl``) that describes the tensors, and one
member of raw bytes for each storage. A pickle is a program: this reader lets it name an ordered
dictionary, PyTorch's storage types and the two functions that rebuild a tensor, which are ours
here, and refuses all else (CVE-2025-32434 shows why ``weights_only`` alone was not enough).
"""

from __future__ import annotations

import io
import math
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.tensor import DTYPES, MAX_DIMENSIONS, Array, Tensor

__all__ = ["read_pytorch"]

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


@dataclass(frozen=True, slots=True)
class _StorageType:
    dtype: str


@dataclass(frozen=True, slots=True)
class _Storage:
    dtype: str
    length: int
    load: Callable[[], bytes]


def read_pytorch(path: Path) -> dict[str, Tensor]:
    """Describe the tensors of a PyTorch weight file (the zip format of PyTorch 1.6 and later).

    Raises:
        InvalidModelError: the file is damaged, of the older format, or holds anything but tensors.
    """
    try:
        archive = _Archive(path)
        state = _Unpickler(archive).load()
    except InvalidModelError:
        raise
    except Exception as error:  # a hostile pickle can make the unpickler raise anything
        raise InvalidModelError(f"{path} is not a readable PyTorch weight file: {error}") from error
    if isinstance(state, dict) and isinstance(inner := state.get("state_dict"), dict):
        state = inner
    if not isinstance(state, dict) or not all(
        isinstance(key, str) and isinstance(value, Tensor) for key, value in state.items()
    ):
        raise InvalidModelError(f"{path} holds something else than named tensors")
    return dict(state)


class _Archive:
    """The zip file: members that must be stored as they are, so that none can swell."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not zipfile.is_zipfile(path):
            raise InvalidModelError(
                f"{path} is not a PyTorch file of the zip format",
                "Save it again with PyTorch 1.6 or later, or as safetensors.",
            )
        with zipfile.ZipFile(path) as archive:
            self._members = {member.filename: member for member in archive.infolist()}
        roots = [name for name in self._members if name.endswith("/data.pkl")]
        if len(roots) != 1:
            raise InvalidModelError(f"{path} is not a PyTorch weight file")
        self._root = roots[0].removesuffix("data.pkl")
        if (byteorder := self._root + "byteorder") in self._members and self.read(
            "byteorder", self._members[byteorder].file_size
        ) != b"little":
            raise InvalidModelError(f"{path} was written on a big-endian machine")

    def pickle(self) -> bytes:
        size = self._members[self._root + "data.pkl"].file_size
        if size > MAX_PICKLE_BYTES:
            raise InvalidModelError(f"{self.path}: its pickle is {size >> 20} MB large")
        return self.read("data.pkl", size)

    def read(self, name: str, size: int) -> bytes:
        member = self._members.get(self._root + name)
        if member is None:
            raise InvalidModelError(f"{self.path} has no member {name}")
        if member.compress_type != zipfile.ZIP_STORED or member.file_size != size:
            raise InvalidModelError(
                f"{self.path}: the member {name} does not have the size it claims"
            )
        with zipfile.ZipFile(self.path) as archive, archive.open(member) as file:
            return file.read(size)


class _Unpickler(pickle.Unpickler):
    def __init__(self, archive: _Archive) -> None:
        super().__init__(io.BytesIO(archive.pickle()))
        self._archive = archive

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return _rebuild_parameter
        if module == "torch" and name in STORAGES:
            return _StorageType(STORAGES[name])
        raise InvalidModelError(
            f"{self._archive.path} is refused: it asks for {module}.{name}, and a weight file "
            "may hold nothing but tensors"
        )

    def persistent_load(self, pid: Any) -> _Storage:
        kind, storage_type, key, _location, length = pid
        if kind != "storage" or not isinstance(storage_type, _StorageType):
            raise InvalidModelError(f"{self._archive.path} refers to something else than a storage")
        if not isinstance(key, str) or type(length) is not int or length < 0:
            raise InvalidModelError(f"{self._archive.path} has a badly described storage")
        size = length * np.dtype(DTYPES[storage_type.dtype]).itemsize
        return _Storage(storage_type.dtype, length, lambda: self._archive.read(f"data/{key}", size))


def _rebuild_tensor(
    storage: _Storage, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: object
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

    def load() -> Array:
        dtype = np.dtype(DTYPES[storage.dtype])
        flat = np.frombuffer(storage.load(), dtype)[offset:]
        strides = [step * dtype.itemsize for step in stride]
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(flat, shape, strides))

    return Tensor(storage.dtype, tuple(shape), load)


def _rebuild_parameter(tensor: Tensor, *_: object) -> Tensor:
    return tensor
