"""Plan batches from a window: merge duplicates, sort by length, cut by a token budget.

A shorter source is padded to the longest of its batch. Padding changes the order in which attention
weights are summed, and so their last bits, which may tip a rounding to int8 and then a near tie.
Sources of equal length are not padded: in integer arithmetic each result is the same to the last
bit, whatever else is in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Batch", "plan"]


class Batch(NamedTuple):
    """Sources to decode together, and the positions that want each result.

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
        window: token lists; empty ones have nothing to decode and are left out.
        batch_tokens: maximum tokens per batch, padding included; a longer source gets its own.
        workers: number of workers; a small window is cut finer, so that each gets a share.
        equal_lengths: whether all sources of a batch must have the same number of tokens.

    Returns:
        Batches, longest sources first: the last ones are short, so that all workers finish at
        about the same time.
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
