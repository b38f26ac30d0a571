"""One conversion, from a checkpoint directory to a model directory, all or nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from s2scli._version import __version__
from s2scli.disk.directories import whole_directory
from s2scli.disk.hashes import sha256
from s2scli.errors import CannotCreateError, InvalidModelError
from s2scli.models.convert.location import Location, locate
from s2scli.models.convert.opening import ReadCheckpoint, ScoringParts, open_checkpoint
from s2scli.models.convert.replaced import Replaced, replaced
from s2scli.models.integrity import foreign_names
from s2scli.models.manifest import FILE_NAME, FileRecord, Manifest
from s2scli.models.paths import is_loadable

__all__ = ["Labels", "Progress", "Report", "check_target", "convert"]


Progress = Callable[[float], None]
# Reading the weights' hashes is the rest.
WRITING = 0.8
SHOWN = 3  # names of files
REPLACE = "Use it, or replace it with --force."


@dataclass(frozen=True, slots=True)
class Labels:
    """What the manifest says instead of the checkpoint.

    Attributes:
        name: the model's name; by default that of its directory.
        checkpoint: its identifier on the hub.
        revision: the commit there.
        licence: the license.
        tasks: what it does.
        source_languages: what it reads.
        target_languages: what it writes.
        prompts: by job, text around ``{text}``.
        decoding: fields of ``Decoding``.
    """

    name: str = ""
    checkpoint: str = ""
    revision: str = ""
    licence: str = ""
    tasks: tuple[str, ...] = ()
    source_languages: tuple[str, ...] = ()
    target_languages: tuple[str, ...] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)
    decoding: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a conversion did.

    Attributes:
        manifest: the new model's manifest.
        directory: where the model is.
        checkpoint_bytes: size of the checkpoint's weight files.
        model_bytes: size of the model directory.
        seconds: how long it took.
        remarks: what a user should know of the checkpoint.
        before: the model that was in its place.
    """

    manifest: Manifest
    directory: Path
    checkpoint_bytes: int
    model_bytes: int
    seconds: float
    remarks: tuple[str, ...] = ()
    before: Replaced = Replaced()  # noqa: RUF009 (a named tuple)


def convert(
    source: Path,
    target: Path,
    *,
    quantization: str,
    force: bool = False,
    labels: Labels | None = None,
    target_tokenizer: Path | None = None,
    onnx: str | None = None,
    long_inputs: bool = False,
    scoring: ScoringParts = ScoringParts(),  # noqa: B008 (a named tuple)
    progress: Progress | None = None,
) -> Report:
    """Convert the checkpoint in ``source`` into a new directory ``target``.

    Args:
        source: a Hugging Face checkpoint directory, or a repository in the hub's cache.
        target: the model directory to write; it appears only when complete.
        quantization: a key of ``s2scli.models.convert.QUANTIZATIONS``.
        force: replace ``target`` if it is a model directory already.
        labels: what is known of the model beside the checkpoint.
        target_tokenizer: the directory of the target's tokenizer, if that has one of its own.
        onnx: a key of ``s2scli.models.exported.TYPES``: take its ONNX files of that type, as they
            are. Without weights of another kind, such files are taken anyway.
        long_inputs: let a model of a key of ``s2scli.models.convert.LONG`` read long texts whole.
        scoring: what is named beside a model that scores.
        progress: called with the share of the work that is done, from 0 to 1.

    Raises:
        MissingInputError: there is no such checkpoint.
        InvalidModelError: it is damaged or of a family that cannot be converted.
        CannotCreateError: ``target`` exists already, or cannot be written.
        UsageError: it has no ONNX files of the type that is asked for.
    """
    begin = time.monotonic()
    place = locate(source)
    labels = _completed(labels or Labels(), place, target)
    opened = open_checkpoint(
        place.directory, target_tokenizer, onnx, long_inputs=long_inputs, scoring=scoring
    )
    weights = opened.conversion.weights
    check_target(target, force=force)
    before = replaced(target)
    tell = progress or (lambda _share: None)
    with (
        whole_directory(target, replace=force, advice=REPLACE) as directory,
        ThreadPoolExecutor(max_workers=1) as pool,
    ):
        # The longest part of the work after reading; it needs no interpreter.
        hashes = {file.name: pool.submit(sha256, file) for file in weights.files}
        _save(opened, directory, quantization, tell)
        manifest = _manifest(opened, directory, quantization, labels)
        manifest = manifest._replace(checkpoint_sha256={n: f.result() for n, f in hashes.items()})
        manifest.save(directory)
        size = sum(file.stat().st_size for file in directory.iterdir())
        tell(1.0)
    return Report(
        manifest,
        target,
        sum(file.stat().st_size for file in weights.files),
        size,
        time.monotonic() - begin,
        opened.remarks,
        before,
    )


