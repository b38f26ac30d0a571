"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from s2scli.errors import CannotCreateError, write_error
from s2scli.signals import held

__all__ = ["remove_leftovers", "sync", "whole_file", "write_whole"]

SUFFIX = ".s2s-part"
LONGEST_PREFIX = 200  # bytes of a name; file systems take 255


@contextmanager
def whole_file(path: Path, *, name_on_disk: bool = True) -> Iterator[int]:
    """A descriptor to write to; what was written stands at ``path`` once the block ends well.

    It is on the disk before it gets its name, and keeps the permissions of what it replaces.

    Args:
        path: where to write it.
        name_on_disk: whether its name must be on the disk too when the block ends; if not, a
            power failure may leave what was there before.

    Raises:
        CannotCreateError: the place is to blame: a folder is there, the name is too long.
        InputOutputError: it cannot be written.
    """
    descriptor, name = -1, ""
    try:
        with held():  # one that a signal comes between would stay
            descriptor, name = _created(path)
        yield descriptor
        os.fchmod(descriptor, _mode(path))
        os.fsync(descriptor)
        os.replace(name, path)
        name = ""
        if name_on_disk:
            sync(path.parent)
    except (IsADirectoryError, FileNotFoundError, PermissionError) as error:
        raise CannotCreateError(f"Cannot create {path}: {error.strerror}") from error
    except OSError as error:
        raise write_error(f"Cannot write {path}", error) from error
    finally:
        if descriptor >= 0:
            os.close(descriptor)
        if name:
            with suppress(FileNotFoundError):  # with its folder
                os.unlink(name)


def _created(path: Path) -> tuple[int, str]:
    """A new file beside another: its descriptor, and its name."""
    try:
        return tempfile.mkstemp(SUFFIX, f".{_short(path.name)}.", path.parent)
    except OSError as error:
        raise write_error(f"Cannot create {path}", error) from error


def write_whole(path: Path, data: bytes, *, name_on_disk: bool = True) -> None:
    """Write a file, whole or not at all; the arguments and errors are those of ``whole_file``."""
    with whole_file(path, name_on_disk=name_on_disk) as descriptor:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Delete what killed runs have left; nobody may be writing there."""
    for folder in folders:
        for path in folder.glob(f".*{SUFFIX}"):
            with suppress(OSError):
                path.unlink()


def _short(name: str) -> str:
    """The start of a name, for one that is longer."""
    return os.fsencode(name)[:LONGEST_PREFIX].decode(errors="ignore")


def sync(path: Path) -> None:
    """Bring a file, or the names in a directory, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mode(path: Path) -> int:
    """The permissions of the file to be replaced, else those that a new file gets."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
