"""Whether a value is words for a person, or a name, a code or a setting for a program."""

from __future__ import annotations

import re

__all__ = ["reads_like_text"]

_WORD = re.compile(r"[(\[\"'“‘«¿¡]*[^\W\d_]{2,}(?:['’-][^\W\d_]+)*[)\]\"'”’».,;:!?]*\Z")
_NAMED = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]+\Z")


def reads_like_text(value: str) -> bool:
    """Whether a person would read a value as words: two of them, or one that is written large."""
    words = [word for word in value.split() if _WORD.match(word)]
    return len(words) > 1 or (len(words) == 1 and bool(_NAMED.match(value.strip("\"'., "))))
