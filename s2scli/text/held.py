"""Spaces within placeholders, at which no line is broken."""

from __future__ import annotations

from s2scli.text.spans import table

__all__ = ["HELD", "held"]

HELD = "\0"


def held(text: str) -> str:
    """A text with ``HELD`` instead of the spaces in its placeholders, tags and the like.

    Many programs read none that goes on in the next line. The length stays.
    """
    parts, reached = [], 0
    for start, end in table().spans(text) if " " in text else ():
        parts += [text[reached:start], text[start:end].replace(" ", HELD)]
        reached = end
    return "".join([*parts, text[reached:]])
