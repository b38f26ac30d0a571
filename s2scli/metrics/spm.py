"""SentencePiece tokenizers of spBLEU (Goyal et al. 2022, https://aclanthology.org/2022.tacl-1.30).

sacrebleu downloads their models. Here the model is a file that is given, and nothing is fetched.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from s2scli.disk.hashes import short_digest
from s2scli.errors import BadInputError, MissingInputError

__all__ = ["PIECE_TOKENIZERS", "piece_tokenizer"]

# Those of sacrebleu that have a SentencePiece model → what signatures call them.
PIECE_TOKENIZERS = {
    "flores200": "flores200",
    "flores101": "flores101",
    "spm": "flores101",
    "spBLEU-1K": "spBLEU-1K",
}


def piece_tokenizer(name: str, model: Path) -> tuple[Any, str]:
    """A tokenizer as sacrebleu makes it, and a short hash of its model.

    Args:
        name: a key of ``PIECE_TOKENIZERS``.
        model: the SentencePiece model.

    Raises:
        MissingInputError: the file cannot be read.
        BadInputError: it is no such model.
    """
    from sacrebleu.tokenizers.tokenizer_spm import TokenizerSPM
    from sentencepiece import SentencePieceProcessor

    try:
        data = model.read_bytes()
    except OSError as error:
        raise MissingInputError(f"Cannot read {model}: {error.strerror}") from error
    try:
        pieces = SentencePieceProcessor(model_proto=data)
        if not data or not pieces.get_piece_size():
            raise RuntimeError
    except RuntimeError as error:
        raise BadInputError(
            f"{model} is not a SentencePiece model", f"Give --spm the model of {name}."
        ) from error

    class _FromFile(TokenizerSPM):
        """sacrebleu's own class, without its download."""

        def __init__(self) -> None:
            self.name = PIECE_TOKENIZERS[name]
            self.sp = pieces

    return _FromFile(), short_digest(data)