def _completed(labels: Labels, place: Location, target: Path) -> Labels:
    return replace(
        labels,
        name=labels.name or target.name,
        checkpoint=labels.checkpoint or place.hub_id,
        revision=labels.revision or place.revision,
    )


def _save(opened: ReadCheckpoint, directory: Path, quantization: str, tell: Progress) -> None:
    conversion = opened.conversion
    total, done = max(1, conversion.weights.parameters), 0

    def written(numbers: int) -> None:
        nonlocal done
        done += numbers
        tell(min(1.0, done / total) * WRITING)

    try:
        conversion.artifact.save(directory, quantization, written)
    except ValueError as error:
        raise InvalidModelError(f"{opened.name} cannot be converted: {error}") from error
    for name, content in conversion.files.items():
        (directory / name).write_bytes(content)


def _manifest(
    opened: ReadCheckpoint, directory: Path, quantization: str, labels: Labels
) -> Manifest:
    conversion = opened.conversion
    defaults, recipe = conversion.defaults, conversion.tokenizer
    tasks = labels.tasks or conversion.tasks
    # Where tokens name the languages, the checkpoint knows best; else whoever labels it.
    source = () if recipe.source_tokens else labels.source_languages
    target = () if recipe.target_tokens else labels.target_languages
    return Manifest(
        name=labels.name,
        family=opened.family,
        tasks=tasks,
        source_languages=source or conversion.source_languages,
        target_languages=target or conversion.target_languages,
        quantization=opened.stored or quantization,
        parameters=conversion.weights.parameters,
        max_source_tokens=conversion.max_source_tokens,
        max_target_tokens=conversion.max_target_tokens,
        tokenizer=recipe,
        files={
            file.name: FileRecord(file.stat().st_size, sha256(file))
            for file in sorted(directory.iterdir())
        },
        decoding={**defaults.decoding, **labels.decoding},
        unsupported={
            **opened.unsupported,
            **defaults.unsupported,
            **({"added_tokens": list(conversion.rowless)} if conversion.rowless else {}),
        },
        prompts={**defaults.prompts, **labels.prompts},
        job_decoding=defaults.job_decoding,
        licence=labels.licence or opened.licence,
        checkpoint=labels.checkpoint or opened.name,
        revision=labels.revision,
        engine=conversion.artifact.engine,
        converter=__version__,
        search=conversion.search,
        images=conversion.images,
    )


def check_target(target: Path, *, force: bool) -> None:
    """Refuse to overwrite anything but an empty directory, or a model and nothing else.

    Raises:
        CannotCreateError: it is a model and is not to be replaced, or it holds more than that, or
            it is not a model at all, or its name is not text.
    """
    if not is_loadable(target):
        raise CannotCreateError(
            f"The name {target} is not UTF-8: no engine could load the model",
            "Choose another name.",
        )
    is_empty = target.is_dir() and not any(target.iterdir())
    if is_empty or not os.path.lexists(target):
        return
    if not (target / FILE_NAME).is_file():
        raise CannotCreateError(
            f"{target} exists and is not a model directory of s2s",
            "Remove it yourself first, or name another place.",
        )
    if not force:
        raise CannotCreateError(f"{target} exists already", "Replace it with --force.")
    if foreign := foreign_names(target):
        more = f" and {len(foreign) - SHOWN} more" if len(foreign) > SHOWN else ""
        raise CannotCreateError(
            f"{target} holds more than the model: {', '.join(foreign[:SHOWN])}{more}",
            "Move that elsewhere first, for --force replaces the directory.",
        )
