"""The vocabularies of Marian's models, and the SentencePiece models that make their pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sentencepiece

from s2scli.errors import InvalidModelError
from s2scli.models.convert.standins import refuse_pointer
from s2scli.models.convert.yamlfile import read_bounded
from s2scli.models.paths import contained

__all__ = ["Sides", "open_sides"]

EOS, UNK = "</s>", "<unk>"
PIECES = ("source.spm", "target.spm")


@dataclass(frozen=True, slots=True)
class Sides:
    """The tokens of both sides.

    Attributes:
        source: the source tokens by id.
        target: the target tokens by id; the same object if it is the same file.
        source_file: the SentencePiece model of the source, among ``files``.
        target_file: likewise, of the target.
        files: their contents.
    """

    source: list[str]
    target: list[str]
    source_file: str
    target_file: str
    files: Mapping[str, bytes]


def open_sides(directory: Path, options: Mapping[str, Any]) -> Sides:
    """The vocabularies that a model's options name.

    Args:
        directory: where they are, whatever the folder that the options name.
        options: of Marian, with ``vocabs``.

    Raises:
        InvalidModelError: one is missing or damaged, or nothing says how texts become its tokens.
    """
    names = _names(directory, options)
    paths = [contained(directory, name) for name in names]
    for path in paths:
        refuse_pointer(path)
    source = _tokens(paths[0])
    target = source if names[0] == names[1] else _tokens(paths[1])
    pieces = [
        path if path.suffix == ".spm" else contained(directory, name)
        for path, name in zip(paths, PIECES, strict=True)
    ]
    for path in pieces:
        if not path.is_file():
            raise InvalidModelError(
                f"{directory} has no {path.name}: nothing says how texts become tokens",
                "s2s runs Marian's models with SentencePiece. Put source.spm and target.spm there.",
            )
    files = {path.name: _piece_model(path)[1] for path in pieces}
    return Sides(source, target, pieces[0].name, pieces[1].name, files)


def _names(directory: Path, options: Mapping[str, Any]) -> list[str]:
    """The file names of both vocabularies; without a word on them, those that alone can be."""
    found = options.get("vocabs")
    names = [Path(str(name)).name for name in found] if isinstance(found, list) else []
    names = names or _alone(directory)
    if len(names) != len(PIECES):
        raise InvalidModelError(
            f"{directory}: nothing says which two files are the vocabularies of the model",
            "decoder.yml may say it (vocabs: [SOURCE, TARGET]).",
        )
    if missing := [name for name in names if not contained(directory, name).is_file()]:
        raise InvalidModelError(
            f"{directory} lacks the vocabulary {missing[0]}",
            "decoder.yml may say which file it is (vocabs: [SOURCE, TARGET]).",
        )
    return names


def _alone(directory: Path) -> list[str]:
    """The one vocabulary of a directory, for both sides; or the pieces of each side."""
    for pattern in ("*vocab*.y*ml", "*vocab*.txt", "*.spm"):
        found = sorted(path.name for path in directory.glob(pattern))
        if len(found) == 1:
            return found * len(PIECES)
        if found == list(PIECES):
            return found
    return []


def _tokens(path: Path) -> list[str]:
    """The tokens of a vocabulary by id."""
    if path.suffix == ".spm":
        model, _ = _piece_model(path)
        tokens = [model.id_to_piece(number) for number in range(model.get_piece_size())]
    elif path.suffix in (".yml", ".yaml", ".json"):
        tokens = _by_id(path)
    else:
        tokens = _lines(path)
    if len(set(tokens)) != len(tokens):
        raise InvalidModelError(f"{path} has the same token twice")
    if missing := {EOS, UNK}.difference(tokens):
        raise InvalidModelError(f"{path} lacks {min(missing)}")
    return tokens


def _by_id(path: Path) -> list[str]:
    """The tokens of a YAML mapping to ids, read as Marian does: all of them are text."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # As a tree of plain strings: to YAML itself, "no" and "1" would be something else.
        root = yaml.compose(read_bounded(path), loader)
        rows = root.value if isinstance(root, yaml.MappingNode) else []
        ids = {str(token.value): int(number.value) for token, number in rows}
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError) as error:
        line = str(error).splitlines()[0]
        raise InvalidModelError(f"{path} is not a vocabulary of Marian: {line}") from error
    if len(ids) != len(rows):
        raise InvalidModelError(f"{path} has the same token twice")
    if sorted(ids.values()) != list(range(len(ids))):
        raise InvalidModelError(f"{path}: the ids are not the numbers from 0 without gaps")
    return sorted(ids, key=ids.__getitem__)


def _lines(path: Path) -> list[str]:
    try:
        return read_bounded(path).decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidModelError(f"{path} is not UTF-8: {error}") from error


def _piece_model(path: Path) -> tuple[sentencepiece.SentencePieceProcessor, bytes]:
    refuse_pointer(path)
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path)), path.read_bytes()
    except (OSError, RuntimeError) as error:
        raise InvalidModelError(f"{path} is no SentencePiece model") from error
