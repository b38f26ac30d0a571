"""Fetching the files of a repository: whole, with the right hashes, and resumed if interrupted."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from s2scli.disk.hashes import git_hash, sha256
from s2scli.errors import InvalidModelError
from s2scli.models.hub import RemoteFile, RemoteModel, hub_errors

__all__ = ["Progress", "download", "download_to_cache"]

WATCH_SECONDS = 0.2
# What the client writes at a time; the block that a broken connection leaves unfinished is lost.
BLOCK_BYTES = 64 << 10
PART = ".part"
# What there is, and of how much, in bytes.
Progress = Callable[[float, float], None]


def download(model: RemoteModel, directory: Path, progress: Progress) -> None:
    """Fetch the files of a repository into a directory; files that are there are not fetched again.

    ``huggingface_hub`` itself starts a file over when a process was interrupted; hence its lower
    level, which can continue where a file ends.

    Args:
        model: what to fetch.
        directory: where to.
        progress: called with the number of bytes.

    Raises:
        UnavailableError: the network or the hub failed; what came is kept and resumed.
        InvalidModelError: a file does not have the hash that the hub gives.
        InputOutputError: the disk is full.
    """
    _prepare_client()
    with _watched(directory, model.bytes, progress), hub_errors(model.hub_id):
        directory.mkdir(parents=True, exist_ok=True)
        for file in model.files:
            path = directory / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and _matches(path, file):
                continue
            part = directory / f"{file.name}{PART}"
            _fetch(model, file, part)
            if not _matches(part, file):
                part.unlink(missing_ok=True)
                raise _wrong_hash(model, file)
            part.replace(path)


def _fetch(model: RemoteModel, file: RemoteFile, part: Path) -> None:
    """Go on with a file where it ends."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils._headers import build_hf_headers

    if part.exists() and part.stat().st_size >= file.bytes:
        if part.stat().st_size == file.bytes:
            return
        part.unlink()
    with part.open("ab") as target:
        http_get(
            hf_hub_url(model.hub_id, file.name, revision=model.revision),
            target,
            resume_size=target.tell(),
            headers=build_hf_headers(library_name="s2s"),
            expected_size=file.bytes,
        )


def download_to_cache(model: RemoteModel, progress: Progress) -> Path:
    """Fetch the files of a repository into the hub's own cache.

    Args:
        model: what to fetch.
        progress: called with the number of bytes.

    Returns:
        The directory that has them.

    Raises:
        UnavailableError: the network or the hub failed.
        InvalidModelError: a file does not have the hash that the hub gives.
        InputOutputError: the disk is full.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.file_download import repo_folder_name

    _prepare_client()
    cache = Path(HF_HUB_CACHE) / repo_folder_name(repo_id=model.hub_id, repo_type="model")
    root = Path()
    with _watched(cache, model.bytes, progress), hub_errors(model.hub_id):
        for file in model.files:
            # By the name that was asked for, the cache remembers which commit it stands for.
            path = Path(hf_hub_download(model.hub_id, file.name, revision=model.asked))
            if not _matches(path, file):
                path.resolve().unlink(missing_ok=True)
                raise _wrong_hash(model, file)
            root = path.parents[file.name.count("/")]
    return root


def _prepare_client() -> None:
    """No bars and no warnings of the client's: progress and errors are ours to show. Small blocks,
    unless its other way to download is asked for, which has none.
    """
    from huggingface_hub import constants
    from huggingface_hub.utils.logging import set_verbosity_error
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    set_verbosity_error()  # type: ignore[no-untyped-call]
    if not getattr(constants, "HF_HUB_ENABLE_HF_TRANSFER", False):
        constants.DOWNLOAD_CHUNK_SIZE = BLOCK_BYTES


def _wrong_hash(model: RemoteModel, file: RemoteFile) -> InvalidModelError:
    return InvalidModelError(
        f"{file.name} of {model.hub_id} does not have the hash that the hub gives",
        "It was removed: try again. If this happens again, the file on the hub is corrupt.",
    )


@contextmanager
def _watched(directory: Path, total: int, progress: Progress) -> Iterator[None]:
    """Tell how much has come, by the size of what is on the disk."""
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(WATCH_SECONDS):
            progress(min(_size(directory), total), total)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _size(directory: Path) -> int:
    total = 0
    for root, _, names in os.walk(directory):
        for name in names:
            with suppress(OSError):
                status = os.lstat(os.path.join(root, name))
                total += status.st_size if stat.S_ISREG(status.st_mode) else 0
    return total


def _matches(path: Path, file: RemoteFile) -> bool:
    if file.sha256:
        return sha256(path) == file.sha256
    if file.blob_id:
        return git_hash(path) == file.blob_id
    return path.stat().st_size == file.bytes
