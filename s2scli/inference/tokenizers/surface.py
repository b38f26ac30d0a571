"""The spans of SentencePiece's pieces in their text.

The library returns them as a serialized ``SentencePieceText`` (``sentencepiece.proto``), which all
of its versions have; it is parsed here so that no package for protocol buffers is needed.
"""

from __future__ import annotations

from s2scli.data import Span

__all__ = ["located"]

# Keys of the fields: a field's number, shifted by three bits, and its type (0 number, 2 bytes).
TEXT, PIECES = 1 << 3 | 2, 2 << 3 | 2
PIECE, END = 1 << 3 | 2, 5 << 3
TYPE, BYTES = 7, 2
MORE = 0x80  # bit of a varint byte: another byte follows


def located(message: bytes) -> list[tuple[str, Span]]:
    """The pieces of a ``SentencePieceText``, each with its span in characters.

    Each begins where the one before ends: characters that normalization removed belong to the next.
    """
    text, pieces, position = b"", [], 0
    while position < len(message):
        key, length, position = _field(message, position)
        if key == TEXT:
            text = message[position : position + length]
        elif key == PIECES:
            pieces.append(_piece(message, position, position + length))
        position += length if key & TYPE == BYTES else 0
    found = []
    plain = text.isascii()
    reached = start = 0
    for piece, end in pieces:
        length = end - reached if plain else len(text[reached:end].decode(errors="ignore"))
        found.append((piece, (start, start + length)))
        reached, start = end, start + length
    return found


def _piece(message: bytes, position: int, last: int) -> tuple[str, int]:
    """A piece and its end, in bytes of the text."""
    piece, end = "", 0
    while position < last:
        key, value, position = _field(message, position)
        if key == PIECE:
            piece = message[position : position + value].decode()
        elif key == END:
            end = value
        position += value if key & TYPE == BYTES else 0
    return piece, end


def _field(message: bytes, position: int) -> tuple[int, int, int]:
    """A field's key, its value or the length of its bytes, and the position after it."""
    key, value = message[position], message[position + 1]
    position += 2
    if value >= MORE:  # seven bits per byte, lowest first
        shift, value = 7, value - MORE
        while message[position] >= MORE:
            value |= (message[position] - MORE) << shift
            position += 1
            shift += 7
        value |= message[position] << shift
        position += 1
    return key, value, position
