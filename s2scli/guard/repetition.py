"""Loops: a model that writes the same words again and again."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2scli.guard.facts import Facts
from s2scli.guard.limits import Limits
from s2scli.guard.words import folded

__all__ = ["repetition"]

LONGEST = 24  # words of a phrase
LONG = 4  # from so many words on a phrase must not come twice in a row
SHORTEST = 80  # bytes of a text whose compression says something
LETTERS_A_WORD = 15  # a text with longer words, as a mean, has no spaces between them


class Loop(NamedTuple):
    """A phrase that follows itself.

    Attributes:
        phrase: its words.
        times: how often it comes in a row.
    """

    phrase: Sequence[str]
    times: int


def repetition(facts: Facts, limits: Limits) -> Iterator[str]:
    """A phrase comes too often in a row, or the text compresses much better than its source."""
    loop = _loop(facts.target, limits.repeats)
    if loop:
        own = _loop(facts.source, 1)
        if not own or loop.times > own.times + 1:
            joint = "" if max(map(len, loop.phrase)) == 1 else " "
            yield f"“{joint.join(loop.phrase)}” is repeated {loop.times} times"
            return
    target = facts.target.encode()
    if len(target) >= SHORTEST and _has_repeats(facts.target):
        found = _compression(target)
        if found > limits.compression * max(1.0, _compression(facts.source.encode())):
            yield f"it repeats itself: it compresses to 1/{found:.1f} of its size"


def _loop(text: str, most: int) -> Loop | None:
    """The phrase that most often follows itself, if more often than allowed.

    Args:
        text: the text.
        most: how often a phrase of fewer than ``LONG`` words may come in a row.
    """
    words = _words(text)
    pairs = set(itertools.pairwise(words))
    if len(pairs) == len(words) - 1 or len(words) < 2:
        return None  # no two words come twice
    best = None
    for size in range(1, min(LONGEST, len(words) // 2) + 1):
        run = longest = end = 0
        for place in range(size, len(words)):
            run = run + 1 if words[place] == words[place - size] else 0
            if run > longest:
                longest, end = run, place + 1
        times = longest // size + 1
        allowed = most if size < LONG else 1
        if times > allowed and (not best or times > best.times):
            best = Loop(words[end - size : end], times)
    return best


def _words(text: str) -> list[str]:
    """The words of a text; of one without spaces between them, its characters."""
    found = folded(text)
    if found and sum(map(len, found)) > LETTERS_A_WORD * len(found):
        return [sign for word in found for sign in word]
    return found


def _has_repeats(text: str) -> bool:
    """Whether a good part of a text's pairs of words comes more than once: a cheap test."""
    words = _words(text)
    pairs = len(words) - 1
    return pairs > 0 and len(set(itertools.pairwise(words))) < 0.8 * pairs


def _compression(data: bytes) -> float:
    """How many times smaller ``zlib`` makes some bytes."""
    return len(data) / len(zlib.compress(data)) if data else 1.0
