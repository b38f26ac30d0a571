"""Text and inline markup, piece by piece, as a slot has them: one text with marks on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Mark
from s2scli.text.spans import has_letters

__all__ = [
    "CLOSE",
    "INDEX",
    "KEPT",
    "MOST_NESTED",
    "OPEN",
    "POINT",
    "TEXT",
    "WHITE",
    "Finder",
    "JoinedPieces",
    "MarkedText",
    "MarkupPiece",
    "absorbed",
    "element",
    "is_index",
    "joined",
    "paired",
    "trimmed",
]

TEXT, KEPT, OPEN, CLOSE, POINT = range(5)
MOST_NESTED = 64  # marks around one another; those inside are points
WHITE = " \t\r\n"
INDEX = 20  # characters, at most, of what stands above or below the line behind a word
NOTE = 2  # characters, at most, of one behind a sentence
STOPS = tuple(".,;:!?")
_WHITE = re.compile(rf"[{WHITE}]+")


class MarkupPiece(NamedTuple):
    """A piece of a document.

    Attributes:
        kind: ``TEXT``, ``KEPT`` (text that must come out as it is), ``OPEN``, ``CLOSE`` or
            ``POINT`` (markup that is on no text).
        start, end: in the document's characters.
        text: what is shown of it; of a point, white space if it breaks the line.
        name: what opens or closes; one closes the last of its name.
    """

    kind: int
    start: int
    end: int
    text: str = ""
    name: str = ""


# Finds markup of one kind in a stretch of a text, in order.
Finder = Callable[[str, int, int], Iterator[MarkupPiece]]


class JoinedPieces(NamedTuple):
    """Pieces as one text.

    Attributes:
        text: what is shown, each run of white space as one space.
        marks: the markup on it.
        kept: what must come out as it is.
    """

    text: str
    marks: tuple[Mark, ...]
    kept: tuple[Span, ...]

    @property
    def has_letters(self) -> bool:
        """Whether there is something to translate."""
        return has_letters(self.text, self.kept)


def paired(pieces: Sequence[MarkupPiece], hollow: Container[str] = ()) -> list[MarkupPiece]:
    """The pieces, with all that opens closed: everything else is a point, and so is what is empty.

    Args:
        pieces: the pieces.
        hollow: names of what is not a point even if it is empty.
    """
    found: list[MarkupPiece] = []
    open_: list[tuple[int, int]] = []  # where, and how many texts came before
    texts = 0
    for piece in pieces:
        if piece.kind == OPEN and len(open_) < MOST_NESTED:
            open_.append((len(found), texts))
        elif piece.kind == CLOSE:
            depth = _innermost(found, open_, piece.name)
            if depth >= 0:
                _to_points(found, [place for place, _ in open_[depth + 1 :]])
                place, before = open_[depth]
                del open_[depth:]
                is_hollow = before == texts and piece.name not in hollow
                if is_hollow or _holds_index(found, place, piece):
                    piece = MarkupPiece(POINT, found[place].start, piece.end)
                    del found[place:]
            else:
                piece = piece._replace(kind=POINT)
        elif piece.kind == OPEN:
            piece = piece._replace(kind=POINT)
        elif piece.kind != POINT and piece.text.strip(WHITE):
            texts += 1
        found.append(piece)
    _to_points(found, [place for place, _ in open_])
    return _loosened(found)


def _loosened(pieces: list[MarkupPiece]) -> list[MarkupPiece]:
    """Paired pieces in which elements that stay are points where they touch a word.

    Else ``Search<mat-icon>search</mat-icon>`` would be one word. What ends a word that stays
    (``<code>Foo</code>s``) is a part of it.
    """
    found: list[MarkupPiece] = []
    said = ""  # the text before
    for number, piece in enumerate(pieces):
        found.append(piece)
        if piece.kind == CLOSE and [one.kind for one in found[-3:-1]] == [OPEN, KEPT]:
            kept = found[-2].text
            behind = next(
                (one.text for one in pieces[number + 1 :] if one.kind in (TEXT, KEPT)), ""
            )
            follows = said[-1:].isalpha() and kept[:1].isalpha()
            if follows or (kept[-1:].isalpha() and behind[:1].isupper()):
                between = " " if follows and behind[:1].isalpha() else ""
                found[-3:] = [MarkupPiece(POINT, found[-3].start, piece.end, between)]
            said = kept
        elif piece.kind == TEXT:
            said = piece.text
    return found


def element(piece: MarkupPiece) -> str:
    """HTML's name of an element, or what marks a link or emphasis in Markdown."""
    return piece.name.lstrip("<").partition("@")[0]


def is_index(name: str, before: str, text: str) -> bool:
    """Whether an element is on no word of its own, but on the one before it: ``house<sup>a</sup>``.

    Args:
        name: what it is.
        before: the text before it.
        text: what is in it.
    """
    is_note = before[-1:] in STOPS and len(text) <= NOTE  # of the sentence: so.<sup>a</sup>
    if name not in ("sup", "sub") or not (before[-1:].isalpha() or is_note):
        return False
    return len(text) <= INDEX and not any(map(str.isspace, text)) and any(map(str.isalpha, text))


def _holds_index(found: Sequence[MarkupPiece], place: int, closing: MarkupPiece) -> bool:
    """Whether such an element opens at a place, and is over."""
    inside = "".join(piece.text for piece in found[place + 1 : place + INDEX + 2])
    number = place - 1
    while number >= 0 and found[number].kind == CLOSE:
        number -= 1
    is_text = number >= 0 and found[number].kind == TEXT
    return is_text and is_index(element(closing), found[number].text, inside)


