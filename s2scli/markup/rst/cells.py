"""Lines of drawn tables by their columns: wide characters, and the blanks around a cell's text."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

__all__ = ["WIDE", "bare", "padded", "shown", "width"]

WIDE = "\x1f"  # stands after a character that takes two columns


def width(text: str) -> int:
    """How many columns of a drawing a text takes, as docutils counts them."""
    return sum(1 + (east_asian_width(char) in "WF") for char in text)


def padded(line: str) -> str:
    """A line with a character for each of its columns."""
    if line.isascii():
        return line
    return "".join(char + WIDE * (east_asian_width(char) in "WF") for char in line)


def shown(line: str) -> str:
    """A line without what stands for second columns."""
    return line.replace(WIDE, "")


def bare(lines: Sequence[str]) -> tuple[int, list[str]]:
    """How many blanks all lines of a cell begin with, and the lines without these."""
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    indent = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return indent, [line[indent:] for line in lines]
