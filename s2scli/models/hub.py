"""The Hugging Face hub: what a repository holds, and the few files of it that are needed.

``huggingface_hub`` does the transfer and honours ``HF_ENDPOINT``, ``HF_TOKEN``, ``HF_HOME`` and
``HF_HUB_OFFLINE``; it resumes what was interrupted. Here its errors become ours.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.errors import InputOutputError, InvalidModelError, UnavailableError

__all__ = ["RemoteFile", "RemoteModel", "cached_snapshot", "download", "is_offline", "look_up"]

# Nothing else is ever fetched: no code, no other weights.
WANTED = frozenset(
    {
        "README.md",
        "added_tokens.json",
        "config.json",
        "generation_config.json",
        "merges.txt",
        "sentencepiece.bpe.model",
        "source.spm",
        "special_tokens_map.json",
        "spiece.model",
        "target.spm",
        "target_vocab.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.json",
    }
)
# In order of preference: the whole file, or an index and its shards.
WEIGHTS = (
    ("model.safetensors", re.compile(r"model-\d{5}-of-\d{5}\.safetensors")),
    ("pytorch_model.bin", re.compile(r"pytorch_model-\d{5}-of-\d{5}\.bin")),
)


WATCH_SECONDS = 0.2
Progress = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository.

    Attributes:
        name: its path, which is a plain name.
        bytes: its size.
        sha256: hash of the content, for large files; else empty.
        blob_id: Git's hash of the content, for small files; else empty.
    """

    name: str
    bytes: int
    sha256: str
    blob_id: str


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """A repository at one commit, and of its files those that a conversion needs.

    Attributes:
        hub_id: its name.
        asked: the commit, branch or tag that was asked for.
        revision: the commit.
        licence: as its card has it; may be empty.
        files: the files.
    """

    hub_id: str
    asked: str | None
    revision: str
    licence: str
    files: tuple[RemoteFile, ...]

    @property
    def bytes(self) -> int:
        """Size of the files together."""
        return sum(file.bytes for file in self.files)


def is_offline() -> bool:
    """Whether the environment forbids to ask the hub."""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")


def look_up(hub_id: str, revision: str | None) -> RemoteModel:
    """Ask the hub for a repository.

    Args:
        hub_id: such as ``Helsinki-NLP/opus-mt-en-de``.
        revision: commit, branch or tag; None for the newest.

    Raises:
        UnavailableError: there is no such repository, it may not be read, or the network is down.
        InvalidModelError: it has no weights of a kind that can be converted.
    """
    from huggingface_hub import HfApi

    with _hub_errors(hub_id):
        info = HfApi().model_info(hub_id, revision=revision, files_metadata=True)
    listed = {file.rfilename: file for file in info.siblings or []}
    weights = _weights(hub_id, listed)
    files = [_file(listed[name]) for name in sorted((WANTED & listed.keys()) | weights)]
    licence = getattr(info.card_data, "license", None) or ""
    return RemoteModel(hub_id, revision, str(info.sha), str(licence), tuple(files))


def _weights(hub_id: str, names: Any) -> set[str]:
    for whole, shard in WEIGHTS:
        if whole in names:
            return {whole}
        if f"{whole}.index.json" in names:
            return {f"{whole}.index.json", *filter(shard.fullmatch, names)}
    others = sorted(name for name in names if name.endswith((".h5", ".msgpack", ".gguf", ".onnx")))
    raise InvalidModelError(
        f"{hub_id} has neither model.safetensors nor pytorch_model.bin"
        + (f", only {', '.join(others[:3])}" if others else ""),
        "Choose a repository with PyTorch or safetensors weights.",
    )


def _file(sibling: Any) -> RemoteFile:
    lfs = sibling.lfs
    sha256 = (lfs.get("sha256") if isinstance(lfs, dict) else getattr(lfs, "sha256", "")) or ""
    blob_id = "" if sha256 else sibling.blob_id or ""
    return RemoteFile(sibling.rfilename, sibling.size or 0, sha256, blob_id)


def cached_snapshot(hub_id: str, revision: str | None) -> Path | None:
    """The directory of the hub's own cache that holds a commit with its weights, if there is one.

    Args:
        hub_id: the repository.
        revision: commit, branch or tag; None for what the cache knows as the newest.
    """
    from huggingface_hub import try_to_load_from_cache

    with _hub_errors(hub_id):
        found = try_to_load_from_cache(hub_id, "config.json", revision=revision)
    if not isinstance(found, str):
        return None
    directory = Path(found).parent
    return directory if any(_is_whole(directory, name) for name, _ in WEIGHTS) else None


