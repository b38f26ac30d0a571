"""Elements of strings whose content stays as it is: code, styles, scripts, formulas."""

from __future__ import annotations

from collections.abc import Iterator

from s2scli.documents.borders import BLOCK
from s2scli.documents.htmlnames import KEPT, name_set
from s2scli.documents.inlinetags import tags
from s2scli.documents.pieces import CLOSE, POINT, MarkupPiece
from s2scli.documents.pieces import KEPT as KEPT_PIECE

__all__ = ["CODE", "whole_elements"]

# Words of a sentence: those of HTML; of DocBook (https://docbook.org/) and of KDE's KUIT.
CODE = (KEPT - {"listing", "pre"}) | name_set(
    "command computeroutput envar filename icode literal userinput varname"
)
# Stand between texts.
_LISTINGS = (KEPT - CODE) | name_set("bcode programlisting script style xml xmp")
_WHOLE = CODE | _LISTINGS | {"math"}


def whole_elements(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """Such elements in a stretch of a text, each as one piece; none is inside another.

    What is no word of a sentence is a point, which parts texts if it is a block.
    """
    opened: dict[str, list[int]] = {}
    found: list[MarkupPiece] = []
    for tag in tags(text, start, end):
        if tag.name not in _WHOLE:
            continue
        if tag.kind != CLOSE and text[tag.end - 2] != "/":
            opened.setdefault(tag.name, []).append(tag.start)
        elif tag.kind == CLOSE and opened.get(tag.name):
            begin = opened[tag.name].pop()
            while found and found[-1].start > begin:
                found.pop()  # inside this one
            found.append(_piece(text, begin, tag.end, tag.name))
    yield from found


def _piece(text: str, start: int, end: int, name: str) -> MarkupPiece:
    if name in CODE:
        return MarkupPiece(KEPT_PIECE, start, end, text[start:end])
    return MarkupPiece(POINT, start, end, name=BLOCK if name in _LISTINGS else "")
