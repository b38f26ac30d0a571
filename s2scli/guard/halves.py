"""Halves of the day that are lost: ``10 p.m.`` that has become ``10 Uhr``."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["halves"]

_TIME = re.compile(
    r"(?<![\d.,:])(\d{1,2})(?:[:.][0-5]\d)?[ \u00a0\u202f]?([ap])(?:m\b|\.[ \u00a0]?m\b\.?)",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:.]\d\d)?\s?(?:Uhr\s)?([ap])\.?\s?m\b", re.IGNORECASE
)  # 12:00 AM
_HOUR = re.compile(r"(?<![\d.,:])(\d{1,2})(?![\d,])")
# What says by day and by night, by languages.
_WORDS = {
    "en": r"afternoon|evening|night|noon",
    "de": r"mittag|abend|nacht|nächt",
    "fr": r"après-midi|apr[eè]s midi|soir|nuit|midi",
    "es": r"tarde|noche|mediod",
    "it": r"pomerig|sera|notte|mezzogiorno",
    "pt": r"tarde|noite|meio-dia",
    "nl": r"middag|avond|nacht",
    "sv": r"\be\.?m\b|middag|kväll|natt",
    "da": r"middag|aften|\bnat",
    "pl": r"południ|wiecz|\bnoc",
}


def halves(source: str, target: str, language: str) -> Iterator[str]:
    """Phrases for hours after noon, or at midnight, that their translation has before noon.

    Args:
        source: the source.
        target: its translation.
        language: that of the target, as its shortest ISO 639 code; nothing is found in those whose
            words for parts of the day are not known.
    """
    words = _WORDS.get(language)
    found = list(_TIME.finditer(source)) if words else []
    if not found or re.search(words or "", target, re.IGNORECASE):
        return
    kept = {(int(hour), half.lower()) for hour, half in _KEPT.findall(target)}
    there = {int(hour) for hour in _HOUR.findall(target)}
    for match in found:
        if (int(match[1]), match[2].lower()) in kept:
            continue
        hour, is_late = int(match[1]), match[2] in "pP"
        right = hour % 12 + 12 * is_late
        # At midnight 24 is right too.
        if right != hour and hour in there and not {right, right or 24} & there:
            yield f"“{match[0]}” has become “{hour}”"
