"""Dates: another month, or another day of the week, than the source names.

Days and years are numbers (``s2scli.guard.figures``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.guard.calendar import beginnings, names
from s2scli.guard.facts import Facts
from s2scli.guard.limits import Limits
from s2scli.guard.words import folded

__all__ = ["dates"]

# Near a month that is part of a date: "5 May", "May 5th", "Mai 2014"; "5 de mayo de 2014".
_BEFORE = r"\d(?:st|nd|rd|th|er|º|\.)?[\s\u00a0]{1,2}(?:of |de |di )?\Z"
_WORDS = frozenset(("may", "march"))
_AFTER = r"[.,]?[\s\u00a0]{1,2}(?:de |del |di )?\d"


def dates(facts: Facts, limits: Limits) -> Iterator[str]:
    """Months and days of the week that the translation names instead of the source's own.

    Nothing is said of languages whose names are not known.
    """
    ours, theirs = facts.source_language, facts.target_language
    if not beginnings(ours) or not beginnings(theirs):
        return
    if not _may_name(facts.source, ours) and not _may_name(facts.target, theirs):
        return
    if facts.summary:
        yield from _new(facts)
        return
    lost, new = _differences(facts, "days")
    if lost and new:
        yield f"the day of the week “{lost[0][0]}” has become “{new[0][0]}”"
    elif any(map(str.isdigit, facts.source)) and (  # of an appointment; news may say "yesterday"
        gone := [match[0] for match in lost if match[0] not in facts.target]
    ):
        yield f"the day of the week “{gone[0]}” is missing"
    lost, new = _differences(facts, "months")
    lost = [match for match in lost if _is_month(match) and not _is_numbered(match, facts.target)]
    new = [match for match in new if _is_month(match) and not _is_numbered(match, facts.source)]
    if lost and new:
        yield f"the month “{lost[0][0]}” has become “{new[0][0]}”"
    elif missing := [match for match in lost if _is_dated(match)]:
        yield f"the month “{missing[0][0]}” is missing"


def _new(facts: Facts) -> Iterator[str]:
    """Months and days of the week that only a summary has."""
    for what, table in (("day of the week", "days"), ("month", "months")):
        for match in _differences(facts, table)[1]:
            if table == "days" or (_is_month(match) and not _is_numbered(match, facts.source)):
                yield f"the {what} “{match[0]}” is not in the source"


def _differences(facts: Facts, table: str) -> tuple[list[re.Match[str]], list[re.Match[str]]]:
    """The months, or the days, that only the source names, and those that only the target does."""
    found = _named(facts.source, table, facts.source_language)
    there = _named(facts.target, table, facts.target_language)
    return (
        [match for number, match in found.items() if number not in there],
        [match for number, match in there.items() if number not in found],
    )


def _named(text: str, table: str, language: str) -> dict[int | None, re.Match[str]]:
    """The months, or the days, that a text names, each with a place."""
    pattern = names(table, language)
    return {match.lastindex: match for match in pattern.finditer(text)} if pattern else {}


def _may_name(text: str, language: str) -> bool:
    """Whether a text may name a month or a day: a cheap test."""
    return not beginnings(language).isdisjoint([word[:3] for word in folded(text)])


def _is_dated(match: re.Match[str]) -> bool:
    """Whether the name of a month is part of a date, and not a word such as "may"."""
    text, (start, end) = match.string, match.span()
    before = re.compile(_BEFORE).search(text, max(0, start - 12), start)
    return bool(before or re.compile(_AFTER).match(text, end))


def _is_month(match: re.Match[str]) -> bool:
    """Whether a name is one, and not a word of English."""
    return match[0] not in _WORDS or _is_dated(match)


def _is_numbered(match: re.Match[str], text: str) -> bool:
    """Whether a text has a date with a month as a number: ``5/6/2014``, ``5. 6.``, ``6月5日``."""
    month = rf"0?{match.lastindex}"
    forms = (rf"\d[./年-][\s\u00a0]?{month}(?!\d)", rf"(?<!\d){month}(?:月|[./-][\s\u00a0]?\d)")
    return re.search("|".join(forms), text) is not None
