"""A checkpoint of any kind, read: what the conversion makes of it, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert import FAMILIES, LONG
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.defaults import search_rules
from s2scli.models.convert.exported import (
    choose_exported,
    convert_exported,
    remarks,
    stored_as,
)
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.keycheck import check_keys
from s2scli.models.convert.marianfile import MARIAN, find_marian, read_marian
from s2scli.models.convert.opennmt import OPENNMT, read_opennmt
from s2scli.models.convert.opennmtfile import find_opennmt
from s2scli.models.convert.pronouncing import (
    PRONOUNCING,
    find_pronouncing,
    read_pronouncing,
)
from s2scli.models.convert.refusals import refusal
from s2scli.models.enginenames import CTRANSLATE2
from s2scli.plugs import load

__all__ = ["ReadCheckpoint", "open_checkpoint"]


@dataclass(frozen=True, slots=True)
class ReadCheckpoint:
    """A checkpoint.

    Attributes:
        family: a key of ``FAMILIES``; or Marian, OpenNMT-py or g2p_en, for files of their own.
        name: its name.
        licence: identifier of its license; empty if it does not say.
        conversion: it in the engine's terms.
        unsupported: its settings that stay without effect.
        prefix: what it puts before each text.
        stored: how its numbers are stored, where they are taken as they are; else empty.
        remarks: what a user should know of it.
    """

    family: str
    name: str
    licence: str
    conversion: Conversion
    unsupported: Mapping[str, Any] = field(default_factory=dict)
    prefix: str = ""
    stored: str = ""
    remarks: tuple[str, ...] = ()


def open_checkpoint(
    directory: Path,
    target_tokenizer: Path | None = None,
    onnx: str | None = None,
    *,
    long_inputs: bool = False,
) -> ReadCheckpoint:
    """Read a checkpoint; its weights stay on disk.

    Args:
        directory: a checkpoint of the hub, or files of Marian; or a file of OpenNMT-py or
            g2p_en, or where it is.
        target_tokenizer: the directory of the target's tokenizer, for models of two parts that
            have one each.
        onnx: a key of ``s2scli.models.exported.TYPES``: take ONNX files of that type.
        long_inputs: let a model of a key of ``LONG`` read long texts whole.

    Raises:
        MissingInputError: there is no such checkpoint.
        InvalidModelError: it is damaged or of a family that cannot be converted, or not so.
        UsageError: it has no ONNX files of the type that is asked for.
    """
    if onnx:
        checkpoint = Checkpoint(directory, target_tokenizer)
        return _whole(_of_the_hub(checkpoint, onnx), directory, target_tokenizer)
    if long_inputs:
        checkpoint = Checkpoint(directory, target_tokenizer)
        return _whole(_of_the_hub(checkpoint, families=LONG), directory, target_tokenizer)
    if opennmt := find_opennmt(directory):
        beside = Checkpoint(opennmt.parent)
        opened = ReadCheckpoint(OPENNMT, opennmt.stem, beside.licence, read_opennmt(opennmt))
        return _whole(opened, directory, target_tokenizer)
    if letters := find_pronouncing(directory):
        licence = Checkpoint(letters.parent).licence
        opened = ReadCheckpoint(PRONOUNCING, letters.stem, licence, read_pronouncing(letters))
        return _whole(opened, directory, target_tokenizer)
    checkpoint = Checkpoint(directory, target_tokenizer)
    if marian := find_marian(directory):
        opened = ReadCheckpoint(MARIAN, checkpoint.name, checkpoint.licence, read_marian(marian))
    else:
        opened = _of_the_hub(checkpoint)
    return _whole(opened, directory, target_tokenizer)


def _whole(
    opened: ReadCheckpoint, directory: Path, target_tokenizer: Path | None
) -> ReadCheckpoint:
    """A checkpoint of which everything was read.

    Raises:
        InvalidModelError: a tensor was not, or the tokenizer of the target.
    """
    recipe = opened.conversion.tokenizer
    if target_tokenizer and recipe.source == recipe.target:
        raise InvalidModelError(f"{directory} has one tokenizer: it needs none for the target")
    if strangers := opened.conversion.weights.left():
        raise InvalidModelError(
            f"The checkpoint has {len(strangers)} tensors that nothing in its family reads, "
            f"such as {', '.join(strangers[:3])}"
        )
    return opened


def _of_the_hub(
    checkpoint: Checkpoint,
    onnx: str | None = None,
    families: Mapping[str, str] = FAMILIES,
) -> ReadCheckpoint:
    family = checkpoint.config.get("model_type")
    if families is LONG and family not in LONG:
        raise InvalidModelError(
            f"{checkpoint.directory} is not for --long-inputs, but of the family {family!r}",
            f"It is for {', '.join(LONG)}; convert it without.",
        )
    exported = choose_exported(checkpoint, onnx)
    if not isinstance(family, str) or family not in FAMILIES:
        raise refusal(str(checkpoint.directory), checkpoint.config, FAMILIES)
    shown = check_keys(checkpoint)
    conversion: Conversion = (
        convert_exported(checkpoint, exported) if exported else load(families[family])(checkpoint)
    )
    if conversion.artifact.engine == CTRANSLATE2:
        shown |= conversion.defaults.uncounted
    clean = checkpoint.tokenizer_flag("clean_up_tokenization_spaces")
    recipe = conversion.tokenizer._replace(clean=clean)
    conversion = replace(conversion, tokenizer=recipe, search=search_rules(checkpoint))
    prefix = checkpoint.config.get("prefix")
    if not isinstance(prefix, str | None):
        raise InvalidModelError(f"config.json gives prefix as {prefix!r}")
    return ReadCheckpoint(
        family,
        checkpoint.name,
        checkpoint.licence,
        conversion,
        shown,
        prefix or "",
        stored_as(exported) if exported else "",
        remarks(checkpoint, exported, conversion) if exported else (),
    )
