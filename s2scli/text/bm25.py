"""Ranking of passages by the words that they share with a question.

Okapi BM25 (Robertson and Zaragoza 2009, https://doi.org/10.1561/1500000019), with the inverse
document frequency of Lucene, which is never negative.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["K1", "B", "rank"]

K1, B = 1.2, 0.75  # the usual values: saturation of term frequency, weight of passage length
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_]+")


def rank(question: str, passages: Sequence[str]) -> list[tuple[int, float]]:
    """The passages, best first.

    Args:
        question: the question.
        passages: the texts to rank.

    Returns:
        For each passage its position and its score, at least 0; equal ones in their order.
    """
    counts = [Counter(_words(passage)) for passage in passages]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / max(1, len(lengths)) or 1.0
    scores = [0.0] * len(passages)
    for word in dict.fromkeys(_words(question)):
        holding = sum(word in count for count in counts)
        rarity = math.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
        for position, count in enumerate(counts):
            if often := count[word]:
                damping = K1 * (1 - B + B * lengths[position] / mean)
                scores[position] += rarity * often * (K1 + 1) / (often + damping)
    return sorted(enumerate(scores), key=lambda pair: (-pair[1], pair[0]))


def _words(text: str) -> list[str]:
    """Words in lower case; each character of scripts without spaces."""
    return _WORD.findall(text.casefold())
