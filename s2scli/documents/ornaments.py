"""Signs that are no words: stars of notes, runs of a sign, options and marks before a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.documents.borders import BLOCK
from s2scli.documents.pieces import POINT, MarkupPiece

__all__ = ["ornaments"]

_ORNAMENT = re.compile(r"(?<!\S)([*=~#+<-])\1+(?!\S)")
# Marks of a quotation, as in mails and Markdown.
_QUOTED = re.compile(r"(?:> ?){1,9}(?=[^\s>])(?=\S+\s)")
_STAR = re.compile(r"^\*(?=\w)|(?<=[\w.!?)])\*$")
# What a note begins with, in an element behind a text: now. <small>* only today</small>
_NOTE = re.compile(
    r"(?:\A|[.!?:)>]\s{0,3})<\w[^<>]{0,200}>\s{0,3}(\*{1,3}(?=\s+[^\W\d_])|[\u2020\u2021]+(?=\s?\w))"
)
# Options, with what they take, and the blanks behind them.
_OPTION = re.compile(
    r"--?[A-Za-z\d?][\w[\]=<>|.-]*"
    r"(?:,? {1,2}(?:--?[A-Za-z\d?]|[A-Z<\[])[\w[\]=<>|.-]*){0,9} {2,}(?=\S)"
)


def ornaments(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """Stars and runs of a sign at the ends of a text; options and marks of quotations before it."""
    if (star := _STAR.search(text, start, end)) and text.count("*") == 1:
        yield MarkupPiece(POINT, *star.span())
    for note in _NOTE.finditer(text, start, end):
        yield MarkupPiece(POINT, *note.span(1), name=BLOCK)
    if quoted := _QUOTED.match(text, start, end):
        yield MarkupPiece(POINT, *quoted.span())
    if option := _OPTION.match(text, start, end):
        yield MarkupPiece(POINT, *option.span())
    for ornament in _ORNAMENT.finditer(text, start, end):
        if start == ornament.start() or end == ornament.end():
            yield MarkupPiece(POINT, *ornament.span())
