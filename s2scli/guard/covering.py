"""Whether the model looked at all words of the source while it wrote the translation.

The attention that a word gets says how much of the translation comes from it: little if its clause
was left out. The mean of the logarithms is the coverage of Wu et al. 2016
(https://arxiv.org/abs/1609.08144, formula 14) per word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2scli.data import Covered
from s2scli.guard.facts import Facts
from s2scli.guard.limits import Limits
from s2scli.guard.signs import named
from s2scli.text.alignment import DENSE

__all__ = ["coverage"]

FEWEST = 5  # words of which something can be said
LETTERS = 4  # of a word that counts for the whole; shorter ones have no translation often
STRETCH = 4  # words one after the other
LEAST = 1e-3  # attention that is nothing has a logarithm all the same
_WORD = r"[^\W_]+(?:['’.-][^\W_]+)*"


class Word(NamedTuple):
    """A word of the source, and the most attention that one of its tokens got."""

    text: str
    attention: float


def coverage(facts: Facts, limits: Limits) -> Iterator[str]:
    """Some words one after the other, or the words in general, got too little attention."""
    found = list(_words(facts.source, facts.coverage or ()))
    lost = _stretch(found, limits.stretch)
    if lost:
        yield f"“{' '.join(lost)}” got no attention"
        return
    content = [each for each in found if len(each.text) >= LETTERS or re.match(DENSE, each.text)]
    if len(content) < FEWEST:
        return
    total = sum(math.log(min(1.0, max(LEAST, each.attention))) for each in content)
    if math.exp(total / len(content)) < limits.covered:
        least = sorted(content, key=lambda each: each.attention)[: max(1, len(content) // 3)]
        words = [each.text for each in content if each in least]
        yield f"{named(words)} got little attention"


def _words(source: str, tokens: Sequence[Covered]) -> Iterator[Word]:
    """The words of a source; of one without spaces between them, its tokens."""
    if re.search(DENSE, source):
        for start, end, value in tokens:
            if any(map(str.isalnum, source[start:end])):
                yield Word(source[start:end].strip(), value)
        return
    first = 0
    for match in re.finditer(_WORD, source):
        while first < len(tokens) and tokens[first][1] <= match.start():
            first += 1
        last = first
        while last < len(tokens) and tokens[last][0] < match.end():
            last += 1
        if first < last:
            yield Word(match[0], max(value for _, _, value in tokens[first:last]))


def _stretch(found: Sequence[Word], least: float) -> list[str]:
    """The first words one after the other that got less attention than that, as a mean."""
    for start in range(len(found) - STRETCH + 1):
        part = found[start : start + STRETCH]
        if sum(each.attention for each in part) < least * STRETCH:
            return [each.text for each in part]
    return []
