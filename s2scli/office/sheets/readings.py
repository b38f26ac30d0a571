"""Readings of Excel's texts (furigana): they are of their characters, and go with these."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from s2scli.data import Span
from s2scli.documents.base import Slot

__all__ = ["Readings"]

_READING = re.compile(r"<((?:[\w.-]+:)?rPh)\b[^<>]*(?:/>|>.*?</\1\s*>)", re.DOTALL)
_END = re.compile(r"</(?:[\w.-]+:)?(?:si|is|text)\s*>")


class Readings:
    """The readings in a part.

    Args:
        text: its characters.

    Attributes:
        going: where those of translated texts are; empty until ``passed`` was gone through.
    """

    def __init__(self, text: str = "") -> None:
        self.going: list[Span] = []
        self._text = text
        self._all = [match.span() for match in _READING.finditer(text)] if "rPh" in text else []

    def passed(self, slots: Iterable[Slot]) -> Iterator[Slot]:
        """The slots; what they are is noted."""
        ends: list[int] = []
        for slot in slots:
            ends += [slot.end] if self._all else []
            yield slot
        for start, end in self._all:
            before = bisect_right(ends, start)
            if before and not _END.search(self._text, ends[before - 1], start):
                self.going.append((start, end))

    def remarks(self) -> list[str]:
        """What is to be said of those that go."""
        count = len(self.going)
        return [f"Readings go with the texts that they are of (furigana): {count}."] * bool(count)
