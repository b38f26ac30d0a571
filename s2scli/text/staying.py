"""Where stretches of a source that stay as they are, such as code, stand in its target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from s2scli.data import Link, Span
from s2scli.text.alignment import DENSE

__all__ = ["cuts", "overlap", "standing"]


def standing(
    source: str, target: str, kept: Sequence[Span], links: Sequence[Link]
) -> dict[Span, Span]:
    """Where stretches that stay are in a target: the very characters, and each place once.

    Of several places a stretch has the one that is linked to it most, then the one that is among
    them where it is among its own.

    Args:
        source: the text.
        target: its translation.
        kept: the stretches, in order.
        links: which target words come from which source words.

    Returns:
        A place for each stretch that is in the target.
    """
    found: dict[Span, Span] = {}
    for span in sorted(kept, key=lambda span: span[0] - span[1]):
        text = source[span[0] : span[1]]
        if not text.strip():
            continue
        own = list(_places(text, source))
        rank = own.index(span[0]) if span[0] in own else 0
        best, merit = None, (0.0, 0)
        for number, start in enumerate(_places(text, target)):
            place = start, start + len(text)
            if any(overlap(place, other) for other in found.values()) or any(
                cuts(target, there) and not cuts(source, here)
                for here, there in zip(span, place, strict=True)
            ):
                continue
            linked = sum(
                bool(overlap(link[:2], span) and overlap(link[2:], place)) for link in links
            )
            if best is None or (linked, -abs(number - rank)) > merit:
                best, merit = place, (linked, -abs(number - rank))
        if best:
            found[span] = best
    return found


def _places(text: str, within: str) -> Iterator[int]:
    """Where a text begins in another."""
    start = within.find(text)
    while start >= 0:
        yield start
        start = within.find(text, start + 1)


def cuts(text: str, place: int) -> bool:
    """Whether a place is within a word, in a script with spaces between words."""
    beside = text[place - 1 : place + 1] if place else ""
    return len(beside) == 2 and beside.isalnum() and not re.search(DENSE, beside)


def overlap(one: Span, other: Span) -> int:
    """How many characters two stretches share."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))
