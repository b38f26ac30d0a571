"""The store of models, the hub's cache, and whether the hub may be asked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from s2scli.errors import S2SError
from s2scli.models.choices import defaults
from s2scli.models.hub import is_offline
from s2scli.models.registry import load_registry
from s2scli.models.store import Wish, find_model, home
from s2scli.tasks.health.diagnosis import BROKEN, NOTE, Diagnosis

__all__ = ["network", "store"]

SCARCE_BYTES = 1 << 30


def network() -> Iterator[Diagnosis]:
    """Whether the environment allows downloads; nothing is sent to find out."""
    said = "HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids downloads"
    yield Diagnosis("hub", said if is_offline() else "downloads are allowed")
    if endpoint := os.environ.get("HF_ENDPOINT"):
        yield Diagnosis("HF_ENDPOINT", endpoint)


def store() -> Iterator[Diagnosis]:
    """The directories that s2s keeps, their sizes, and the user's choices."""
    root = home()
    if not _can_write(root):
        advice = "Give yourself the right to write there, or name another directory in S2S_HOME."
        yield Diagnosis("directory", f"{root} cannot be written", BROKEN, advice)
    else:
        yield Diagnosis("directory", f"{root}{'' if root.exists() else ' (not made yet)'}")
    yield Diagnosis("installed models", _megabytes(_size(root / "models")))
    if left := _size(root / "downloads"):
        advice = "Finish them with 's2s models pull', or delete the directory."
        yield Diagnosis("unfinished downloads", _megabytes(left), NOTE, advice)
    yield _cache()
    free = shutil.disk_usage(_existing(root)).free
    if free < SCARCE_BYTES:
        yield Diagnosis("free disk", _megabytes(free), NOTE, "Make room before you pull a model.")
    else:
        yield Diagnosis("free disk", _megabytes(free))
    yield from _registry()
    yield from _choices(root)


def _cache() -> Diagnosis:
    from huggingface_hub.constants import HF_HUB_CACHE

    return Diagnosis(
        "cache of the hub", f"{_megabytes(_size(Path(HF_HUB_CACHE)))} ({HF_HUB_CACHE})"
    )


def _registry() -> Iterator[Diagnosis]:
    try:
        yield Diagnosis("known models", str(len(load_registry(None))))
    except S2SError as error:
        yield Diagnosis("known models", error.message, BROKEN, error.advice)


def _choices(root: Path) -> Iterator[Diagnosis]:
    """The user's default models; one that is not there is broken."""
    try:
        chosen = defaults(root)
    except S2SError as error:
        yield Diagnosis("default models", error.message, BROKEN, error.advice)
        return
    for job, name in chosen.items():
        try:
            find_model(Wish(name, job.split()[0]))
            yield Diagnosis(f"default for {job}", name)
        except S2SError as error:
            yield Diagnosis(f"default for {job}", error.message, BROKEN, error.advice)


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())


def _can_write(path: Path) -> bool:
    return os.access(_existing(path), os.W_OK | os.X_OK)


def _size(root: Path) -> int:
    """Bytes of all files below a directory; links are not followed."""
    return sum(
        (Path(folder) / name).lstat().st_size
        for folder, _, names in os.walk(root)
        for name in names
    )


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
