"""Files as they are published: plain, or gzipped (``.gz``) and then unpacked in memory."""

from __future__ import annotations

import gzip
import mmap
import zlib
from pathlib import Path

from s2scli.errors import InvalidModelError

__all__ = ["GZIP", "first_bytes", "map_file", "plain_name", "read_at_most"]

GZIP = ".gz"
MAX_RATIO = 20  # of a file's bytes to its compressed ones; weights do not shrink to a twentieth
MAX_PLAIN = 1 << 20  # bytes for which that does not matter


def plain_name(path: Path) -> str:
    """A file's name without the ending of a gzipped one."""
    return path.name.removesuffix(GZIP)


def first_bytes(path: Path, count: int) -> bytes:
    """How a file begins; empty if it is damaged."""
    try:
        with gzip.open(path) if path.suffix == GZIP else path.open("rb") as file:
            return file.read(count)
    except (OSError, EOFError, zlib.error):
        return b""


def read_at_most(path: Path, most: int) -> bytes:
    """The bytes of a file, unpacked if it is gzipped.

    Raises:
        InvalidModelError: they are more than ``most``, or the file is damaged.
    """
    try:
        with gzip.open(path) if path.suffix == GZIP else path.open("rb") as file:
            data = file.read(most + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidModelError(f"{path} is damaged: {error}") from error
    if len(data) > most:
        raise InvalidModelError(f"{path} is larger than {most >> 20} MB")
    return data


def map_file(path: Path) -> memoryview:
    """All bytes of a file: of a plain one without reading them.

    Raises:
        InvalidModelError: it is damaged, or made to fill the memory.
    """
    size = path.stat().st_size
    if path.suffix == GZIP:
        return memoryview(read_at_most(path, max(MAX_PLAIN, MAX_RATIO * size)))
    if not size:
        return memoryview(b"")
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
