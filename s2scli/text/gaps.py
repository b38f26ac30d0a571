"""Columns of plain text: runs of blanks within lines that part one column from the next.

Blanks that a program put between words to make even margins part nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from s2scli.data import Span
from s2scli.text.sentences import SPACED_END

__all__ = ["gaps"]

NARROWEST = 40  # characters of lines with even margins
WIDEST = 4  # blanks between words of such
BORDER = 3  # blanks that part columns wherever they are
# What stands before a text: marks of quotations and of an item of a list.
_MARK = re.compile(
    r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+•–·]|#{1,6}|[\da-zA-Z]{1,3}[.)]|\(\w{1,4}\)|\[[ xX]\]|"
    r"\d{1,3}(?:\.\d{1,3}){1,4}\.?(?=[ \t]+[^\W\d])|§{1,2} ?\d{1,4}\w?)[ \t]+)?"
)
_CODE = re.compile(r"(`+)[^`\n]+\1")
_GAP = re.compile(r"(?<=\S)(?: {2,}(?=[^\s])|[ ]*\t[ \t]*(?=\S))")


def gaps(lines: Sequence[str]) -> list[list[Span]]:
    """Where in each line of a paragraph columns are parted.

    Args:
        lines: the lines, without the white space at their ends.
    """
    found = []
    for line in lines:
        mark = _MARK.match(line)
        spans = [gap.span() for gap in _GAP.finditer(line, mark.end() if mark else 0)]
        if spans and "`" in line:  # code has blanks of its own
            codes = [code.span() for code in _CODE.finditer(line)]
            spans = [s for s in spans if not any(a < s[0] and s[1] < b for a, b in codes)]
        found.append(spans)
    if not any(found):
        return found
    ends = Counter(end for spans in found for _, end in spans)
    if _is_even(lines, found, ends):
        return [[] for _ in lines]
    return [
        [span for span in spans if _parts(line, span, ends)]
        for line, spans in zip(lines, found, strict=True)
    ]


def _parts(line: str, span: Span, ends: Counter[int]) -> bool:
    start, end = span
    if end - start >= BORDER or "\t" in line[start:end]:
        return True
    return ends[end] > 1 and line[start - 1] not in SPACED_END


def _is_even(lines: Sequence[str], found: Sequence[Sequence[Span]], ends: Counter[int]) -> bool:
    """Whether blanks were put in for even margins: few of them, nowhere one below the other."""
    written = [line for line in lines if line.strip()]
    width = max(map(len, written))
    if len(written) < 2 or width < NARROWEST or max(ends.values()) > 1:
        return False
    if any(len(line) < width - 1 for line in written[:-1]):
        return False
    spans = [(line, *span) for line, some in zip(lines, found, strict=True) for span in some]
    return all(end - start <= WIDEST and "\t" not in line[start:end] for line, start, end in spans)
