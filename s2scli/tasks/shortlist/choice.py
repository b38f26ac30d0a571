"""Which candidates a shortlist has, from what source tokens yield; larger ones by level.

Candidates of pairs of source tokens were tried too: of what single tokens leave out on text that
was not counted on, they hold one part in a hundred.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from s2scli.models.shortlist import Shortlist
from s2scli.tasks.shortlist.yields import PARTS, Yields

__all__ = ["SEEN", "SIZES", "Size", "choose"]

SEEN = 5  # steps from which on it is known what a source token yields


class Size(NamedTuple):
    """How large a shortlist is.

    Attributes:
        frequent: how many of the most frequent target tokens are always candidates.
        per_token: how many candidates a source token has at most.
        share: the least share of what a source token yields that makes a candidate.
    """

    frequent: int
    per_token: int
    share: float = 0.0


SIZES = (
    Size(600, 20),
    Size(1000, 40),
    Size(2000, 80),
    Size(2000, 300),
    Size(4000, 1000),
    Size(8000, 4000),
)


def choose(
    yields: Yields, vocabulary: Collection[str], size: Size, frame: Collection[str] = ()
) -> Shortlist:
    """The candidates.

    Always: the most frequent tokens, and all without a letter (punctuation, digits, bytes). Of a
    source token: what it yielded most often, and itself, since names are copied. A source token
    that was seen too seldom has none, so that sources with it are left to the whole vocabulary.

    Args:
        yields: what source tokens yielded.
        vocabulary: all target tokens.
        size: how many.
        frame: tokens that all sources have, which yield nothing of their own.
    """
    frequent = (token for token, _ in yields.frequency.most_common(size.frequent))
    known = frozenset(vocabulary)
    always = frozenset(frequent).union(filter(_has_no_meaning, vocabulary)) & known
    seen = (source for source, steps in yields.seen.items() if steps >= SEEN)
    by_token = {
        source: known & {source, *_most(yields, source, size, always)} - always
        for source in {*seen, *frame}
    }
    return Shortlist(always, by_token)


def _most(yields: Yields, source: str, size: Size, always: frozenset[str]) -> Iterator[str]:
    """What a source token yielded most often, without what is a candidate anyway."""
    least = size.share * PARTS * yields.seen[source]
    ranked = yields.by_token[source].most_common()
    enough = (token for token, parts in ranked if parts >= least and token not in always)
    return islice(enough, size.per_token)


def _has_no_meaning(token: str) -> bool:
    """Whether a token is of punctuation, digits or signs, or one byte."""
    is_byte = len(token) == 6 and token.startswith("<0x") and token.endswith(">")
    return is_byte or not any(map(str.isalpha, token))
