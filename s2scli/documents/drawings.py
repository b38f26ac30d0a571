"""Words in pictures (SVG, https://www.w3.org/TR/SVG2/text.html) that stand beside a document."""

from __future__ import annotations

import re

from s2scli.documents.xmltokens import characters

__all__ = ["drawn_texts"]

_TEXT = re.compile(
    r"<((?:[\w.-]+:)?(?:text|title|desc))(?=[\s>])[^<>]*>((?:(?!</\1[\s>]).)*)", re.DOTALL
)
_TAG = re.compile(r"<(?!!)[^<>]*>")


def drawn_texts(picture: str) -> int:
    """How many texts with letters a picture has, its title and its description among them.

    Args:
        picture: its characters.
    """
    found = (characters(_TAG.sub(" ", match[2])) for match in _TEXT.finditer(picture))
    return sum(any(map(str.isalpha, says)) for says in found)
