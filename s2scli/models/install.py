"""From the hub to the store: look up, accept the license, fetch, convert; all or nothing.

Several processes may need the same model at once: one does the work, the others wait for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from s2scli.errors import (
    ConfigurationError,
    InputOutputError,
    UnavailableError,
    UsageError,
    write_error,
)
from s2scli.models import choices, hub, pages
from s2scli.models.cometencoder import obtained_encoder
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.opening import ScoringParts
from s2scli.models.convert.run import Labels, Report, check_target, convert
from s2scli.models.download import download, download_to_cache
from s2scli.models.registry import ModelEntry, asks_acceptance, load_registry
from s2scli.models.store import home, model_directory, stored_as
from s2scli.plugs import suggestion

__all__ = ["InstallPlan", "Request", "Tell", "install", "known_entry", "prepare"]

# How large a model is compared with its checkpoint, if that is of float16 numbers (the worst case).
GROWTH = {"int8": 0.6, "int8_float32": 0.6, "int16": 1.1, "float16": 1.1, "bfloat16": 1.1}
FLOAT32_GROWTH = 2.1
# Stage ("waiting", "downloading", "converting"), what is done, and the whole: bytes or shares.
Tell = Callable[[str, float, float], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What to install, and how.

    Attributes:
        name: alias, hub id or the address of a page of the hub.
        revision: commit, branch or tag; None for the registry's, else the newest.
        quantization: how to store the weights.
        target: the model directory to write; None for the store.
        own_name: the model's name; by default the alias or hub id.
        force: replace what is there.
        keep_checkpoint: fetch into the hub's own cache and leave the checkpoint there.
        accept_licence: whether the user accepts a license that asks for it.
        offline: do not use the network.
        registry: a registry of the user's beside the usual ones.
        onnx: a key of ``s2scli.models.exported.TYPES``: take its ONNX files of that type.
        long_inputs: as for ``s2scli.models.convert.run.convert``.
    """

    name: str
    revision: str | None = None
    quantization: str = "int8"
    target: Path | None = None
    own_name: str = ""
    force: bool = False
    keep_checkpoint: bool = False
    accept_licence: bool = False
    offline: bool = False
    registry: Path | None = None
    onnx: str | None = None
    long_inputs: bool = False


@dataclass(frozen=True, slots=True)
class InstallPlan:
    """What an installation will do.

    Attributes:
        request: what was asked for.
        labels: what the manifest will say.
        target: where the model will be.
        remote: what is to be fetched; None if nothing is.
        snapshot: the checkpoint in the hub's cache, if it is there.
        note: why that is taken without asking the hub, if it could not be asked.
    """

    request: Request
    labels: Labels
    target: Path
    remote: hub.RemoteModel | None = None
    snapshot: Path | None = None
    note: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the model is in the store already."""
        in_store = self.request.target is None
        return in_store and self.target.exists() and not self.request.force

    @property
    def work_name(self) -> str:
        """Of what is fetched and locked: one for each commit and way of storing it, wherever the
        model is to be, so that no file of one checkpoint is taken for another's.
        """
        return _in_store(self.labels, self.request).name

    @property
    def download_bytes(self) -> int:
        """Maximum number of bytes to download."""
        return self.remote.bytes if self.remote else 0


def known_entry(name: str, registry: Path | None) -> ModelEntry | None:
    """The registry's entry of an alias or a hub id; None for a hub id that it does not know.

    Raises:
        UnavailableError: it is neither.
    """
    entries = load_registry(registry)
    entry = entries.get(name) or next((e for e in entries.values() if e.hub == name), None)
    if entry and entry.bundled:
        raise UnavailableError(f"{name} comes with s2s and needs no download")
    if entry or name.count("/") == 1:
        return entry
    advice = suggestion(name, entries, "See what there is with: s2s models list.")
    raise UnavailableError(
        f"There is no model {name!r}", f"{advice} A model of the hub is named OWNER/NAME."
    )


def prepare(request: Request) -> InstallPlan:
    """Plan an installation.

    Raises:
        UnavailableError: there is no such model, or the hub cannot be reached.
        UsageError: a page's address and the revision contradict each other, or it has no ONNX
            files of the type that is asked for.
        ConfigurationError: its license must be accepted first.
        CannotCreateError: the directory to write is there already.
    """
    request = _without_address(request)
    if request.target:
        check_target(request.target, force=request.force)
    entry = known_entry(request.name, request.registry)
    hub_id = entry.hub if entry else request.name
    revision = request.revision or (entry.revision if entry else "") or None
    snapshot = hub.cached_snapshot(hub_id, revision, request.onnx)
    offline = request.offline or hub.is_offline()
    if snapshot is None and offline:
        raise UnavailableError(
            f"{request.name} is not on this machine, and s2s runs offline",
            f"With a network: s2s models pull {request.name}.",
        )
    remote, note = None, ""
    if snapshot is None or not offline:
        try:
            remote = hub.look_up(hub_id, revision, request.onnx)
        except hub.UnreachableError as error:
            if snapshot is None:
                raise
            note = f"{error.message}; using commit {snapshot.name[:12]} of {snapshot.parents[2]}"
    if remote and snapshot and not _holds(snapshot, remote):
        snapshot = None
    commit = remote.revision if remote else snapshot.name if snapshot else ""
    own = remote.licence if remote else Checkpoint(snapshot).licence if snapshot else ""
    licence = (entry.licence if entry else "") or own
    _check_licence(request, hub_id, licence or "unknown")
    name = request.own_name or (entry.alias if entry else hub_id)
    labels = _labels(entry, name, hub_id, commit, licence)
    return InstallPlan(
        request,
        labels,
        request.target or _in_store(labels, request),
        None if snapshot else remote,
        snapshot,
        note,
    )


def _in_store(labels: Labels, request: Request) -> Path:
    stored = stored_as(request.quantization, request.onnx, long_inputs=request.long_inputs)
    return model_directory(labels.name, labels.revision, stored)


def _without_address(request: Request) -> Request:
    """The request with a name instead of a page's address."""
    name, revision = pages.repository(request.name)
    if revision and request.revision not in (None, revision):
        raise UsageError(
            f"--revision {request.revision} is not that of {request.name}",
            "Give one of the two.",
        )
    return replace(request, name=name, revision=request.revision or revision)


