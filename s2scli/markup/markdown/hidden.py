"""Comments that no page shows: those of Obsidian and Kramdown on several lines, and definitions.

``%%`` up to ``%%`` (https://help.obsidian.md/syntax#Comments), ``{::comment}`` up to
``{:/comment}`` (https://kramdown.gettalong.org/syntax.html#extensions); blank lines may be in them.
A definition of no link is a comment if its label says so: ``[//]: # (a)``, ``[comment]: <> (a)``.
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

_NO_END = r"(?!\n[ \t]*(?:\n|\Z))"  # an empty line ends a title
_DEFINITION = re.compile(
    r"\[(?:(?i:comments?)|[^\w\s\[\]\\^]{1,9}|_)\]:[ \t]*(?:#|<>)(?:[ \t]*$|[ \t]+(?:"
    rf"\((?:{_NO_END}[^()\\]|\\.)*\)[ \t]*$|\"(?:{_NO_END}[^\"\\]|\\.)*\"[ \t]*$|"
    rf"'(?:{_NO_END}[^'\\]|\\.)*'[ \t]*$|[^\n]*$))",
    re.MULTILINE,
)


def is_hidden(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whether a comment begins with a line, and where it ends."""
    first, last = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    if state.is_code_block(start):
        return False
    if definition := _DEFINITION.match(state.src, first, state.eMarks[end - 1]):
        lines = state.src.count("\n", first, definition.end())
        state.line = state.line if silent else start + lines + 1
        return True
    opening = _OPEN.match(state.src, first, last)
    if not opening:
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
