"""A SentencePiece model (Kudo and Richardson 2018, https://arxiv.org/abs/1808.06226) for
parts of a text: a part that begins within a word gets no word mark, if the family does so
(``PreTrainedTokenizer`` of T5 with ``legacy=False``, transformers 4.57).
"""

from __future__ import annotations

from pathlib import Path

import sentencepiece

from s2scli.data import Span
from s2scli.errors import InvalidModelError
from s2scli.inference.tokenizers.surface import located

__all__ = ["WORD", "Pieces"]

WORD = "▁"  # the word mark: a space, at the beginning of a word
# ``ModelProto.normalizer_spec.add_dummy_prefix = false`` of ``sentencepiece_model.proto``. Repeated
# fields of a serialized message are merged, so it can be appended to the file.
_NO_PREFIX = bytes([3 << 3 | 2, 2, 3 << 3, 0])
# Put before a text so that its leading spaces are kept.
_GUARD = "<unk>"


class Pieces:
    """Splits parts of texts into pieces, and joins pieces to text.

    Args:
        path: the model's file.
        prepend_scheme: as in ``TokenizerRecipe``.
    """

    def __init__(self, path: Path, prepend_scheme: str = "always") -> None:
        always = prepend_scheme == "always"
        self._first = WORD if prepend_scheme == "first" else ""
        self._processor = _load(path, b"" if always else _NO_PREFIX)
        self._guard = [] if always else self._processor.encode(_GUARD, out_type=str)
        self.decode = self._processor.decode

    def encode(self, text: str, *, first: bool = True) -> list[str]:
        """The pieces of a part of a text.

        Args:
            text: the part.
            first: whether it is the first part of the text.
        """
        guarded, skipped = self._guarded(text, first) if self._guard else (text, 0)
        pieces: list[str] = self._processor.encode(guarded, out_type=str)
        return pieces[skipped:]

    def has(self, piece: str) -> bool:
        """Whether a string is a piece."""
        number = self._processor.piece_to_id(piece)
        return bool(number != self._processor.unk_id())

    def spans(self, text: str, *, first: bool = True) -> list[tuple[str, Span]]:
        """The pieces of a part, each with its span in it."""
        if not self._guard:
            return located(self._processor.encode(text, out_type="serialized_proto"))
        guarded, skipped = self._guarded(text, first)
        found = located(self._processor.encode(guarded, out_type="serialized_proto"))[skipped:]
        before = len(guarded) - len(text)
        return [(piece, (max(a - before, 0), max(b - before, 0))) for piece, (a, b) in found]

    def target_spans(self, pieces: list[str]) -> list[Span]:
        """For each piece of a target, its span in the text that ``decode`` returns."""
        if not pieces:
            return []
        return [span for _, span in located(self.decode(pieces, out_type="serialized_proto"))]

    def _guarded(self, text: str, first: bool) -> tuple[str, int]:
        """The text to split, and the number of leading pieces that do not belong to it."""
        text = (self._first if first and text else "") + text.replace(WORD, " ")
        if text.startswith((WORD, " ")):
            return _GUARD + text, len(self._guard)
        return text, 0


def _load(path: Path, more: bytes) -> sentencepiece.SentencePieceProcessor:
    try:
        if not more:
            return sentencepiece.SentencePieceProcessor(model_file=str(path))
        return sentencepiece.SentencePieceProcessor(model_proto=path.read_bytes() + more)
    except (OSError, RuntimeError) as error:
        raise InvalidModelError(
            f"{path} is missing or is not a SentencePiece model", "Convert the model again."
        ) from error
