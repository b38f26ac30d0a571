"""A document packed into chunks of whole sentences, cut where the text itself has a border."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from s2scli.text.blocks import Border, blocks
from s2scli.text.chunks import Encode, fitting
from s2scli.text.sentences import Splitter

__all__ = ["Chunk", "PackedUnit", "pack", "units"]

# What a border is worth, in parts of a full chunk: a paragraph's end at 0.8 of the budget is as
# good as a sentence's end at 0.95.
WORTH = {
    Border.AFTER_HEADING: -0.5,
    Border.SENTENCE: 0.0,
    Border.LINE: 0.1,
    Border.PARAGRAPH: 0.15,
    Border.SECTION: 0.4,
}


class PackedUnit(NamedTuple):
    """What is not cut if it fits: a sentence, with the border before it."""

    start: int
    end: int
    border: Border


class Chunk(NamedTuple):
    """A chunk ``text[start:end]``; up to ``fresh`` it repeats the chunk before."""

    start: int
    fresh: int
    end: int


class _Sized(NamedTuple):
    unit: PackedUnit
    tokens: int


def units(text: str, split: Splitter) -> Iterator[PackedUnit]:
    """The sentences of a document in order, without gap or overlap; a heading is one unit."""
    for block in blocks(text):
        border = block.border
        spans = [(block.start, block.end)] if block.heading else split(text, block.start, block.end)
        for start, end in spans:
            yield PackedUnit(start, end, border)
            border = Border.SENTENCE


def pack(
    text: str, parts: Iterable[PackedUnit], encode: Encode, budget: int, overlap: int = 0
) -> Iterator[Chunk]:
    """Pack units into chunks.

    The last two chunks share what is left, so that none is a mere rest.

    Args:
        text: the document.
        parts: what it is made of, in order and without gap or overlap.
        encode: returns the tokens of each of several texts.
        budget: the most tokens a chunk; only a single character may be more.
        overlap: how many units of a chunk the next one begins with again, as far as they leave
            half of the budget to new ones.

    Yields:
        Chunks in order; what is fresh in them is the text, without gap or overlap.
    """
    source = _sized(text, parts, encode, budget)
    window: list[_Sized] = []
    old = 0  # how many units of the window were in the chunk before
    while True:
        total = sum(sized.tokens for sized in window)
        while total <= 2 * budget and (sized := next(source, None)):
            window.append(sized)
            total += sized.tokens
        if len(window) <= old:
            return
        cut = _cut(window, old, total, budget)
        while cut > old + 1 and not _fits(text, window[:cut], encode, budget):
            cut -= 1
        while old and not _fits(text, window[:cut], encode, budget):
            del window[0]
            old, cut = old - 1, cut - 1
        yield Chunk(window[0].unit.start, window[old].unit.start, window[cut - 1].unit.end)
        kept = _overlap(window[old:cut], overlap, budget)
        window = window[cut - kept :]
        old = kept


def _sized(text: str, parts: Iterable[PackedUnit], encode: Encode, budget: int) -> Iterator[_Sized]:
    """Units with their numbers of tokens; what is too long is divided."""
    borders: dict[int, Border] = {}

    def spans() -> Iterator[tuple[int, int]]:
        for unit in parts:
            borders[unit.start] = unit.border
            yield unit.start, unit.end

    for (start, end), tokens in fitting(text, spans(), encode, budget):
        border = borders.pop(start, Border.AFTER_HEADING)  # in the middle of a unit: as bad
        yield _Sized(PackedUnit(start, end, border), tokens)


def _cut(window: list[_Sized], old: int, total: int, budget: int) -> int:
    """How many units of the window make the best chunk."""
    if total <= budget:
        return len(window)
    wanted = total / 2 if total <= 2 * budget else float(budget)
    best, merit, filled = old + 1, float("-inf"), 0
    for count, sized in enumerate(window[:-1], 1):
        filled += sized.tokens
        if count > old + 1 and filled > budget:
            break
        value = WORTH[window[count].unit.border] - abs(wanted - filled) / budget
        if count > old and value >= merit:
            best, merit = count, value
    return best


def _fits(text: str, window: list[_Sized], encode: Encode, budget: int) -> bool:
    # What tokens a text has may depend on what stands beside it, so count again.
    whole = text[window[0].unit.start : window[-1].unit.end]
    return len(encode([whole.strip()])[0]) <= budget


def _overlap(chunk: list[_Sized], overlap: int, budget: int) -> int:
    """How many units at the end of a chunk can be said again."""
    kept = tokens = 0
    for sized in reversed(chunk[-overlap:] if overlap else []):
        tokens += sized.tokens
        if tokens > budget // 2:
            break
        kept += 1
    return kept
