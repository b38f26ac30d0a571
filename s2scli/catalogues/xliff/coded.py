"""A unit with messages of ICU: its inline elements as numbered tags in its text.

So each element stays in its branch, whichever branches there are (``{n, plural, one {…}}``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import count

from s2scli.documents.icu import arguments
from s2scli.documents.pieces import CLOSE, OPEN, TEXT, MarkupPiece

__all__ = ["Codes", "coded", "decoded", "is_safe"]

Codes = tuple[tuple[str, str], ...]  # a number, with a slash where its tag has one → markup
_TAG = re.compile(r"<(/?)(\d{1,9})(/?)>")


def coded(text: str, pieces: Sequence[MarkupPiece]) -> tuple[str, Codes]:
    """Paired pieces as one text, and what its tags stand for.

    Args:
        text: the document's characters.
        pieces: what a source is made of.
    """
    shown = "".join(piece.text for piece in pieces if piece.kind == TEXT)
    taken = {int(tag[2]) for tag in _TAG.finditer(shown)}
    numbers = (number for number in count(1) if number not in taken)
    open_: list[int] = []
    parts: list[str] = []
    codes: list[tuple[str, str]] = []
    for piece in pieces:
        raw = text[piece.start : piece.end]
        if piece.kind == TEXT:
            parts.append(piece.text)
            continue
        if piece.kind == CLOSE:
            key = f"/{open_.pop()}"
        else:
            number = next(numbers)
            key = f"{number}" if piece.kind == OPEN else f"{number}/"
            open_ += [number] if piece.kind == OPEN else []
        codes.append((key, raw))
        parts.append(f"<{key}>")
    return "".join(parts), tuple(codes)


def decoded(text: str, codes: Codes, written: Callable[[str], str]) -> str:
    """A text with the markup in the places of its tags.

    Args:
        text: the text.
        codes: what its tags stand for.
        written: how text is written between them.
    """
    known = dict(codes)
    parts: list[str] = []
    reached = 0
    for tag in _TAG.finditer(text):
        if (key := tag[0][1:-1]) in known:
            parts += [written(text[reached : tag.start()]), known[key]]
            reached = tag.end()
    return "".join([*parts, written(text[reached:])])


def is_safe(text: str) -> bool:
    """Whether each branch of each message closes what it opens."""
    return all(
        _is_balanced(branch) and is_safe(branch)
        for argument in arguments(text, 0, len(text))
        for branch in (text[start:end] for start, end in argument.branches)
    )


def _is_balanced(text: str) -> bool:
    open_: list[str] = []
    for tag in _TAG.finditer(text):
        if tag[1] and (not open_ or open_.pop() != tag[2]):
            return False
        if not tag[1] and not tag[3]:
            open_.append(tag[2])
    return not open_
