"""How the texts of OpenNMT-py's models become tokens: at spaces, or by SentencePiece.

OpenNMT-py reads text that other programs have split, with spaces between the tokens, unless its
options name a transform. A SentencePiece model must be beside the checkpoint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from s2scli.errors import InvalidModelError
from s2scli.models.arrays import CONFIG_FILE
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.configobject import ConfigObject
from s2scli.models.convert.opennmtfile import OpenNMTFile
from s2scli.models.convert.vocabulary import piece_file
from s2scli.models.manifest import SENTENCEPIECE_KIND, WORDS_KIND, TokenizerRecipe
from s2scli.models.paths import contained

__all__ = ["SplitTexts", "open_texts"]

WORD = "\u2581"
SENTENCEPIECE = "sentencepiece"
# Transforms that leave texts as they are when a model is used.
WITHOUT_EFFECT = frozenset(
    {"filtertoolong", "filterfeats", "clean", "tokendrop", "tokenmask", "switchout", "bart"}
)
SIDES = ("src", "tgt")
NAMES = {"src": ("source.spm", "source.model"), "tgt": ("target.spm", "target.model")}
SPECIAL = ("<unk>", "<blank>", "<s>")


@dataclass(frozen=True, slots=True)
class SplitTexts:
    """How texts become tokens.

    Attributes:
        recipe: of the tokenizer.
        files: its files.
    """

    recipe: TokenizerRecipe
    files: Mapping[str, bytes] = field(default_factory=dict)


def open_texts(file: OpenNMTFile, settings: ConfigObject) -> SplitTexts:
    """Find out how a model's texts are split.

    Raises:
        InvalidModelError: by something that s2s does not have, or a file is missing.
    """
    named = settings.content.get("transforms") or []
    transforms = [named] if isinstance(named, str) else list(named)
    strange = [name for name in transforms if name not in {SENTENCEPIECE, *WITHOUT_EFFECT}]
    if strange:
        raise InvalidModelError(
            f"{settings.place} ask for the transform {strange[0]!r}, which s2s does not have",
            f"Texts may be split at spaces, or by {SENTENCEPIECE}.",
        )
    pieces = any(token.startswith(WORD) for token in (*file.source, *file.target))
    if SENTENCEPIECE not in transforms and not pieces:
        special = tuple(t for t in SPECIAL[1:] if t in file.target)
        return SplitTexts(TokenizerRecipe(WORDS_KIND, CONFIG_FILE, CONFIG_FILE, special=special))
    beside = Checkpoint(file.path.parent)
    found = {side: _piece_model(file, settings, side) for side in SIDES}
    names = {side: path.name for side, path in found.items()}
    recipe = TokenizerRecipe(
        SENTENCEPIECE_KIND,
        names["src"],
        names["tgt"],
        special=tuple(token for token in SPECIAL if token in file.target),
    )
    return SplitTexts(recipe, {path.name: piece_file(beside, path.name) for path in found.values()})


def _piece_model(file: OpenNMTFile, settings: ConfigObject, side: str) -> Path:
    """The SentencePiece model of a side."""
    directory = file.path.parent
    option = settings.content.get(f"{side}_subword_model")
    named = (Path(option).name,) if isinstance(option, str) and Path(option).name else ()
    for name in (*named, *NAMES[side]):
        if (path := contained(directory, name)).is_file():
            return path
    found = _models(directory)
    if len(found) == 1:
        return contained(directory, found[0])
    wanted = (*named, *NAMES[side])[0]
    raise InvalidModelError(
        f"{file.path} needs the SentencePiece model of its {side} side, and there is no {wanted} "
        "beside it",
        f"Copy it there: {wanted}.",
    )


def _models(directory: Path) -> Sequence[str]:
    ends = (".model", ".spm")
    return sorted(path.name for path in directory.iterdir() if path.suffix in ends)
