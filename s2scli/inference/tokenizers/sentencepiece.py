"""SentencePiece tokenization (Kudo and Richardson 2018, https://arxiv.org/abs/1808.06226)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import sentencepiece

from s2scli.errors import InvalidModelError
from s2scli.inference.tokenizers.bytes import UNKNOWN, whole_pieces
from s2scli.inference.tokenizers.surface import located
from s2scli.models.manifest import TokenizerRecipe
from s2scli.text.sentences import Span

__all__ = ["SentencePieceTokenizer"]


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
        self._special = recipe.control_tokens
        # Tokens that the model file itself makes of text which looks like them: as a rule, none.
        self._misread = frozenset(
            token for token in self._special if token in self._source.encode(token, out_type=str)
        )

    # Each text by itself: SentencePiece starts a thread for a list of texts, and is no faster.

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text; what looks like a special token stays text."""
        if not self._misread:
            return [self._source.encode(text, out_type=str) for text in texts]
        return [self._as_text(self._source.encode(text, out_type=str)) for text in texts]

    def encode_targets(self, texts: Sequence[str]) -> list[list[str]]:
        """The pieces of each text by the target side's model."""
        return [self._as_text(self._target.encode(text, out_type=str)) for text in texts]

    def decode(self, tokens: Sequence[list[str]]) -> list[str]:
        """The text of each list of pieces."""
        return [self._text(pieces) for pieces in tokens]

    def source_spans(self, text: str) -> list[Span]:
        """For each piece of a text its characters, whatever the normalization."""
        spans: list[Span] = []
        for piece, span in located(self._source.encode(text, out_type="serialized_proto")):
            spans += [span] * (len(piece) if piece in self._misread else 1)
        return spans

    def target_spans(self, tokens: Sequence[str]) -> list[Span]:
        """For each piece its characters in the text of all; none for what ``decode`` leaves out."""
        plain = [token for token in tokens if token not in self._special]
        whole = iter(whole_pieces(plain))
        shown = [token not in self._special and next(whole) for token in tokens]
        pieces = [token for token, is_shown in zip(tokens, shown, strict=True) if is_shown]
        text = self._target.decode(pieces).replace("▁", " ")
        first = len(text) - len(text.lstrip())  # what ``decode`` leaves out
        last = first + len(text.strip())
        places = iter(
            located(self._target.decode(pieces, out_type="serialized_proto")) if pieces else ()
        )
        spans = [(0, 0)]
        for is_shown in shown:
            start, end = next(places)[1] if is_shown else (spans[-1][1],) * 2
            spans.append((min(max(start, first), last), min(max(end, first), last)))
        return [(start - first, end - first) for start, end in spans[1:]]

    def _as_text(self, pieces: list[str]) -> list[str]:
        """Pieces without special tokens: letter by letter if need be."""
        if self._misread.isdisjoint(pieces):
            return pieces
        return list(chain.from_iterable(p if p in self._misread else (p,) for p in pieces))

    def _text(self, pieces: list[str]) -> str:
        if not self._special.isdisjoint(pieces):
            pieces = [piece for piece in pieces if piece not in self._special]
        text: str = self._target.decode(pieces)
        if UNKNOWN in text and not all(whole := whole_pieces(pieces)):
            pieces = [piece for piece, is_whole in zip(pieces, whole, strict=True) if is_whole]
            text = self._target.decode(pieces)
        # A piece that the model's own file does not know would keep its word mark.
        return (text.replace("▁", " ") if "▁" in text else text).strip()


def _load(path: Path) -> sentencepiece.SentencePieceProcessor:
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise InvalidModelError(
            f"{path} is missing or is no SentencePiece model", "Convert the model again."
        ) from error


def _same_content(one: Path, other: Path) -> bool:
    return one == other or (one.is_file() and one.read_bytes() == other.read_bytes())
