"""Many slots kept as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any, get_args, get_type_hints

import pytest

from s2scli.documents import FORMATS, open_format
from s2scli.documents.base import FormatOptions, Mark, Slot
from s2scli.documents.slots import AT_ONCE, Slots
from s2scli.documents.xmltokens import Value

SIZES = (0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE + 7)


def slot(number: int) -> Slot:
    kind = Value if number % 3 else Slot
    return kind(number, number + 5, f"Text {number}.", None, (Mark(0, 4, (1, 2), (3, 3)),))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_packed_comes_out(size: int) -> None:
    slots = [slot(number) for number in range(size)]
    packed = Slots(iter(slots))
    assert len(packed) == size
    assert list(packed) == slots == list(packed)
    assert [type(one) for one in packed] == [type(one) for one in slots]


@pytest.mark.parametrize("sizes", [SIZES, (3, 2, 1), (0, 0), ()])
def test_several_together(sizes: tuple[int, ...]) -> None:
    several = [[slot(1000 * i + number) for number in range(size)] for i, size in enumerate(sizes)]
    packed = Slots.joined(map(Slots, several))
    wanted = [one for each in several for one in each]
    assert list(packed) == wanted
    assert len(packed) == len(wanted)
    ends = [0, *accumulate(sizes)]  # each block that is packed begins at one of them
    blocks = {end + k * AT_ONCE for end in ends for k in range(4)}
    for place in {block + offset for block in blocks for offset in (-1, 0, 1)}:
        if 0 <= place < len(wanted):
            assert packed[place] == wanted[place]
    for place in (len(wanted), -len(wanted) - 1):
        with pytest.raises(IndexError):
            packed[place]
    assert not wanted or packed[-1] == wanted[-1]


def _subclasses(kind: type) -> Iterator[type]:
    each: type
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


def _leaves(hint: Any) -> Iterator[Any]:
    """The types that a hint is made of."""
    inside: list[Any] = [each for each in get_args(hint) if each is not Ellipsis]
    if not inside:
        yield hint
    for each in inside:
        yield from _leaves(each)


def test_fields_of_slots_can_be_packed() -> None:
    """What ``marshal`` does not take would fail only in a document of many slots."""
    for name in FORMATS:
        open_format(name, FormatOptions())
    kinds = [*_subclasses(Slot), *_subclasses(Mark)]
    assert len(kinds) > 20
    for kind in kinds:
        for name, hint in get_type_hints(kind).items():
            if name != "marks":
                assert set(_leaves(hint)) <= {int, str, bool, type(None)}, (kind, name)
