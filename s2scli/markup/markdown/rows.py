"""Tables as programs beside GitHub's read them: with bars in code, and drawn ones of Pandoc.

GitHub parts cells at each bar; Python-Markdown, kramdown and PHP Markdown Extra leave alone those
in code. Which one is meant is seen in the number of columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.rules_block import StateBlock

from s2scli.data import Span

__all__ = ["cells", "is_drawn", "rows_shadow"]

_BEFORE = r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?"  # quotation marks, the sign of a list item
_UNDER = re.compile(  # the line below a head
    r"^[ \t>]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*(?::?-+:?[ \t]*)?)+$", re.MULTILINE
)
_TICKS = re.compile("`+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BAR = re.compile(r"(?<!\\)\|")
# https://pandoc.org/MANUAL.html#tables: borders of cells; dashes under each column, or over all
_BORDER = re.compile(r"\+(?:[-=:]+\+)+[ \t]*$")
_GRID_ROW = re.compile(r"[+|]")
_DASHES = re.compile(r"-{2,}(?:[ \t]+-{2,})+[ \t]*$")
MOST_HEAD = 20  # lines that a head has
_FULL = re.compile(r"-{5,}[ \t]*$")


def rows_shadow(text: str) -> str:
    """A document with other characters instead of bars in code that would be one cell too many.

    Args:
        text: its characters; line ends are ``\\n``.
    """
    parts, reached, read = [], 0, 0
    for border in _UNDER.finditer(text):
        start = text.rfind("\n", 0, max(border.start() - 1, 0)) + 1
        if start < read:
            continue  # it is a row of a table
        columns = _columns(border[0])
        for row in _LINE.finditer(text, start):
            if not row[0].strip(" \t>\n"):
                break
            line, read = row[0].removesuffix("\n"), row.end()
            plain = _without_bars(line)
            if _columns(line) > columns >= _columns(plain):
                parts += [text[reached : row.start()], plain]
                reached = row.start() + len(line)
    return "".join([*parts, text[reached:]]) if parts else text


def cells(text: str, start: int, end: int) -> Iterator[Span]:
    """The cells of a row."""
    end = start + len(text[start:end].rstrip(" \t"))
    position = start + text.startswith("|", start, end)
    while position < end:
        bar = text.find("|", position, end)
        while bar > 0 and text[bar - 1] == "\\":
            bar = text.find("|", bar + 1, end)
        bar = end if bar < 0 else bar
        yield position, bar
        position = bar + 1


def _columns(line: str) -> int:
    """How many cells a row has for GitHub."""
    row = re.sub(rf"^{_BEFORE}", "", line).strip()
    inner = row.removeprefix("|")
    return len(_BAR.findall(inner)) + (not re.search(r"(?<!\\)\|$", inner))


def _without_bars(line: str) -> str:
    """A row with other characters instead of bars in code."""
    ticks = list(_TICKS.finditer(line)) if "`" in line else []
    closers: list[int] = []  # of each run of backticks, the next one of its length
    ahead: dict[int, int] = {}
    for number in range(len(ticks) - 1, -1, -1):
        length = len(ticks[number][0])
        closers.append(ahead.get(length, -1))
        ahead[length] = number
    closers.reverse()
    parts, reached, number = [], 0, 0
    while number < len(ticks):
        closer = closers[number]
        if closer >= 0:
            start, end = ticks[number].end(), ticks[closer].start()
            parts += [line[reached:start], line[start:end].replace("|", "x")]
            reached, number = end, closer
        number += 1
    return "".join([*parts, line[reached:]])


def is_drawn(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whether a drawn table begins with a line, and where it ends."""
    if state.is_code_block(start):
        return False
    if _matches(_BORDER, state, start):
        last = start + 1
        while last < end and _matches(_GRID_ROW, state, last):
            last += 1
        found = last > start + 2
    else:
        last = _dashed_end(state, start, end)
        found = last > start
    if found and not silent:
        state.line = last
    return found


def _dashed_end(state: StateBlock, start: int, end: int) -> int:
    """After a table whose columns have dashes above or below them; its start if there is none."""
    is_framed = _matches(_FULL, state, start)
    place = start + is_framed
    most = min(end, start + (MOST_HEAD if is_framed else 2))
    while place < most and not state.isEmpty(place) and not _matches(_DASHES, state, place):
        place += 1
    if place >= most or not _matches(_DASHES, state, place):
        return start
    if is_framed:  # rows of several lines, with empty ones between them
        for last in range(place + 1, end):
            if _matches(_FULL, state, last):
                return last + 1
        return start
    last = place + 1
    while last < end and not state.isEmpty(last):
        last += 1
    return last if last > place + 1 else start


def _matches(pattern: re.Pattern[str], state: StateBlock, line: int) -> bool:
    begin = min(state.bMarks[line] + state.tShift[line], state.eMarks[line])
    return (
        state.sCount[line] >= state.blkIndent
        and pattern.match(state.src, begin, state.eMarks[line]) is not None
    )
