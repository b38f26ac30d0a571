"""Whether the files of a model directory are those that its manifest describes.

The engine copies what a damaged ``model.bin`` says into memory, so files are hashed before it
sees them: small ones each time, large ones once, as long as their size and time stay the same
(``.verified`` beside them remembers that). ``s2s models verify`` hashes everything.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from s2scli.disk.atomic import write_whole
from s2scli.disk.hashes import sha256
from s2scli.errors import (
    CannotCreateError,
    InputOutputError,
    InvalidModelError,
    UnavailableError,
)
from s2scli.models.manifest import FILE_NAME, SHORTLIST_FILE, FileRecord, Manifest
from s2scli.models.paths import contained

__all__ = ["check_files", "checked_meanwhile", "damaged_files", "foreign_names", "remember_checked"]

STAMPS = ".verified"
MAX_STAMPS_BYTES = 1 << 16
ALWAYS_HASHED_BYTES = 32 << 20
Stamp = tuple[int, int, str]  # size, time of change in nanoseconds, hash
# What this process, or the one that it was forked from, has hashed for the processes after it.
_CHECKED: dict[Path, dict[str, Stamp | None]] = {}


def check_files(directory: Path, manifest: Manifest) -> None:
    """Make sure that the files of a model are intact.

    Raises:
        InvalidModelError: a file is missing or is not what the manifest describes.
    """
    known, stamps = _read_stamps(directory), {}
    checked = _CHECKED.get(directory.resolve(), {}) if _CHECKED else {}
    for name, record in manifest.all_files.items():
        path = contained(directory, name)
        stamp = _stamp(path, record)
        if stamp is None:
            _refuse(path, "is missing or does not have the size that the manifest gives")
        trusted = record.bytes > ALWAYS_HASHED_BYTES and known.get(name) == stamp
        trusted = trusted or checked.get(name) == stamp
        if not trusted and sha256(path) != record.sha256:
            _refuse(path, "is damaged: it does not have the hash that the manifest gives")
        if stamp and record.bytes > ALWAYS_HASHED_BYTES:
            stamps[name] = stamp
    if stamps != known:
        _write_stamps(directory, stamps)


def remember_checked(directory: Path, manifest: Manifest) -> None:
    """Check a model's files; processes that are forked from this one hash them again only if they
    have changed.

    Raises:
        InvalidModelError: a file is missing or is not what the manifest describes.
    """
    stamps = {
        name: _stamp(contained(directory, name), record)
        for name, record in manifest.all_files.items()
    }
    check_files(directory, manifest)
    _CHECKED[directory.resolve()] = stamps


@contextmanager
def checked_meanwhile(directory: Path, manifest: Manifest) -> Iterator[None]:
    """Check a model's files in the background; the check is finished when the block ends.

    Raises:
        InvalidModelError: a file is missing or is not what the manifest describes, whatever else
            has failed.
    """
    if directory.resolve() in _CHECKED:  # nothing is hashed: not worth a thread
        check_files(directory, manifest)
        yield
        return
    failures: list[BaseException] = []

    def check() -> None:
        try:
            check_files(directory, manifest)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=check)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        if failures:
            raise failures[0]


def damaged_files(directory: Path, manifest: Manifest) -> Iterator[str]:
    """The names of missing or changed files, regardless of earlier checks."""
    for name, record in manifest.all_files.items():
        path = contained(directory, name)
        if _stamp(path, record) is None or sha256(path) != record.sha256:
            yield name


def foreign_names(directory: Path) -> list[str]:
    """What a model's directory holds beside the model, sorted.

    Of a model whose manifest cannot be read, only hidden names and directories: it has none.
    """
    try:
        names = sorted(path.name for path in directory.iterdir() if path.name != STAMPS)
        own = {FILE_NAME, SHORTLIST_FILE, *Manifest.load(directory).files}
    except (FileNotFoundError, UnavailableError):  # another process is just replacing it
        return []
    except InvalidModelError:
        return [name for name in names if name.startswith(".") or (directory / name).is_dir()]
    return [name for name in names if name not in own]


def _refuse(path: Path, problem: str) -> None:
    if path.name == SHORTLIST_FILE:
        advice = "Remove the shortlist (s2s models shortlist MODEL --remove), or make it again."
    else:
        advice = (
            "Download the model again (s2s models pull --force) or convert its checkpoint again."
        )
    raise InvalidModelError(f"{path} {problem}", advice)


def _stamp(path: Path, record: FileRecord) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    right = path.is_file() and status.st_size == record.bytes
    return (status.st_size, status.st_mtime_ns, record.sha256) if right else None


def _read_stamps(directory: Path) -> dict[str, Stamp]:
    try:
        with (directory / STAMPS).open("rb") as file:
            content = json.loads(file.read(MAX_STAMPS_BYTES))
        return {str(name): (int(row[0]), int(row[1]), str(row[2])) for name, row in content.items()}
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return {}


def _write_stamps(directory: Path, stamps: dict[str, Stamp]) -> None:
    """Remember what was verified; a directory that may not be written is hashed each time."""
    with suppress(CannotCreateError, InputOutputError):
        write_whole(directory / STAMPS, json.dumps(stamps).encode(), name_on_disk=False)
