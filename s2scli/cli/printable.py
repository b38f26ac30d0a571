"""Texts of others on a terminal: what could steer it is shown, not done."""

from __future__ import annotations

import re

__all__ = ["printable", "printable_line"]

# Control characters but the line break, line and paragraph separators, what turns the direction of
# writing round, and halves of characters.
STEERING = r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"


def printable(text: str) -> str:
    """A text with such characters as Python writes them: ``\\x1b``."""
    return re.sub(STEERING, lambda match: ascii(match[0])[1:-1], text)


def printable_line(text: str) -> str:
    """The same on one line."""
    return printable(" ".join(text.splitlines()))
