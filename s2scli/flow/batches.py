"""From a window of pieces to batches: repeats folded, sorted by length, cut by a token budget."""

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
    """

    sources: list[list[str]]
    places: list[list[int]]


def plan(window: Sequence[list[str]], batch_tokens: int, workers: int) -> list[Batch]:
    """Cut a window into batches.

    Args:
        window: token lists; empty ones have nothing to decode and come into no batch.
        batch_tokens: the most tokens in a batch, padding counted; a longer source stands alone.
        workers: a small window is cut finer, so that each of so many workers gets a share.

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
        count = max(1, budget // len(order[start]))
        keys = order[start : start + count]
        batches.append(Batch([window[places[key][0]] for key in keys], [places[k] for k in keys]))
        start += count
    return batches
