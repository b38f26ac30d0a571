"""The Hugging Face hub: what a repository holds, and the few files of it that are needed.

``huggingface_hub`` asks and honours ``HF_ENDPOINT``, ``HF_TOKEN``, ``HF_HOME``,
``HF_HUB_OFFLINE`` and ``TRANSFORMERS_OFFLINE``. Here its errors become ours.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.errors import InputOutputError, InvalidModelError, S2SError, UnavailableError
from s2scli.models.convert.cometfile import SETTINGS_FILE, WEIGHTS_FILE
from s2scli.models.convert.standins import refuse_adapter, refuse_quantized
from s2scli.models.exported import choose, exported_in, find_exported

__all__ = [
    "RemoteFile",
    "RemoteModel",
    "UnreachableError",
    "cached_snapshot",
    "cached_with",
    "hub_errors",
    "is_offline",
    "look_up",
]

# Nothing else is ever fetched: no code, no other weights.
WANTED = frozenset(
    {
        "README.md",
        "added_tokens.json",
        "config.json",
        "generation_config.json",
        "merges.txt",
        "preprocessor_config.json",
        "sentencepiece.bpe.model",
        "source.spm",
        "special_tokens_map.json",
        "spiece.model",
        "target.spm",
        "target_vocab.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.json",
        "vocab.txt",
    }
)
# In order of preference: the whole file, or an index and its shards.
WEIGHTS = (
    ("model.safetensors", re.compile(r"model-\d{5}-of-\d{5}\.safetensors")),
    ("pytorch_model.bin", re.compile(r"pytorch_model-\d{5}-of-\d{5}\.bin")),
)


# A learned metric of COMET's has no config.json, and its encoder's files are elsewhere.
COMET = frozenset({SETTINGS_FILE, WEIGHTS_FILE})
# Beside a graph, its weights.
GRAPH_DATA = r"(_data(_\d+)?|\.data)?"


class UnreachableError(UnavailableError):
    """The hub cannot be asked now: the network is down, or the hub itself."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository.

    Attributes:
        name: its path: a plain name, but for graphs, which may be in the folder ``onnx``.
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
    """Whether the environment forbids to ask the hub, in words of its client or of transformers."""
    said = os.environ.get("HF_HUB_OFFLINE") or os.environ.get("TRANSFORMERS_OFFLINE") or ""
    return said.upper() in ("1", "ON", "YES", "TRUE")


def look_up(
    hub_id: str, revision: str | None, onnx: str | None = None, *, weights: bool = True
) -> RemoteModel:
    """Look up a repository on the hub.

    Args:
        hub_id: such as ``Helsinki-NLP/opus-mt-en-de``.
        revision: commit, branch or tag; None for the newest.
        onnx: a key of ``s2scli.models.exported.TYPES``: its ONNX files of that type. Where there
            are no other weights, such files are taken anyway.
        weights: whether its weights are wanted, or its settings and tokenizer alone.

    Raises:
        UnreachableError: the network or the hub is down.
        UnavailableError: there is no such repository, or it may not be read.
        InvalidModelError: it has no weights of a kind that can be converted, or is an adapter.
        UsageError: it has no ONNX files of the type that is asked for.
    """
    from huggingface_hub import HfApi

    with hub_errors(hub_id):
        info = HfApi().model_info(hub_id, revision=revision, files_metadata=True)
    listed = {file.rfilename: file for file in info.siblings or []}
    refuse_adapter(hub_id, listed)
    refuse_quantized(hub_id, getattr(info, "config", None) or {})
    others = _weights(hub_id, listed, onnx) if weights else set()
    files = [_file(listed[name]) for name in sorted((WANTED & listed.keys()) | others)]
    licence = getattr(info.card_data, "license", None) or ""
    return RemoteModel(hub_id, revision, str(info.sha), str(licence), tuple(files))


def _weights(hub_id: str, names: Any, onnx: str | None) -> set[str]:
    for whole, shard in () if onnx else WEIGHTS:
        if whole in names:
            return {whole}
        if f"{whole}.index.json" in names:
            return {f"{whole}.index.json", *filter(shard.fullmatch, names)}
    if not onnx and set(names) >= COMET:
        return set(COMET)
    exported = choose(f"{hub_id}", find_exported(names), onnx)
    if exported:
        graphs = [re.compile(re.escape(path) + GRAPH_DATA) for path in exported.paths]
        return {name for name in names if any(graph.fullmatch(name) for graph in graphs)}
    others = sorted(name for name in names if name.endswith((".h5", ".msgpack", ".gguf", ".onnx")))
    raise InvalidModelError(
        f"{hub_id} has neither model.safetensors nor pytorch_model.bin"
        + (f", only {', '.join(others[:3])}" if others else ""),
        "Choose a repository with PyTorch or safetensors weights, or with ONNX files of an encoder "
        "and a decoder.",
    )


