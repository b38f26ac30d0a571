"""Documents put in their places, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from s2scli.disk.atomic import write_whole
from s2scli.disk.places import is_local, remote_error
from s2scli.errors import CannotCreateError, write_error
from s2scli.tasks.tree import BACKUP, DocumentJob

__all__ = ["keep", "keep_changed", "write"]

MOST_BACKUPS = 100


def write(data: bytes, job: DocumentJob) -> None:
    """Write a document; where a link stands, what it leads to is written.

    Raises:
        CannotCreateError: its file or folder cannot be created.
        InputOutputError: the disk is full, or another file system fails.
        UnavailableError: the network fails.
    """
    if not is_local(job.target):
        _write_remote(data, job)
        return
    try:
        job.target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(f"Cannot create {job.target.parent}", error) from error
    # A name that a power failure takes away is missed by the next run.
    write_whole(_real(job.target), data, name_on_disk=False)


def _write_remote(data: bytes, job: DocumentJob) -> None:
    """Write a file of another file system.

    Stores of objects take an object when all of it has come. Where files grow as they are
    written, what a crash has left is not what the journal says, and is written again.
    """
    try:
        job.target.parent.mkdir(parents=True, exist_ok=True)
        job.target.write_bytes(data)
    except Exception as error:  # whatever the file system's package raises
        raise remote_error(f"Cannot write {job.target}", error) from error


def keep_changed(job: DocumentJob, changed: str, hash_: str) -> Iterator[str]:
    """Keep a translation that somebody has changed, for it will be written anew.

    Args:
        job: the document.
        changed: the hash of the changed translation; empty if there is none.
        hash_: that of the new one.

    Yields:
        What is to be said of it.

    Raises:
        CannotCreateError: it cannot be kept.
    """
    if changed and changed != hash_:
        backup = keep(job.target)
        yield f"What had been written for it was changed since; that is now {backup.name}."


def keep(path: Path) -> Path:
    """Keep a backup beside a file that will be replaced, without replacing older ones.

    Returns:
        The backup.

    Raises:
        CannotCreateError: it cannot be kept.
    """
    for number in range(1, MOST_BACKUPS):
        backup = path.with_name(f"{path.name}{BACKUP}{number if number > 1 else ''}")
        try:
            _twin(_real(path), backup)
        except FileExistsError:
            if backup.samefile(path) or backup.read_bytes() == path.read_bytes():
                return backup
            continue
        except OSError as error:
            raise write_error(f"Cannot create {backup}", error) from error
        return backup
    raise CannotCreateError(f"{path} has {MOST_BACKUPS} backups", "Remove some of them.")


def _real(path: Path) -> Path:
    """What a link leads to; a file itself."""
    return Path(os.path.realpath(path)) if os.path.islink(path) else path


def _twin(path: Path, other: Path) -> None:
    """Give a file a second name, or copy it where files have one name only.

    Raises:
        FileExistsError: there is something of the other name.
        OSError: it cannot be created.
    """
    try:
        os.link(path, other)
    except FileExistsError:
        raise
    except OSError:
        with path.open("rb") as source, other.open("xb") as target:
            shutil.copyfileobj(source, target)
