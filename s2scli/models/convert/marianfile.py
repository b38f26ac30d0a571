"""Marian's own model files, as OPUS-MT's releases have them (https://marian-nmt.github.io).

A directory holds a model (``.npz`` or ``.bin``, in it the options it was trained with,
``special:model.yml``), vocabularies (``.yml``, ``.txt`` or ``.spm``) and, beside vocabularies that
are not SentencePiece's, the ``source.spm`` and ``target.spm`` that make the pieces; each plain or
gzipped. ``decoder.yml`` says which files belong together and how to decode. The tensors get the
names that they have in transformers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.limits import LIMITS
from s2scli.models.convert.artifact import Artifact
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.defaults import Defaults
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.gzipped import first_bytes, plain_name
from s2scli.models.convert.marianbin import is_marian_binary, read_marian_binary
from s2scli.models.convert.marianoptions import (
    NEUTRAL,
    STUDENT_NEUTRAL,
    is_student,
    order,
    refuse_others,
    sizes,
)
from s2scli.models.convert.marianrecurrent import TYPES as RECURRENT_TYPES
from s2scli.models.convert.marianrecurrent import by_one_name, recurrent_artifact
from s2scli.models.convert.marianstudent import student_artifact
from s2scli.models.convert.mariantransformer import by_transformers_names, transformer_artifact
from s2scli.models.convert.marianvocab import EOS, UNK, Sides, existing, open_sides
from s2scli.models.convert.npz import read_npz
from s2scli.models.convert.standins import refuse_pointer
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.weights import Weights
from s2scli.models.convert.yamlfile import read_bounded, yaml_object
from s2scli.models.lexicon import MAGIC, Lexicon
from s2scli.models.manifest import (
    LEXICON_FILE,
    SENTENCEPIECE_KIND,
    SearchRules,
    TokenizerRecipe,
)
from s2scli.models.paths import contained

__all__ = ["MARIAN", "MarianFiles", "find_marian", "read_marian"]

MARIAN = "marian-nmt"
OPTIONS, DECODER = "special:model.yml", "decoder.yml"

LONGEST = 1000  # tokens of a text; recurrent models have no end, Marian's decoder has this one
INPUTS = "_QuantMultA"  # how Bergamot quantizes what a matrix is multiplied with
# Of ``decoder.yml``: what we do not do, and the values with which it is not done.
WITHOUT_EFFECT: dict[str, tuple[Any, ...]] = {
    "word-penalty": (0,),
    "shortlist": ([], None),
    "max-length-factor": (3,),
    "output-sampling": ([], False),
}
CODE = re.compile(r">>[^<>]+<<")


@dataclass(frozen=True, slots=True)
class MarianFiles:
    """A model of Marian's on disk.

    Attributes:
        directory: where it is.
        model: the file with its weights.
        decoder: what ``decoder.yml`` says.
    """

    directory: Path
    model: Path
    decoder: Mapping[str, Any]


def find_marian(directory: Path) -> MarianFiles | None:
    """The model of a directory that is none of the hub's; None if it is one, or there is none.

    Raises:
        InvalidModelError: there are several, and nothing says which, or it is of a kind that
            cannot be read.
    """
    if not directory.is_dir() or (directory / "config.json").exists():
        return None
    found = sorted(path.name for path in directory.iterdir() if _is_model(path))
    decoder, settings = _decoder(directory)
    models = settings.get("models")
    if isinstance(models, list) and len(models) > 1:
        raise InvalidModelError(
            f"{decoder} names {len(models)} models, which decode together; s2s runs one",
            "Name one of them there.",
        )
    if isinstance(models, list) and models:
        named = existing(directory, Path(str(models[0])).name)
        if named is None or named.name not in found:
            name = Path(str(models[0])).name
            raise InvalidModelError(f"{decoder} names the model {name}, which is not beside it")
        found = [named.name]
    if not found:
        return None
    if len(found) > 1:
        raise InvalidModelError(
            f"{directory} holds {len(found)} models: {', '.join(found)}",
            f"Leave one of them there, or name one in {DECODER} (models: [NAME]).",
        )
    return MarianFiles(directory, contained(directory, found[0]), settings)


def _is_model(path: Path) -> bool:
    """Whether a file may be a model, by its name and, as others end in .bin too, by its start."""
    name = plain_name(path)
    if not path.is_file() or name.endswith(".optimizer.npz"):
        return False
    return name.endswith(".npz") or (name.endswith(".bin") and is_marian_binary(path))


def _decoder(directory: Path) -> tuple[Path, dict[str, Any]]:
    """The file that says how to decode, by the name that OPUS-MT, Marian or Bergamot gives it."""
    path = contained(directory, DECODER)
    others = sorted([*directory.glob("*.decoder.yml"), *directory.glob("config*.yml")])
    if not path.is_file() and len(others) == 1:
        path = contained(directory, others[0].name)
    elif not path.is_file() and others:
        names = ", ".join(other.name for other in others)
        raise InvalidModelError(
            f"{directory} holds several decoder configurations: {names}",
            f"Call the one that counts {DECODER}.",
        )
    return path, yaml_object(read_bounded(path), path) if path.is_file() else {}


def read_marian(files: MarianFiles) -> Conversion:
    """Convert a model; Marian itself is the reference.

    Raises:
        InvalidModelError: a file is missing or damaged, or the model has a part that the engine
            lacks.
    """
    refuse_pointer(files.model)
    binary = plain_name(files.model).endswith(".bin")
    tensors = (read_marian_binary if binary else read_npz)(files.model)
    tensors = {name: tensor for name, tensor in tensors.items() if not name.endswith(INPUTS)}
    options = _options(files.model, tensors)
    settings = ConfigObject(options, f"{OPTIONS} in {files.model.name}")
    sides = open_sides(files.directory, {**options, **files.decoder})
    weights, artifact, longest = _artifact(files.model, tensors, settings, sides)
    lexicon = _lexicon(files, sides) if is_student(settings) else {}
    return Conversion(
        artifact=artifact,
        weights=weights,
        tokenizer=_recipe(sides),
        files={**sides.files, **lexicon},
        tasks=("translate",),
        source_languages=(),
        target_languages=tuple(_codes(sides)),
        max_source_tokens=longest,
        max_target_tokens=longest,
        defaults=_defaults(files, settings, lexicon),
        search=SearchRules(narrowing=True),
    )


def _artifact(
    path: Path, tensors: Mapping[str, Tensor], settings: ConfigObject, sides: Sides
) -> tuple[Weights, Artifact, int]:
    """A model's weights, it in the terms of its engine, and how many tokens it can take."""
    if settings.content.get("type") in RECURRENT_TYPES:
        weights = Weights(by_one_name(tensors, settings), (path,))
        return weights, recurrent_artifact(weights, settings, sides), LONGEST
    student = is_student(settings)
    refuse_others(settings, STUDENT_NEUTRAL if student else NEUTRAL)
    norm_first, shape = order(settings), sizes(settings)
    if student:
        weights = Weights(tensors, (path,))
        student_model = student_artifact(weights, settings, shape, sides, norm_first=norm_first)
        return weights, student_model, shape.positions
    weights = Weights(by_transformers_names(tensors, shape), (path,))
    transformer = transformer_artifact(weights, settings, shape, sides, norm_first=norm_first)
    return weights, transformer, shape.positions


