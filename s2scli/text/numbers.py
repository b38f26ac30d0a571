"""Numbers of a text and of its translation: the same values, in whatever form.

``1,234.56`` and ``1.234,56`` are one number, and so are ``8:15 p.m.`` and ``20.15``, ``3 million``
and ``300万``. What a text may mean in several ways (``1,234``) is the same as what may mean one of
them. Versions and the like (``2.1.2``) mean themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import NamedTuple

from s2scli.data import Span
from s2scli.text.spelling import is_spelled, scale

__all__ = ["Number", "differences", "numbers"]

_SPACES = " \u00a0\u2009\u202f"
_GROUPING = "'’٬"
_DECIMAL = ".,٫"
_NUMBER = re.compile(
    r"(?P<date>(?<!\d)(?:\d{1,2}(?P<a>[./-])\d{1,2}(?P=a)\d{4}|"
    r"\d{4}(?P<b>[./-])\d{1,2}(?P=b)\d{1,2})(?!\d))|"
    r"(?P<time>(?<!\d)\d{1,2}(?:[:h]|[ \u00a0]h[ \u00a0]| Uhr )\d\d(?::\d\d)?(?!\d))|"
    rf"\d+(?:[{_DECIMAL}{_GROUPING}]\d+|(?<!\d{{4}})[{_SPACES}]\d{{3}}(?!\d))*"
)
# Languages that write 1,5 and never 1.5.
_DECIMAL_COMMA = (
    "bg", "cs", "da", "de", "el", "et", "fi", "fr", "hr", "hu", "it", "lt", "lv", "nb", "nl", "nn",
    "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk",
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_MINUS = re.compile(r"(?<![\w)\]%.,-])[-−–]\Z")
_NO_DIGITS = re.compile(r"\D+")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
# Days before a month, and those before others.
_DAYS = re.compile(
    r"(?:(?:st|nd|rd|th)(?: ?[,&/–-] ?| and | or | to )?\d{0,2}){1,9} (?:of )?"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
_HALF_DAY = re.compile(r"[ \u00a0]?([ap])\.?[ \u00a0]?m\b", re.IGNORECASE)
# Numbers of notes: [1-3,7] and ^1,2.
_LISTED, _LIST_END = re.compile(r"(?:\[[\d\s,;–-]{0,40}|\^)\Z"), re.compile(r"[\d\s,;–-]{0,40}\]")
# What a number with points names, so that these are no decimal ones: room 2.04.
_NAMED = re.compile(
    r"(?<!\w)(?:rooms?|sect(?:ion|s|\.)|chapter|version|release|fig(?:ure|\.)|table|appendix|clause|"
    r"paragraph|step|kapitel|abschnitt|abb\.|tabelle|raum)[ \u00a0]\Z",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(\d{1,2})((?::\d\d)*)")
FIRST_ORDINALS = 12  # up to it they may be words


class Number(NamedTuple):
    """A number in a text.

    Attributes:
        start, end: where it is.
        text: its characters, in European digits.
        values: what it may mean, each in one form.
        whole: where it is with its letters and signs: ``10kg``, ``$5``, ``20 °C``.
    """

    start: int
    end: int
    text: str
    values: frozenset[str]
    whole: Span


def numbers(text: str) -> Iterator[Number]:
    """The numbers in a text, in order."""
    if not _DIGIT.search(text):
        return
    from s2scli.text.figuresigns import around  # which lines without numbers do not need

    for match in _NUMBER.finditer(text):
        start, end = match.span()
        plain = _european(match[0])
        parts = _NO_DIGITS.split(plain)
        if match["date"]:
            found = {_date(parts)}
        elif match["time"]:
            found = _time(parts)
        else:
            found = _values(plain, parts)
        if "," in plain and _is_listed(text, start, end):
            found = {plain}
        elif "." in plain and not match["date"] and _NAMED.search(text, max(0, start - 12), start):
            found = {f"№{plain}"}
        found |= _scaled(text, end, found)
        if hours := _of_the_day(text, end, found):  # and no decimals: 7.30 p.m.
            found = {value for value in found if "." not in value} | hours
        if _MINUS.search(text, max(0, start - 2), start):
            start, plain, found = start - 1, f"-{plain}", {f"-{value}" for value in found}
        yield Number(start, end, plain, frozenset(found), around(text, start, end))


def differences(source: str, target: str, language: str = "") -> tuple[list[Number], list[Number]]:
    """The numbers of a source that its target has not, and those that only the target has.

    A number without its signs, or words for them, is none of them; its text has them then.

    Args:
        source: the source.
        target: its translation.
        language: that of the target, as its shortest ISO 639 code; empty if it is not known.
    """
    wanted, there = list(numbers(source)), list(numbers(target))
    # No comma becomes a full stop there, nor one that is beside lists such as 1,3,5.
    if language in _DECIMAL_COMMA or any("," in n.text and n.values == {n.text} for n in wanted):
        wanted = [_without_stops(number) for number in wanted]
    # Each is asked once, however often it stands there: texts may be long.
    spelled = cache(partial(_is_worded, text=target, language=language))
    bare = _without_signs(source, wanted, target, there)
    free = dict.fromkeys(range(len(there)))
    for forms in (lambda number: (number.text,), lambda number: number.values):
        wanted = list(_unmatched(wanted, there, free, forms))
    lost = [
        number
        for number in wanted
        if not _may_be_word(source, number)
        and not spelled(number.text)
        and not _is_half_spelled(number, there, free)
    ]
    known = set(lost)
    lost += [
        number._replace(text=source[slice(*number.whole)]) for number in bare if number not in known
    ]
    return lost, [there[place] for place in free]


def _without_stops(number: Number) -> Number:
    """A number without the values that a full stop or a colon would have: ``7,9``, not ``7.9``."""
    if "," not in number.text:
        return number
    others = {number.text.replace(",", sign) for sign in ".:"}
    return number._replace(values=number.values - others | {number.text})


def _is_worded(figures: str, text: str, language: str) -> bool:
    """Whether a number, or a time, is in a text as words."""
    from s2scli.text.clock import is_told  # which texts that keep their numbers do not need

    return is_spelled(figures, text, language) or is_told(figures, text)


def _without_signs(
    source: str, wanted: Sequence[Number], target: str, there: Sequence[Number]
) -> list[Number]:
    """The numbers of a source whose signs its target has less often; there, neither as words."""
    if not wanted:
        return []
    from s2scli.text.figuresigns import CURRENCIES, apart, beside, counted, doubled

    signed = defaultdict[str, list[Number]](list)
    for number in wanted:
        for sign in _signs(source, number):
            signed[sign].append(number)
    found: list[Number] = []
    for sign, those in signed.items():
        most = beside(sign, source, _places(wanted))
        more = doubled(sign, target, _places(there)) - doubled(sign, source, _places(wanted))
        # A sign too much may stand for one that another number has lost.
        found_there = counted(sign, target, _places(there), most)
        # "Ten dollars ($10)" says its word besides, which is none for the sign.
        words = min(apart(sign, source, _places(wanted)), apart(sign, target, _places(there)))
        missing = most - found_there + words + 2 * max(0, more)
        if missing > 0:
            values = {v for n in there if sign in _signs(target, n) for v in n.values}
            those.sort(key=lambda number: not values.isdisjoint(number.values))
            found += those[:missing]
        elif len(wanted) > 1 and sign in CURRENCIES:
            found += _bereft(sign, those, target, there)
    return list(dict.fromkeys(found))


def _bereft(
    sign: str, signed: Sequence[Number], target: str, there: Sequence[Number]
) -> Iterator[Number]:
    """The numbers with a currency whose sign another one, with a currency of its own, has got."""
    from s2scli.text.figuresigns import CURRENCIES

    beside = [[each for each in _signs(target, n) if each in CURRENCIES] for n in there]
    if any(sign in found and len(found) > 1 for found in beside):
        for number in signed:
            same = [n for n in there if not n.values.isdisjoint(number.values)]
            if same and not any(sign in _signs(target, n) for n in same):
                yield number


def _places(found: Iterable[Number]) -> list[Span]:
    return [(number.start, number.end) for number in found]


def _signs(text: str, number: Number) -> list[str]:
    """The signs beside a number."""
    from s2scli.text.figuresigns import signs_in

    first, last = number.whole
    return signs_in(text[first : number.start] + text[number.end : last])


def _unmatched(
    wanted: Iterable[Number],
    there: list[Number],
    free: dict[int, None],
    forms: Callable[[Number], Iterable[str]],
) -> Iterator[Number]:
    """The numbers that none of the free ones stands for; the free ones become fewer."""
    places: dict[str, list[int]] = defaultdict(list)
    for place in reversed(free):
        for form in forms(there[place]):
            places[form].append(place)
    for number in wanted:
        for form in sorted(forms(number)):
            while places[form] and places[form][-1] not in free:
                places[form].pop()
            if places[form]:
                del free[places[form].pop()]
                break
        else:
            yield number


def _european(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)


def _is_listed(text: str, start: int, end: int) -> bool:
    """Whether figures with commas are the numbers of several notes."""
    before = _LISTED.search(text, max(0, start - 42), start)
    return before is not None and (before[0] == "^" or _LIST_END.match(text, end) is not None)


def _bare(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _values(text: str, parts: list[str]) -> set[str]:
    """What digits with separators between them may mean."""
    if len(parts) == 1:
        return {_bare(text)}
    signs = [" " if sign in _SPACES else sign for sign in text if not sign.isdigit()]
    found = set()
    if len(set(signs)) == 1 and _are_groups(parts):
        found.add(_bare("".join(parts)))
    if signs.count(signs[-1]) == 1 and signs[-1] in _DECIMAL and len(set(signs)) < 3:
        whole = parts[:-1]
        if len(whole) == 1 or _are_groups(whole):
            found.add(f"{_bare(''.join(whole))}.{parts[-1]}")
            if signs[-1] == "." and len(whole) == 1 and len(parts[-1]) == 2 and len(whole[0]) < 3:
                found.add(f"{_bare(whole[0])}:{parts[-1]}")  # the time of some countries
    if found or len(set(signs)) == 1:
        # A list without spaces is no version: 1,2,3,4 and 1.2.3.4.
        return found or {("," if signs[0] == "," else ".").join(parts)}
    return {text}  # several without spaces: 52.52,13.4


def _are_groups(parts: list[str]) -> bool:
    """Whether the parts of a number are its thousands, or Indian groups."""
    inner = all(len(part) in (2, 3) for part in parts[1:-1])
    return 0 < len(parts[0]) < 4 and parts[0][0] != "0" and inner and len(parts[-1]) == 3


def _date(parts: list[str]) -> str:
    """The same for all orders of day, month and year."""
    return "/".join(sorted(map(_bare, parts)))


def _time(parts: list[str]) -> set[str]:
    found = {":".join([_bare(parts[0]), *parts[1:]])}
    return found | {_bare(parts[0])} if set(parts[1:]) == {"00"} else found


def _of_the_day(text: str, end: int, values: set[str]) -> set[str]:
    """The hours from 0 to 23 that hours with a.m. or p.m. are."""
    half = _HALF_DAY.match(text, end)
    hours = [hour for value in values if (hour := _HOUR.fullmatch(value))] if half else []
    later = 12 if half and half[1].lower() == "p" else 0
    found = {f"{int(hour[1]) % 12 + later}{hour[2]}" for hour in hours}
    return found | {time.partition(":")[0] for time in found if time.endswith(":00")}


def _scaled(text: str, end: int, values: set[str]) -> set[str]:
    """What a number means with the word for thousands or millions after it."""
    zeros = scale(text, end)
    if not zeros:
        return set()
    plain = [value for value in values if value.replace(".", "", 1).isdecimal()]
    return {_bare(f"{Decimal(value).scaleb(zeros):f}".split(".")[0]) for value in plain}


def _may_be_word(text: str, number: Number) -> bool:
    """Whether a number is an ordinal such as 2nd, and no day: translations have it as a word."""
    is_ordinal = _ORDINAL.match(text, number.end) is not None
    if is_ordinal and _DAYS.match(text, number.end):
        return False
    return is_ordinal and number.text.isdecimal() and int(number.text) <= FIRST_ORDINALS


def _is_half_spelled(number: Number, there: list[Number], free: dict[int, None]) -> bool:
    """Whether of a date the year and the day are there, and the month may be a word."""
    parts = number.text.replace(".", "/").replace("-", "/").split("/")
    if len(parts) != 3 or not any(len(part) == 4 for part in parts):
        return False
    found = []
    for part in sorted(map(_bare, parts), key=len, reverse=True):
        place = next((p for p in free if p not in found and part in there[p].values), None)
        if place is not None:
            found.append(place)
        elif len(part) == 4:
            return False
    for place in found:
        del free[place]
    return len(found) > 1
