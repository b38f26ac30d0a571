"""Files that appear whole or not at all, and directories that a crash leaves in order."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from s2scli.errors import CannotCreateError, InputOutputError

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: Path) -> Iterator[int]:
    """A descriptor to write to; what was written stands at ``path`` once the block ends well.

    It is on the disk before it gets its name, and keeps the permissions of what it replaces.

    Raises:
        CannotCreateError: the file cannot be created.
        InputOutputError: it cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    except OSError as error:
        raise CannotCreateError(f"Cannot create {path}: {error.strerror}") from error
    try:
        yield descriptor
        os.fchmod(descriptor, _mode(path))
        os.fsync(descriptor)
        os.replace(name, path)
        name = ""
        _sync_directory(path.parent)
    except OSError as error:
        raise InputOutputError(f"Cannot write {path}: {error.strerror}") from error
    finally:
        os.close(descriptor)
        if name:
            os.unlink(name)


def _sync_directory(path: Path) -> None:
    """Bring a rename to the disk."""
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
