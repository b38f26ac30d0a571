r"""Fonts in texts of manual pages, as roff has them: ``the \fIfile\fR``, ``\fBin bold\fP``.

What a program's name or option is in stays with it (``s2scli.text.inlinemarkup``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.documents.inlinetags import outside
from s2scli.documents.pieces import CLOSE, OPEN, MarkupPiece

__all__ = ["fonts", "has_fonts", "quotations"]

_FONT = re.compile(
    r"\\(?P<name>f)(?:(?P<back>[RP1]|\[[RP]?\]|\(CR)|[BICH2-4]|\[[A-Z]{1,3}\]|\((?:CW|CB|CI|BI))|"
    r"\\(?P<size>s)(?:(?P<whole>0)|[-+]?[1-9])|\\(?P<colour>m)\[(?:(?P<none>\])|\w{1,20}\])"
)
_QUOTED = re.compile(
    r"(?<![\w])(?P<open>\\\((?:lq|oq|dq|aq)|\\\*\(L\")(?=\w)[^\n]{0,300}?(?<=[\w.,!?])"
    r"(?P<close>\\\((?:rq|cq|dq|aq)(?!\w)|\\\*\(R\")"
)


def has_fonts(text: str) -> bool:
    """Whether there may be such codes in a text."""
    return "\\" in text and (_FONT.search(text) or _QUOTED.search(text)) is not None


def fonts(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """The changes of font, size and colour in a stretch of a text."""
    for font in outside(_FONT, text, start, end) if text.find("\\", start, end) >= 0 else ():
        is_back = font["back"] or font["whole"] or font["none"]
        name = font["name"] or font["size"] or font["colour"]
        yield MarkupPiece(CLOSE if is_back else OPEN, *font.span(), name=f"\\{name}")


def quotations(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """Quotation marks that are written by their names, around words."""
    for quoted in _QUOTED.finditer(text, start, end) if text.find("\\", start, end) >= 0 else ():
        yield MarkupPiece(OPEN, *quoted.span("open"), name="\\(")
        yield MarkupPiece(CLOSE, *quoted.span("close"), name="\\(")
