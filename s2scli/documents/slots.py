"""A document's slots kept as bytes: a fifth of the memory that the objects take.

A block of them is what ``marshal`` makes of their fields; they are made again each time that they
are gone through.
"""

from __future__ import annotations

import marshal
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import Any

from s2scli.documents.base import Mark, Slot

__all__ = ["Slots"]

AT_ONCE = 256  # slots of a block; fewer are kept as they are
MARKS = [field.name for field in fields(Slot)].index("marks")

# The classes of its slots and marks, and the fields of all, each with the number of its class.
_Block = tuple[Sequence[type], bytes]


class Slots:
    """Slots in order.

    Args:
        slots: the slots, whose fields are numbers, texts and tuples of these.
    """

    def __init__(self, slots: Iterable[Slot] = ()) -> None:
        self._blocks: list[_Block | list[Slot]] = []
        self._ends: list[int] = []  # how many slots there are up to the end of each block
        slots = iter(slots)
        while some := list(islice(slots, AT_ONCE)):
            self._blocks.append(some if len(some) < AT_ONCE else _packed(some))
            self._ends.append(len(self) + len(some))

    @classmethod
    def joined(cls, several: Iterable[Slots]) -> Slots:
        """The slots of several, kept once."""
        found = cls()
        for each in several:
            before = len(found)
            found._blocks += each._blocks
            found._ends += [before + end for end in each._ends]
        return found

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Slot]:
        for block in self._blocks:
            yield from _slots(block)

    def __getitem__(self, place: int) -> Slot:
        """One of them, counted from 0; its neighbours are made for it too."""
        place = range(len(self))[place]
        number = bisect_right(self._ends, place)
        return _slots(self._blocks[number])[place - self._ends[number]]


def _packed(slots: Sequence[Slot]) -> _Block:
    numbers: dict[type, int] = {}

    def row(item: Slot | Mark) -> list[Any]:
        kind: type = type(item)
        return [numbers.setdefault(kind, len(numbers)), *_fields(kind)(item)]

    rows = []
    for slot in slots:
        values = row(slot)
        values[1 + MARKS] = [row(mark) for mark in slot.marks]
        rows.append(values)
    data = marshal.dumps(rows)
    return list(numbers), data


def _slots(block: _Block | list[Slot]) -> Sequence[Slot]:
    if isinstance(block, list):
        return block
    kinds, data = block
    found: list[Slot] = []
    for number, *values in marshal.loads(data):  # made above: none ever comes from elsewhere
        values[MARKS] = tuple(kinds[kind](*mark) for kind, *mark in values[MARKS])
        found.append(kinds[number](*values))
    return found


@cache
def _fields(kind: type) -> Callable[[Slot | Mark], tuple[Any, ...]]:
    """A function that returns the fields of objects of a class."""
    return attrgetter(*(field.name for field in fields(kind)))
