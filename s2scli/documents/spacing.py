"""White space beside points, such as pictures and formulas, in a new text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from s2scli.documents.base import Slot, Target, parents
from s2scli.text.alignment import DENSE

__all__ = ["put_space", "with_spaces_beside"]

PAUSES = tuple(",;:!?.")


def with_spaces_beside(slot: Slot, target: Target) -> Target:
    """A target in which no word touches a point that has white space or a pause there.

    Args:
        slot: the text, and where its points are.
        target: the new text, and where they are in it.
    """
    text = slot.text
    for number, mark in enumerate(slot.marks):
        first, last = target.spans[number]
        if mark.start < mark.end or first < last:
            continue
        behind = text[mark.end : mark.end + 1]
        is_apart = behind.isspace() or behind in PAUSES
        if is_apart and _is_letter(target.text[first : first + 1]):
            target = put_space(target, number, number)
        if text[max(0, mark.start - 1) : mark.start].isspace() and _is_letter(
            target.text[max(0, first - 1) : first]
        ):
            target = put_space(target, number, number - 1, tuple(_around(slot, number)))
    return target


def put_space(target: Target, number: int, last: int, around: Collection[int] = ()) -> Target:
    """A target with a space beside a point, unless there is one, or nothing.

    Args:
        target: the text and the places of the marks.
        number: the point's.
        last: the number of the last mark that begins before the space if it begins at its place.
        around: the numbers of the marks that the point, and so the space before it, is in.
    """
    place, text = target.spans[number][0], target.text
    beside = text[place : place + 1] if last == number else text[max(0, place - 1) : place]
    if not beside or beside.isspace():
        return target
    starts = (
        start + (start > place or (start == place and n > last))
        for n, (start, _) in enumerate(target.spans)
    )
    ends = (
        end + (end > place or (end == place and n in around))
        for n, (_, end) in enumerate(target.spans)
    )
    spans = tuple((start, max(start, end)) for start, end in zip(starts, ends, strict=True))
    return Target(f"{text[:place]} {text[place:]}", spans)


def _around(slot: Slot, number: int) -> Iterator[int]:
    """The numbers of the marks around one."""
    outer = parents(slot.marks)
    while (number := outer[number]) >= 0:
        yield number


def _is_letter(sign: str) -> bool:
    """Whether a character is a letter or digit of a script with spaces between words."""
    return sign.isalnum() and not re.match(DENSE, sign)