def _innermost(found: Sequence[MarkupPiece], open_: Sequence[tuple[int, int]], name: str) -> int:
    for depth in reversed(range(len(open_))):
        if found[open_[depth][0]].name == name:
            return depth
    return -1


def _to_points(found: list[MarkupPiece], places: Sequence[int]) -> None:
    for place in places:
        found[place] = found[place]._replace(kind=POINT)


def trimmed(pieces: Sequence[MarkupPiece]) -> list[MarkupPiece]:
    """Paired pieces without the points and the white space at their ends."""
    first, last = 0, len(pieces)
    while first < last and _is_blank(pieces[first]):
        first += 1
    while first < last and _is_blank(pieces[last - 1]):
        last -= 1
    found = list(pieces[first:last])
    if found:
        head, body = found[0], found[0].text.lstrip(WHITE)
        if head.kind == TEXT and len(head.text) == head.end - head.start:
            found[0] = MarkupPiece(TEXT, head.end - len(body), head.end, body)
        tail, body = found[-1], found[-1].text.rstrip(WHITE)
        if tail.kind == TEXT and len(tail.text) == tail.end - tail.start:
            found[-1] = MarkupPiece(TEXT, tail.start, tail.start + len(body), body)
    return found


def _is_blank(piece: MarkupPiece) -> bool:
    return piece.kind == POINT or (piece.kind == TEXT and not piece.text.strip(WHITE))


def absorbed(text: str, pieces: Sequence[MarkupPiece]) -> list[MarkupPiece]:
    """Paired pieces in which white space after a point is of the point if there is some before.

    So a point has white space on both sides wherever it goes.

    Args:
        text: the document's characters.
        pieces: the pieces.
    """
    found: list[MarkupPiece] = []
    spaced = True  # whether white space ends what came
    for piece in pieces:
        if piece.kind == TEXT:
            if found and found[-1].kind == POINT and spaced:
                raw, shown = _blank(text, piece)
                found[-1] = found[-1]._replace(end=found[-1].end + raw)
                piece = MarkupPiece(TEXT, piece.start + raw, piece.end, piece.text[shown:])
            spaced = piece.text[-1:].isspace()
        elif piece.kind == KEPT:
            spaced = False
        found.append(piece)
    return [piece for piece in found if piece.kind != TEXT or piece.text]


def _blank(text: str, piece: MarkupPiece) -> Span:
    """How much white space at its start goes elsewhere: in the document, and in its text."""
    there, shown = (
        len(said) - len(said.lstrip()) for said in (text[piece.start : piece.end], piece.text)
    )
    if text.startswith(piece.text[:shown], piece.start):
        return min(there, shown, 1), min(there, shown, 1)
    # A line break with its indentation is shown as one space; a reference is not looked into.
    whole = there > 0 and not text.startswith("&", piece.start + there)
    return (there, shown) if whole else (0, 0)


def joined(pieces: Sequence[MarkupPiece], *, verbatim: bool = False) -> JoinedPieces:
    """Paired pieces as one text.

    Args:
        pieces: the pieces.
        verbatim: whether white space stays what it is.
    """
    joiner = _Joiner(verbatim)
    for piece in pieces:
        joiner.add(piece)
    return joiner.stretch()


class MarkedText:
    """A text that grows piece by piece, with its marks.

    Attributes:
        length: the characters so far.
        marks: the marks so far.
        kept: the stretches that stay as they are.
        spaced: whether one more space would not be seen.
    """

    def __init__(self) -> None:
        self.length = 0
        self.marks: list[Mark] = []
        self.kept: list[Span] = []
        self.spaced = True
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def write(self, text: str) -> None:
        """Append some text."""
        self._parts.append(text)
        self.length += len(text)
        self.spaced = text.endswith(" ")

    def begin(self, opens: Span) -> int:
        """Begin a mark here, which is on no text until it ends; return its number."""
        self.marks.append(Mark(self.length, self.length, opens, (opens[1], opens[1])))
        return len(self.marks) - 1

    def end(self, number: int, closes: Span) -> None:
        """End a mark here."""
        mark = self.marks[number]
        self.marks[number] = Mark(mark.start, self.length, mark.opens, closes)


class _Joiner:
    def __init__(self, verbatim: bool) -> None:
        self._verbatim = verbatim
        self._found = MarkedText()
        self._open: list[int] = []

    def add(self, piece: MarkupPiece) -> None:
        """The next piece."""
        place = piece.start, piece.end
        if piece.kind in (TEXT, KEPT):
            self._text(piece)
        elif piece.kind == CLOSE:
            self._found.end(self._open.pop(), place)
        else:
            number = self._found.begin(place)
            if piece.kind == OPEN:
                self._open.append(number)
            if piece.text:
                self._text(piece)

    def stretch(self) -> JoinedPieces:
        """All that came."""
        text, marks = self._found.text, self._found.marks
        if text.endswith(" ") and not self._verbatim:
            text = text[:-1]
            size = len(text)
            marks = [
                Mark(min(mark.start, size), min(mark.end, size), mark.opens, mark.closes)
                for mark in marks
            ]
        return JoinedPieces(text, tuple(marks), tuple(self._found.kept))

    def _text(self, piece: MarkupPiece) -> None:
        text, found = piece.text, self._found
        if piece.kind == KEPT:
            found.kept.append((found.length, found.length + len(text)))
        elif not self._verbatim:
            text = _WHITE.sub(" ", text)
            if found.spaced and text.startswith(" "):
                text = text[1:]
        if text:
            found.write(text)
