"""A text on one line, where the output format requires it."""

from __future__ import annotations

__all__ = ["one_line"]


def one_line(text: str) -> str:
    """A text with spaces instead of its line breaks."""
    return text.replace("\n", " ").replace("\r", " ") if "\n" in text or "\r" in text else text
