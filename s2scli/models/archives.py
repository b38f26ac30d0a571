"""Models from disk or from an address that the user gives: a directory, or an archive of one.

Of an archive only plain files are taken, and only such as stay inside the directory that they are
unpacked into; one with links, devices or other paths is refused, and so is one that would grow out
of proportion.
"""

from __future__ import annotations

import lzma
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from s2scli.disk.archivenames import archive_name, file_name, is_address, is_archive
from s2scli.disk.fetching import Progress, fetch
from s2scli.errors import InvalidModelError, MissingInputError
from s2scli.models.store import home

__all__ = ["opened", "unpack"]

MAX_FILES = 10_000
MAX_RATIO = 20  # of all files' bytes to the archive's; weights do not shrink to a twentieth
MAX_PLAIN = 64 << 20  # bytes for which that does not matter
IGNORED = "__MACOSX"  # what macOS adds to archives
CHUNK = 1 << 20
DAMAGE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,  # of zipfile: a password is needed
    UnicodeError,
)


@contextmanager
def opened(name: str, progress: Progress) -> Iterator[Path]:
    """The directory that a directory or an archive stands for; it is gone afterwards if unpacked.

    Args:
        name: a directory, or an archive's path or address (http, https).
        progress: is told how many bytes have been fetched, and of how many.

    Raises:
        MissingInputError: there is no such file.
        UnavailableError: it cannot be fetched.
        InvalidModelError: the archive is damaged, or not safe to unpack.
        InputOutputError: the disk is full.
    """
    if not is_archive(name):
        yield Path(name)
        return
    place = home() / "downloads"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as temporary:
        archive = Path(name)
        if is_address(name):
            archive = Path(temporary) / file_name(name)
            fetch(name, archive, progress)
        directory = Path(temporary) / archive_name(name)
        unpack(archive, directory)
        yield _only_directory(directory)


def _only_directory(directory: Path) -> Path:
    """The directory that holds the files: archives often have one around them all."""
    entries = list(directory.iterdir())
    while len(entries) == 1 and entries[0].is_dir():
        directory = entries[0]
        entries = list(directory.iterdir())
    return directory


@dataclass(frozen=True, slots=True)
class _Member:
    """What an archive says of a file.

    Attributes:
        name: its path.
        size: its bytes, as claimed.
        is_plain: whether it is a file, and not a link or a device.
        open: opens its content.
    """

    name: str
    size: int
    is_plain: bool
    open: Callable[[], IO[bytes] | None]


def unpack(archive: Path, directory: Path) -> None:
    """Unpack an archive into a new directory.

    Raises:
        MissingInputError: there is no such file.
        InvalidModelError: it is damaged, or not safe to unpack.
    """
    if not archive.is_file():
        raise MissingInputError(f"There is no file {archive}")
    room = max(MAX_PLAIN, MAX_RATIO * archive.stat().st_size)
    members = _of_zip if archive.name.lower().endswith(".zip") else _of_tar
    directory.mkdir()
    try:
        for count, member in enumerate(members(archive)):
            if count == MAX_FILES:
                raise InvalidModelError(f"{archive} holds more than {MAX_FILES:,} files")
            path = _place(archive, directory, member)
            if path is None:
                continue
            room -= member.size
            if room < 0:
                raise InvalidModelError(f"{archive} would grow to much more than its size")
            _write(archive, member, path)
    except DAMAGE as error:
        raise InvalidModelError(f"{archive} is damaged: {error}") from error


def _place(archive: Path, directory: Path, member: _Member) -> Path | None:
    """Where a file goes; None for one that nobody needs."""
    name = PurePosixPath(member.name)
    bad = name.is_absolute() or ".." in name.parts or not name.parts
    if bad or "\\" in member.name or "\0" in member.name:
        raise InvalidModelError(f"{archive} holds {member.name!r}, which leads out of it")
    if not member.is_plain:
        raise InvalidModelError(f"{archive} holds {member.name!r}, which is not a regular file")
    return None if name.parts[0] == IGNORED else directory.joinpath(*name.parts)


def _write(archive: Path, member: _Member, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        source = member.open()
        assert source is not None  # that of a plain file
        with source, path.open("xb") as target:
            left = member.size
            while block := source.read(min(CHUNK, left + 1)):
                left -= len(block)
                if left < 0:
                    raise InvalidModelError(f"{archive}: {member.name} is larger than it claims")
                target.write(block)
    except (FileExistsError, NotADirectoryError) as error:
        raise InvalidModelError(f"{archive} holds {member.name!r} twice") from error


def _of_tar(archive: Path) -> Iterator[_Member]:
    with tarfile.open(archive) as file:
        for info in file:
            if not info.isdir():
                yield _Member(info.name, info.size, info.isreg(), partial(file.extractfile, info))


def _of_zip(archive: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(archive) as file:
        for info in file.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            if not info.is_dir():
                is_plain = kind in (0, stat.S_IFREG)
                yield _Member(info.filename, info.file_size, is_plain, partial(file.open, info))
