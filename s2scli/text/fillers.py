"""Fillers: runs of underscores, points, dashes and blanks that a reader writes on, or that lead on.

They are layout. In mid-sentence (``I, ______, agree``) a filler is a word; elsewhere
(``Name: ____ Date: ____``) it parts texts. So do boxes to tick.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from s2scli.text.boxes import BOX, BOX_SIGNS, is_box, parting_boxes
from s2scli.text.spans import table

__all__ = ["LINES", "LONG", "MARKUP", "Filler", "fillers", "has_fillers", "is_border"]

MARKUP = "\ue000"  # what stands instead of tags
BLANK = " \u00a0\u2000-\u200a\u202f\u3000"
_NO_CODE = "(?<!_x[0-9A-Fa-f]{4})"  # the end of ``_x0001_``, Office's name of a character
# All that is not white space.
LINES = (
    rf"{_NO_CODE}(?:_{{5,}}|(?<!\w)_{{3,}}|_{{3,}}(?!\w))|"
    r"(?<!\w)_+(?:[ /.:-]{1,3}_+)+(?!\w)|"  # __/__/____
    r"\.{4,}|(?<= )\.\.(?= )|\.(?: \.){3,}|\u2026{2,}|\u00b7{3,}|"
    r"[-\u2013\u2014]{4,}|-(?: -){3,}|={4,}|~{4,}|\*{4,}"
)
# White space at the ends of a line is none.
_BLANKS = rf"(?<![\r\n\t{BLANK}])(?:[{BLANK}]*\t[\t{BLANK}]*|[{BLANK}]{{3,}})(?![\r\n\t{BLANK}])"
_FILLER = re.compile(rf"(?<!\S)(?:{BOX})(?!\S)|{LINES}|{_BLANKS}")
# A text with none of these has none; to look for them takes a tenth of the time.
_SIGNS = re.compile(
    rf"[_.\u2026\u00b7=~*\u2013\u2014-][ /.:-]{{0,3}}[_.\u2026\u00b7=~*\u2013\u2014-]|"
    rf"\t|[{BLANK}]{{3}}|{BOX_SIGNS}"
)
LONG = 100  # characters that are too many for a word
NEAR = 1000  # characters beside a filler in which there is a word, or none
_NOTHING = f"{MARKUP}\t\r\n \u00a0"
_BEFORE, _BEHIND = re.compile(r"[\w,;(]"), re.compile(r"[,;.)!?]")


class Filler(NamedTuple):
    """A filler.

    Attributes:
        start, end: where it stands.
        apart: whether it parts texts; else it is a word of one.
        blank: whether it is only white space.
    """

    start: int
    end: int
    apart: bool
    blank: bool


def has_fillers(text: str) -> bool:
    """Whether a text contains fillers; white space at its ends does not count."""
    return next(fillers(text.strip()), None) is not None


def fillers(text: str) -> Iterator[Filler]:
    """The fillers of a text, in order, but for those within code and other protected stretches."""
    if not _SIGNS.search(text):
        return
    protected: list[tuple[int, int]] | None = None
    boxes = set(parting_boxes(text))
    for match in _FILLER.finditer(text):
        start, end = match.span()
        if protected is None:
            protected = list(table().spans(text))
        if any(first < start and end < last for first, last in protected):
            continue  # blanks of code, and the like
        if is_box(match[0]):
            if match.span() in boxes or match[0][0] == "(":
                yield Filler(start, end, match.span() in boxes, False)
            continue
        before, behind = text[max(0, start - NEAR) : start], text[end : end + NEAR]
        apart = "\t" in match[0] or end - start > LONG or is_border(before, behind)
        yield Filler(start, end, apart, match[0].isspace())


def is_border(before: str, behind: str) -> bool:
    """Whether a filler separates the texts around it."""
    last, first = before.rstrip(_NOTHING)[-1:], behind.lstrip(_NOTHING)[:1]
    return not (_BEFORE.match(last) and (_BEHIND.match(first) or first.islower()))
