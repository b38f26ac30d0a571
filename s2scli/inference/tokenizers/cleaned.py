"""A tokenizer that removes spaces before punctuation, if its checkpoint asks for it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from s2scli.data import Span
from s2scli.text.cleaned import cleaned, cleaned_away

if TYPE_CHECKING:
    from s2scli.inference.tokenizers import Tokenizer

__all__ = ["CleanedTokenizer"]


class CleanedTokenizer:
    """Wraps a tokenizer; cleans the texts that it decodes.

    Args:
        tokenizer: the wrapped tokenizer.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.encode = tokenizer.encode
        self.encode_targets = tokenizer.encode_targets
        self.spellings = tokenizer.spellings
        self.source_spans = tokenizer.source_spans

    def decode(self, tokens: Sequence[list[str]], hole: str = "") -> list[str]:
        """The clean text of each list of tokens."""
        return [cleaned(text) for text in self.tokenizer.decode(tokens, hole)]

    def tagged(self, tokens: Sequence[str]) -> str:
        """The clean text with its special tokens."""
        return cleaned(self.tokenizer.tagged(tokens))

    def target_spans(self, tokens: Sequence[str]) -> list[Span]:
        """For each token, the span of its characters in the clean text."""
        (text,) = self.tokenizer.decode([list(tokens)])
        gone = cleaned_away(text)
        spans = self.tokenizer.target_spans(tokens)
        return [(a - bisect_left(gone, a), b - bisect_left(gone, b)) for a, b in spans]
