"""The words of a text, found once for all checks that look at them."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["folded", "words"]

RECENT = 4  # a source and its translation, and those of one more thread
_WORD = r"[^\W_]+(?:['’][^\W_]+)*"


@lru_cache(maxsize=RECENT)
def words(text: str) -> list[str]:
    """The words and the numbers of a text, in order."""
    return re.findall(_WORD, text)


@lru_cache(maxsize=RECENT)
def folded(text: str) -> list[str]:
    """The same without regard to case."""
    return [word.casefold() for word in words(text)]
