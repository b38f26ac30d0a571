"""Which opening brackets of a paragraph may be closed: those that are not need no search for it."""

from __future__ import annotations

import re
from collections.abc import Set

__all__ = ["closable"]

FEW = 50  # brackets that may each be searched for
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
# What may hide brackets, or hold one that has no partner.
_HIDING = re.compile(r"[`<${]|\]\((?![^\[\]()\"'\n]*\))")


def closable(content: str) -> Set[int] | None:
    """Where brackets open that one closes; None if that cannot be said, or if they are few.

    Args:
        content: the lines of a paragraph.
    """
    if content.count("[") <= FEW or _HIDING.search(content):
        return None
    opened: list[int] = []
    found = set()
    for bracket in _BRACKET.finditer(content):
        if bracket[0] == "[":
            opened.append(bracket.start())
        elif bracket[0] == "]" and opened:
            found.add(opened.pop())
    return found
