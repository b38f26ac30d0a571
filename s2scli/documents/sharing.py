"""A text shared out among lines or cues, in proportion to what stood in each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from s2scli.documents.cuetags import TAG, without_tags
from s2scli.text.spans import table

__all__ = ["shared", "wrapped"]

_WORD = re.compile(rf"(?:{TAG}|[^ \t\r\n])+")


def shared(text: str, sizes: Sequence[int]) -> list[str]:
    """The words in as many parts as there are sizes, and in these proportions."""
    words = _words(text)
    if len(sizes) == 1 or len(words) < len(sizes):
        return [text, *[""] * (len(sizes) - 1)]
    total, length = sum(sizes), sum(_width(word) + 1 for word in words)
    parts: list[list[str]] = [[] for _ in sizes]
    part, filled, bound = 0, 0.0, sizes[0] / total * length
    for number, word in enumerate(words):
        left = len(words) - number
        full = parts[part] and filled + _width(word) / 2 > bound
        if part + 1 < len(sizes) and (full or left < len(sizes) - part):
            part += 1
            bound += sizes[part] / total * length
        parts[part].append(word)
        filled += _width(word) + 1
    return [" ".join(words) for words in parts]


def wrapped(text: str, lines: int, newline: str, width: int) -> str:
    """On as many lines as before, evenly, if that keeps them within the width."""
    words = _words(text)
    sizes = [_width(word) for word in words]
    size = sum(sizes) + len(sizes) - 1
    if size <= width and lines == 1:
        return text
    count = max(lines, -(-size // width))
    even = max(size // max(1, count) + 1, max(sizes, default=1))
    found = [text]
    for limit in range(min(even, width), width + 1):
        found = _lines_of(words, sizes, limit)
        if len(found) <= count:
            break
    return newline.join(found)


def _lines_of(words: Sequence[str], sizes: Sequence[int], width: int) -> list[str]:
    """Words on lines of a width; a word that is wider has a line of its own."""
    lines: list[list[str]] = []
    filled = width
    for word, size in zip(words, sizes, strict=True):
        if filled + 1 + size > width:
            lines.append([])
            filled = -1
        lines[-1].append(word)
        filled += 1 + size
    return [" ".join(line) for line in lines]


def _words(text: str) -> list[str]:
    """The words of a text, each with the tags beside it; no tag or placeholder is taken apart."""
    words: list[str] = []
    stretches = table().spans(text)
    stretch = next(stretches, None)
    reached = 0
    for word in _WORD.finditer(text):
        while stretch and stretch[1] <= word.start():
            stretch = next(stretches, None)
        if words and stretch and stretch[0] < word.start():
            words[-1] += text[reached : word.end()]
        else:
            words.append(word[0])
        reached = word.end()
    return words


def _width(word: str) -> int:
    """How many characters of a word are shown."""
    return len(without_tags(word))
