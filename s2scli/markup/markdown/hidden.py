"""Comments on several lines, which no page shows, of Obsidian and Kramdown.

``%%`` up to ``%%`` (https://help.obsidian.md/syntax#Comments), ``{::comment}`` up to
``{:/comment}`` (https://kramdown.gettalong.org/syntax.html#extensions); blank lines may be in them.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

__all__ = ["is_hidden"]

_PERCENTS, _KRAMDOWN = "%%", "{:/"
_OPEN = re.compile(r"(?P<percents>%%)(?!%)(?:(?!%%)[^\n])*$|\{::comment\}(?:(?!\{:/)[^\n])*$")
_CLOSE = {
    _PERCENTS: re.compile(r"(?<!%)%%[ \t]*$"),
    _KRAMDOWN: re.compile(r"\{:/(?:comment)?\}[ \t]*$"),
}


def is_hidden(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whether a comment begins with a line, and where it ends."""
    first, last = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    opening = _OPEN.match(state.src, first, last)
    if not opening or state.is_code_block(start):
        return False
    kind = _PERCENTS if opening["percents"] else _KRAMDOWN
    unclosed = state.env["unclosed"]  # from where on one has no end
    if start >= unclosed.get(kind, end):
        return False
    for number in range(start + 1, end):
        if _CLOSE[kind].search(state.src, state.bMarks[number], state.eMarks[number]):
            state.line = state.line if silent else number + 1
            return True
    unclosed[kind] = start
    return False
