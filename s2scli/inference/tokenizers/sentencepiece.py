"""SentencePiece tokenization (Kudo and Richardson 2018, https://arxiv.org/abs/1808.06226)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sentencepiece

from s2scli.errors import InvalidModelError
from s2scli.models.manifest import TokenizerRecipe

__all__ = ["SentencePieceTokenizer"]

# Not text, although a model may generate them; <unk> has no text of its own.
SPECIAL = frozenset({"<unk>", "</s>", "<s>", "<pad>"})


class SentencePieceTokenizer:
    """Pieces as strings: the engine maps them to ids by the model's own vocabulary.

    Args:
        recipe: names the source's and the target's model file, which may be one.
        directory: where they are.
    """

    def __init__(self, recipe: TokenizerRecipe, directory: Path) -> None:
        self._source = _load(directory / recipe.source)
        same = _same_content(directory / recipe.source, directory / recipe.target)
        self._target = self._source if same else _load(directory / recipe.target)

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text."""
        pieces: list[list[str]] = self._source.encode(list(texts), out_type=str, num_threads=1)
        return pieces

    def decode(self, tokens: Sequence[list[str]]) -> list[str]:
        """The text of each list of pieces."""
        plain = [
            pieces if SPECIAL.isdisjoint(pieces) else [p for p in pieces if p not in SPECIAL]
            for pieces in tokens
        ]
        # A piece that the model's own file does not know would keep its word mark.
        return [
            text.replace("▁", " ").strip() if "▁" in text else text.strip()
            for text in self._target.decode(plain)
        ]


def _load(path: Path) -> sentencepiece.SentencePieceProcessor:
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise InvalidModelError(
            f"{path} is missing or is no SentencePiece model", "Convert the model again."
        ) from error


def _same_content(one: Path, other: Path) -> bool:
    return one == other or (one.is_file() and one.read_bytes() == other.read_bytes())
