"""Where a checkpoint is: a directory, or a repository in the hub's own cache.

The cache (https://huggingface.co/docs/huggingface_hub/guides/manage-cache) has a folder
``models--OWNER--NAME`` for each repository, with ``refs/BRANCH`` (a commit) and
``snapshots/COMMIT`` (the files).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from s2scli.errors import InvalidModelError

__all__ = ["Location", "locate"]

REPOSITORY = "models--"
SNAPSHOTS = "snapshots"
MAX_REF_BYTES = 200


@dataclass(frozen=True, slots=True)
class Location:
    """A checkpoint's place.

    Attributes:
        directory: where its files are.
        hub_id: its name on the hub, if the place tells; else empty.
        revision: its commit there; else empty.
    """

    directory: Path
    hub_id: str = ""
    revision: str = ""


def locate(path: Path) -> Location:
    """Find the checkpoint in a directory.

    Args:
        path: a checkpoint, or a repository of the hub's cache, of which the newest main branch
            counts, or a snapshot of one.

    Raises:
        InvalidModelError: it is a repository without a snapshot, or with several of which none is
            the main branch.
    """
    real = path.resolve()
    if real.parent.name == SNAPSHOTS and real.parents[1].name.startswith(REPOSITORY):
        return Location(path, _hub_id(real.parents[1]), real.name)
    snapshots = real / SNAPSHOTS
    if (path / "config.json").exists() or not snapshots.is_dir():
        return Location(path)
    commit = _commit(real, [entry.name for entry in sorted(snapshots.iterdir()) if entry.is_dir()])
    return Location(path / SNAPSHOTS / commit, _hub_id(real), commit)


def _hub_id(repository: Path) -> str:
    """``models--OWNER--NAME`` → ``OWNER/NAME``."""
    if not repository.name.startswith(REPOSITORY):
        return ""
    return repository.name.removeprefix(REPOSITORY).replace("--", "/", 1)


def _commit(repository: Path, snapshots: list[str]) -> str:
    main = repository / "refs" / "main"
    if main.is_file():
        with main.open("rb") as file:
            commit = file.read(MAX_REF_BYTES).decode("ascii", "replace").strip()
        if commit in snapshots:
            return commit
    if len(snapshots) == 1:
        return snapshots[0]
    if snapshots:
        raise InvalidModelError(
            f"{repository} holds {len(snapshots)} snapshots, and none of them is its main branch",
            f"Name one of them: {', '.join(str(Path(SNAPSHOTS) / name) for name in snapshots)}.",
        )
    raise InvalidModelError(
        f"{repository} is a repository of the hub's cache without a snapshot",
        "Download it again: s2s models pull OWNER/NAME.",
    )
