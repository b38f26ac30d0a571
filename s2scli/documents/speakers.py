"""Who speaks in a cue of subtitles: lines that begin with a dash, or with a name and a colon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from s2scli.text.sentences import CLOSING, SPACED_END

__all__ = ["CHANGE", "DASH", "END_MARKS", "dialogue"]

CHANGE = r"(?:>|&gt;){2,3}"  # where another one speaks, in captions of television
# The dash of a speaker; no sign of a number.
DASH = re.compile(rf"\s*(?:[-–—]{{1,2}}(?!\d)|{CHANGE})\s*")
END_MARKS = frozenset("。！？♪")
_CHANGE = re.compile(CHANGE)
_NAME = re.compile(
    r"\s*[^\W\d_][\w.'’-]{0,30}(?: [\w.'’-]{1,30}){0,2}(?: ?\([^()\n]{1,20}\))?(?::\s|：)"
)


def dialogue(lines: Sequence[str], *, capitals: bool = True) -> list[bool]:
    """Which lines another person begins to say, whatever is before them.

    One dash alone may be a pause within a sentence, and one name a word before a colon.

    Args:
        lines: what is shown of a cue.
        capitals: whether one dash is no pause if what follows it does not begin in lower case. If
            lines are wrapped anew, only the end of a sentence before it is sure.
    """
    found = [False, *(_answers(*two, capitals) for two in pairwise(lines))][: len(lines)]
    for head in (DASH, _NAME):
        begins = [head.match(line) is not None for line in lines]
        if sum(begins) > 1:
            found = [one or other for one, other in zip(found, begins, strict=True)]
    return found


def _answers(before: str, line: str, capitals: bool) -> bool:
    """Whether a line has a dash that is no pause within a sentence."""
    dash = DASH.match(line)
    ends = before.rstrip("".join(CLOSING))[-1:]
    if dash is None or ends in SPACED_END or ends in END_MARKS or _CHANGE.search(dash[0]):
        return dash is not None
    return capitals and not line[dash.end() :][:1].islower()
