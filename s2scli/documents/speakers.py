"""Who speaks in a cue of subtitles: lines that begin with a dash, or with a name and a colon."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["dialogue"]

_DASH = re.compile(r"\s*[-–—]{1,2}(?!\d)")
_NAME = re.compile(
    r"\s*[^\W\d_][\w.'’-]{0,30}(?: [\w.'’-]{1,30}){0,2}(?: ?\([^()\n]{1,20}\))?(?::\s|：)"
)


def dialogue(lines: Sequence[str]) -> list[bool]:
    """Which lines another person begins to say, whatever is before them.

    One dash alone may be a pause, and one name may be a word before a colon.

    Args:
        lines: what is shown of a cue.
    """
    found = [False] * len(lines)
    for head in (_DASH, _NAME):
        begins = [head.match(line) is not None for line in lines]
        if sum(begins) > 1:
            found = [one or other for one, other in zip(found, begins, strict=True)]
    return found
