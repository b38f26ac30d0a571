"""PyTorch weight files of both formats, read without PyTorch; see ``unpickle`` for the safety.

Since PyTorch 1.6 a ``.bin`` file is a zip archive with a pickle (``data.pkl``) that describes the
tensors, and one member of raw bytes for each storage. Before, it was a row of pickles (a magic
number, a version, facts on the machine, the tensors, the storages' keys) and then the storages
one after the other, each with its length in front (``torch/serialization.py``). Either is
memory-mapped.
"""

from __future__ import annotations

import mmap
import zipfile
from collections.abc import Callable, Container
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.tensor import DTYPES, Tensor
from s2scli.models.convert.unpickle import LimitedReader, unpickle

__all__ = ["read_pickled", "read_pytorch"]

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_VERSION = 1001
ZIP = b"PK\x03\x04"


def read_pytorch(path: Path) -> dict[str, Tensor]:
    """Describe the tensors of a PyTorch weight file.

    Raises:
        InvalidModelError: the file is damaged, or holds anything but tensors.
    """
    state = read_pickled(path)
    if isinstance(state, dict) and isinstance(inner := state.get("state_dict"), dict):
        state = inner
    if not isinstance(state, dict) or not all(
        isinstance(key, str) and isinstance(value, Tensor) for key, value in state.items()
    ):
        raise InvalidModelError(f"{path} contains something other than named tensors")
    return dict(state)


def read_pickled(path: Path, admitted: Container[str] = ()) -> Any:
    """Whatever a file of PyTorch holds; its tensors stay on disk.

    Args:
        path: the file.
        admitted: full names of classes and functions that it may name; see ``Inert``.

    Raises:
        InvalidModelError: the file is damaged, or asks for something else.
    """
    try:
        if zipfile.is_zipfile(path):
            return _read_zip(path, admitted)
        with path.open("rb") as file:
            head = file.read(len(ZIP))
        if head in (b"", ZIP):
            raise InvalidModelError(f"{path} is cut off", "Fetch it again.")
        return _read_legacy(path, admitted)
    except InvalidModelError as error:
        if str(path) in error.message:
            raise
        raise InvalidModelError(f"{path} is refused: {error.message}") from error
    except Exception as error:  # a hostile pickle can make the unpickler raise anything
        raise InvalidModelError(f"{path} is not a readable PyTorch weight file: {error}") from error


def _read_zip(path: Path, admitted: Container[str]) -> Any:
    archive = _Archive(path)
    with archive.open("data.pkl") as file:
        return unpickle(LimitedReader(file), path, archive.storage, admitted)


class _Archive:
    """The zip file: members that must be stored as they are, so that none can swell."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._archive = zipfile.ZipFile(path)  # stays open: storages are read later
        self._members = {member.filename: member for member in self._archive.infolist()}
        roots = [name for name in self._members if name.endswith("/data.pkl")]
        if len(roots) != 1:
            raise InvalidModelError(f"{path} is not a PyTorch weight file")
        self._root = roots[0].removesuffix("data.pkl")
        if self._root + "byteorder" in self._members:
            with self.open("byteorder") as file:
                if file.read(16) != b"little":
                    raise InvalidModelError(f"{path} was written on a big-endian machine")

    def open(self, name: str) -> BinaryIO:
        """Open a member, which may not be compressed."""
        member = self._members.get(self._root + name)
        if member is None:
            raise InvalidModelError(f"{self.path} has no member {name}")
        if member.compress_type != zipfile.ZIP_STORED or member.compress_size != member.file_size:
            raise InvalidModelError(f"{self.path}: the member {name} is compressed")
        return cast("BinaryIO", self._archive.open(member))

    def storage(self, key: str, dtype: str, length: int) -> Callable[[], bytes]:
        """How to read a storage."""
        size = length * np.dtype(DTYPES[dtype]).itemsize

        def load() -> bytes:
            with self.open(f"data/{key}") as file:
                data = file.read(size + 1)
            if len(data) != size:
                raise InvalidModelError(
                    f"{self.path}: the member data/{key} does not have the size it claims"
                )
            return data

        return load


def _read_legacy(path: Path, admitted: Container[str]) -> Any:
    file = _LegacyFile(path)
    with path.open("rb") as stream:
        for expected in (LEGACY_MAGIC, LEGACY_VERSION):
            if unpickle(LimitedReader(stream), path) != expected:
                raise InvalidModelError(f"{path} is not a PyTorch weight file")
        machine = unpickle(LimitedReader(stream), path)
        if isinstance(machine, dict) and machine.get("little_endian") is False:
            raise InvalidModelError(f"{path} was written on a big-endian machine")
        state = unpickle(LimitedReader(stream), path, file.storage, admitted)
        keys = unpickle(LimitedReader(stream), path)
        file.place(keys, stream.tell())
    return state


class _LegacyFile:
    """A file of the older format: where each storage begins is known only at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sizes: dict[str, tuple[int, int]] = {}  # numbers, bytes
        self._begin: dict[str, int] = {}
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def storage(self, key: str, dtype: str, length: int) -> Callable[[], memoryview]:
        """How to read a storage, once all are placed."""
        size = length * np.dtype(DTYPES[dtype]).itemsize
        if self._sizes.setdefault(key, (length, size)) != (length, size):
            raise InvalidModelError(f"{self._path} describes the storage {key} twice")
        return lambda: memoryview(self._data)[self._begin[key] : self._begin[key] + size]

    def place(self, keys: Any, position: int) -> None:
        """Find all storages after the pickles."""
        if not isinstance(keys, list) or sorted(map(str, keys)) != sorted(self._sizes):
            raise InvalidModelError(f"{self._path} does not list the storages that it uses")
        for key in keys:
            length, size = self._sizes[key]
            if int.from_bytes(self._data[position : position + 8], "little") != length:
                raise InvalidModelError(f"{self._path}: a storage does not have the size it claims")
            self._begin[key] = position + 8
            position += 8 + size
        if position != len(self._data):
            raise InvalidModelError(f"{self._path} is cut off or has bytes that belong to nothing")
