"""A checkpoint of any kind, read: what the conversion makes of it, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from s2scli.errors import InvalidModelError, UsageError
from s2scli.models.convert import FAMILIES, LONG
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.comet import COMET, convert_comet
from s2scli.models.convert.cometfile import is_comet
from s2scli.models.convert.defaults import search_rules
from s2scli.models.convert.encoders import ENCODERS, convert_encoder
from s2scli.models.convert.exported import (
    choose_exported,
    convert_exported,
    remarks,
    stored_as,
    unheard,
)
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.framing import check_frame
from s2scli.models.convert.keycheck import check_keys
from s2scli.models.convert.marianfile import MARIAN, find_marian, read_marian
from s2scli.models.convert.opennmt import OPENNMT, read_opennmt
from s2scli.models.convert.opennmtfile import find_opennmt
from s2scli.models.convert.prefixes import with_prefix
from s2scli.models.convert.pronouncing import (
    PRONOUNCING,
    find_pronouncing,
    read_pronouncing,
)
from s2scli.models.convert.refusals import refusal
from s2scli.models.convert.standins import refuse_dangling
from s2scli.models.enginenames import CTRANSLATE2
from s2scli.plugs import load

__all__ = ["ReadCheckpoint", "ScoringParts", "open_checkpoint"]


class ScoringParts(NamedTuple):
    """What is named beside a checkpoint that scores.

    Attributes:
        encoder: of COMET's, where the ``config.json`` and the tokenizer of its encoder are.
        layer: of an encoder alone, the layer whose vectors BERTScore compares.
    """

    encoder: Path | None = None
    layer: int | None = None


@dataclass(frozen=True, slots=True)
class ReadCheckpoint:
    """A checkpoint.

    Attributes:
        family: a key of ``FAMILIES``; or Marian, OpenNMT-py or g2p_en, for files of their own.
        name: its name.
        licence: identifier of its license; empty if it does not say.
        conversion: it in the engine's terms.
        unsupported: its settings that stay without effect.
        stored: how its numbers are stored, where they are taken as they are; else empty.
        remarks: what a user should know of it.
    """

    family: str
    name: str
    licence: str
    conversion: Conversion
    unsupported: Mapping[str, Any] = field(default_factory=dict)
    stored: str = ""
    remarks: tuple[str, ...] = ()


def open_checkpoint(
    directory: Path,
    target_tokenizer: Path | None = None,
    onnx: str | None = None,
    *,
    long_inputs: bool = False,
    scoring: ScoringParts = ScoringParts(),  # noqa: B008 (a named tuple)
) -> ReadCheckpoint:
    """Read a checkpoint; its weights stay on disk.

    Args:
        directory: a checkpoint of the hub, or files of Marian; or a file of OpenNMT-py or
            g2p_en, or where it is.
        target_tokenizer: the directory of the target's tokenizer, for models of two parts that
            have one each.
        onnx: a key of ``s2scli.models.exported.TYPES``: take ONNX files of that type.
        long_inputs: let a model of a key of ``LONG`` read long texts whole.
        scoring: what is named beside a model that scores.

    Raises:
        MissingInputError: there is no such checkpoint, or not the encoder's files of one.
        InvalidModelError: it is damaged or of a family that cannot be converted, or not so.
        UsageError: it has no ONNX files of the type that is asked for, or nothing that ``scoring``
            is for.
    """
    for place in (directory, target_tokenizer, scoring.encoder):
        if place and place.is_dir():
            refuse_dangling(place)
    if other := _of_another_program(directory):
        _refuse_scoring(directory, scoring)
        _refuse_for_others(other, onnx, long_inputs)
        licence = Checkpoint(other.beside).licence
        opened = ReadCheckpoint(other.family, other.name, licence, other.read())
        return _whole(opened, directory, target_tokenizer)
    checkpoint = Checkpoint(directory, target_tokenizer)
    if onnx or long_inputs:
        _refuse_scoring(directory, scoring)
        opened = _of_the_hub(checkpoint, onnx, LONG if long_inputs and not onnx else FAMILIES)
    else:
        opened = _that_scores(checkpoint, scoring) or _of_the_hub(checkpoint)
    return _whole(opened, directory, target_tokenizer)


class _Other(NamedTuple):
    """A checkpoint of another program than transformers.

    Attributes:
        family: what it is.
        name: its own.
        beside: the directory that says what its license is.
        read: converts it.
    """

    family: str
    name: str
    beside: Path
    read: Callable[[], Conversion]


def _of_another_program(place: Path) -> _Other | None:
    if opennmt := find_opennmt(place):
        return _Other(OPENNMT, opennmt.stem, opennmt.parent, partial(read_opennmt, opennmt))
    if letters := find_pronouncing(place):
        read = partial(read_pronouncing, letters)
        return _Other(PRONOUNCING, letters.stem, letters.parent, read)
    if marian := find_marian(place):
        return _Other(MARIAN, Checkpoint(place).name, place, partial(read_marian, marian))
    return None


def _refuse_for_others(other: _Other, onnx: str | None, long_inputs: bool) -> None:
    """Refuse what changes how checkpoints of the hub are converted.

    Raises:
        UsageError: there is such an option.
    """
    for option, given, wanted in (
        ("--onnx", onnx, "repositories with ONNX files"),
        ("--long-inputs", long_inputs, "checkpoints of " + ", ".join(LONG)),
    ):
        if given:
            message = f"{option} is for {wanted}, and {other.name} is of {other.family}"
            raise UsageError(message, "Leave it out.")


def _refuse_scoring(
    directory: Path, scoring: ScoringParts, *, comet: bool = False, encoder: bool = False
) -> None:
    """Refuse what is named beside a checkpoint that it is not for.

    Raises:
        UsageError: there is such an option.
    """
    if scoring.encoder and not comet:
        raise UsageError(f"--encoder is for checkpoints of COMET, and {directory} is none")
    if scoring.layer is not None and not encoder:
        raise UsageError(f"--layer is for encoders alone, and {directory} is none")


def _that_scores(checkpoint: Checkpoint, scoring: ScoringParts) -> ReadCheckpoint | None:
    """A checkpoint of COMET's, or an encoder alone; None for others."""
    directory, names = checkpoint.directory, (checkpoint.name, checkpoint.licence)
    comet = is_comet(directory)
    family = COMET if comet else checkpoint.config.get("model_type")
    encoder = not comet and family in ENCODERS
    _refuse_scoring(directory, scoring, comet=comet, encoder=encoder)
    if comet:
        return ReadCheckpoint(COMET, *names, convert_comet(directory, scoring.encoder))
    if encoder:
        return ReadCheckpoint(str(family), *names, convert_encoder(checkpoint, scoring.layer))
    return None


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
    shown |= unheard(checkpoint, conversion)
    if conversion.artifact.engine == CTRANSLATE2:
        shown |= conversion.defaults.uncounted
    if conversion.images is None:
        check_frame(checkpoint, conversion.tokenizer)
    start = conversion.defaults.start
    if start and start not in conversion.tokenizer.control_tokens:
        shown["decoder_start_token_id"] = start  # a word, which is in no output here
    clean = checkpoint.tokenizer_flag("clean_up_tokenization_spaces")
    recipe = conversion.tokenizer._replace(clean=clean)
    conversion = replace(conversion, tokenizer=recipe, search=search_rules(checkpoint))
    conversion, unread = with_prefix(checkpoint, conversion)
    return ReadCheckpoint(
        family,
        checkpoint.name,
        checkpoint.licence,
        conversion,
        {**shown, **unread},
        stored_as(exported) if exported else "",
        remarks(checkpoint, exported, conversion) if exported else (),
    )
