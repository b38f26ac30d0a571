"""Letters for systems: those that share one do not differ (Piepho 2004,
https://doi.org/10.1198/1061860043515, "insert and absorb")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from string import ascii_lowercase

__all__ = ["compact_letters"]


def compact_letters(order: Sequence[int], different: Iterable[tuple[int, int]]) -> list[str]:
    """The letters of each system; the best one has ``a``.

    Two systems have a letter in common exactly if they do not differ.

    Args:
        order: the numbers of the systems, from 0, the best first.
        different: pairs of systems that differ.
    """
    columns: list[frozenset[int]] = [frozenset(order)]
    for pair in different:
        apart = frozenset(pair)
        split = [column for column in columns if apart <= column]
        halves = [column - {system} for column in split for system in pair]
        columns = _largest([column for column in columns if column not in split] + halves)
    place = {system: rank for rank, system in enumerate(order)}
    columns.sort(key=lambda column: sorted(place[system] for system in column))
    found = dict.fromkeys(order, "")
    for label, column in zip(_labels(), columns, strict=False):
        for system in column:
            found[system] += label
    return [found[system] for system in range(len(order))]


def _largest(columns: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """Those that no other one holds."""
    single = list(dict.fromkeys(columns))
    return [column for column in single if not any(column < other for other in single)]


def _labels() -> Iterator[str]:
    """``a`` to ``z``, then ``a1`` to ``z1`` …"""
    for turn in count():
        yield from (f"{letter}{turn or ''}" for letter in ascii_lowercase)
