"""The vocabularies of Marian's models, and the SentencePiece models that make their pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.gzipped import GZIP, plain_name
from s2scli.models.convert.piecemodel import piece_model
from s2scli.models.convert.standins import refuse_pointer
from s2scli.models.convert.yamlfile import read_bounded
from s2scli.models.paths import contained

__all__ = ["EOS", "UNK", "Sides", "existing", "open_sides"]

EOS, UNK = "</s>", "<unk>"
PIECES = ("source.spm", "target.spm")
# How the names of two vocabularies begin, the source's and the target's (OPUS-MT's, Firefox's).
PAIRS = (("source", "target"), ("srcvocab", "trgvocab"), ("src", "trg"))


@dataclass(frozen=True, slots=True)
class Sides:
    """The tokens of both sides.

    Attributes:
        source: the source tokens by id.
        target: the target tokens by id; the same object if it is the same file.
        source_file: the SentencePiece model of the source, among ``files``.
        target_file: the same for the target.
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
    paths = [_vocabulary(directory, name) for name in _names(directory, options)]
    for path in paths:
        refuse_pointer(path)
    source = _tokens(paths[0])
    target = source if paths[0] == paths[1] else _tokens(paths[1])
    pieces = [
        path if plain_name(path).endswith(".spm") else _pieces(directory, name)
        for path, name in zip(paths, PIECES, strict=True)
    ]
    files = {plain_name(path): _piece_file(path) for path in dict.fromkeys(pieces)}
    return Sides(source, target, plain_name(pieces[0]), plain_name(pieces[1]), files)


def existing(directory: Path, name: str) -> Path | None:
    """The file of a directory that has this name, or this name and ``.gz``; None if none has.

    Raises:
        InvalidModelError: the name is a path, or a link that leads elsewhere.
    """
    paths = [contained(directory, name), contained(directory, name + GZIP)]
    return next((path for path in paths if path.is_file()), None)


def _names(directory: Path, options: Mapping[str, Any]) -> list[str]:
    """The file names of both vocabularies; without a word on them, those that alone can be."""
    found = options.get("vocabs")
    names = [Path(str(name)).name for name in found] if isinstance(found, list) else []
    names = names or _alone(directory)
    if not names and not _candidates(directory):
        raise InvalidModelError(
            f"{directory} has no vocabulary (.spm, .yml or .txt)",
            "Put those that the model was trained with there.",
        )
    if len(names) != len(PIECES):
        raise InvalidModelError(
            f"{directory}: nothing says which two files are the vocabularies of the model",
            "decoder.yml may say it (vocabs: [SOURCE, TARGET]).",
        )
    return names


def _vocabulary(directory: Path, name: str) -> Path:
    path = existing(directory, name)
    if path is None:
        raise InvalidModelError(
            f"{directory} lacks the vocabulary {name}",
            "decoder.yml may say which file it is (vocabs: [SOURCE, TARGET]).",
        )
    return path


def _pieces(directory: Path, name: str) -> Path:
    path = existing(directory, name)
    if path is None:
        raise InvalidModelError(
            f"{directory} has no {name}: nothing says how texts become tokens",
            "s2s runs Marian's models with SentencePiece. Put source.spm and target.spm there.",
        )
    return path


def _candidates(directory: Path) -> list[list[str]]:
    """The names of files that may be vocabularies, kind by kind."""
    kinds = [
        [*directory.glob(pattern), *directory.glob(pattern + GZIP)]
        for pattern in ("*vocab*.y*ml", "*vocab*.txt", "*.spm")
    ]
    return [sorted({plain_name(path) for path in paths}) for paths in kinds if paths]


def _alone(directory: Path) -> list[str]:
    """The one vocabulary of a directory, for both sides; or one of each side."""
    for found in _candidates(directory):
        if len(found) == 1:
            return found * len(PIECES)
        if len(found) == len(PIECES) and any(
            found[0].startswith(source) and found[1].startswith(target) for source, target in PAIRS
        ):
            return found
    return []


def _tokens(path: Path) -> list[str]:
    """The tokens of a vocabulary by id."""
    ending = Path(plain_name(path)).suffix
    if ending == ".spm":
        model = piece_model(read_bounded(path), path)
        tokens = [model.id_to_piece(number) for number in range(model.get_piece_size())]
    elif ending in (".yml", ".yaml", ".json"):
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


def _piece_file(path: Path) -> bytes:
    refuse_pointer(path)
    data = read_bounded(path)
    piece_model(data, path)
    return data
