"""Tokens separated by spaces, as OpenNMT-py reads tokenized text; or letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from s2scli.data import Span
from s2scli.models.manifest import TokenizerRecipe

__all__ = ["LetterTokenizer", "WordTokenizer"]

_WORD = re.compile(r"\S+")


class WordTokenizer:
    """Words as they are: those outside the vocabulary may be copied by the model.

    Args:
        recipe: names the special tokens.
        directory: the model directory; not used.
    """

    def __init__(self, recipe: TokenizerRecipe, directory: Path) -> None:
        self._special = recipe.control_tokens

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text."""
        return [text.split() for text in texts]

    def encode_targets(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text."""
        return self.encode(texts)

    def spellings(self, word: str) -> list[tuple[str, ...]]:
        """The one way to write a word."""
        return [tuple(word.split())]

    def decode(self, tokens: Sequence[list[str]], hole: str = "") -> list[str]:
        """The words of each list, joined with spaces."""
        return [" ".join(word for word in row if word not in self._special) for row in tokens]

    def tagged(self, tokens: Sequence[str]) -> str:
        """The words, special ones too."""
        return " ".join(tokens)

    def source_spans(self, text: str) -> list[Span]:
        """For each word of a text, its span."""
        return [match.span() for match in _WORD.finditer(text)]

    def target_spans(self, tokens: Sequence[str]) -> list[Span]:
        """For each word, its span in the decoded text."""
        spans: list[Span] = []
        reached = 0
        for token in tokens:
            if token in self._special:
                spans.append((max(reached - 1, 0),) * 2)
            else:
                spans.append((reached, reached + len(token)))
                reached += len(token) + 1
        return spans


class LetterTokenizer(WordTokenizer):
    """Letters of sources, small and without accents; targets are words with spaces between."""

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The letters of each text, without the white space around it."""
        return [[letter for letter, _ in _letters(text)] for text in texts]

    def encode_targets(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text."""
        return super().encode(texts)

    def source_spans(self, text: str) -> list[Span]:
        """For each letter its character."""
        return [(place, place + 1) for _, place in _letters(text)]


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """Each letter, and the place of the character that it is of."""
    first = len(text) - len(text.lstrip())
    for place, character in enumerate(text.strip(), first):
        for letter in unicodedata.normalize("NFD", character.lower()):
            if unicodedata.category(letter) != "Mn":
                yield letter, place
