"""Words shared out among stretches of which some would have none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from s2scli.data import Span

__all__ = ["share_out"]


def share_out(
    source: str, target: str, spans: Sequence[Span], found: dict[int, Span], fixed: Sequence[int]
) -> None:
    """Give a part of a neighbour's words to each stretch that held words and now has none.

    The model may have written one word for several (``<b>ice</b> <i>cream</i>``), or have read
    those that touch as one. The part is whole words if the neighbour has enough, else letters.

    Args:
        source: the text.
        target: its translation.
        spans: the stretches of the source; only those of one parent are in ``found``.
        found: where each is in the target, by its number; changed.
        fixed: the numbers of those that must have what they have.
    """
    for number in [n for n, place in found.items() if place[0] == place[1]]:
        if number in fixed or not _letters(source, *spans[number]):
            continue
        givers = [
            other
            for other, (start, end) in found.items()
            if other not in fixed and _letters(target, start, end) > 1
        ]
        if givers:
            giver = min(givers, key=lambda other: _distance(spans[number], spans[other]))
            _share(source, target, spans, found, sorted((number, giver)))


def _share(
    source: str, target: str, spans: Sequence[Span], found: dict[int, Span], pair: Sequence[int]
) -> None:
    """Part the place of one of two among both, as long as their sources are, in their order."""
    one, other = pair
    start, end = max(found[one], found[other], key=lambda place: place[1] - place[0])
    lengths = [spans[number][1] - spans[number][0] for number in pair]
    wanted = start + (end - start) * lengths[0] / sum(lengths)
    inner = target[start:end]
    gaps = [
        (start + gap.start(), start + gap.end())
        for gap in re.finditer(r"\W+", inner)
        if _letters(target, start, start + gap.start()) and _letters(target, start + gap.end(), end)
    ]
    if gaps:
        left, right = min(gaps, key=lambda gap: abs(gap[0] - wanted))
    else:
        cuts = [
            cut
            for cut in range(start + 1, end)
            if _letters(target, start, cut) and _letters(target, cut, end)
        ]
        left = right = min(cuts, key=lambda cut: abs(cut - wanted))
    found[one], found[other] = (start, left), (right, end)


def _letters(text: str, start: int, end: int) -> int:
    """How many letters and digits are in a stretch."""
    return sum(map(str.isalnum, text[start:end]))


def _distance(one: Span, other: Span) -> tuple[int, int]:
    """How far one stretch of a source is from another; of two neighbours the one before."""
    return max(one[0] - other[1], other[0] - one[1]), other[0]
