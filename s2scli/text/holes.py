"""Letters of a source that a translation lacks, for the model wrote but some of their bytes.

Such letters are rare ones, and what has them is copied: a name, a word of another language, a
symbol. So what is missing stands in the source, with the same letters beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2scli.text.rewriting import Edit

__all__ = ["Fillings", "fillings"]

LONGEST = 8  # letters in one hole
ENOUGH = 3  # letters beside it that must fit, if there are that many
NEAR = 16  # letters beside it that are compared
_RARE = re.compile(r"[^\x00-\x7f\s\u2000-\u200c\u200e-\u2027]+")
_WORD_BEFORE = re.compile(r"[^\W_]*\Z")
_WORD_BEHIND = re.compile(r"[^\W_]*")


class _Candidate(NamedTuple):
    """Letters of a source that may be the missing ones, and how many of those beside fit."""

    start: int
    end: int
    fits: int


class Fillings(NamedTuple):
    """What is known of the holes of a translation.

    Attributes:
        edits: what is to stand in those that something fits, and in other places.
        unfit: the holes in words that nothing fits, in order.
    """

    edits: list[Edit]
    unfit: list[int]


def fillings(source: str, text: str, holes: Sequence[int], doubtful: str = "") -> Fillings:
    """What is to stand in the holes of a translation.

    A hole that touches no letter, of which the source lacks nothing, is none.

    Args:
        source: the source text.
        text: the translation without the missing letters.
        holes: where they are missing, in order.
        doubtful: characters that may be others in the source: if such fit, they are put there.
    """
    odd = [n for n, sign in enumerate(text) if sign in doubtful and sign not in source]
    gaps = sorted([*((place, place) for place in holes), *((n, n + 1) for n in odd)])
    borders = [0, *(place for gap in gaps for place in gap), len(text)]
    found = Fillings([], [])
    used: set[int] = set()
    for number, (start, end) in enumerate(gaps):
        left = _part(_WORD_BEFORE, text[borders[2 * number] : start][-NEAR:])
        right = _part(_WORD_BEHIND, text[end : borders[2 * number + 3]][:NEAR])
        fitting = [one for one in _candidates(source, left, right) if one.start not in used]
        if not left and not right:
            fitting = [one for one in fitting if not _is_there(source, text, one)]
        best = max(fitting, key=lambda one: (one.fits, -one.start, one.end), default=None)
        if best:
            used.update(range(best.start, best.end))
            found.edits.append((start, end, source[best.start : best.end]))
        elif start == end and (left or right):
            found.unfit.append(start)
    return found


def _part(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


def _candidates(source: str, left: str, right: str) -> Iterator[_Candidate]:
    """Rare letters of a source whose neighbours are those of a hole, on both sides."""
    for run in _RARE.finditer(source):
        for start in range(*run.span()):
            word_before = _part(_WORD_BEFORE, source[max(0, start - NEAR) : start])
            before = _common(left[::-1], word_before[::-1])
            if (left and not before) or (word_before and not left):
                continue
            for end in range(start + 1, min(run.end(), start + LONGEST) + 1):
                word_behind = _part(_WORD_BEHIND, source[end : end + NEAR])
                behind = _common(right, word_behind)
                if (right and not behind) or (word_behind and not right):
                    continue
                if before + behind >= min(ENOUGH, len(left) + len(right)):
                    yield _Candidate(start, end, before + behind)


def _common(one: str, other: str) -> int:
    """How many letters two words have in common at their begin, whatever their case."""
    pairs = zip(one.casefold(), other.casefold(), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _is_there(source: str, text: str, one: _Candidate) -> bool:
    """Whether a translation has any of some letters as often as its source."""
    return any(text.count(sign) >= source.count(sign) for sign in source[one.start : one.end])
