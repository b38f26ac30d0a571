"""A text cut into chunks that fit a model, at the coarsest borders that allow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from s2scli.text.sentences import LEVELS, Span

__all__ = ["Encode", "chunks"]

Encode = Callable[[Sequence[str]], list[list[str]]]
UNITS_AT_ONCE = 256


def chunks(text: str, encode: Encode, budget: int, packed: int) -> Iterator[tuple[Span, list[str]]]:
    """Cut a text into chunks of at most ``budget`` tokens.

    Whole sentences are packed together up to ``packed`` tokens; a sentence of more than ``budget``
    is cut between clauses, else between words, else between characters, and as seldom as can be.

    Args:
        text: any text, of any length.
        encode: gives the tokens of each of several texts.
        budget: the most tokens a chunk; only a single character may be more.
        packed: the most tokens of several sentences in one chunk, at most ``budget``; 0 for one
            sentence a chunk.

    Yields:
        Spans of ``text`` in order, without gap or overlap, each with its tokens.
    """
    yield from _fit(text, (0, len(text)), encode, (budget, packed), 0)


def _fit(
    text: str, whole: Span, encode: Encode, limits: tuple[int, int], level: int
) -> Iterator[tuple[Span, list[str]]]:
    for (first, last), fits in _pack(text, whole, encode, limits, level):
        # What tokens a text has may depend on what stands beside it, so count again.
        tokens = encode([text[first:last]])[0] if fits else None
        if tokens is not None and (len(tokens) <= limits[0] or last - first == 1):
            yield (first, last), tokens
        elif level + 1 < len(LEVELS):
            yield from _fit(text, (first, last), encode, limits, level + 1)
        else:
            middle = (first + last) // 2
            yield from _fit(text, (first, middle), encode, limits, level)
            yield from _fit(text, (middle, last), encode, limits, level)


def _pack(
    text: str, whole: Span, encode: Encode, limits: tuple[int, int], level: int
) -> Iterator[tuple[Span, bool]]:
    """Groups of neighbouring units; False marks a unit that is too long and can be cut."""
    budget, packed = limits
    most = min(packed, budget) if level == 0 else budget
    units = LEVELS[level](text, *whole)
    begin = reached = whole[0]
    total = 0
    while some := list(islice(units, UNITS_AT_ONCE)):
        counts = map(len, encode([text[first:last] for first, last in some]))
        for (first, last), count in zip(some, counts, strict=True):
            if total + count > most and reached > begin:
                yield (begin, reached), True
                begin, total = first, 0
            if count > budget:
                yield (first, last), last - first == 1
                begin, reached, total = last, last, 0
            else:
                reached, total = last, total + count
    if reached > begin:
        yield (begin, reached), True
