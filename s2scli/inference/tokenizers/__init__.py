"""Tokenizers: five kinds serve all families; the manifest's recipe holds the differences.

``TOKENIZERS`` is the plug point: kind → "module:Class" with the methods of ``Tokenizer``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from s2scli.data import Span
from s2scli.errors import InvalidModelError
from s2scli.inference.tokenizers.cleaned import CleanedTokenizer
from s2scli.models.manifest import (
    JSON_KIND,
    LETTERS_KIND,
    MOSES_KIND,
    SENTENCEPIECE_KIND,
    WORDS_KIND,
    Manifest,
    TokenizerRecipe,
)
from s2scli.plugs import load, suggestion

__all__ = ["TOKENIZERS", "Tokenizer", "keep_tokenizer", "open_tokenizer", "tokenizer_of"]

TOKENIZERS: dict[str, str] = {
    SENTENCEPIECE_KIND: "s2scli.inference.tokenizers.sentencepiece:SentencePieceTokenizer",
    JSON_KIND: "s2scli.inference.tokenizers.jsonfile:JsonTokenizer",
    MOSES_KIND: "s2scli.inference.tokenizers.moses:MosesTokenizer",
    WORDS_KIND: "s2scli.inference.tokenizers.words:WordTokenizer",
    LETTERS_KIND: "s2scli.inference.tokenizers.words:LetterTokenizer",
}
# Those that are kept for the processes that will be forked from this one: the largest take seconds.
_KEPT: dict[Path, tuple[Manifest, Tokenizer]] = {}


class Tokenizer(Protocol):
    """Text to tokens and back, without a model's prefix and suffix."""

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The source tokens of each text; none for white space only."""

    def encode_targets(self, texts: Sequence[str]) -> list[list[str]]:
        """The target tokens of each text."""

    def spellings(self, word: str) -> list[tuple[str, ...]]:
        """The ways in which a target can write a word: as one of its own, and within another."""

    def decode(self, tokens: Sequence[list[str]], hole: str = "") -> list[str]:
        """The text of each list of target tokens, special tokens left out.

        Args:
            tokens: the lists.
            hole: replacement of bytes that do not form a whole character.
        """

    def tagged(self, tokens: Sequence[str]) -> str:
        """The text of target tokens with all special ones, as they stand."""

    def source_spans(self, text: str) -> list[Span]:
        """For each source token of a text, the span of its characters.

        The span of a token that is only part of a character may be empty.
        """

    def target_spans(self, tokens: Sequence[str]) -> list[Span]:
        """For each target token, the span of its characters in the text that ``decode`` returns."""


def open_tokenizer(recipe: TokenizerRecipe, directory: Path) -> Tokenizer:
    """The tokenizer of a model directory.

    Raises:
        InvalidModelError: its kind is unknown, or a file is missing or damaged.
    """
    if recipe.kind not in TOKENIZERS:
        advice = suggestion(recipe.kind, TOKENIZERS)
        raise InvalidModelError(
            f"{directory} needs a tokenizer of the kind {recipe.kind!r}, unknown to this version",
            f"{advice} Install a newer s2s, or convert the model again.",
        )
    tokenizer: Tokenizer = load(TOKENIZERS[recipe.kind])(recipe, directory)
    return CleanedTokenizer(tokenizer) if recipe.clean else tokenizer


def keep_tokenizer(directory: Path, manifest: Manifest) -> None:
    """Open a model's tokenizer, and keep it for this process and those that are forked from it.

    Raises:
        InvalidModelError: its kind is unknown, or a file is missing or damaged.
    """
    _KEPT[directory.resolve()] = manifest, open_tokenizer(manifest.tokenizer, directory)


def tokenizer_of(directory: Path, manifest: Manifest) -> Tokenizer:
    """The tokenizer of a model, as it was kept or opened now.

    Raises:
        InvalidModelError: its kind is unknown, or a file is missing or damaged.
    """
    if _KEPT and (found := _KEPT.get(directory.resolve())) and found[0] == manifest:
        return found[1]
    return open_tokenizer(manifest.tokenizer, directory)
