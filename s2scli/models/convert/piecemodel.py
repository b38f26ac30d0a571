"""SentencePiece models of checkpoints."""

from __future__ import annotations

from pathlib import Path

import sentencepiece

from s2scli.errors import InvalidModelError

__all__ = ["piece_model"]

ADVICE = "Fetch it again."


def piece_model(data: bytes, path: Path) -> sentencepiece.SentencePieceProcessor:
    """Load a SentencePiece model.

    Args:
        data: the file's bytes.
        path: the file, for messages.

    Raises:
        InvalidModelError: it is something else, or damaged.
    """
    if not data:  # which the library takes for "none yet"
        raise InvalidModelError(f"{path} is empty", ADVICE)
    try:
        return sentencepiece.SentencePieceProcessor(model_proto=data)
    except (TypeError, RuntimeError) as error:
        raise InvalidModelError(f"{path} is not a SentencePiece model", ADVICE) from error
