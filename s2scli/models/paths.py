"""Names of files inside a model or checkpoint directory, which must not lead out of it."""

from __future__ import annotations

from pathlib import Path

from s2scli.errors import InvalidModelError

__all__ = ["contained", "is_loadable"]


def contained(directory: Path, name: str) -> Path:
    """The path of a file of ``directory``, which need not exist.

    A link may lead to a file of the same directory, or from a snapshot of the hub's cache, or a
    folder of it, to that repository's blobs.

    Raises:
        InvalidModelError: the name is a path, or a link that leads elsewhere.
    """
    path = directory / name
    if Path(name).name != name or name in ("", ".", "..") or "\\" in name or "\0" in name:
        raise InvalidModelError(f"{directory}: {name!r} is not the name of a file in it")
    if path.is_symlink():
        real, root = path.resolve(), directory.resolve()
        # A repository's snapshot may have folders.
        snapshots = (place for place in (root, root.parent) if place.parent.name == "snapshots")
        allowed = [root, *(place.parents[1] / "blobs" for place in snapshots)]
        if not any(real.is_relative_to(place) for place in allowed):
            raise InvalidModelError(
                f"{path} is a link that leads out of the directory", "Copy the file there instead."
            )
    return path


def is_loadable(directory: Path) -> bool:
    """Whether engines and tokenizers can open files there: to them, names are UTF-8."""
    try:
        str(directory).encode()
    except UnicodeEncodeError:
        return False
    return True