def _holds(snapshot: Path, remote: hub.RemoteModel) -> bool:
    """Whether a directory of the cache is of the right commit and has all that is needed."""
    here = all((snapshot / file.name).exists() for file in remote.files)
    return snapshot.name == remote.revision and here


def _labels(
    entry: ModelEntry | None, name: str, hub_id: str, revision: str, licence: str
) -> Labels:
    labels = Labels(name=name, checkpoint=hub_id, revision=revision, licence=licence)
    if entry is None:
        return labels
    return replace(
        labels,
        tasks=entry.tasks,
        source_languages=entry.source_languages,
        target_languages=entry.target_languages,
        prompts=entry.prompts,
        decoding=entry.decoding,
    )


def _check_licence(request: Request, hub_id: str, licence: str) -> None:
    if not asks_acceptance(licence) or choices.is_accepted(home(), hub_id, licence):
        return
    if not request.accept_licence:
        what = "declares no license" if licence == "unknown" else f"has the license {licence}"
        raise ConfigurationError(
            f"{request.name} {what}, which may not allow what you do with it",
            f"Read https://huggingface.co/{hub_id}, then: "
            f"s2s models pull {request.name} --accept-license.",
        )
    choices.accept_licence(home(), hub_id, licence)


def install(plan: InstallPlan, tell: Tell) -> Report | None:
    """Carry out a plan.

    Args:
        plan: what to do.
        tell: called with the progress.

    Returns:
        What the conversion did; None if the model was there already.

    Raises:
        S2SError: something failed; nothing half is left, and what was fetched is resumed.
    """
    with _lock(plan, tell):
        if plan.is_done:
            return None
        _check_space(plan)
        checkpoint, passing = plan.snapshot, None
        if checkpoint is None and plan.remote:
            if not plan.request.keep_checkpoint:
                passing = home() / "downloads" / plan.work_name
            checkpoint = _fetch(plan.remote, passing, tell)
        assert checkpoint is not None  # prepare() found one or the other
        beside = home() / "downloads" / f"{plan.work_name}-encoder"
        encoder = obtained_encoder(
            checkpoint,
            beside,
            lambda done, total: tell("downloading", done, total),
            offline=plan.request.offline or hub.is_offline(),
        )
        report = convert(
            checkpoint,
            plan.target,
            quantization=plan.request.quantization,
            force=plan.request.force,
            labels=plan.labels,
            onnx=plan.request.onnx,
            long_inputs=plan.request.long_inputs,
            scoring=ScoringParts(encoder),
            progress=lambda share: tell("converting", share, 1.0),
        )
        for place in filter(None, (passing, beside)):
            shutil.rmtree(place, ignore_errors=True)
        return report


def _fetch(remote: hub.RemoteModel, directory: Path | None, tell: Tell) -> Path:
    """Fetch a checkpoint into a directory of ours, or into the hub's cache."""

    def progress(done: float, total: float) -> None:
        tell("downloading", done, total)

    if directory is None:
        return download_to_cache(remote, progress)
    download(remote, directory, progress)
    return directory


@contextmanager
def _lock(plan: InstallPlan, tell: Tell) -> Iterator[None]:
    from filelock import FileLock, Timeout

    path = home() / "locks" / f"{plan.work_name}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            tell("waiting", 0, 0)
            lock.acquire()
    except OSError as error:
        advice = "Set S2S_HOME to a place that can be written."
        raise write_error(f"Cannot write {path}", error, advice) from error
    try:
        yield
    finally:
        lock.release()


def _check_space(plan: InstallPlan) -> None:
    size = plan.download_bytes
    if plan.snapshot:
        files = (path for path in plan.snapshot.rglob("*") if path.is_file())
        size = sum(path.stat().st_size for path in files)
    growth = GROWTH.get(plan.request.quantization, FLOAT32_GROWTH)
    needed = plan.download_bytes + growth * size
    place = next(p for p in (plan.target, *plan.target.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    if needed > free:
        raise InputOutputError(
            f"{plan.labels.name} needs {_amount(needed)} at {place}, where "
            f"{_amount(free)} are free",
            "Free some space, or "
            + (
                "give -o another place."
                if plan.request.target
                else "set S2S_HOME to another place."
            ),
        )


def _amount(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
