r"""Fonts in texts of manual pages, as roff has them: ``the \fIfile\fR``, ``\fBin bold\fP``.

What a program's name or option is in stays with it (``s2scli.text.inlinemarkup``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.documents.inlinetags import outside
from s2scli.documents.pieces import CLOSE, OPEN, MarkupPiece

__all__ = ["fonts"]

_FONT = re.compile(
    r"\\f(?:(?P<back>[RP1]|\[[RP]?\]|\(CR)|[BICH2-4]|\[[A-Z]{1,3}\]|\((?:CW|CB|CI|BI))"
)


def fonts(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """The changes of font in a stretch of a text."""
    for font in outside(_FONT, text, start, end) if "\\f" in text else ():
        yield MarkupPiece(CLOSE if font["back"] else OPEN, *font.span(), name="\\f")