def _is_whole(directory: Path, name: str) -> bool:
    """Whether weights are there, in one file or with all shards that the index names."""
    if (directory / name).exists():
        return True
    try:
        shards = json.loads((directory / f"{name}.index.json").read_bytes())["weight_map"].values()
        return all((directory / shard).exists() for shard in set(shards))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return False


def download(model: RemoteModel, directory: Path | None, progress: Progress) -> Path:
    """Fetch the files of a repository, whole and with the right hashes.

    Args:
        model: what to fetch.
        directory: where to; None for the hub's own cache.
        progress: is told how many bytes there are, and of how many.

    Returns:
        The directory that has them.

    Raises:
        UnavailableError: the network or the hub failed; what came is kept and resumed.
        InvalidModelError: a file does not have the hash that the hub gives.
        InputOutputError: the disk is full.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.file_download import repo_folder_name
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    cache = Path(HF_HUB_CACHE) / repo_folder_name(repo_id=model.hub_id, repo_type="model")
    # By the name that was asked for, the cache remembers which commit it stands for.
    revision = model.revision if directory else model.asked
    path = Path()
    with _watched(directory or cache, model.bytes, progress):
        for file in model.files:
            with _hub_errors(model.hub_id):
                path = Path(
                    hf_hub_download(model.hub_id, file.name, revision=revision, local_dir=directory)
                )
            if not _matches(path, file):
                path.resolve().unlink(missing_ok=True)
                raise InvalidModelError(
                    f"{file.name} of {model.hub_id} does not have the hash that the hub gives",
                    "It was removed: try again. If it comes again, the hub's copy is bad.",
                )
    return path.parent


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
        digest, expected = hashlib.sha256(), file.sha256
    elif file.blob_id:
        digest, expected = hashlib.sha1(usedforsecurity=False), file.blob_id
        digest.update(b"blob %d\0" % path.stat().st_size)
    else:
        return path.stat().st_size == file.bytes
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest() == expected


@contextmanager
def _hub_errors(hub_id: str) -> Iterator[None]:
    """Say what went wrong between us and the hub, and what to do."""
    from huggingface_hub import errors

    try:
        yield
    except errors.HFValidationError as error:
        raise UnavailableError(f"{hub_id!r} cannot be the name of a model on the hub") from error
    except errors.GatedRepoError as error:
        raise UnavailableError(
            f"{hub_id} is gated: its authors must let you in",
            f"Ask at https://huggingface.co/{hub_id}, then set HF_TOKEN to a token of yours.",
        ) from error
    except errors.RevisionNotFoundError as error:
        raise UnavailableError(f"{hub_id} has no such revision", "Check --revision.") from error
    except errors.RepositoryNotFoundError as error:
        raise UnavailableError(
            f"There is no model {hub_id} on the hub, or it is private",
            "Check its spelling; for a private model, set HF_TOKEN to a token of yours.",
        ) from error
    except errors.OfflineModeIsEnabled as error:
        raise UnavailableError(
            f"{hub_id} is not on this machine, and HF_HUB_OFFLINE forbids to fetch it",
            f"With a network: s2s models pull {hub_id}.",
        ) from error
    except Exception as error:  # whatever the transport in use raises
        raise _transport_error(hub_id, error) from error


def _transport_error(hub_id: str, error: Exception) -> Exception:
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return InputOutputError(
                f"The disk is full while {hub_id} is fetched", "Free some space and try again."
            )
    responses = (getattr(cause, "response", None) for cause in chain)
    status = next((response.status_code for response in responses if response is not None), None)
    if status in (401, 403):
        return UnavailableError(f"The hub refuses access to {hub_id}", "Check HF_TOKEN.")
    if status == 429:
        return UnavailableError(
            f"The hub has had too many requests ({hub_id})", "Wait some minutes; HF_TOKEN helps."
        )
    if status is not None:
        return UnavailableError(f"The hub answered {status} for {hub_id}", "Try again later.")
    return UnavailableError(
        f"Cannot reach the hub for {hub_id}: {_first_line(chain[-1])}",
        "Check the network (HF_ENDPOINT, proxies) and try again: what came so far is kept.",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0].rstrip(".")
