"""Boxes to tick within a line: ``☐ Yes ☐ No``, ``[ ] yes [x] no``, ``( ) yes ( ) no``.

Each begins a text of its own, or ends one (``Yes ☐ No ☐``). A box alone may be a word of a sentence
(``Tick the ☐ below``).
"""

from __future__ import annotations

import re

from s2scli.data import Span

__all__ = ["BOX", "BOX_SIGNS", "is_box", "parting_boxes"]

_SIGN = "\u2610-\u2612\u25a1\u25a2\u25cb\u25cf\u25ef\u25c9\u2b1c\U0001f518"
BOX = (
    rf"[{_SIGN}]\ufe0f?|\[(?:[ \u00a0]|[xX\u2713\u2714])\]|"
    r"\((?:[ \u00a0]{1,2}|[xX\u2713\u2714*\u2022])\)"
)
# A text with none of these has none.
BOX_SIGNS = rf"[{_SIGN}]|\[.\]|\([ \u00a0xX\u2713\u2714*\u2022]"
_BOX = re.compile(rf"(?<!\S)(?:{BOX})(?!\S)")
_HOLLOW = ("\u2610", "( )", "[ ]")  # two boxes of which one is so are no words of a sentence
_ENDS = ".:;,?!)\u2026\uff1a\uff1f-\u2013\u2014"  # what a text before a first box ends with


def is_box(text: str) -> bool:
    """Whether a text is a box and nothing else."""
    return _BOX.fullmatch(text) is not None


def boxes(text: str) -> list[Span]:
    """The boxes of a text."""
    return [box.span() for box in _BOX.finditer(text)]


def parting_boxes(text: str) -> list[Span]:
    """The boxes of a text if they part it: two or more, of which one is hollow or at an end.

    One that a text begins with is none of its words either, unless it may be a name: ``[x]``.
    """
    found = boxes(text)
    if not found:
        return []
    is_form = any(text[slice(*box)] in _HOLLOW for box in found)
    before, behind = text[: found[0][0]].rstrip(), text[found[-1][1] :].strip()
    if len(found) < 2:
        return found if not before and text[found[0][0]] not in "[(" else []
    is_form |= not before or not behind or before[-1] in _ENDS
    return found if is_form else []
