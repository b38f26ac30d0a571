"""Blocks of plain text: paragraphs, headings, list items, rows of tables, lines of code.

A line break within a paragraph is a soft one if the next word would not have fitted into its line
(hard-wrapped text) or begins in lower case in mid-sentence; any other ends a block, and so a
sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from s2scli.data import Span
from s2scli.text.gaps import gaps
from s2scli.text.sentences import SPACED_END

__all__ = ["FRAME", "QUOTE", "Block", "Border", "blocks"]

LINES_AT_ONCE = 256
NARROWEST_WRAP, WIDEST_WRAP = 40, 140  # characters; nobody wraps text to other widths by hand
LONGEST_HEADING = 80

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*$")
# What stands before each line of a quoted text, in mails: ``>``, ``>>``, ``> >``.
QUOTE = r"[ \t]*(?:>[ \t]?)+"
_QUOTE = re.compile(QUOTE)
# A title between two runs of a sign, or two long dashes.
FRAME = re.compile(r"[ \t]*(([=*~+_/|-])\2+|[—–])[ \t][^\n]*[ \t]((?(2)\2\2+|[—–]))[ \t\r]*")
_ITEM = re.compile(
    r"\s*(?:[-*+•–·]|\d{1,3}[.)]|[a-zA-Z][.)]|\((?:[a-zA-Z]|[ivxlc]{1,6})\))\s+(?=\S|$)"
)
_OWN_LINE = re.compile(rf"{_ITEM.pattern}|\s*\||\t| {{4}}")
# A word with the signs of prose at its ends; code has others.
_WORD = re.compile(
    r"[\"'(\u2018-\u201e]?[^\W\d_]+(?:['\u2019-][^\W\d_]+)*[\"')\u2018-\u201d]?[.,:!?]?"
)
_SENTENCE = 4  # words of an indented line that may be of a sentence
TAB = 8  # columns
# What else begins an item where a sentence or its part is over: a line may begin with a number.
_NUMBERED = re.compile(
    r"\s*(?:\(\d{1,3}\)|\[(?:\d[\d:.,]{0,14}|[A-Z]\w{0,11})\]|\^\d{1,3}|o(?=\s+[A-Z])|"
    r"\d{1,3}(?:\.\d{1,3}){1,4}\.?|[ivxlc]{2,6}[.)]|\u00a7{1,2} ?\d+\w?)\s+"
)
# Points that lead from a text to a figure: such lines are rows.
_LEADER = re.compile(r"\S(?:[ \t]*\.{4,}|[ \t]\.{2,}|(?: \.){3,}|[ \t]*[\u2026\u00b7]{2,})[ \t]+\S")
# A field: ``Step 2: ``, ``cc: ``. Text in lower case before a colon is of a sentence.
_LABEL = re.compile(r"\s*(?:[A-Z][\w.'/&-]{0,24}(?: [\w.'/&-]{1,24}){0,2}|b?cc|re|fax|tel):(?=\s)")
_LABEL_ENDS = (": ", ". ", ") ", "] ", "- ", "\u2013 ", "\u2014 ")
WIDEST_LABEL = 30  # columns before the text of an item
_LISTED = re.compile(r"\s*\(([b-z]|[2-9])\)\s")  # in a sentence, after others: (a) one, (b) two

_OVER = frozenset((*SPACED_END, ":", ";"))


class Border(IntEnum):
    """How much of a border is before a unit: the higher, the better to cut there."""

    AFTER_HEADING = -1
    SENTENCE = 0
    LINE = 1
    PARAGRAPH = 2
    SECTION = 3


class Block(NamedTuple):
    """A run of text that is read as one: ``text[start:end]``.

    Attributes:
        start, end: where it is.
        border: how much of a border is before it.
        heading: whether it is a heading.
        gaps: where columns are parted in it.
    """

    start: int
    end: int
    border: Border
    heading: bool
    gaps: tuple[Span, ...] = ()


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text in order, without gap or overlap.

    Empty lines belong to the block before them; those at the beginning to the first one.
    """
    after_heading = False
    for paragraph in _paragraphs(text):
        border = Border.PARAGRAPH
        parted = _gaps(text, paragraph)
        for start, end, heading in _split(text, paragraph, parted):
            if heading and not after_heading:
                border = Border.SECTION
            within = tuple(span for span in parted if start <= span[0] < end)
            before = Border.AFTER_HEADING if after_heading else border
            yield Block(start, end, before, heading, within)
            after_heading, border = heading, Border.LINE


def _paragraphs(text: str) -> Iterator[list[Span]]:
    """Lists of lines, each up to the next paragraph and of limited length."""
    lines: list[Span] = []
    written = ended = False
    for match in _LINE.finditer(text):
        blank = match[0].isspace()
        if (ended and not blank) or len(lines) >= LINES_AT_ONCE:
            yield lines
            lines, written, ended = [], False, False
        lines.append(match.span())
        written = written or not blank
        ended = written and blank
    if lines:
        yield lines


def _gaps(text: str, lines: Sequence[Span]) -> list[Span]:
    """Where columns are parted in a paragraph."""
    found = gaps([text[start:end].rstrip() for start, end in lines])
    return [
        (start + first, start + last)
        for (start, _), spans in zip(lines, found, strict=True)
        for first, last in spans
    ]


