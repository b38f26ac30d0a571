"""Damaged copies of outputs, which whoever reads with care rates worse.

They are made as for WMT's direct assessment (Graham et al. 2017,
https://doi.org/10.1017/S1351324915000339): words in a row are replaced by as many words in a row of
another segment, more of them the longer the text is, and not at its beginning or end if it is long
enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from s2scli.judging.chance import Chance
from s2scli.text.pharaoh import words_of

__all__ = ["damaged", "words_replaced"]

# Longest text in words → the number of words that are replaced; a quarter of longer ones.
REPLACED = ((1, 1), (5, 2), (8, 3), (15, 4), (20, 5))
PARTS = 4
TRIES = 20


def words_replaced(words: int) -> int:
    """How many words of a text are replaced.

    Args:
        words: the length of the text.
    """
    for longest, replaced in REPLACED:
        if words <= longest:
            return replaced
    return words // PARTS


def damaged(text: str, others: Sequence[str], chance: Chance) -> str | None:
    """A damaged copy of a text.

    Args:
        text: the text; characters count as words in scripts without spaces.
        others: texts of other segments, to take words from.
        chance: what decides on the places.

    Returns:
        The copy; None if the text has no words, or no other text has as many other words.
    """
    spans = words_of(text)
    if not spans or not others:
        return None
    count = min(words_replaced(len(spans)), len(spans))
    edge = 1 if len(spans) >= count + 2 else 0
    for _ in range(TRIES):
        begin = edge + chance.below(len(spans) - count - 2 * edge + 1)
        start, end = spans[begin][0], spans[begin + count - 1][1]
        phrase = _phrase(chance.pick(others), count, chance)
        if phrase and phrase.casefold() != text[start:end].casefold():
            return text[:start] + phrase + text[end:]
    return None


def _phrase(text: str, count: int, chance: Chance) -> str:
    """So many words in a row of a text; empty if it has fewer."""
    spans = words_of(text)
    if len(spans) < count:
        return ""
    begin = chance.below(len(spans) - count + 1)
    return text[spans[begin][0] : spans[begin + count - 1][1]]
