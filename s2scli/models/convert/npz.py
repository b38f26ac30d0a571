"""NumPy's archives (``.npz``, ``.npz.gz``), one array at a time, without anything that could run.

The format: a zip archive of ``.npy`` files (https://numpy.org/doc/stable/reference/generated/
numpy.lib.format.html). An array of objects is a pickle, and refused.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.gzipped import GZIP, MAX_PLAIN, MAX_RATIO, map_file
from s2scli.models.convert.tensor import DTYPES, MAX_DIMENSIONS, Array, Tensor

__all__ = ["read_npz"]

# NumPy's name of a type → ours.
NAMES = {np.dtype(name).str.lstrip("<|"): ours for ours, name in DTYPES.items() if ours != "BF16"}


def read_npz(path: Path) -> dict[str, Tensor]:
    """The arrays of an archive by name.

    Raises:
        InvalidModelError: it is damaged, holds objects, or is made to fill the memory.
    """
    unpacked = bytes(map_file(path)) if path.suffix == GZIP else None
    with _opened(path, unpacked) as archive:
        entries = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
        if len(entries) != len(archive.infolist()):
            raise InvalidModelError(f"{path} has the same array twice")
        return {name: _tensor(path, unpacked, archive, info) for name, info in entries.items()}


@contextmanager
def _opened(path: Path, unpacked: bytes | None) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path if unpacked is None else io.BytesIO(unpacked)) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise InvalidModelError(
            f"{path} is damaged, or is not an archive of arrays: {error}"
        ) from error


def _tensor(
    path: Path, unpacked: bytes | None, archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Tensor:
    if info.file_size > max(MAX_PLAIN, MAX_RATIO * info.compress_size):
        raise InvalidModelError(f"{path}: {info.filename} claims to be much larger than it is")
    with archive.open(info) as file:
        shape, dtype = _header(file)
        name = NAMES.get(dtype.str.lstrip("<|"))
        if name is None or dtype.str.startswith(">"):
            raise InvalidModelError(f"{path}: {info.filename} holds {dtype}, which is not read")
        size = math.prod(shape) * dtype.itemsize
        if len(shape) > MAX_DIMENSIONS or file.tell() + size != info.file_size:
            raise InvalidModelError(f"{path}: {info.filename} does not have the size it claims")

    def load() -> Array:
        with _opened(path, unpacked) as again, again.open(info) as data:
            found: Array = np.lib.format.read_array(data, allow_pickle=False)
            return found

    return Tensor(name, shape, load)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }.get(version)
    if read is None:
        raise ValueError(f"the version {version} of its arrays is not known")
    shape, _by_columns, dtype = read(file)
    return shape, dtype
