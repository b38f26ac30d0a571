"""What stands in a source or a target of XLIFF: text and inline elements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2scli.catalogues.xliff.names import BREAK, html_name, is_line_break
from s2scli.catalogues.xliff.units import Element, Tag, value
from s2scli.data import Span
from s2scli.documents import htmlnames, xmltokens
from s2scli.documents.borders import stretches
from s2scli.documents.pieces import (
    CLOSE,
    KEPT,
    MOST_NESTED,
    OPEN,
    POINT,
    TEXT,
    JoinedPieces,
    MarkupPiece,
    absorbed,
    joined,
    paired,
)
from s2scli.documents.tagpieces import tagged
from s2scli.documents.xmltokens import characters

__all__ = ["Content", "content", "is_break", "parts", "segments"]

# Elements with codes of the original's format, which are not text.
CODES = ("bpt", "ept", "it", "ph")
ALONE = "alone"  # the name of codes that neither begin nor end anything
LOOK = "b"  # what an element is that does not say what it is: it may be on a part of a word
# What begins and ends a stretch without holding it, and the attribute that joins the two.
_BEGINS = {"bpt": "id", "bx": "id", "sc": "id", "sm": "id"}
_ENDS = {"ept": "id", "ex": "id", "ec": "startRef", "em": "startRef"}
_ANGULAR = re.compile(r"(START|CLOSE)_(\w+?)(?:_\d+)?$")
_BLANK = r"(?:\s|&#(?:9|10|13|32|x[9aAdD]|x20);)"
_WHITE = re.compile(f"{_BLANK}+")
# A line break with indentation is of the file's form.
_LAYOUT = re.compile(r"(?<![ \t])[ \t]*\r?\n[ \t]+")
_BREAK = re.compile(r"[ \t]*(?:\r?\n|&#(?:10|x0?[aA]);)[ \t]*")


class Content(NamedTuple):
    """What stands in an element.

    Attributes:
        stretch: its text with its markup.
        lead, tail: the white space before it and after it, as it is written.
        pieces: what it is made of; tags that are escaped are text in these.
    """

    stretch: JoinedPieces
    lead: str
    tail: str
    pieces: Sequence[MarkupPiece]


def content(text: str, element: Element, *, preserved: bool) -> Content:
    """Read a source or a target.

    Args:
        text: the document's characters.
        element: the element.
        preserved: whether white space stays what it is.
    """
    return _content(text, _pieces(text, element, preserved), preserved)


def parts(text: str, element: Element, *, preserved: bool) -> list[Content]:
    """Read the texts of a source that paragraphs, items and line breaks part; in order.

    What stands before each is in its ``lead``, markup too, and in the last one's ``tail`` what
    stands after it.

    Args:
        text: the document's characters.
        element: the element.
        preserved: whether white space stays what it is.
    """
    pieces = _pieces(text, element, preserved)
    found: list[Content] = []
    reached = element.content[0]
    for first, last in stretches(pieces) if pieces else ():
        part = _content(text, pieces[first:last], preserved)
        if part.stretch.has_letters:
            start, end = part.pieces[0].start, part.pieces[-1].end
            found.append(part._replace(lead=text[reached:start], tail=""))
            reached = end
    if found:
        found[-1] = found[-1]._replace(tail=text[reached : element.content[1]])
    return found


def _pieces(text: str, element: Element, preserved: bool) -> list[MarkupPiece]:
    """What is in an element; all that opens is closed."""
    return absorbed(text, _apart(paired(list(_Walk(text, element, preserved).pieces()))))


def _content(text: str, pieces: list[MarkupPiece], preserved: bool) -> Content:
    pieces, lead = _led(text, pieces)
    pieces, tail = _trailed(text, pieces)
    marked = pieces
    if any(piece.kind != TEXT for piece in pieces):  # else they are found in its text
        marked = absorbed(text, paired(tagged(text, pieces, lambda raw: _shown(raw, preserved))))
    return Content(joined(marked, verbatim=True), lead, tail, pieces)


def is_break(text: str, span: Span) -> bool:
    """Whether what stands somewhere is a line break."""
    return _BREAK.fullmatch(text, *span) is not None or is_line_break(text[slice(*span)])


def segments(text: str, element: Element) -> dict[str, Element]:
    """The segments of a unit of XLIFF 1 by their ``mid``."""
    found: dict[str, Element] = {}
    current: Element | None = None
    depth = outside = 0  # how many elements are open, and how many were around the segment
    for tag in element.tags:
        if tag.kind == xmltokens.CLOSE:
            depth -= 1
        if current is not None and depth > outside:
            current.tags.append(tag)
        elif current is not None:
            current.content, current.end = (current.content[0], tag.start), tag.end
            current = None
        elif tag.name == "mrk" and value(text, tag[2:], "mtype") == "seg":
            segment = Element(tag[2:], (tag.end, tag.end), tag.end)
            found[value(text, tag[2:], "mid")] = segment
            current, outside = segment if tag.kind == xmltokens.OPEN else None, depth
        if tag.kind == xmltokens.OPEN:
            depth += 1
    return found


class _Walk:
    """A walk through an element.

    Elements stay around their content, so that what is written is XML: each has a name of its own.
    """

    def __init__(self, text: str, element: Element, preserved: bool) -> None:
        self._text = text
        self._element = element
        self._preserved = preserved
        # Number, whether its text is kept, name.
        self._open: list[tuple[int, bool, str]] = [(0, False, "")]
        self._names: dict[str, str] = {}  # of stretches that codes begin
        self._begun = 0  # how many stretches have begun
        self._staying: set[str] = set()  # the names of those that hold code

    def pieces(self) -> Iterator[MarkupPiece]:
        """What is in it."""
        reached, end = self._element.content
        outer: Tag | None = None  # an open element that is one point
        inside = 0  # how many are open within it
        for number, tag in enumerate(self._element.tags, 1):
            if outer is None:
                yield from self._texts(reached, tag.start)
                if tag.kind == xmltokens.OPEN and self._is_point(tag):
                    outer = tag
                elif tag.kind == xmltokens.EMPTY:
                    yield self._code(tag, tag.end)
                else:
                    yield self._element_piece(number, tag)
            elif tag.kind == xmltokens.OPEN:
                inside += 1
            elif tag.kind == xmltokens.CLOSE and inside:
                inside -= 1
            elif tag.kind == xmltokens.CLOSE:
                yield self._code(outer, tag.end)
                outer = None
            reached = tag.end
        yield from self._texts(reached, end)

    def _is_point(self, tag: Tag) -> bool:
        return tag.name in CODES or len(self._open) > MOST_NESTED // 2

    def _texts(self, start: int, end: int) -> Iterator[MarkupPiece]:
        if start < end:
            # Beside markup a line break is such too, so that it stays.
            for found in _BREAK.finditer(self._text, start, end) if self._element.tags else ():
                if self._preserved or not _LAYOUT.fullmatch(found[0]):
                    yield from self._text_piece(start, found.start())
                    yield MarkupPiece(POINT, *found.span(), " ")
                    start = found.end()
            yield from self._text_piece(start, end)

    def _text_piece(self, start: int, end: int) -> Iterator[MarkupPiece]:
        if start < end:
            kind = KEPT if self._open[-1][1] or self._staying else TEXT
            yield MarkupPiece(kind, start, end, _shown(self._text[start:end], self._preserved))

    def _element_piece(self, number: int, tag: Tag) -> MarkupPiece:
        if tag.kind == xmltokens.CLOSE:
            number, _, name = self._open.pop()
            return MarkupPiece(CLOSE, tag.start, tag.end, name=f"{name}@{number}")
        name = html_name(self._text, tag) or LOOK
        kept = self._keeps(tag, self._open[-1][1]) or name in htmlnames.KEPT
        self._open.append((number, kept, name))
        return MarkupPiece(OPEN, tag.start, tag.end, name=f"{name}@{number}")

    def _keeps(self, tag: Tag, kept: bool) -> bool:
        """Whether the text of an element stays as it is."""
        if tag.name == "mrk":
            said = value(self._text, tag[2:], "translate")
            if said in ("yes", "no"):
                return said == "no"
            return kept or value(self._text, tag[2:], "mtype") == "protected"
        return kept

    def _code(self, tag: Tag, end: int) -> MarkupPiece:
        """A code: it may begin or end a stretch."""
        kind, key, span = POINT, "", tag[2:]
        if tag.name in _BEGINS and self._begun < MOST_NESTED // 2:
            kind, key = OPEN, self._said(tag, "rid") or self._said(tag, _BEGINS[tag.name])
        elif tag.name in _ENDS:
            kind, key = CLOSE, self._said(tag, "rid") or self._said(tag, _ENDS[tag.name])
        elif tag.name == "x" and (angular := _ANGULAR.match(self._said(tag, "id"))):
            kind, key = OPEN if angular[1] == "START" else CLOSE, angular[2]
        self._begun += kind == OPEN
        key += f"@{self._open[-1][0]}"  # in another element it does not enclose anything
        if kind == CLOSE:
            name = self._names.get(key, LOOK)
            self._staying.discard(key)
            return MarkupPiece(CLOSE, span[0], end, name=f"{name}@{key}")
        inside = self._text[tag.end : self._text.rfind("<", tag.end, end)]
        name = html_name(self._text, tag, inside if tag.name in CODES else "")
        if kind == OPEN:
            self._names[key] = name or LOOK
            if name in htmlnames.KEPT:
                self._staying.add(key)
            return MarkupPiece(OPEN, span[0], end, name=f"{name or LOOK}@{key}")
        if name == BREAK:
            return MarkupPiece(POINT, span[0], end, " ", name)
        alone = ALONE if tag.name in ("x", "ph") else ""
        return MarkupPiece(POINT, span[0], end, name=name if name in htmlnames.BLOCKS else alone)

    def _said(self, tag: Tag, name: str) -> str:
        return value(self._text, tag[2:], name)


def _shown(raw: str, preserved: bool) -> str:
    """What characters of the document say."""
    shown = characters(raw if preserved else _LAYOUT.sub(" ", raw))
    return shown.replace("\r\n", "\n")


def _apart(pieces: Sequence[MarkupPiece]) -> list[MarkupPiece]:
    """Pieces in which a code between two words, such as a line break, is shown as a space."""
    found = list(pieces)
    for number in range(1, len(found) - 1):
        before, piece, behind = found[number - 1 : number + 2]
        between_words = before.text[-1:].isalnum() and behind.text[:1].isalnum()
        if piece.kind == POINT and piece.name == ALONE and between_words:
            found[number] = piece._replace(text=" ")
    return found


def _led(text: str, pieces: list[MarkupPiece]) -> tuple[list[MarkupPiece], str]:
    """Pieces with the white space before their text before them, or in the markup there."""
    lead = ""
    found: list[MarkupPiece] = []
    for number, piece in enumerate(pieces):
        if piece.kind == TEXT:
            blank = _WHITE.match(text, piece.start, piece.end)
            end = blank.end() if blank else piece.start
            if found:
                found[-1] = found[-1]._replace(end=end)
            else:
                lead = text[piece.start : end]
            piece = piece._replace(start=end, text=piece.text.lstrip())
        if piece.kind in (TEXT, KEPT) and piece.text:
            return [*found, piece, *pieces[number + 1 :]], lead
        if piece.kind != TEXT:
            found.append(piece)
    return found, lead


def _trailed(text: str, pieces: list[MarkupPiece]) -> tuple[list[MarkupPiece], str]:
    """The same for the white space after it."""
    tail = ""
    found: list[MarkupPiece] = []
    for number, piece in reversed(list(enumerate(pieces))):
        if piece.kind == TEXT:
            start = piece.end
            for blank in _WHITE.finditer(text, piece.start, piece.end):
                start = blank.start() if blank.end() == piece.end else start
            if found:
                found[-1] = found[-1]._replace(start=start)
            else:
                tail = text[start : piece.end]
            piece = piece._replace(end=start, text=piece.text.rstrip())
        if piece.kind in (TEXT, KEPT) and piece.text:
            return [*pieces[:number], piece, *reversed(found)], tail
        if piece.kind != TEXT:
            found.append(piece)
    return found[::-1], tail
