"""Tokenization by ``tokenizer.json``, as the library ``tokenizers`` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from tokenizers import Tokenizer

from s2scli.errors import InvalidModelError
from s2scli.inference.tokenizers.bytes import UNKNOWN, whole_letters, whole_pieces
from s2scli.models.manifest import TokenizerRecipe
from s2scli.text.sentences import Span

__all__ = ["JsonTokenizer"]


class JsonTokenizer:
    """Tokens as strings. The file knows no special tokens, so that none is found in a text.

    Args:
        recipe: names the file.
        directory: where it is.
    """

    def __init__(self, recipe: TokenizerRecipe, directory: Path) -> None:
        path = directory / recipe.source
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises plain exceptions
            raise InvalidModelError(
                f"{path} is missing or is no tokenizer: {error}", "Convert the model again."
            ) from error
        if self._tokenizer.decoder is None:
            raise InvalidModelError(f"{path} does not say how tokens become text")
        self._special = recipe.control_tokens
        self._letters_are_bytes = self._tokenizer.decoder.decode(["Ã©"]) == "é"

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The tokens of each text."""
        return [encoding.tokens for encoding in self._tokenizer.encode_batch(list(texts))]

    encode_targets = encode

    def decode(self, tokens: Sequence[list[str]]) -> list[str]:
        """The text of each list of tokens."""
        special = self._special
        return [self._text([token for token in row if token not in special]) for row in tokens]

    def source_spans(self, text: str) -> list[Span]:
        """For each token of a text its characters."""
        return list(self._tokenizer.encode(text).offsets)

    def target_spans(self, tokens: Sequence[str]) -> list[Span]:
        """For each token its characters in the text of all: those by which it makes it longer."""
        parts = self.decode([list(tokens[:count]) for count in range(1, len(tokens) + 1)])
        ends = [0]
        for part in parts:
            ends.append(min(max(ends[-1], len(part)), len(parts[-1])))
        return list(pairwise(ends))

    def _text(self, tokens: list[str]) -> str:
        """The text of tokens none of which is special, without bytes that are no character."""
        decode = self._tokenizer.decoder.decode
        text: str = decode(tokens)
        if UNKNOWN in text:
            if self._letters_are_bytes:
                text = decode(whole_letters(tokens))
            else:
                whole = zip(tokens, whole_pieces(tokens), strict=True)
                text = decode([token for token, is_whole in whole if is_whole])
        return text.strip()
