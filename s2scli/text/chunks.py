"""A text cut into pieces that fit a model: sentences, and the parts of those that are too long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from s2scli.data import Span
from s2scli.text.sentences import LEVELS, Splitter

__all__ = ["Encode", "chunks", "fitting"]

Encode = Callable[[Sequence[str]], list[list[str]]]
UNITS_AT_ONCE = 256


def chunks(text: str, encode: Encode, budget: int, split: Splitter) -> Iterator[Span]:
    """Cut a text into sentences of at most ``budget`` tokens.

    A longer one is cut between clauses, else between words, else between characters, and as
    seldom as can be.

    Args:
        text: any text, of any length.
        encode: returns the tokens of each of several texts.
        budget: the most tokens a chunk; only a single character may be more.
        split: finds the sentences.

    Yields:
        Spans of ``text`` in order, without gap or overlap.
    """
    for span, _ in fitting(text, split(text, 0, len(text)), encode, budget):
        yield span


def fitting(
    text: str, spans: Iterable[Span], encode: Encode, budget: int
) -> Iterator[tuple[Span, int]]:
    """Spans of at most ``budget`` tokens, and how many: those given, or parts of them."""
    for span, count in _counted(text, spans, encode):
        if count <= budget:
            yield span, count
        else:
            yield from _parts(text, span, encode, budget, 0)


def _counted(text: str, spans: Iterable[Span], encode: Encode) -> Iterator[tuple[Span, int]]:
    units = iter(spans)
    while some := list(islice(units, UNITS_AT_ONCE)):
        tokens = encode([text[first:last] for first, last in some])
        yield from zip(some, map(len, tokens), strict=True)


def _parts(
    text: str, whole: Span, encode: Encode, budget: int, level: int
) -> Iterator[tuple[Span, int]]:
    """Groups of neighbouring units of a level, as large as the budget allows."""
    for first, last in _pack(text, whole, encode, budget, level):
        # What tokens a text has may depend on what stands beside it, so count again.
        count = len(encode([text[first:last]])[0])
        if count <= budget or last - first == 1:
            yield (first, last), count
        elif level + 1 < len(LEVELS):
            yield from _parts(text, (first, last), encode, budget, level + 1)
        else:
            middle = (first + last) // 2
            yield from _parts(text, (first, middle), encode, budget, level)
            yield from _parts(text, (middle, last), encode, budget, level)


def _pack(text: str, whole: Span, encode: Encode, budget: int, level: int) -> Iterator[Span]:
    begin = reached = whole[0]
    total = 0
    for (first, last), count in _counted(text, LEVELS[level](text, *whole), encode):
        if total + count > budget and reached > begin:
            yield begin, reached
            begin, total = first, 0
        reached, total = last, total + count
    if reached > begin:
        yield begin, reached
