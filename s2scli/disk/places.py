"""Files and folders: local ones, and those of other file systems, named by URLs.

fsspec reads and writes ``s3://``, ``gs://``, ``az://``, ``sftp://`` and others;
``universal_pathlib`` gives its files the methods of ``pathlib.Path``
(https://universal-pathlib.readthedocs.io/).
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import cast

from s2scli.disk.hashes import digest
from s2scli.errors import (
    CannotCreateError,
    InputOutputError,
    S2SError,
    UnavailableError,
    UsageError,
    memory_error,
    write_error,
)

__all__ = ["cache", "is_local", "is_url", "journal_of", "place", "remote_error", "same"]


def is_url(name: str) -> bool:
    """Whether a name is one of another file system."""
    return "://" in name


def place(name: str) -> Path:
    """The file or folder of a name; a URL's has the methods of a path.

    Raises:
        UnavailableError: what reaches that file system is not installed.
        UsageError: there is no such file system, or no file can have that name.
    """
    if not name:
        raise UsageError("The name of a file or folder is empty")
    try:
        can_be = b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        can_be = False
    if not can_be:
        raise UsageError(f"No file can be called {name!r}")
    if not is_url(name):
        return Path(name)
    try:
        from upath import UPath
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            f"{name} is on another file system, which needs an extra package",
            "Install it with: pip install 's2scli[remote]'",
        ) from error
    try:
        path = UPath(name)
        path.exists()  # the file system's own package is looked for now, its server too
    except ImportError as error:
        raise UnavailableError(f"{name} cannot be reached", f"{error}.") from error
    except ValueError as error:
        raise UsageError(f"{name} is on an unknown file system", f"{error}.") from error
    except Exception as error:  # whatever the file system's package raises
        raise UnavailableError(
            f"{name} cannot be reached: {type(error).__name__}: {error}"
        ) from error
    return cast(Path, path)


# What errors are called if the network is to blame and they have no code, in small letters.
_NETWORK = ("connect", "timeout", "endpoint", "dns", "nameresolution", "gaierror", "ssl", "socket")
_UNREACHED = (
    *(errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH),
    *(errno.ETIMEDOUT, errno.ECONNREFUSED, errno.ECONNRESET),
)


def remote_error(problem: str, error: Exception) -> S2SError:
    """The user's error when something cannot be written to another file system.

    It is one of what is needed if the network fails, one of creating if the place is to blame, and
    else one of writing.

    Args:
        problem: what cannot be done, and where.
        error: the reason, whatever the file system's package raises.
    """
    name = type(error).__name__
    reason = f"{problem}: {name}: {error}"
    if isinstance(error, ConnectionError | TimeoutError):
        return UnavailableError(reason)
    if isinstance(error, OSError) and error.errno in _UNREACHED:
        return UnavailableError(reason)
    if any(word in name.lower() for word in _NETWORK):
        return UnavailableError(reason)
    if isinstance(error, OSError) and not isinstance(write_error("", error), InputOutputError):
        return CannotCreateError(reason)
    return InputOutputError(reason)


def is_local(path: Path) -> bool:
    """Whether a path is one of this machine."""
    return isinstance(path, Path)


def same(one: Path, other: Path) -> bool:
    """Whether two paths, the first of something that exists, are of the same file."""
    if is_local(one) and is_local(other):
        try:
            return one.samefile(other)
        except OSError:  # nothing is there, or cannot be: the name is too long
            return False
    return str(one) == str(other)


def cache() -> Path:
    """The folder of the user's cache."""
    from platformdirs import user_cache_path

    return user_cache_path("s2s")


def journal_of(folder: Path) -> Path:
    """The folder for the journal of a file, or of a folder on another file system.

    There it would be in the way; or nothing could lock it.
    """
    name = os.path.abspath(folder) if is_local(folder) else str(folder)
    return cache() / "journals" / digest(name)[:16]
