"""The content of a string of Android's resources: its lines, and the pieces of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from s2scli.data import Span
from s2scli.documents.borders import stretches
from s2scli.documents.codetags import CODE
from s2scli.documents.pieces import (
    CLOSE,
    KEPT,
    OPEN,
    POINT,
    TEXT,
    MarkupPiece,
    absorbed,
    paired,
    trimmed,
)
from s2scli.documents.tagpieces import tagged
from s2scli.documents.xmltokens import characters
from s2scli.text.fillers import is_border
from s2scli.text.spans import stripped

__all__ = ["ESCAPES", "MARKUP", "lines"]

OPENS = 1
_KINDS = {OPENS: OPEN, -1: CLOSE, 0: POINT}
BR = "br"
LINE = "line"  # the name of what ends a text: a line's end, a tab
_READ = r"(?P<codes>(?:\\u[0-9A-Fa-f]{4})+)|\\(?P<escape>&#?\w+;|[^<])"
_IN_SECTION = re.compile(_READ, re.DOTALL)
_TAG = r"</?(?P<name>[^\s/>!?]+)(?:\"[^\"]*\"|'[^']*'|[^\"'>])*>"
_TOKEN = re.compile(
    rf"<!\[CDATA\[(?P<section>.*?)\]\]>|<!--.*?-->|<\?.*?\?>|{_TAG}|{_READ}", re.DOTALL
)
MARKUP = re.compile(rf"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|{_TAG}", re.DOTALL)
_CODES = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+")
_PLACEHOLDER = re.compile(r"(?:[^\s:]+:)?g")
FILLER = len(r"\u0020") * 3  # characters of blanks that are spelled and may part texts
NEAR = 200  # characters beside them in which there is a word
ESCAPES = {"\n": "n", "\t": "t"}
_SAID = {"n": "\n", "t": "\t"}


def lines(
    text: str, span: Span, *, markup: bool
) -> Iterator[tuple[list[MarkupPiece], tuple[Span, ...]]]:
    """The pieces of each line that has some, and where what is kept in it is.

    The end of a line within an element is a point. A tab ends a line too.

    Args:
        text: the document's characters.
        span: where a string's content is.
        markup: whether it has elements and entities.
    """
    line: list[MarkupPiece] = []
    depth = 0
    for piece in [*_pieces(text, span, markup=markup), MarkupPiece(POINT, 0, 0, name=LINE)]:
        depth += (piece.kind == OPEN) - (piece.kind == CLOSE)
        if piece.name != LINE or depth > 0:
            line.append(piece._replace(text=" ") if piece.name == LINE else piece)
            continue
        if any(each.kind != TEXT for each in line):  # else they are found in its text
            line = tagged(text, line, characters if markup else str)
        for found in filter(None, map(trimmed, _apart(absorbed(text, paired(line))))):
            yield found, tuple((each.start, each.end) for each in found if each.kind == KEPT)
        line = []


def _apart(pieces: Sequence[MarkupPiece]) -> Iterator[Sequence[MarkupPiece]]:
    """Texts that elements part; blanks that are escaped do not."""
    tags = [
        each._replace(text=each.text * (each.kind != POINT or each.name == BR)) for each in pieces
    ]
    for first, last in stretches(tags):
        if any(each.kind in (TEXT, KEPT) for each in pieces[first:last]):
            yield pieces[first:last]


def _pieces(text: str, span: Span, *, markup: bool) -> Iterator[MarkupPiece]:
    """The pieces of a content."""
    reached, end = span
    decoded = characters if markup else str
    inside = begin = 0  # how many elements are open in one that is kept, and where that begins
    for token in (_TOKEN if markup else _IN_SECTION).finditer(text, *span):
        start, stop = token.span()
        found = token.groupdict()
        if inside:
            inside += _opens(token[0]) if found["name"] else 0
            if not inside:
                says = _said(characters(MARKUP.sub("", text[begin:stop])))
                blank = " " if says else ""  # a line's end, say, which parts words
                kind = KEPT if says.strip() else POINT
                yield MarkupPiece(kind, begin, stop, says.strip() or blank)
                reached = stop
            continue
        if reached < start:
            yield from _words(text, reached, start, decoded)
        reached = stop
        if found["codes"] or found["escape"]:
            escape = _escape(start, stop, _said(decoded(token[0])))
            is_filler = len(token[0]) >= FILLER and escape.kind == POINT
            if is_filler and is_border(
                text[max(0, start - NEAR) : start], text[stop : stop + NEAR]
            ):
                escape = escape._replace(name=LINE)
            yield escape
        elif found["section"] is not None:
            yield MarkupPiece(TEXT, start, stop, _said(found["section"]))
        elif not found["name"]:
            yield MarkupPiece(POINT, start, stop)  # a comment
        elif _stays(found["name"]) and _opens(token[0]) == OPENS:
            inside, begin = 1, start
        else:
            name = found["name"]
            yield MarkupPiece(
                _KINDS[_opens(token[0])], start, stop, " " if name == BR else "", name
            )
    if reached < end:
        yield from _words(text, reached, end, decoded)


def _words(text: str, start: int, end: int, decoded: Callable[[str], str]) -> Iterator[MarkupPiece]:
    """A stretch without markup; the blanks at its ends are pieces of their own."""
    first, last = stripped(text, start, end)
    for begin, stop in ((start, first), (first, last), (last, end)):
        if begin < stop:
            yield MarkupPiece(TEXT, begin, stop, decoded(text[begin:stop]))


def _escape(start: int, stop: int, says: str) -> MarkupPiece:
    if says in ESCAPES:
        return MarkupPiece(POINT, start, stop, " ", LINE)
    if says.isspace() and says.isascii():  # which, unlike those as they are, stay as many
        return MarkupPiece(POINT, start, stop, " ")
    return MarkupPiece(TEXT, start, stop, says)


def _stays(name: str) -> bool:
    """Whether what is in an element stays."""
    return name in CODE or _PLACEHOLDER.fullmatch(name) is not None


def _opens(tag: str) -> int:
    """Whether a tag opens something (1), closes it (-1), or neither."""
    return -1 if tag[1] == "/" else 0 if tag[-2] == "/" else OPENS


def _said(text: str) -> str:
    """A text whose escapes are read."""

    def codes(match: re.Match[str]) -> str:
        data = bytes.fromhex(match[0].replace("\\u", ""))
        return data.decode("utf-16-be", "surrogatepass")

    def escape(match: re.Match[str]) -> str:
        return _SAID.get(match[1], match[1])

    return re.sub(r"\\(.)", escape, _CODES.sub(codes, text), flags=re.DOTALL)