def _split(
    text: str, lines: Sequence[Span], parted: Sequence[Span]
) -> Iterator[tuple[int, int, bool]]:
    """The blocks of a paragraph, and whether each is a heading."""
    full = [text[start:end].rstrip() for start, end in lines]
    depths = [_depth(line) for line in full]
    if any(depths):
        full = [_QUOTE.sub("", line, count=1) for line in full]
    if _is_heading(full):
        yield lines[0][0], lines[-1][1], True
        return
    width = max(map(len, full))
    last = max((number for number, line in enumerate(full) if line), default=0)
    first = 0  # the number of the first line of a block
    rows = {bisect_right(lines, (start, len(text))) - 1 for start, _ in parted}
    for number, (line, following) in enumerate(pairwise(full[: last + 1])):
        underlined = bool(line and _UNDERLINE.match(following))
        heading = _marks_heading(full, number)
        is_own = _OWN_LINE.match(following) is not None
        is_row = bool(following) and not rows.isdisjoint((number, number + 1))
        hangs = (is_own or is_row) and _hangs(full, first, number + 1)
        apart = bool(heading or _HEADING.match(following)) or (is_own and not hangs)
        apart = apart or bool(FRAME.fullmatch(line) or FRAME.fullmatch(following))
        apart = apart or bool(
            _NUMBERED.match(following) and (line[-1:] in _OVER or _NUMBERED.match(full[first]))
        )
        apart = apart or bool(_LEADER.search(line) or _LEADER.search(following))
        apart = apart or bool(
            _LABEL.match(following) and (line[-1:] in _OVER or _LABEL.match(full[first]))
        )
        if apart and _goes_on(full[first : number + 1], following):
            apart = False
        is_row = is_row and not (hangs and number + 1 not in rows)
        if depths[number] != depths[number + 1] or (depths[number] and following and not line):
            underlined, apart = False, True
        if not underlined and (apart or is_row or not _wrapped(line, following, width)):
            yield lines[first][0], lines[number][1], heading
            first = number + 1
    yield lines[first][0], lines[-1][1], _marks_heading(full, last)


def _hangs(lines: Sequence[str], first: int, number: int) -> bool:
    """Whether an indented line goes on with a block: with an item, or with a sentence.

    Args:
        lines: the lines of the paragraph.
        first: the number of the block's first one.
        number: of the indented one.
    """
    line, before = lines[number].expandtabs(TAB), lines[number - 1].expandtabs(TAB)
    indent = _indent(line)
    if _ITEM.match(line) or line[indent : indent + 1] in ("|", ""):
        return False
    if column := _column(lines[first].expandtabs(TAB), lines[first + 1].expandtabs(TAB)):
        if indent == (column if number == first + 1 else _indent(before)):
            return True
        if _ITEM.match(lines[first]):
            return False
    is_long = len(before.split()) >= _SENTENCE
    return is_long and indent == _indent(before) and _is_prose(before) and _is_prose(line)


def _column(line: str, following: str) -> int:
    """Where the text of an item begins, or that behind a label, or in a column, which the next line
    stands below; 0 for nowhere."""
    if item := _ITEM.match(line) or _NUMBERED.match(line):
        return item.end()
    column = _indent(following)
    is_label = 1 < column < min(len(line), WIDEST_LABEL) and line[column] != " "
    is_label = is_label and line[column - 1] == " " and bool(line[:column].strip())
    is_label = is_label and _is_prose(following)
    before = line[:column]
    return column if is_label and (before[-2:] == "  " or before.endswith(_LABEL_ENDS)) else 0


def _goes_on(lines: Sequence[str], following: str) -> bool:
    """Whether a line that looks like an item is the next of those that a sentence lists."""
    listed = _LISTED.match(following)
    if not listed or lines[-1][-1:] in SPACED_END:
        return False
    before = f"({chr(ord(listed[1]) - 1)})"
    return any(line.find(before) > _indent(line) for line in lines)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_prose(line: str) -> bool:
    """Whether a line has words of sentences and nothing of code."""
    words = line.split()
    return sum(_WORD.fullmatch(word) is not None for word in words) >= 0.8 * len(words)


def _depth(line: str) -> int:
    """How many quotations a line is in."""
    quote = _QUOTE.match(line)
    return quote[0].count(">") if quote else 0


def _marks_heading(lines: Sequence[str], number: int) -> bool:
    """Whether a line is marked as a heading, on its own or as the one above it."""
    if _HEADING.match(lines[number]):
        return True
    return number > 0 and bool(lines[number - 1] and _UNDERLINE.match(lines[number]))


def _is_heading(lines: Sequence[str]) -> bool:
    """Whether a paragraph is a heading: a short line on its own that ends like no sentence."""
    written = [line.strip() for line in lines if line]
    if len(written) != 1 or len(lines) == 1:  # no empty line after it
        return False
    line = written[0]
    return (
        len(line) <= LONGEST_HEADING
        and line[-1] not in SPACED_END
        and line[-1] not in "。！？:;,|"
        and any(map(str.isalpha, line))
        and not (_OWN_LINE.match(line) and not line[0].isalnum())
    )


def _wrapped(line: str, following: str, width: int) -> bool:
    """Whether a line was broken because the next word did not fit, or in mid-sentence."""
    if width > WIDEST_WRAP or not line:
        return not line
    word = following.split(None, 1)[0] if following.strip() else ""
    if word[:1].islower() and line[-1] not in SPACED_END:
        return True
    return width >= NARROWEST_WRAP and len(line) + 1 + len(word) > width
