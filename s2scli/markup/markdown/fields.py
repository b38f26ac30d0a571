"""Fields of Obsidian's Dataview in a text: ``key:: value``, ``[key:: value]``, ``(key:: value)``.

Queries name the keys, so these stay (https://blacksmithgu.github.io/obsidian-dataview/annotation/).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from s2scli.data import Span

__all__ = ["FIELDS_IN_TEXT", "IN_BRACKETS", "IN_PARENTHESES", "field_lines"]

_KEY = r"[*_~]{0,3}\w[\w /*_-]{0,60}::(?![:\w])"
_FIELD = re.compile(rf"[ \t]*{_KEY}[ \t]*")
IN_BRACKETS = rf"\[{_KEY}[^\[\]\n]*\](?!\()|"
IN_PARENTHESES = rf"\({_KEY}[^()\n]*\)"
FIELDS_IN_TEXT = re.compile(rf"(?:{IN_BRACKETS}{IN_PARENTHESES})\Z")


def field_lines(text: str, lines: Sequence[Span]) -> list[list[Span]]:
    """The lines of a paragraph, each field apart and without its key; nothing if it has none."""
    found: list[list[Span]] = [[]]
    has_fields = False
    for start, end in lines:
        if field := _FIELD.match(text, start, end):
            has_fields = True
            found += [[(field.end(), end)], []]
        else:
            found[-1].append((start, end))
    return [group for group in found if group] if has_fields else []
