"""Terms of definitions, each on its line, with classifiers after them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from s2scli.data import Span

__all__ = ["columns", "terms"]

_CLASSIFIER = re.compile(r"``(?:[^`\n]|`(?!`))*``|`[^`\n]*`|(?P<sign>[ \t]+:[ \t]+)")


def terms(text: str, lines: Iterable[Span]) -> Iterator[Span]:
    """The terms and classifiers on some lines: ``term : classifier``."""
    for start, end in lines:
        for found in _CLASSIFIER.finditer(text, start, end):
            if found["sign"]:
                yield start, found.start()
                start = found.end()
        yield start, end


def columns(text: str) -> int:
    """How many columns a text takes."""
    from unicodedata import combining, east_asian_width

    return sum((1 + (east_asian_width(c) in "WF")) * (not combining(c)) for c in text)
