"""No-break spaces beside numbers and words that stay, which models write as plain spaces."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

__all__ = ["unbroken"]

SIGNS = "\u00a0\u2007\u2009\u202f"
_SIGN = re.compile(f"[{SIGNS}]")
_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\s\d]+")


def unbroken(source: str, target: str) -> str:
    """A translation with the no-break and thin spaces of its source.

    They are beside the same numbers, whatever their separators, and beside words that are the same
    in both (``5 km``, ``{n} km``, ``Dr. Smith``). Nothing else changes, not the length either.

    Args:
        source: the text.
        target: its translation.
    """
    if not _SIGN.search(source):
        return target
    theirs = _words(target)
    written = list(target)
    for key, places in _words(source).items():
        for (start, end), (first, last) in zip(places, theirs.get(key, ()), strict=False):
            for sign, place in (
                (source[start - 1 : start], first - 1),
                (source[end : end + 1], last),
            ):
                if (
                    sign
                    and sign in SIGNS
                    and 0 < place < len(written) - 1
                    and written[place] == " "
                ):
                    written[place] = sign
    return "".join(written)


def _words(text: str) -> dict[str, list[tuple[int, int]]]:
    """Where the words of a text are, numbers by their digits."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, start, end in _keyed(text):
        found[key].append((start, end))
    return found


def _keyed(text: str) -> Iterator[tuple[str, int, int]]:
    for word in _WORD.finditer(text):
        digits = "".join(filter(str.isdecimal, word[0]))
        yield digits or word[0], *word.span()
