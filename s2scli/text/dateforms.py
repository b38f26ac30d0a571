"""Whole texts that are forms of dates and times, such as ``EEE, d MMM`` and ``h:mm a``.

Those of CLDR (https://unicode.org/reports/tr35/tr35-dates.html), .NET and Moment. Within a
text, ``s2scli.text.literals`` finds those that cannot be words.
"""

from __future__ import annotations

import re

__all__ = ["is_date_form", "is_worded_form"]

LONGEST = 60  # characters
_QUOTED = r"'[^'\n]{0,20}'"
_PART = rf"(?:[EeLcdMQyY]{{1,4}}|D{{1,4}}o?|[HhKkmswazZXQ]{{1,2}}|S{{1,3}}|[AGtT]|tt|{_QUOTED})"
_FORM = re.compile(
    rf"{_PART}(?:(?:[ ,./:-]{{1,2}}|(?=')|(?<=')){_PART}){{1,9}}|([ELMQdy])\1{{2,4}}|"
    r"[yY]{4}[MdDHhms]{2,10}"
)
# None is without two letters that are the same, but for an hour, a day and half a day alone.
_SURE = re.compile(r"([A-Za-z])\1|^(?:[hHkK] ?[aA]|[Md][ /.-]{1,2}[Md]|[hHkK] ?(?='))")
# Moment's, with words in brackets; its short names for forms of the language.
_WORDS = r"\[[^\[\]\n]{1,60}\]"
_WORDED = re.compile(
    rf"(?=.*\[[^\]]*[^\W\d_])(?:(?:{_WORDS}|{_PART}|LTS?|L{{1,4}}|l{{2,4}})[ ,./:-]{{0,2}}){{2,12}}"
)
_CLOCK = re.compile(r"\b(?:LTS?|L{2,4}|l{2,4}|[hH]{1,2}:mm|dddd|MMMM?|Do|[yY]{4})\b")
_HALF = re.compile(r"[ap]\.?m\.?|[AP]\.?M\.?")


def is_date_form(text: str) -> bool:
    """Whether a text is a form of dates or times, and nothing else."""
    if len(text) > LONGEST:
        return False
    if _HALF.fullmatch(text):
        return True
    return bool(_FORM.fullmatch(text) and _SURE.search(re.sub(_QUOTED, "''", text)))


def is_worded_form(text: str) -> bool:
    """Whether a text is such a form with words in it: ``[Today at] h:mm A``.

    They are parts of a sentence that only the program knows.
    """
    if "[" not in text or len(text) > LONGEST or not _WORDED.fullmatch(text):
        return False
    return _CLOCK.search(re.sub(_WORDS, " ", text)) is not None
