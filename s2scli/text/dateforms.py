"""Whole texts that are forms of dates and times, such as ``EEE, d MMM`` and ``h:mm a``.

Those of CLDR (https://unicode.org/reports/tr35/tr35-dates.html), .NET and Moment. Within a
text, ``s2scli.text.literals`` finds those that cannot be words.
"""

from __future__ import annotations

import re

__all__ = ["is_date_form"]

LONGEST = 60  # characters
_QUOTED = r"'[^'\n]{0,20}'"
_PART = rf"(?:[EeLcdMQyY]{{1,4}}|D{{1,4}}o?|[HhKkmswazZXQ]{{1,2}}|S{{1,3}}|[AGtT]|tt|{_QUOTED})"
_FORM = re.compile(
    rf"{_PART}(?:(?:[ ,./:-]{{1,2}}|(?=')|(?<=')){_PART}){{1,9}}|([ELMQdy])\1{{2,4}}|"
    r"[yY]{4}[MdDHhms]{2,10}"
)
# None is without two letters that are the same, but for an hour, a day and half a day alone.
_SURE = re.compile(r"([A-Za-z])\1|^(?:[hHkK] ?[aA]|[Md][ /.-]{1,2}[Md]|[hHkK] ?(?='))")
_HALF = re.compile(r"[ap]\.?m\.?|[AP]\.?M\.?")


def is_date_form(text: str) -> bool:
    """Whether a text is a form of dates or times, and nothing else."""
    if len(text) > LONGEST:
        return False
    if _HALF.fullmatch(text):
        return True
    return bool(_FORM.fullmatch(text) and _SURE.search(re.sub(_QUOTED, "''", text)))
