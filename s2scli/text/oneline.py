"""Lines within a text: what ends them, and a text on one line where the output requires it."""

from __future__ import annotations

import re

__all__ = ["BREAKS", "has_break", "one_line"]

# What ends a line, here or in other programs.
BREAKS = r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]"


def one_line(text: str) -> str:
    """A text with spaces instead of its line breaks."""
    return text.replace("\n", " ").replace("\r", " ") if "\n" in text or "\r" in text else text


def has_break(text: str) -> bool:
    """Whether a text has several lines, by whatever ends one."""
    return not text.isprintable() and re.search(BREAKS, text) is not None
