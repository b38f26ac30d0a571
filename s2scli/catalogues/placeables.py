"""What stands in braces in Fluent's texts.

A placeholder's signs may be strings there: ``{"{"}name{"}"}``. A program that reads the message
sees ``{name}``, so that all of it is one thing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from s2scli.data import Span
from s2scli.text.spans import table

__all__ = ["Placeable", "whole"]

_STRING = re.compile(r'\{\s*"((?:[^"\\\n]|\\.)*)"\s*\}')
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))")
WORD = "x"  # what a program puts in


class Placeable(NamedTuple):
    """What stands in braces.

    Attributes:
        start, end: where it is.
        selects: whether there are variants in it.
    """

    start: int
    end: int
    selects: bool


class _Shown:
    """A pattern as a program shows it, and where each part of that stands.

    Args:
        text: the document's characters.
        span: where the pattern is.
        said: what its placeables show, by where they are, in order.

    Attributes:
        text: what is shown.
    """

    def __init__(self, text: str, span: Span, said: Mapping[Span, str]) -> None:
        parts, reached, length = list[str](), span[0], 0
        self._places, self._starts, self._ends = list[int](), list[int](), list[int]()
        for (start, end), says in [*said.items(), ((span[1], span[1]), "")]:
            for first, last, shown in ((reached, start, text[reached:start]), (start, end, says)):
                self._places.append(length)
                self._starts.append(first)
                self._ends.append(last)
                parts.append(shown)
                length += len(shown)
            reached = end
        self.text = "".join(parts)

    def origin(self, first: int, last: int) -> Span:
        """Where a stretch of what is shown stands, with all of the placeables at its ends."""
        head = bisect_right(self._places, first) - 1
        tail = bisect_left(self._places, last) - 1
        start, end = self._starts[head], self._ends[tail]
        if head % 2 == 0:  # between placeables
            start += first - self._places[head]
        if tail % 2 == 0:
            end = self._starts[tail] + last - self._places[tail]
        return start, end


def whole(text: str, span: Span, placeables: Sequence[Placeable]) -> list[Placeable]:
    """Placeables; those that are parts of one placeholder are one, with what is between them.

    Args:
        text: the document's characters.
        span: where a pattern is.
        placeables: those in it.
    """
    places = list(_quoted(text, span, placeables))
    ends = [end for _, end in places]

    def is_apart(placeable: Placeable) -> bool:
        number = bisect_right(ends, placeable.start)
        return number == len(places) or placeable.end <= places[number][0]

    joined = (Placeable(*place, selects=False) for place in places)
    return sorted([*joined, *filter(is_apart, placeables)]) if places else list(placeables)


def _quoted(text: str, span: Span, placeables: Sequence[Placeable]) -> Iterator[Span]:
    """Where placeholders are whose signs are strings; none holds variants."""
    said = {each[:2]: _STRING.fullmatch(text, *each[:2]) for each in placeables}
    strings = [place for place, string in said.items() if string]
    if not strings:
        return
    shown = _Shown(
        text, span, {place: _said(string[1]) if string else WORD for place, string in said.items()}
    )
    starts = [start for start, _ in strings]
    borders = [each.start for each in placeables if each.selects]
    for stretch in table().stretches(shown.text):
        place = shown.origin(*stretch[:2])
        if place not in said and _is_in(place, starts) and not _is_in(place, borders):
            yield place


def _is_in(place: Span, starts: Sequence[int]) -> bool:
    """Whether something begins in a place."""
    number = bisect_left(starts, place[0])
    return number < len(starts) and starts[number] < place[1]


def _said(raw: str) -> str:
    """What a string says."""
    return _ESCAPE.sub(lambda found: found[3] or _character(found[1] or found[2]), raw)


def _character(code: str) -> str:
    return chr(min(int(code, 16), 0x10FFFF))