def _file(sibling: Any) -> RemoteFile:
    lfs = sibling.lfs
    sha256 = (lfs.get("sha256") if isinstance(lfs, dict) else getattr(lfs, "sha256", "")) or ""
    blob_id = "" if sha256 else sibling.blob_id or ""
    return RemoteFile(sibling.rfilename, sibling.size or 0, sha256, blob_id)


def cached_snapshot(hub_id: str, revision: str | None, onnx: str | None = None) -> Path | None:
    """The directory of the hub's own cache that holds a commit with its weights, if there is one.

    Args:
        hub_id: the repository.
        revision: commit, branch or tag; None for what the cache knows as the newest.
        onnx: the type of ONNX files that it must have, if these are asked for.
    """
    if directory := None if onnx else cached_with(hub_id, SETTINGS_FILE, revision):
        return directory if (directory / WEIGHTS_FILE).exists() else None
    directory = cached_with(hub_id, "config.json", revision)
    if directory is None:
        return None
    exported = exported_in(directory)
    plain = not onnx and any(_is_whole(directory, name) for name, _ in WEIGHTS)
    return directory if plain or (onnx in exported if onnx else exported) else None


def cached_with(hub_id: str, name: str, revision: str | None = None) -> Path | None:
    """The directory of the hub's own cache that holds a commit with a file, if there is one."""
    from huggingface_hub import try_to_load_from_cache

    with hub_errors(hub_id):
        found = try_to_load_from_cache(hub_id, name, revision=revision)
    return Path(found).parent if isinstance(found, str) else None


def _is_whole(directory: Path, name: str) -> bool:
    """Whether weights are there, in one file or with all shards that the index names."""
    if (directory / name).exists():
        return True
    try:
        shards = json.loads((directory / f"{name}.index.json").read_bytes())["weight_map"].values()
        return all((directory / shard).exists() for shard in set(shards))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return False


@contextmanager
def hub_errors(hub_id: str) -> Iterator[None]:
    """Turn errors of the hub client into ours, with advice."""
    from huggingface_hub import errors

    try:
        yield
    except S2SError:
        raise
    except errors.HFValidationError as error:
        raise UnavailableError(f"{hub_id!r} cannot be the name of a model on the hub") from error
    except errors.GatedRepoError as error:
        raise UnavailableError(
            f"{hub_id} is gated: its authors must grant you access",
            f"Ask at https://huggingface.co/{hub_id}, then set HF_TOKEN to your token.",
        ) from error
    except errors.RevisionNotFoundError as error:
        raise UnavailableError(f"{hub_id} has no such revision", "Check --revision.") from error
    except errors.RepositoryNotFoundError as error:
        raise UnavailableError(
            f"There is no model {hub_id} on the hub, or it is private",
            "Check its spelling; for a private model, set HF_TOKEN to your token.",
        ) from error
    except errors.OfflineModeIsEnabled as error:
        raise UnavailableError(
            f"{hub_id} is not on this machine, and HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE forbids "
            "downloading it",
            f"With a network: s2s models pull {hub_id}.",
        ) from error
    except Exception as error:  # whatever the transport in use raises
        raise _transport_error(hub_id, error) from error


def _transport_error(hub_id: str, error: Exception) -> Exception:
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return InputOutputError(
                f"The disk is full while downloading {hub_id}", "Free some space and try again."
            )
    responses = (getattr(cause, "response", None) for cause in chain)
    status = next((response.status_code for response in responses if response is not None), None)
    if status in (401, 403):
        return UnavailableError(f"The hub refuses access to {hub_id}", "Check HF_TOKEN.")
    if status == 429:
        return UnreachableError(
            f"The hub has had too many requests ({hub_id})", "Wait a few minutes; HF_TOKEN helps."
        )
    if status is not None:
        return UnreachableError(f"The hub answered {status} for {hub_id}", "Try again later.")
    return UnreachableError(
        f"Cannot reach the hub for {hub_id}: {_first_line(chain[-1])}",
        "Check the network (HF_ENDPOINT, proxies) and try again: what came so far is kept, but for "
        f"64 kB at most. Without one, run 's2s models pull {hub_id}' elsewhere, copy the directory "
        f"that 's2s models path {hub_id}' prints, and name it with -m DIRECTORY.",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0].rstrip(".")
