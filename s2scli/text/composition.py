"""Word links of two translations in a row, put together."""

from __future__ import annotations

from collections.abc import Iterable

from s2scli.data import Link

__all__ = ["composed"]


def composed(first: Iterable[Link], second: Iterable[Link]) -> tuple[Link, ...]:
    """Links from the words of a text to those of its translation's translation.

    Two words are linked if both are linked to the same word between them; the words between are
    the same if they share a character, for each model has its own idea of what a word is.

    Args:
        first: from the text to its translation.
        second: from that translation to the next.

    Returns:
        Each link once, in order.
    """
    leading = sorted(first, key=lambda link: link[2:])
    found: set[Link] = set()
    for begin, end, start, stop in second:
        for source in leading:
            if source[2] >= end:
                break
            if source[3] > begin:
                found.add((*source[:2], start, stop))
    return tuple(sorted(found))
