"""Ruby: texts with readings beside them (https://html.spec.whatwg.org/#the-ruby-element).

A reading stays as it is, which is said. Of several in one element one is made, after all of the
text, for that is translated as a whole, and none of its readings may come beside another word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from s2scli.data import Span
from s2scli.documents.base import Slot
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, TEXT, WHITE, MarkupPiece

__all__ = ["is_base", "is_reading", "one_reading", "readings", "without_readings"]

_READINGS = ("rp", "rt", "rtc")
_READING = re.compile(r"<(rt|rp)\b[^>]*>", re.IGNORECASE)
_READING_END = re.compile(r"</rt\s*>\s*\Z", re.IGNORECASE)
_BASE = re.compile(r"</?rb\b", re.IGNORECASE)
# A tag, also within a text of XML: of the element, or of a reading with something in it. HTML,
# WebVTT and Word call a reading rt, OpenDocument ruby-text.
_ANY = re.compile(
    r"(?:<|&lt;)(/?)(?:[\w.-]+:)?(?:(ruby)(?=[\s/>&])|"
    r"(?:rt|ruby-text)(?=[\s>&])[^<>&]*(?:>|&gt;)(?!\s*(?:<|&lt;)/))",
    re.IGNORECASE,
)


def without_readings(pieces: Iterable[MarkupPiece], source: str) -> Iterator[MarkupPiece]:
    """The pieces with a point for each reading beside a text (ruby): it stays, and apart.

    An element that opens has a name that begins with HTML's, up to an ``@``. Of several readings
    in one element one is made, after all of its text: the text is translated as a whole.

    Args:
        pieces: the pieces.
        source: the characters that they are of.
    """
    ruby: list[MarkupPiece] = []  # from where the last such element opens on
    for piece in _readings_as_points(pieces):
        opens = piece.kind == OPEN and _element(piece) == "ruby"
        if opens:
            yield from ruby
            ruby = []
        if not ruby and not opens:
            yield piece
            continue
        if piece.kind == CLOSE and _element(piece) == "ruby":
            yield from _gathered(ruby, source)
            yield piece
            ruby = []
        else:
            ruby.append(piece)
    yield from ruby


def _element(piece: MarkupPiece) -> str:
    return piece.name.lstrip("<").partition("@")[0].lower()


def _gathered(ruby: Sequence[MarkupPiece], source: str) -> Iterable[MarkupPiece]:
    """The pieces of an element with one reading at most."""
    spans = [p[1:3] for p in ruby if p.kind == POINT and is_reading(source, p.start)]
    texts = (p.start for p in ruby if p.kind in (TEXT, KEPT) and p.text.strip(WHITE))
    whole = one_reading(source, spans, max(texts, default=-1))
    if not whole:
        return ruby
    rest = [p for p in ruby if p[1:3] not in spans and not is_base(source, p.start)]
    return [*rest, *(MarkupPiece(POINT, *span) for span in whole)]


def readings(source: str, slots: Iterable[Slot]) -> int:
    """How many readings are beside texts that are translated; these stay.

    Args:
        source: the characters of a document, or of a part of one.
        slots: its slots, in order; one may have its tags in its own text.
    """
    if "uby" not in source and "UBY" not in source:
        return 0
    elements = _elements(source)
    found = number = 0
    for slot in slots:
        while number < len(elements) and elements[number][0][1] <= slot.start:
            number += 1
        own = sum(count for _, count in _elements(slot.text))
        found += own
        while number < len(elements) and elements[number][0][0] < slot.end:
            found += 0 if own else elements[number][1]
            number += 1
    return found


def _elements(source: str) -> list[tuple[Span, int]]:
    """The elements that have readings, each with the number of these."""
    found: list[tuple[Span, int]] = []
    begin, count = -1, 0
    for tag in _ANY.finditer(source):
        closes, is_element = tag.groups()
        if not is_element:
            count += not closes
        elif closes:
            found += [((begin, tag.start()), count)] if count and begin >= 0 else []
            begin = -1
        else:
            begin, count = tag.start(), 0
    return found


def is_reading(source: str, place: int) -> bool:
    """Whether a reading beside a text, or what stands around it, begins at a place."""
    return bool(_READING.match(source, place))


def is_base(source: str, place: int) -> bool:
    """Whether a tag of the text that a reading is of stands at a place."""
    return bool(_BASE.match(source, place))


def one_reading(source: str, readings: Iterable[Span], last: int) -> list[Span]:
    """What stretches, one after the other, are all the readings of an element as one.

    Args:
        source: the characters of the document.
        readings: where its readings are, and what stands around these, each with its tags.
        last: where the last text of the element is that is not a reading; -1 for nowhere.

    Returns:
        the stretches; none if there is one reading at most, and it is after the text.
    """
    before: list[Span] = []
    behind: list[Span] = []
    said: list[Span] = []
    opens: list[Span] = []
    closes: list[Span] = []
    for start, end in readings:
        tag = _READING.match(source, start, end)
        if tag is None:
            continue
        if tag[1].lower() == "rp":
            (behind if said else before).append((start, end))
            continue
        closing = _READING_END.search(source, tag.end(), end)
        opens.append(tag.span())
        said.append((tag.end(), closing.start() if closing else end))
        closes += [closing.span()] if closing else []
    if not said or (len(said) == 1 and last < said[0][0]):
        return []
    return [*before[:1], opens[0], *said, *closes[-1:], *behind[-1:]]


def _readings_as_points(pieces: Iterable[MarkupPiece]) -> Iterator[MarkupPiece]:
    reading: MarkupPiece | None = None
    for piece in pieces:
        name = _element(piece)
        begins = piece.kind == OPEN and name in _READINGS
        if reading is not None and (begins or (piece.kind == CLOSE and name == "ruby")):
            yield reading
            reading = None
        if begins:
            reading = MarkupPiece(POINT, piece.start, piece.end)
        elif reading is None:
            yield piece
        else:
            reading = reading._replace(end=piece.end)
            if piece.kind == CLOSE and name in _READINGS:
                yield reading
                reading = None
    if reading is not None:
        yield reading
