"""Ruby: texts with readings beside them (https://html.spec.whatwg.org/#the-ruby-element).

A reading stays as it is. Of several in one element one is made, after all of the text, for that is
translated as a whole, and none of its readings may come beside another word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from s2scli.data import Span
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, TEXT, WHITE, MarkupPiece

__all__ = ["is_base", "is_reading", "one_reading", "without_readings"]

_READINGS = ("rp", "rt", "rtc")
_READING = re.compile(r"<(rt|rp)\b[^>]*>", re.IGNORECASE)
_READING_END = re.compile(r"</rt\s*>\s*\Z", re.IGNORECASE)
_BASE = re.compile(r"</?rb\b", re.IGNORECASE)


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
