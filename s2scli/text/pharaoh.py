"""Word alignments as Moses and fast_align write them: pairs of positions, such as ``0-0 1-2``.

Words are what white space separates. In scripts without spaces between words (Chinese, Japanese,
Thai and others) each character is a word, with the marks that belong to it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from s2scli.data import Link, Span
from s2scli.text.alignment import DENSE, has_letters

__all__ = ["Pairs", "pairs_of_words", "pharaoh", "words_of"]

# Positions in the source and in the target, from 0; in order.
Pairs = list[tuple[int, int]]


def words_of(text: str) -> list[Span]:
    """The words of a text, each with its first character and the one after its last."""
    found: list[Span] = []
    for match in re.finditer(r"\S+", text):
        is_dense = re.search(DENSE, match[0])
        found += _characters(text, *match.span()) if is_dense else [match.span()]
    return found


def _characters(text: str, start: int, end: int) -> Iterator[Span]:
    """What is between spaces in parts, each with one character of a dense script, or with none."""
    dense = re.compile(DENSE)
    begin, alone = start, False
    for place in range(start, end):
        if unicodedata.category(text[place]).startswith("M"):
            continue
        is_dense = bool(dense.match(text, place))
        if begin < place and (is_dense or alone):
            yield begin, place
            begin = place
        alone = is_dense
    yield begin, end


def pairs_of_words(source: str, target: str, links: Iterable[Link]) -> Pairs:
    """The words of two texts that belong together.

    Marks say nothing of the words that they stand at: their links count where there is no letter.

    Args:
        source: the source text.
        target: the target text.
        links: what belongs together, as character spans.
    """
    ours, theirs = words_of(source), words_of(target)
    found: set[tuple[int, int]] = set()
    for first, last, start, end in links:
        left = _touched(source, ours, first, last)
        right = _touched(target, theirs, start, end)
        if source[first:last] == target[start:end] and len(left) == len(right):  # what was kept
            found.update(zip(left, right, strict=True))
        else:
            found.update((one, other) for one in left for other in right)
    return sorted(found)


def _touched(text: str, words: Sequence[Span], start: int, end: int) -> list[int]:
    """The words that a stretch of a text says something of."""
    low = bisect_right(words, start, key=lambda word: word[1])
    high = bisect_left(words, end, key=lambda word: word[0])
    return [
        number
        for number in range(low, high)
        if has_letters(text[max(start, words[number][0]) : min(end, words[number][1])])
        or not has_letters(text[slice(*words[number])])
    ]


def pharaoh(pairs: Iterable[tuple[int, int]]) -> str:
    """Pairs as text: ``0-0 1-2``."""
    return " ".join(f"{one}-{other}" for one, other in pairs)
