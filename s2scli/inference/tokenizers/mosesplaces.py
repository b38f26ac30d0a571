"""Where Moses' words stand in their text.

Moses changes marks (quotes, dashes, dots) and their spaces, and no letters or digits: so each of
these is the next one of the text, and a mark is the mark that stands there, if one does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from s2scli.data import Span

__all__ = ["letters_of", "spans_of"]

DASH = "@-@"  # a hyphen within a word
_SIGN = re.compile(r"&(?:amp|lt|gt|quot|apos|bar|bra|ket|#124|#91|#93);|.", re.DOTALL)


def letters_of(word: str) -> list[str]:
    """For each character of a word of Moses' the character of a text that it stands for.

    A mark that is written as several (``&quot;``) stands with the first of them; the others have
    nothing.
    """
    if word == DASH:
        return ["-", "", ""]
    found: list[str] = []
    for sign in _SIGN.findall(word):
        found += [unescape(sign)[:1], *[""] * (len(sign) - 1)]
    return found


def spans_of(pieces: Iterable[str], text: str) -> list[Span]:
    """For each piece, given as the characters that it stands for, its characters in a text."""
    reached = 0
    spans: list[Span] = []
    for piece in pieces:
        start = end = -1
        for letter in piece:
            place = _next(letter, text, reached)
            if place is not None:
                start, end = place if start < 0 else start, place + 1
                reached = end
        spans.append((start, end) if start >= 0 else (reached, reached))
    return spans


def _next(letter: str, text: str, start: int) -> int | None:
    """The place of a character in a text from ``start`` on; None for a mark that was put in."""
    is_mark = not letter.isalnum()
    for place in range(start, len(text)):
        if text[place].isalnum():
            return None if is_mark else place
        if is_mark and not text[place].isspace():
            return place
    return None
