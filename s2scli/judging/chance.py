"""Chance that a seed decides, the same on every machine and with every version of Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Chance"]

T = TypeVar("T")


class Chance:
    """Draws that follow from a seed.

    Of ``random.Random`` only ``random()`` is used: Python guarantees its numbers alone
    (https://docs.python.org/3/library/random.html#notes-on-reproducibility).

    Args:
        seed: any text.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def below(self, count: int) -> int:
        """A whole number from 0, below ``count``."""
        return int(self._random.random() * count)

    def pick(self, items: Sequence[T]) -> T:
        """One of some items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in an order of chance."""
        keys = [self._random.random() for _ in items]
        return [items[index] for index in sorted(range(len(items)), key=keys.__getitem__)]

    def name(self) -> str:
        """A new name, which no spreadsheet takes for a number or a date: a letter and digits."""
        return f"t{self.below(10**9):09}"
