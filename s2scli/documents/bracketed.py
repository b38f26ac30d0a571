"""Markup of forums in strings: ``[b]so[/b]``, ``[url=a]here[/url]``.

Tags in square brackets are such where they are closed; others may be words (``[Your name]``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.documents.pieces import CLOSE, KEPT, OPEN, MarkupPiece

__all__ = ["bracketed", "has_brackets"]

_NAME = r"[A-Za-z][\w-]{0,30}"
_TAG = re.compile(rf"\[(/?)({_NAME})(?:(?:=|\s+[\w-]+=)[^\[\]\n]*)?\](?!\()")
_END = re.compile(rf"\[/({_NAME})\]")
_OPAQUE = frozenset(("code", "img", "pre", "youtube"))  # what they hold is no text


def has_brackets(text: str) -> bool:
    """Whether there is such markup in a text."""
    return "[/" in text and _END.search(text) is not None


def bracketed(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """The tags in square brackets in a stretch of a text."""
    closed = set(_END.findall(text, start, end)) if text.find("[/", start, end) >= 0 else set()
    opaque, begun = "", 0  # the name of what is open and holds no text, and where it begins
    for tag in _TAG.finditer(text, start, end) if closed else ():
        name = tag[2]
        if opaque:
            if tag[1] and name == opaque:
                yield MarkupPiece(KEPT, begun, tag.end(), text[begun : tag.end()])
                opaque = ""
        elif name.lower() in _OPAQUE and name in closed and not tag[1]:
            opaque, begun = name, tag.start()
        elif name in closed:
            yield MarkupPiece(CLOSE if tag[1] else OPEN, *tag.span(), name=f"[{name}")
