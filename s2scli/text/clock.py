"""Times of the day in words: ``halb drei``, ``zwei Uhr dreißig``, ``quarter to three``.

Not every form that a language has, but those that translations of ``2:30`` have. Hours are said as
those of half a day, and some minutes by the hour that comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.text.spelling import SMALL

__all__ = ["is_told"]

_TIME = re.compile(r"(\d{1,2})(?::|[ \u00a0]?h[ \u00a0]?| Uhr )(\d\d)")
_ONE = "eins ein one une un una uno een één ett et"
_LATE = {
    13: "dreizehn", 14: "vierzehn", 15: "fünfzehn", 16: "sechzehn", 17: "siebzehn", 18: "achtzehn",
    19: "neunzehn", 20: "zwanzig", 21: "einundzwanzig", 22: "zweiundzwanzig",
    23: "dreiundzwanzig", 24: "vierundzwanzig",
}  # fmt: skip
# Minutes as words; others are those of small numbers.
_MINUTES = {
    15: "fünfzehn fifteen quinze quince quindici vijftien",
    20: "zwanzig twenty vingt veinte venti vinte twintig tjugo tyve",
    25: "fünfundzwanzig twenty-five vingt-cinq veinticinco venticinque vijfentwintig",
    30: "dreißig dreissig thirty trente treinta trenta trinta dertig",
    35: "fünfunddreißig thirty-five trente-cinq trentacinque vijfendertig",
    40: "vierzig forty quarante cuarenta quaranta quarenta veertig",
    45: "fünfundvierzig forty-five quarante-cinq quarantacinque vijfenveertig",
    50: "fünfzig fifty cinquante cincuenta cinquanta vijftig",
    55: "fünfundfünfzig fifty-five cinquante-cinq cinquantacinque vijfenvijftig",
}
_PAST = "(?:nach|über|past|after|over|över)"
_TO = "(?:vor|to|till|before|of|voor|i|på|før)"
_QUARTER = "(?:viertel|quarter|kwart|kvart|kvarter)"
_OF_HOURS = r"(?:[ \u00a0](?:Uhr|heures?|h|uur|y|e|und|et))?"


def is_told(time: str, text: str) -> bool:
    """Whether a time of the day, such as ``2:30``, is in a text as words.

    Args:
        time: the time, in figures; any other number is none.
        text: the text.
    """
    found = _TIME.fullmatch(time)
    if not found or int(found[1]) > 24 or int(found[2]) > 59:
        return False
    forms = "|".join(_forms(int(found[1]), int(found[2])))
    return re.search(rf"(?<!\w)(?:{forms})(?!\w)", text, re.IGNORECASE) is not None


def _forms(hour: int, minute: int) -> Iterator[str]:
    """The ways to say a time, as regular expressions."""
    if not minute:
        yield f"(?:{'|'.join(_words(hour))})"
        return
    this, following = _hour(hour), _hour(hour + 1)
    yield rf"{this}{_OF_HOURS}\s{_minute(minute)}"
    yield rf"{_minute(minute)}(?: minutes)?\s{_PAST}\s{this}"
    yield rf"{_minute(60 - minute)}(?: minutes)?\s{_TO}\s{following}"
    if minute == 15:
        yield rf"{_QUARTER}\s{_PAST}\s{this}"
        yield rf"{this}(?: heures?)?\s(?:et quart|y cuarto|e un quarto)"
    elif minute == 45:
        yield rf"(?:{_QUARTER}\s{_TO}|dreiviertel)\s{following}"
        yield rf"{following}(?: heures?)?\s(?:moins le quart|menos cuarto|meno un quarto)"
    elif minute == 30:
        yield rf"(?:halb|half|halv)\s{following}|half\s(?:past|after)\s{this}"
        yield rf"{this}(?: heures?)?\s(?:et demie?|y media|e mezz[ao]|e meia)"
    elif 20 <= minute < 40:
        side = _TO if minute < 30 else _PAST
        yield rf"{_minute(abs(30 - minute))}\s{side}\s(?:halb|half|halv)\s{following}"


def _hour(hour: int) -> str:
    """An hour in words or in figures."""
    return f"(?:{'|'.join(_words(hour))}|{hour}|{(hour - 1) % 12 + 1})"


def _words(hour: int) -> list[str]:
    words = SMALL.get((hour - 1) % 12 + 1, _ONE).split()
    return [*words, _LATE[hour]] if hour in _LATE else words


def _minute(minute: int) -> str:
    words = (_MINUTES.get(minute) or SMALL.get(minute, _ONE if minute == 1 else "")).split()
    return f"(?:{'|'.join([*words, str(minute)])})"
