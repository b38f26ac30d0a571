"""Words that no dictionary has."""

from __future__ import annotations

import random

__all__ = ["made_words"]

BEGINS = ("b", "br", "ch", "d", "f", "gl", "h", "j", "k", "l", "m", "n", "p", "qu", "r", "s", "sh")
MIDDLES = ("a", "ai", "e", "ee", "i", "o", "oo", "ou", "u", "y")
ENDS = ("", "ck", "d", "ght", "l", "mb", "n", "ng", "r", "s", "st", "t", "th", "v", "x", "zz")


def made_words(count: int) -> list[str]:
    """Some of one to four syllables, the same each time."""
    draw = random.Random(8)
    parts = (BEGINS, MIDDLES, ENDS)
    return [
        "".join(draw.choice(part) for _ in range(draw.randint(1, 4)) for part in parts)
        for _ in range(count)
    ]
