"""Borders of texts: where in a row of text and inline markup one text ends and another begins.

Elements that touch, such as the links of a menu, are texts of their own, unless what they hold
looks like one word; so are short lines, as of addresses and verses, and what is on either side of
a block's tag. An element with a border in it is in no text itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from s2scli.data import Span
from s2scli.documents.htmlnames import BLOCKS as PAGE_BLOCKS
from s2scli.documents.htmlnames import LINKS, name_set
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, TEXT, MarkupPiece, element
from s2scli.text.fillers import fillers

__all__ = ["BLOCK", "BLOCKS", "LOOKS", "apart", "line_borders", "stretches", "with_fillers"]

# In a text that is not a page, these may be anything's: there they part texts between sentences.
_ANYTHING = name_set(
    "address body caption center dialog dir footer form frame head header html legend main menu "
    "nav object option search select summary template title"
)
# Those of DocBook too (https://docbook.org/).
BLOCKS = (PAGE_BLOCKS - _ANYTHING) | name_set(
    "iframe itemizedlist listitem noembed orderedlist para simpara textarea variablelist "
    "varlistentry"
)
_CONTROLS = name_set("input select textarea")
_STANDING = BLOCKS | _ANYTHING | _CONTROLS
BLOCK = "div"
LINK = "["  # the name of Markdown's links
NEAR = 8  # pieces that are looked at beside one
SHORT = 60  # characters of a line that was not broken because it was full
WORD = 3  # letters that make a word
# What gives words a look: such elements may well be on parts of a word.
LOOKS = name_set(
    "abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark nobr q rb ruby s samp "
    "small strike strong sub sup tt u var wbr * ** _ __ ~~"
)
_STOPS = ".!?:\u2026\u3002\uff01\uff1f"
_PAUSES = _STOPS + ",;-\u2013\u2014\u060c\u3001\uff0c"
_OPENING, _CLOSING = frozenset("([{\"'\u201c\u201e\u00ab"), frozenset(f"{_PAUSES})]")
_PLACEHOLDERS = frozenset("{%$(")
_SENTENCE_END = re.compile(r"[^\W\d_A-Z]{2}[.!?]\Z")
_SENTENCE = re.compile(r"[A-Z\u00c0-\u00de][^\W\d_A-Z]")
_FIRST_LETTERS = re.compile(r"[^\W\d_]*")


def apart(pieces: Sequence[MarkupPiece]) -> Iterator[Sequence[MarkupPiece]]:
    """Paired pieces, text by text."""
    for first, last in stretches(pieces):
        part = pieces[first:last]
        if any(_shown(part)):
            yield part


def stretches(pieces: Sequence[MarkupPiece]) -> list[Span]:
    """Which of paired pieces are texts of their own: for each, the first and one past the last.

    What opens or closes, or is a point, may be named as HTML names it, up to an ``@``.
    """
    cuts = _blocks(pieces) | _likely_blocks(pieces) | _labels(pieces)
    cuts |= _sentences(pieces) | _touching(pieces) | _lines(pieces)
    if not cuts:
        return [(0, len(pieces))]
    counts = [0, *accumulate(number in cuts for number in range(len(pieces) + 1))]
    open_: list[int] = []
    for number, piece in enumerate(pieces):
        if piece.kind == OPEN:
            open_.append(number)
        elif piece.kind == CLOSE and open_:
            begin = open_.pop()
            if counts[number + 1] > counts[begin + 1]:
                cuts |= {begin, begin + 1, number, number + 1}
    places = sorted(cuts | {0, len(pieces)})
    return [(first, last) for first, last in pairwise(places) if first < last]


def with_fillers(pieces: Sequence[MarkupPiece]) -> Iterator[MarkupPiece]:
    """The pieces with a point for each filler that parts texts; other fillers are kept."""
    found = [filler for filler in fillers("".join(_shown(pieces))) if not filler.blank]
    bounds = sorted({place for filler in found for place in filler[:2]})
    reached = number = 0
    for piece in pieces:
        if not bounds or piece.kind not in (TEXT, KEPT):
            yield piece
            continue
        begin, reached = reached, reached + len(piece.text)
        while number < len(found) and found[number].end <= begin:
            number += 1
        if piece.kind == KEPT or len(piece.text) != piece.end - piece.start:
            # Of a filler whose signs are escaped each is a point.
            whole = number < len(found) and found[number].start <= begin < reached
            if piece.kind == TEXT and whole and reached <= found[number].end:
                name = BLOCK if found[number].apart else ""
                piece = MarkupPiece(POINT, piece.start, piece.end, name=name)
            yield piece
            continue
        inside = bounds[bisect_right(bounds, begin) : bisect_left(bounds, reached)]
        for first, last in pairwise([begin, *inside, reached]):
            while number < len(found) and found[number].end <= first:
                number += 1
            start, end = piece.start + first - begin, piece.start + last - begin
            part = MarkupPiece(TEXT, start, end, piece.text[first - begin : last - begin])
            if number < len(found) and found[number].start <= first:
                apart = found[number].apart
                part = (
                    MarkupPiece(POINT, start, end, name=BLOCK)
                    if apart
                    else part._replace(kind=KEPT)
                )
            yield part


def _blocks(pieces: Sequence[MarkupPiece]) -> set[int]:
    return {
        place
        for number, piece in enumerate(pieces)
        if piece.kind in (OPEN, CLOSE, POINT) and element(piece) in BLOCKS
        for place in (number, number + 1)
    }


def _likely_blocks(pieces: Sequence[MarkupPiece]) -> set[int]:
    """Where elements begin and end that may be blocks, and are in no sentence."""
    found: set[int] = set()
    open_: list[int] = []
    for number, piece in enumerate(pieces):
        if piece.kind in (TEXT, KEPT) or element(piece) not in _ANYTHING:
            continue
        if piece.kind == OPEN:
            open_.append(number)
            continue
        begin = open_.pop() if piece.kind == CLOSE else number
        before = "".join(reversed([text for text, _ in _near(pieces, begin, -1)]))
        behind = "".join(text for text, _ in _near(pieces, number, 1))
        if not _is_within(before, behind):
            found |= {begin, begin + 1, number, number + 1}
    return found


def _labels(pieces: Sequence[MarkupPiece]) -> set[int]:
    """Where labels end or begin that stand beside what they are of."""
    found: set[int] = set()
    for number, piece in enumerate(pieces):
        if piece.kind in (OPEN, CLOSE) and element(piece) == "label":
            step = 1 if piece.kind == CLOSE else -1
            *_, (_, beside) = [("", ""), *_near(pieces, number, step)]
            if beside in _CONTROLS:
                found |= {number, number + 1}
    return found


def _near(pieces: Sequence[MarkupPiece], number: int, step: int) -> Iterator[tuple[str, str]]:
    """What is shown beside a piece: up to a text with more than blanks, or to a block or control.

    For each piece its text, and the name of that block or control.
    """
    for _ in range(NEAR):
        number += step
        if not 0 <= number < len(pieces):
            return
        piece = pieces[number]
        if piece.kind in (TEXT, KEPT):
            yield piece.text, ""
            if piece.text.strip():
                return
        elif element(piece) in _STANDING:
            yield "", element(piece)
            return


def _is_within(before: str, behind: str) -> bool:
    """Whether what stands between two texts is a part of a sentence with one of them."""
    last, first = before.rstrip()[-1:], behind.lstrip()[:1]
    if last in _OPENING or first in _CLOSING:
        return True
    goes_on = last != "" and before[-1].isspace() and last not in _STOPS
    return goes_on or (behind[:1].isspace() and (first.islower() or first in _PLACEHOLDERS))


def _sentences(pieces: Sequence[MarkupPiece]) -> set[int]:
    """Where a sentence ends at a tag without a blank before the next one: ``red.<b>The``."""
    texts = [n for n, piece in enumerate(pieces) if piece.kind in (TEXT, KEPT) and piece.text]
    return {
        before + 1
        for before, behind in pairwise(texts)
        if behind > before + 1
        and _SENTENCE_END.search(pieces[before].text[-WORD:])
        and _SENTENCE.match(pieces[behind].text)
    }


def _touching(pieces: Sequence[MarkupPiece]) -> set[int]:
    """Where an element that is a text of its own touches another."""
    found: set[int] = set()
    before = ""  # the text that came last
    closed: list[str] = []  # what was closed since
    pending = -1  # where something was opened that touches that
    opened: list[str] = []
    for number, piece in enumerate(pieces):
        if piece.kind in (TEXT, KEPT):
            if pending >= 0 and piece.text and _parts(before, piece.text, closed, opened):
                found.add(pending)
            before, closed, opened, pending = piece.text or before, [], [], -1
        elif piece.kind == CLOSE:
            closed = [*closed[-8:], element(piece)]
        elif piece.kind == OPEN and (closed or pending >= 0):
            pending = number if pending < 0 else pending
            opened = [*opened[-8:], element(piece)]
    return found


def _parts(before: str, behind: str, closed: Sequence[str], opened: Sequence[str]) -> bool:
    """Whether there is a border between two texts in elements that touch."""
    last, first = before[-1:], behind[:1]
    if not last or last.isspace() or first.isspace():
        return False
    names = {*closed, *opened}
    if names & (LINKS | {LINK}):
        # But the marks of notes belong to the sentence that they are in.
        return all(any(map(str.isalpha, text)) for text in (before, behind))
    if not (first.isalnum() and (last.isalnum() or last in _PAUSES)):
        return False
    left, right = _FIRST_LETTERS.match(before[-WORD:][::-1]), _FIRST_LETTERS.match(behind)
    shortest = min(len(found[0]) if found else 0 for found in (left, right))
    if last.islower() and first.isupper():
        # "Ctrl", "O": a key beside another.
        is_key = len(behind) == 1 and left is not None and len(left[0]) >= WORD
        return shortest >= WORD or (is_key and not names <= LOOKS - {"kbd"})
    if last in _PAUSES:
        return first.isalpha() and last not in "-\u2013\u2014"
    if names <= LOOKS or (first.isdigit() and last.isdigit()):
        return False
    has_case = first.isupper() or first.islower() or first.isdigit()
    return has_case and (shortest >= WORD or first.isdigit() or last.isdigit())


def _lines(pieces: Sequence[MarkupPiece]) -> set[int]:
    """Where a line break stands that is a border."""
    breaks = [n for n, piece in enumerate(pieces) if piece.kind == POINT and piece.text]
    if not breaks:
        return set()
    bounds = pairwise([-1, *breaks, len(pieces)])
    lines = ["".join(_shown(pieces[first + 1 : last])) for first, last in bounds]
    borders = zip(breaks, line_borders(lines), strict=True)
    return {place for number, border in borders if border for place in (number, number + 1)}


def line_borders(lines: Sequence[str]) -> list[bool]:
    """Whether texts end at the breaks between lines: where lines are short, or end a sentence."""
    lines = [" ".join(line.split()) for line in lines]
    short = max(map(len, lines)) <= SHORT
    return [
        line[-1:] in (_PAUSES if short else _STOPS)
        or (short and (len(lines) > 2 or not following[:1].islower()))
        for line, following in pairwise(lines)
    ]


def _shown(pieces: Sequence[MarkupPiece]) -> Iterator[str]:
    return (piece.text for piece in pieces if piece.kind in (TEXT, KEPT))
