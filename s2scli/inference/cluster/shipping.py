"""Copies a model to nodes that do not have it: in parts, through Ray's object store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from s2scli.disk.directories import whole_directory
from s2scli.disk.hashes import sha256
from s2scli.errors import CannotCreateError, InvalidModelError, UnavailableError
from s2scli.models.integrity import check_files
from s2scli.models.manifest import FILE_NAME, Manifest
from s2scli.models.store import home

__all__ = ["Parts", "has_model", "identity", "receive", "ship"]

PART_BYTES = 64 << 20  # so that neither side holds a large model in memory
Parts = Mapping[str, Sequence[Any]]  # file name → references to its parts, in order


def identity(directory: Path) -> str:
    """A model's identity: the hash of its manifest, which contains the hashes of its files."""
    return sha256(directory / FILE_NAME)


def has_model(directory: Path, wanted: str) -> bool:
    """Whether this model is in the directory; its files are not checked."""
    try:
        return identity(directory) == wanted
    except OSError:
        return False


def ship(directory: Path, files: Iterable[str], put: Callable[[bytes], Any]) -> Parts:
    """Store a model's manifest and files.

    Args:
        directory: the model directory.
        files: the names of the files, as in the manifest.
        put: stores bytes and returns a reference to them.
    """
    return {name: [put(part) for part in _parts(directory / name)] for name in (FILE_NAME, *files)}


def receive(parts: Parts, wanted: str, get: Callable[[Any], bytes]) -> Path:
    """Reassemble the files, once per node; other workers of the node find them there.

    The files' hashes are not checked here.

    Args:
        parts: as returned by ``ship``.
        wanted: the model's identity.
        get: fetches the bytes of a reference.

    Returns:
        The model directory.

    Raises:
        UnavailableError: the node cannot store them.
    """
    from filelock import FileLock

    directory = home() / "received" / wanted
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(directory.with_suffix(".lock")):
            if not _is_whole(directory, wanted):
                _write(directory, parts, get)
    except (OSError, CannotCreateError) as error:
        reason = error.strerror if isinstance(error, OSError) else error.message
        raise UnavailableError(
            f"Cannot keep the model in {directory}: {reason or error}",
            "Set S2S_HOME there to a directory with room, or copy the model to all nodes.",
        ) from error
    return directory


def _is_whole(directory: Path, wanted: str) -> bool:
    if not has_model(directory, wanted):
        return False
    try:
        check_files(directory, Manifest.load(directory))
    except InvalidModelError:
        return False
    return True


def _write(directory: Path, parts: Parts, get: Callable[[Any], bytes]) -> None:
    with whole_directory(directory, replace=True) as new:
        for name, references in parts.items():
            with (new / name).open("wb") as file:
                for reference in references:
                    file.write(get(reference))


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(PART_BYTES):
            yield part
