"""Tokens with spaces between them, as OpenNMT-py reads texts that others have split."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from s2scli.data import Span
from s2scli.models.manifest import TokenizerRecipe

__all__ = ["WordTokenizer"]

_WORD = re.compile(r"\S+")


class WordTokenizer:
    """Words as they stand, whatever the vocabulary: those that it lacks may be copied.

    Args:
        recipe: names the tokens that are not text.
        directory: not needed.
    """

    def __init__(self, recipe: TokenizerRecipe, directory: Path) -> None:
        self._special = recipe.control_tokens

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text."""
        return [text.split() for text in texts]

    def encode_targets(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text."""
        return self.encode(texts)

    def decode(self, tokens: Sequence[list[str]], hole: str = "") -> list[str]:
        """The words of each list with spaces between them."""
        return [" ".join(word for word in row if word not in self._special) for row in tokens]

    def source_spans(self, text: str) -> list[Span]:
        """For each word of a text its characters."""
        return [match.span() for match in _WORD.finditer(text)]

    def target_spans(self, tokens: Sequence[str]) -> list[Span]:
        """For each word its characters in the text of all."""
        spans: list[Span] = []
        reached = 0
        for token in tokens:
            if token in self._special:
                spans.append((max(reached - 1, 0),) * 2)
            else:
                spans.append((reached, reached + len(token)))
                reached += len(token) + 1
        return spans
