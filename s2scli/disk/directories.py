"""Directories that appear whole or not at all."""

from __future__ import annotations

import errno
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from s2scli.disk.atomic import sync
from s2scli.errors import CannotCreateError, write_error

if TYPE_CHECKING:
    from filelock import FileLock

__all__ = ["whole_directory"]

UNFINISHED = ".s2s-unfinished"
ATTEMPTS = 10  # to replace a directory that others replace too


@contextmanager
def whole_directory(target: Path, *, replace: bool, advice: str = "") -> Iterator[Path]:
    """A directory that takes the place of ``target`` if all goes well, and vanishes if not.

    Args:
        target: where to write it; an empty directory there is always replaced. Of a symbolic link
            to a directory, that is the place.
        replace: whether it replaces one that holds something.
        advice: what to do if another process has put one there meanwhile.

    Raises:
        CannotCreateError: it cannot be created, or may not be replaced.
        InputOutputError: it cannot be written.
    """
    if target.is_symlink() and target.is_dir():
        target = target.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear_unfinished(target)
        temporary = Path(tempfile.mkdtemp(UNFINISHED, f".{target.name}.", target.parent))
    except OSError as error:
        raise write_error(f"Cannot write {target}", error) from error
    lock = _lock(temporary)
    try:
        with suppress(OSError, NotImplementedError):  # some file systems have no locks
            lock.acquire()
        new = temporary / "new"
        new.mkdir()
        yield new
        _sync(new)
        if not _is_put(new, target, temporary, replace=replace):
            problem = f"{target} exists already: another process made it meanwhile"
            raise CannotCreateError(problem, advice)
        sync(target.parent)
    except OSError as error:
        raise write_error(f"Cannot write {target}", error) from error
    finally:
        lock.release()
        shutil.rmtree(temporary, ignore_errors=True)


def _clear_unfinished(target: Path) -> None:
    """Remove what processes that were killed have left beside a directory; nothing else.

    One that lives holds the lock before it makes ``new``. Where one was killed after it had moved
    the old directory away and before it put the new one there, the old one comes back.
    """
    for path in target.parent.glob(f".{glob.escape(target.name)}.*{UNFINISHED}"):
        with suppress(OSError, NotImplementedError), _lock(path).acquire(blocking=False):
            if (path / "new").is_dir():
                for old in sorted(path.glob("old*")):
                    if not os.path.lexists(target):
                        os.rename(old, target)
                shutil.rmtree(path, ignore_errors=True)


def _lock(temporary: Path) -> FileLock:
    from filelock import FileLock

    return FileLock(temporary / "lock")


def _is_put(new: Path, target: Path, temporary: Path, *, replace: bool) -> bool:
    """Move a directory to its place, which another process may take at any moment.

    A directory never replaces another that holds something (``rename(2)``): of several processes
    without ``replace``, one gets the place; with it, all do, one after the other.
    """
    for attempt in range(ATTEMPTS):
        old = temporary / f"old{attempt}"
        if replace:
            with suppress(FileNotFoundError):
                os.rename(target, old)
        try:
            os.rename(new, target)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                if old.exists():
                    os.rename(old, target)
                raise
            if replace:
                continue
            return False
        return True
    return False


def _sync(directory: Path) -> None:
    """Bring a directory and the files in it to the disk, so that a power cut loses none."""
    for path in (*(path for path in directory.iterdir() if path.is_file()), directory):
        sync(path)
