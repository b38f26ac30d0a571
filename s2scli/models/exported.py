"""The layout in which others export models to ONNX (optimum, transformers.js): names of files, and
of what graphs take and give.

A directory, or its folder ``onnx``, holds ``encoder_model.onnx``, and either
``decoder_model_merged.onnx``, which has a branch for the first token and one for all others, or
``decoder_model.onnx`` for the first and ``decoder_with_past_model.onnx`` for the others. A suffix
says how the numbers are stored (``encoder_model_fp16.onnx``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from s2scli.errors import UsageError

__all__ = [
    "CACHE",
    "ENCODER",
    "EXPORTED",
    "FIRST",
    "LATER",
    "MERGED",
    "TYPES",
    "WHOLE",
    "ExportedFiles",
    "choose",
    "exported_in",
    "find_exported",
]

ENCODER, MERGED = "encoder_model", "decoder_model_merged"
FIRST, LATER = "decoder_model", "decoder_with_past_model"
FOLDERS = ("onnx/", "")
EXPORTED = "exported"  # ``stepper`` of stepper.json
# How numbers are stored, in transformers.js' words → the suffix; in order of preference.
TYPES = {
    "fp32": "",
    "fp16": "_fp16",
    "q8": "_quantized",
    "int8": "_int8",
    "uint8": "_uint8",
    "q4": "_q4",
    "q4f16": "_q4f16",
    "bnb4": "_bnb4",
}
WHOLE = (
    "Expected encoder_model.onnx with decoder_model_merged.onnx or decoder_model.onnx, there or in "
    "its folder onnx."
)
# Keys and values, of the tokens so far ("decoder", or nothing) or of the source ("encoder").
CACHE = re.compile(r"(?:past_key_values|present)(\.\d+\.(?:(decoder|encoder)\.)?(?:key|value))")


@dataclass(frozen=True, slots=True)
class ExportedFiles:
    """The graphs of one model.

    Attributes:
        type: a key of ``TYPES``.
        encoder: the path within the directory.
        decoder: that of the merged decoder, or of the one for the first token.
        later: that of the decoder for all other tokens; empty if ``decoder`` does these too.
    """

    type: str
    encoder: str
    decoder: str
    later: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(path for path in (self.encoder, self.decoder, self.later) if path)


def find_exported(names: Collection[str]) -> dict[str, ExportedFiles]:
    """The models among the files of a directory, by their types, the preferred one first.

    Args:
        names: the paths of its files, with ``/`` between their parts.
    """
    found: dict[str, ExportedFiles] = {}
    for kind, suffix in TYPES.items():
        for folder in FOLDERS:
            encoder, merged, first, later = (
                f"{folder}{name}{suffix}.onnx" for name in (ENCODER, MERGED, FIRST, LATER)
            )
            decoder = merged if merged in names else first
            if encoder in names and decoder in names:
                pair = later if decoder == first and later in names else ""
                found.setdefault(kind, ExportedFiles(kind, encoder, decoder, pair))
    return found


def exported_in(directory: Path) -> dict[str, ExportedFiles]:
    """The models in a directory, as ``find_exported`` finds them."""
    places = [directory / folder for folder in FOLDERS]
    files = (path for place in places if place.is_dir() for path in place.glob("*.onnx"))
    return find_exported({path.relative_to(directory).as_posix() for path in files})


def choose(
    place: str, found: Mapping[str, ExportedFiles], wanted: str | None
) -> ExportedFiles | None:
    """The files of one type, of those that there are; None if there are none and none is wanted.

    Args:
        place: where they were found, for messages.
        found: what ``find_exported`` has found.
        wanted: the type; None for the preferred one.

    Raises:
        UsageError: there are none of that type.
    """
    if wanted is None:
        return next(iter(found.values()), None)
    if wanted not in found:
        what = f"ONNX files of the type {wanted}" if found else "ONNX files that can be run"
        there = f"There are: {', '.join(found)}." if found else WHOLE
        raise UsageError(f"{place} has no {what}", there)
    return found[wanted]
