"""Tokenization by ``tokenizer.json``, as the library ``tokenizers`` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from s2scli.errors import InvalidModelError
from s2scli.models.manifest import TokenizerRecipe

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

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The tokens of each text."""
        return [encoding.tokens for encoding in self._tokenizer.encode_batch(list(texts))]

    encode_targets = encode

    def decode(self, tokens: Sequence[list[str]]) -> list[str]:
        """The text of each list of tokens."""
        decode = self._tokenizer.decoder.decode
        special = self._special
        return [decode([t for t in row if t not in special]).strip() for row in tokens]
