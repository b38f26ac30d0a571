"""Writes lexical shortlists as Marian's students come with them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

MAGIC = 0xF11A48D5013417F5
FIRST = 40


def lexicon(lists: Sequence[Sequence[int]], first: int = FIRST) -> bytes:
    """The file with a list of target tokens for each source token; its checksum is left out."""
    offsets = np.cumsum([0, *map(len, lists)]).astype("<u8")
    candidates = np.array([number for row in lists for number in row], "<u4")
    header = struct.pack("<6Q", MAGIC, 0, first, 100, len(offsets), len(candidates))
    return header + offsets.tobytes() + candidates.tobytes()


def write_lexicon(path: Path, vocabulary: Path, pairs: Mapping[str, str]) -> None:
    """Write what translations yield: any token of a source may yield any of its translation's.

    Args:
        path: the file.
        vocabulary: a SentencePiece model, of both sides.
        pairs: translations by source.
    """
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    lists: list[set[int]] = [set() for _ in range(pieces.get_piece_size())]
    for source, target in pairs.items():
        for number in (*pieces.encode(source), 0):
            lists[number].update(pieces.encode(target))
    path.write_bytes(lexicon([sorted(row) for row in lists]))
