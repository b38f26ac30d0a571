"""Texts of string tables, subtitles and the like: plain text, with tags or links on some words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from operator import attrgetter

from s2scli.documents.base import Slot, Source
from s2scli.documents.pieces import CLOSE, OPEN, POINT, TEXT, Piece, joined, paired, trimmed
from s2scli.documents.plain import PlainText

__all__ = ["Strings"]

# Elements, numbered ones (i18next) too, and the times within the cues of WebVTT.
_TAG = re.compile(
    r"<(/?)([A-Za-z][\w.-]*(?::\w+)?(?=[\s/>])|\d+(?=/?>)|\d\d:[\d:.]+(?=>))([^<>\n]*)>"
)
# The two ends of a link of Markdown.
_LINK = re.compile(r"(\[)(?=[^\[\]\n]*\]\([^()\s]+\))|\]\([^()\s]+\)")
MOST_PIECES = 100_000  # of a text whose tags are marks
BREAKS = ("br", "hr", "p")  # between words, so that a space is too


class Strings(PlainText):
    """A text that another format holds."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """Its paragraphs; their tags are marks."""
        for slot in super().slots(source):
            found = list(islice(_pieces(source.text, slot.start, slot.end), MOST_PIECES + 1))
            pieces = trimmed(paired(found)) if len(found) <= MOST_PIECES else []
            if all(piece.kind == TEXT for piece in pieces):
                yield slot
                continue
            stretch = joined(pieces)
            if stretch.has_letters:
                yield Slot(pieces[0].start, pieces[-1].end, stretch.text, None, stretch.marks)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """Wrapped as the original was, unless there are tags in it."""
        return text if slot.marks else super().written(source, slot, text)


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    reached = start
    for markup in merge(_tags(text, start, end), _links(text, start, end), key=attrgetter("start")):
        if markup.start < reached:
            continue  # within a tag
        if markup.start > reached:
            yield Piece(TEXT, reached, markup.start, text[reached : markup.start])
        yield markup
        reached = markup.end
    if reached < end:
        yield Piece(TEXT, reached, end, text[reached:end])


def _tags(text: str, start: int, end: int) -> Iterator[Piece]:
    for tag in _TAG.finditer(text, start, end):
        name = tag[2].lower().partition(".")[0]  # without WebVTT's classes
        alone = tag[3].endswith("/") or ":" in name or name in BREAKS
        kind = CLOSE if tag[1] else POINT if alone else OPEN
        yield Piece(kind, *tag.span(), " " if name in BREAKS else "", name)


def _links(text: str, start: int, end: int) -> Iterator[Piece]:
    for link in _LINK.finditer(text, start, end):
        yield Piece(OPEN if link[1] else CLOSE, *link.span(), name="[")
