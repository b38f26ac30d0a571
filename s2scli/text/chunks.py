"""A text cut into chunks that fit a model, at the coarsest borders that allow it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from s2scli.text.sentences import LEVELS, Span

__all__ = ["Encode", "chunks"]

Encode = Callable[[Sequence[str]], list[list[str]]]
UNITS_AT_ONCE = 256


def chunks(text: str, encode: Encode, budget: int) -> Iterator[tuple[Span, list[str]]]:
    """Cut a text into chunks of at most ``budget`` tokens.

    Whole sentences are packed together as far as they fit; a sentence that is too long is cut
    between clauses, else between words, else between characters.

    Args:
        text: any text, of any length.
        encode: gives the tokens of each of several texts.
        budget: the most tokens a chunk; only a single character may be more.

    Yields:
        Spans of ``text`` in order, without gap or overlap, each with its tokens.
    """
    yield from _fit(text, 0, len(text), encode, budget, 0)


def _fit(
    text: str, start: int, end: int, encode: Encode, budget: int, level: int
) -> Iterator[tuple[Span, list[str]]]:
    for first, last, fits in _pack(text, start, end, encode, budget, level):
        # What tokens a text has may depend on what stands beside it, so count again.
        tokens = encode([text[first:last]])[0] if fits else None
        if tokens is not None and (len(tokens) <= budget or last - first == 1):
            yield (first, last), tokens
        elif level + 1 < len(LEVELS):
            yield from _fit(text, first, last, encode, budget, level + 1)
        else:
            middle = (first + last) // 2
            yield from _fit(text, first, middle, encode, budget, level)
            yield from _fit(text, middle, last, encode, budget, level)


def _pack(
    text: str, start: int, end: int, encode: Encode, budget: int, level: int
) -> Iterator[tuple[int, int, bool]]:
    """Groups of neighbouring units; False marks a unit that is too long and can be cut."""
    units = LEVELS[level](text, start, end)
    begin, reached, total = start, start, 0
    while some := list(islice(units, UNITS_AT_ONCE)):
        counts = map(len, encode([text[first:last] for first, last in some]))
        for (first, last), count in zip(some, counts, strict=True):
            if total + count > budget and reached > begin:
                yield begin, reached, True
                begin, total = first, 0
            if count > budget:
                yield first, last, last - first == 1
                begin, reached, total = last, last, 0
            else:
                reached, total = last, total + count
    if reached > begin:
        yield begin, reached, True
