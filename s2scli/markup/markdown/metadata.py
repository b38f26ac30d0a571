"""Metadata between the blocks of a document: YAML between ``---`` and ``---`` or ``...``.

Pandoc takes it anywhere (https://pandoc.org/MANUAL.html#extension-yaml_metadata_block), and
Slidev begins each slide with it. To CommonMark that is a rule and a heading; so only what is keys
in small letters counts.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

__all__ = ["is_metadata"]

_OPEN = re.compile(r"---[ \t]*$")
_COMMENT = re.compile(r"#")
_CLOSE = re.compile(r"(?:---|\.\.\.)[ \t]*$")
_FIRST = re.compile(r"([\"']?)[a-z_][\w.:-]*\1[ \t]*:(?:[ \t]|$)")
_LINE = re.compile(r"[ \t]|[\"']?[\w.:/-]+[\"']?[ \t]*:(?:[ \t]|$)|-[ \t]|[#\]}]|$")


def is_metadata(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whether metadata begin with a line, and where they end."""
    if silent or state.blkIndent or state.level or (start and not state.isEmpty(start - 1)):
        return False
    if not _match(_OPEN, state, start):
        return False
    is_first = True
    for number in range(start + 1, end):
        if _match(_CLOSE, state, number):
            state.line = number + 1
            return not is_first
        if is_first and _match(_COMMENT, state, number):
            continue
        if not _match(_FIRST if is_first else _LINE, state, number):
            return False
        is_first = False
    return False


def _match(pattern: re.Pattern[str], state: StateBlock, number: int) -> re.Match[str] | None:
    return pattern.match(state.src, state.bMarks[number], state.eMarks[number])