def _options(path: Path, tensors: dict[str, Tensor]) -> dict[str, Any]:
    """The options that a model was trained with: YAML, as numbers, with a NUL at its end."""
    stored = tensors.pop(OPTIONS, None)
    if stored is None:
        raise InvalidModelError(f"{path} has no {OPTIONS}: Marian did not write it")
    return yaml_object(stored.load().astype("u1").tobytes().rstrip(b"\0"), path)


def _codes(sides: Sides) -> dict[str, str]:
    """Target languages by code, where tokens of the source name them."""
    return {token[2:-2]: token for token in sides.source if CODE.fullmatch(token)}


def _recipe(sides: Sides) -> TokenizerRecipe:
    codes = _codes(sides)
    return TokenizerRecipe(
        kind=SENTENCEPIECE_KIND,
        source=sides.source_file,
        target=sides.target_file,
        prefix=("{to}",) if codes else (),
        suffix=(EOS,),
        target_tokens=codes,
        special=(EOS, UNK),
    )


def _lexicon(files: MarianFiles, sides: Sides) -> dict[str, bytes]:
    """The lexical shortlist that is beside a student, by the name that it gets; empty if none is.

    Raises:
        InvalidModelError: it is damaged.
    """
    named = files.decoder.get("shortlist")
    names = [Path(str(named[0])).name] if isinstance(named, list) and named else _lists(files)
    path = existing(files.directory, names[0]) if len(names) == 1 else None
    if path is None or first_bytes(path, 8) != MAGIC.to_bytes(8, "little"):
        return {}
    data = read_bounded(path)
    sizes = len(sides.source), len(sides.target)
    Lexicon(data, sizes, shared=sides.source is sides.target)
    return {LEXICON_FILE: data}


def _lists(files: MarianFiles) -> list[str]:
    return sorted({plain_name(path) for path in files.directory.glob("lex*.s2t*")})


def _defaults(files: MarianFiles, settings: ConfigObject, lexicon: Mapping[str, bytes]) -> Defaults:
    """How the model's makers decode: what ``decoder.yml`` says, else the model's own options."""
    decoding: dict[str, Any] = {"min_length": 0}
    for ours, theirs, kind in _DECODING:
        value = files.decoder.get(theirs, settings.content.get(theirs))
        if value is None:
            continue
        least, most = LIMITS[ours]
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not (least <= value <= most)
        ):
            raise InvalidModelError(f"{DECODER} or {settings.place} gives {theirs} as {value!r}")
        decoding[ours] = kind(value)
    if not files.decoder.get("allow-unk", False):
        decoding["suppress"] = [[UNK]]
    unsupported = _without_effect(files)
    if lexicon:
        unsupported.pop("shortlist", None)
    return Defaults(decoding, unsupported)


def _without_effect(files: MarianFiles) -> dict[str, Any]:
    """What would change the outputs of Marian, and has no effect on ours."""
    found = {
        name: files.decoder[name]
        for name, neutral in WITHOUT_EFFECT.items()
        if files.decoder.get(name, neutral[0]) not in neutral
    }
    if lists := _lists(files):
        found.setdefault("shortlist", lists)
    return found


# Ours, Marian's, type.
_DECODING: tuple[tuple[str, str, Callable[[float], float]], ...] = (
    ("beam_size", "beam-size", int),
    ("length_penalty", "normalize", float),
)
