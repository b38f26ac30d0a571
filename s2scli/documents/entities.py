"""Letters, blanks and signs of words that a string has as entities: ``Don&#039;t``, ``5&nbsp;km``.

A model reads them as they are shown. Those that are no part of a word (``&lt;``, ``&copy;``) stay.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape

__all__ = ["encoded", "shown"]

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_SIGNS = "'\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u00a0\u2002\u2003\u2009\u202f"
_SOFT_HYPHEN = "\u00ad"  # another text is broken at other places


def shown(raw: str) -> str:
    """A text with the characters for such entities."""
    return _ENTITY.sub(lambda found: _character(found[0]), raw) if "&" in raw else raw


def encoded(raw: str, text: str) -> str:
    """A text with entities for the characters that another one has as entities.

    Args:
        raw: what stood there, as it was written.
        text: what is to stand there.
    """
    if "&" not in raw:
        return text
    entities = {_character(each): each for each in _ENTITY.findall(raw)}
    entities = {sign: each for sign, each in entities.items() if sign and sign != each}
    return text.translate(str.maketrans(entities)) if entities else text


@cache
def _character(entity: str) -> str:
    """What an entity stands for; itself if that is no part of a word, nothing if it is not seen."""
    sign = unescape(entity)
    if sign == _SOFT_HYPHEN:
        return ""
    return sign if len(sign) == 1 and (sign.isalpha() or sign in _SIGNS) else entity
