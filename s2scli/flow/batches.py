"""From a window of pieces to batches: repeats folded, sorted by length, cut by a token budget.

A shorter source is padded to the longest beside it. Padding changes the order in which attention
is summed, hence its last bits, and these may decide a rounding to int8 and at last a near tie.
Sources of equal length are not padded: in integer arithmetic each comes out the same to the last
bit, whatever is beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Batch", "plan"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Sources to decode together, and where each is wanted.

    Attributes:
        sources: distinct token lists, longest first.
        places: for each source, the positions in the window that hold it.
        full: whether no further source of the first one's length would fit.
    """

    sources: list[list[str]]
    places: list[list[int]]
    full: bool


def plan(
    window: Sequence[list[str]], batch_tokens: int, workers: int, *, equal_lengths: bool = False
) -> list[Batch]:
    """Cut a window into batches.

    Args:
        window: token lists; empty ones have nothing to decode and come into no batch.
        batch_tokens: the most tokens in a batch, padding counted; a longer source stands alone.
        workers: a small window is cut finer, so that each of so many workers gets a share.
        equal_lengths: whether all sources of a batch must have the same number of tokens.

    Returns:
        Batches, longest sources first: what is left for the end is short, so that the workers
        finish together.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for position, tokens in enumerate(window):
        if tokens:
            places.setdefault(tuple(tokens), []).append(position)
    order = sorted(places, key=len, reverse=True)
    share = -(-sum(map(len, order)) // workers)
    budget = max(1, min(batch_tokens, share))
    batches: list[Batch] = []
    start = 0
    while start < len(order):
        longest = len(order[start])
        keys = order[start : start + max(1, budget // longest)]
        if equal_lengths:
            keys = [key for key in keys if len(key) == longest]
        sources = [window[places[key][0]] for key in keys]
        full = (len(keys) + 1) * longest > budget
        batches.append(Batch(sources, [places[key] for key in keys], full))
        start += len(keys)
    return batches
