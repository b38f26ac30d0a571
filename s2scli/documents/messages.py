"""Texts that other formats hold, such as the messages of programs: their line breaks stay.

Each of them is there on purpose. Only a long line that continues in the next was wrapped by hand:
such lines are translated as one text, whose words are shared out among as many lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span
from s2scli.documents.base import Slot, Source, unix_lines
from s2scli.documents.plain import PlainText, bare_slots
from s2scli.documents.sharing import shared

__all__ = ["FILLER", "Message", "broken", "wrapped_lines"]

FILLER = "\u02e3"  # a letter instead of what is not text of a line, so that it is none's end
LONG = 40  # characters of a line that was wrapped by hand
_LINE = re.compile(r"[^\n]+")
_BREAK = re.compile(r"(?<![ \t])[ \t]*(?:\r\n?|\n)[ \t]*")
_ENDS = ".!?:;\u2026\u3002\uff01\uff1f\uff1a\u0964"


class Message(PlainText):
    """A text of which each line is a text of its own."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """Its lines, and what was wrapped by hand."""
        text = unix_lines(source).text
        for start, end in wrapped_lines(text):
            yield from bare_slots(text, start, end)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """On as many lines as it was."""
        return broken(source.text[slot.start : slot.end], text)


def broken(original: str, text: str) -> str:
    """A text on as many lines as another, broken as that is."""
    breaks = _BREAK.findall(original)
    if not breaks:
        return text
    shares = shared(text, [max(1, len(line)) for line in _BREAK.split(original)])
    return "".join(part for pair in zip(shares, [*breaks, ""], strict=True) for part in pair)


def wrapped_lines(text: str) -> Iterator[Span]:
    """Where lines are, those that were wrapped together."""
    start, last = -1, (-1, -1)
    for line in _LINE.finditer(text):
        follows = start >= 0 and last[1] + 1 == line.start()
        if not (follows and _goes_on(text[slice(*last)], line[0])):
            if start >= 0:
                yield start, last[1]
            start = line.start()
        last = line.span()
    if start >= 0:
        yield start, last[1]


def _goes_on(before: str, line: str) -> bool:
    """Whether a line continues in the next: it is long, has no end, the next is in lower case."""
    last = before.rstrip()
    if FILLER in last or FILLER in line or len(last) < LONG or last[-1] in _ENDS:
        return False
    return line.lstrip(" \t")[:1].islower()
