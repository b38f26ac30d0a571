"""Which texts are decoded to compare sizes of batches: enough that several batches are full."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from s2scli.tasks.bench import Speed

__all__ = ["full_batches", "lines_needed", "so_many"]

FULL = 2  # batches of the default's size for each thread, at least


def lines_needed(probe: Speed, threads: int, usual: int, largest: int, seconds: float) -> int:
    """How many lines a measurement takes.

    Args:
        probe: the speed of the default.
        threads: how many decode at once.
        usual: the default's tokens per batch.
        largest: tokens of the largest batch that is wanted in any case.
        seconds: how long the default is to run.
    """
    tokens = max(FULL * usual, largest) * threads
    return ceil(max(probe.lines_per_second * seconds, tokens / _tokens_per_line(probe)))


def full_batches(batches: Sequence[int], probe: Speed, threads: int, lines: int) -> tuple[int, ...]:
    """Those sizes of which each thread gets a full batch."""
    most = lines * _tokens_per_line(probe) / threads
    return tuple(size for size in batches if size <= most)


def so_many(texts: Sequence[str], count: int) -> list[str]:
    """So many texts.

    They are evenly spread over those that there are. Where there are too few, they come again with
    their words turned around, as the flow decodes a text that comes twice but once.
    """
    if count >= len(texts):
        return [_turned(texts[n % len(texts)], n // len(texts)) for n in range(count)]
    return [texts[number * len(texts) // count] for number in range(count)]


def _turned(text: str, by: int) -> str:
    words = text.split()
    first = by % len(words)
    return " ".join(words[first:] + words[:first]) if first else text


def _tokens_per_line(probe: Speed) -> float:
    return probe.source_tokens_per_second / probe.lines_per_second
