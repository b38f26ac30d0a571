"""One conversion, from a checkpoint directory to a model directory, all or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from s2scli.errors import CannotCreateError, InvalidModelError
from s2scli.models.convert import FAMILIES
from s2scli.models.convert.checkpoint import Checkpoint, sha256
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.quantize import quantize
from s2scli.models.manifest import FILE_NAME, FileRecord, Manifest

__all__ = ["Report", "convert"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a conversion did.

    Attributes:
        manifest: the new model's manifest.
        directory: where the model is.
        checkpoint_bytes: size of the checkpoint's weight files.
        model_bytes: size of the model directory.
    """

    manifest: Manifest
    directory: Path
    checkpoint_bytes: int
    model_bytes: int


def convert(
    source: Path, target: Path, *, quantization: str, force: bool = False, name: str = ""
) -> Report:
    """Convert the checkpoint in ``source`` into a new directory ``target``.

    Args:
        source: a Hugging Face checkpoint directory.
        target: the model directory to write; it appears only when complete.
        quantization: a key of ``s2scli.models.convert.quantize.QUANTIZATIONS``.
        force: replace ``target`` if it is a model directory already.
        name: the model's name; by default that of ``target``.

    Raises:
        MissingInputError: there is no such checkpoint.
        InvalidModelError: it is damaged or of a family that cannot be converted.
        CannotCreateError: ``target`` exists already, or cannot be written.
    """
    checkpoint = Checkpoint(source)
    conversion = _family(checkpoint)(checkpoint)
    _refuse_strangers(conversion)
    with _new_directory(target, force=force) as directory:
        _save(conversion, checkpoint, directory, quantization)
        manifest = _manifest(conversion, checkpoint, directory, quantization, name or target.name)
        manifest.save(directory)
    return Report(
        manifest,
        target,
        sum(file.stat().st_size for file in conversion.weights.files),
        sum(file.stat().st_size for file in target.iterdir()),
    )


def _family(checkpoint: Checkpoint) -> Callable[[Checkpoint], Conversion]:
    family = str(checkpoint.config.get("model_type", ""))
    if family not in FAMILIES:
        raise InvalidModelError(
            f"{checkpoint.directory} is of the family {family or 'unknown'!r}, "
            "which cannot be converted",
            f"Known families: {', '.join(FAMILIES)}.",
        )
    module, _, function = FAMILIES[family].partition(":")
    found: Callable[[Checkpoint], Conversion] = getattr(import_module(module), function)
    return found


def _refuse_strangers(conversion: Conversion) -> None:
    strangers = [name for name in conversion.weights.left() if name not in conversion.ignored]
    if strangers:
        raise InvalidModelError(
            f"The checkpoint has {len(strangers)} tensors that its family does not know, "
            f"such as {', '.join(strangers[:3])}"
        )


def _save(
    conversion: Conversion, checkpoint: Checkpoint, directory: Path, quantization: str
) -> None:
    spec = conversion.spec
    try:
        spec.validate()
    except ValueError as error:
        raise InvalidModelError(f"{checkpoint.directory} cannot be converted: {error}") from error
    spec.optimize()  # without a type this only aliases tables that are used twice
    quantize(spec, quantization)
    spec.save(str(directory))
    for file in conversion.files:
        shutil.copyfile(checkpoint.existing(file), directory / file)


def _manifest(
    conversion: Conversion, checkpoint: Checkpoint, directory: Path, quantization: str, name: str
) -> Manifest:
    return Manifest(
        name=name,
        family=checkpoint.config["model_type"],
        tasks=conversion.tasks,
        source_languages=conversion.source_languages,
        target_languages=conversion.target_languages,
        quantization=quantization,
        parameters=conversion.weights.parameters,
        max_source_tokens=conversion.max_source_tokens,
        max_target_tokens=conversion.max_target_tokens,
        tokenizer=conversion.tokenizer,
        files={
            file.name: FileRecord(file.stat().st_size, sha256(file))
            for file in sorted(directory.iterdir())
        },
        decoding=conversion.decoding,
        licence=checkpoint.licence,
        checkpoint=checkpoint.name,
        checkpoint_sha256={file.name: sha256(file) for file in conversion.weights.files},
    )


@contextmanager
def _new_directory(target: Path, *, force: bool) -> Iterator[Path]:
    """A directory that takes the place of ``target`` if all goes well, and vanishes if not."""
    if target.exists() and not force:
        raise CannotCreateError(f"{target} exists already", "Replace it with --force.")
    if target.exists() and not (target / FILE_NAME).is_file():
        raise CannotCreateError(
            f"{target} exists and is not a model directory of s2s", "Remove it yourself first."
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise CannotCreateError(f"Cannot write {target}: {error.strerror}") from error
    try:
        new = temporary / "new"
        new.mkdir()
        yield new
        _sync(new)
        if target.exists():
            os.rename(target, temporary / "old")
        os.rename(new, target)
        _sync(target.parent)
    except OSError as error:
        raise CannotCreateError(f"Cannot write {target}: {error.strerror}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _sync(directory: Path) -> None:
    """Bring a directory and the files in it to the disk, so that a power cut loses none."""
    files = [path for path in directory.iterdir() if path.is_file()]
    for path in (*files, directory):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
