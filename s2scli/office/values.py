"""Attributes of Office's documents that are texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from s2scli.data import Span
from s2scli.documents.base import Slot
from s2scli.documents.xmltokens import CLOSE, OPEN, Value, attribute, attribute_text, text_slot

__all__ = ["Values", "WordValues"]

_LEVEL = re.compile(r"%\d")  # the number of a level in a list's number
_WORD = re.compile(r"[^\W\d_]{2}")


class Values:
    """Finds them.

    Args:
        text: the part's characters.
        worded: which attributes of elements are texts.

    Attributes:
        names: the elements that it must read.
    """

    heard: frozenset[str] = frozenset()  # elements that say what others are

    def __init__(self, text: str, worded: Mapping[str, tuple[str, ...]]) -> None:
        self._text = text
        self._worded = worded
        self.names = self.heard.union(worded)

    def read(self, kind: str, name: str, span: Span) -> Iterator[Slot]:
        """The texts of a tag."""
        keys = () if kind == CLOSE else self._worded.get(name, ())
        places = [attribute(self._text, span, key) for key in keys]
        for place in sorted(filter(None, places)):
            yield from text_slot(self._text, place, Value)


class WordValues(Values):
    """Those of Word, of which some depend on what stands before them."""

    heard = frozenset({"w:textInput", "w:type", "w:lvl", "w:numFmt"})

    def __init__(self, text: str, worded: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(text, worded)
        self._is_input = False  # whether this is a form's field for any text
        self._is_bullet = False  # whether this level of a list has no numbers

    def read(self, kind: str, name: str, span: Span) -> Iterator[Slot]:
        """The texts of a tag."""
        if name == "w:textInput":
            self._is_input = kind == OPEN
        elif name == "w:type" and self._is_input:  # else of numbers, dates or sums
            self._is_input = self._says(span, "val") == "regular"
        elif name == "w:lvl":
            self._is_bullet = False
        elif name == "w:numFmt":
            self._is_bullet = self._says(span, "val") == "bullet"
        elif name == "w:lvlText":
            yield from self._number(kind, name, span)
            return
        elif name in ("w:helpText", "w:statusText") and self._says(span, "type") == "autoText":
            return  # the name of a building block
        if name == "w:listItem" and not attribute(self._text, span, "displayText"):
            if place := attribute(self._text, span, "value"):  # which is what is shown
                yield from text_slot(self._text, place, Value)
        elif name != "w:default" or self._is_input:
            yield from super().read(kind, name, span)

    def _number(self, kind: str, name: str, span: Span) -> Iterator[Slot]:
        """The words before and after a list's numbers."""
        for slot in super().read(kind, name, span) if not self._is_bullet else ():
            if _WORD.search(slot.text):
                kept = tuple(match.span() for match in _LEVEL.finditer(slot.text))
                yield Value(slot.start, slot.end, slot.text, kept=kept)

    def _says(self, span: Span, key: str) -> str:
        return attribute_text(self._text, span, key)
