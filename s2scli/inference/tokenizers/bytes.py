"""Target tokens that are bytes of incomplete UTF-8 characters.

The libraries decode an incomplete character to U+FFFD, which no source has. Such bytes are left
out, or replaced by a sign that the caller chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain, groupby

__all__ = ["HOLE", "UNKNOWN", "spelt_out", "whole_letters", "whole_pieces", "without_bytes"]

UNKNOWN = "\ufffd"
HOLE = "\ufdd0"  # a noncharacter, which no text has
_SIGN = "<0x"  # of byte pieces
_BYTE_PIECE = rf"{_SIGN}([0-9A-Fa-f]{{2}})>"
# GPT-2's letters for bytes: those that are printable in ISO 8859-1 as themselves, the others from
# U+0100 on, in order (``bytes_to_unicode`` of https://github.com/openai/gpt-2).
_PRINTABLE = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
_OTHERS = sorted(set(range(0x100)).difference(_PRINTABLE))
_LETTERS = {
    **{chr(byte): byte for byte in _PRINTABLE},
    **{chr(0x100 + place): byte for place, byte in enumerate(_OTHERS)},
}


def whole_pieces(tokens: Sequence[str]) -> list[bool]:
    """For each token, whether it is text or a byte piece (``<0xC3>``) of a whole character."""
    return [all(flags) for flags in _whole(tokens, _of_piece)]


def without_bytes(tokens: Sequence[str], hole: str) -> list[str]:
    """Tokens with a sign instead of each run of byte pieces that form no whole character.

    Args:
        tokens: the tokens.
        hole: the sign; empty to leave them out.
    """
    found: list[str] = []
    for token, is_whole in zip(tokens, whole_pieces(tokens), strict=True):
        if is_whole:
            found.append(token)
        elif hole and found[-1:] != [hole]:
            found.append(hole)
    return found


def whole_letters(tokens: Sequence[str], hole: str = "") -> list[str]:
    """Byte-level tokens (GPT-2's) without the letters that form no whole character.

    Args:
        tokens: the tokens.
        hole: a token that replaces each run of such letters.
    """
    letters = chain.from_iterable(tokens)
    flags = chain.from_iterable(_whole(tokens, _of_letters))
    found: list[str] = []
    for is_whole, run in groupby(zip(letters, flags, strict=True), lambda pair: pair[1]):
        found.append("".join(letter for letter, _ in run) if is_whole else hole)
    return list(filter(None, found))


def spelt_out(tokens: Sequence[str]) -> str:
    """The characters that byte pieces (``<0xC3>``) make, in order."""
    if _SIGN not in "".join(tokens):
        return ""
    runs = groupby(map(_of_piece, tokens), lambda data: data is not None)
    found = (b"".join(data or b"" for data in run) for are_bytes, run in runs if are_bytes)
    return "".join(data.decode(errors="ignore") for data in found)


def _of_piece(token: str) -> bytes | None:
    byte = re.fullmatch(_BYTE_PIECE, token) if token.startswith(_SIGN) else None
    return bytes([int(byte[1], 16)]) if byte else None


def _of_letters(token: str) -> bytes | None:
    found = [_LETTERS.get(letter, -1) for letter in token]
    return None if -1 in found else bytes(found)


def _whole(tokens: Sequence[str], bytes_of: Callable[[str], bytes | None]) -> list[list[bool]]:
    """For each byte of each token, whether it is part of a whole character; in text all are."""
    rows = [(token, bytes_of(token)) for token in tokens]
    found: list[list[bool]] = []
    for are_bytes, run in groupby(rows, lambda row: row[1] is not None):
        if not are_bytes:
            found += [[True] * len(token) for token, _ in run]
            continue
        some = [data or b"" for _, data in run]
        flags = iter(_flags(b"".join(some)))
        found += [[next(flags) for _ in data] for data in some]
    return found


def _flags(data: bytes) -> list[bool]:
    """For each byte, whether it is part of a whole character."""
    found = [True] * len(data)
    start = 0
    while start < len(data):
        try:
            data[start:].decode()
            break
        except UnicodeDecodeError as error:
            for place in range(start + error.start, start + error.end):
                found[place] = False
            start += error.end
    return found
