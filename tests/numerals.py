"""Which numbers of an English text its German translation has lost, and which it has made up.

Numbers are compared by value: ``1,234.5`` may come out as it stands or as ``1.234,5``,
``2:30 p.m.`` as ``14:30``, ``2024-11-03`` as ``03.11.2024``, ``3`` as ``drei``. Nothing of s2s is
used, for it judges what s2s writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.numeral_words import words

__all__ = ["unmatched"]

# A number as one value (a time of day is text, as "14:30"), or as several, as in a date.
Reading = tuple["Fraction | str", ...]

FRACTIONS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}
SCALES = {
    "en": {
        "thousand": 10**3,
        "million": 10**6,
        "mln": 10**6,
        "billion": 10**9,
        "bn": 10**9,
        "trillion": 10**12,
    },
    "de": {
        "tausend": 10**3,
        "million": 10**6,
        "millionen": 10**6,
        "mio": 10**6,
        "milliarde": 10**9,
        "milliarden": 10**9,
        "mrd": 10**9,
        "billion": 10**12,
        "billionen": 10**12,
    },
}
# The space too, for German has it between thousands; what it joins can still be read apart.
GROUP = r"[ \u00a0\u202f’]"
TOKEN = re.compile(
    r"(?:(?<![\w)\]])[-−])?(?:[½⅓⅔¼¾]|(?<![\d/])\d/\d{1,2}(?![\d/])|"
    rf"\d{{1,3}}(?:{GROUP}\d{{3}}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,:]\d+)*)"
)
MERIDIEM = re.compile(r"\s?([ap])\.?m\b", re.IGNORECASE)
SCALE = re.compile(r"[ \u00a0\u202f-]?([A-Za-z]+)(?![\w])")
# As in $5m; or of metres and kelvins.
SHORT = {"m": 10**6, "k": 10**3}
GROUPED = {"en": r"\d{1,3}(?:[, \u00a0\u202f’]\d{3})+", "de": r"\d{1,3}(?:[. \u00a0\u202f’]\d{3})+"}
POINT = {"en": ".", "de": ","}


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number as it stands in a text; equal to none but itself.

    Attributes:
        text: its figures, with its sign and what makes millions of it.
        key: the figures and a factor: the same in both languages where it was copied.
        readings: what it may mean.
    """

    text: str
    key: tuple[str, int]
    readings: tuple[Reading, ...]

    def means(self, other: Number) -> bool:
        """Whether both can be the same single value."""
        return any(len(reading) == 1 and reading in other.readings for reading in self.readings)


def unmatched(source: str, target: str) -> tuple[list[str], list[str]]:
    """The numbers of an English text that its translation lacks, and those that only this has.

    Args:
        source: the English text.
        target: the German text. A number may be a word on one side; numbers that are words on
            both are not looked at.
    """
    wanted, found = _numbers(source, "en"), _numbers(target, "de")
    _pair_off(wanted, found, lambda one, other: one.key == other.key)
    _pair_off(wanted, found, Number.means)
    _join(wanted, found, target, "de")
    _join(found, wanted, source, "en")
    return _without_words(wanted, target, "de"), _without_words(found, source, "en")


def _numbers(text: str, language: str) -> list[Number]:
    numbers = []
    scales = {SCALES[language].get(word.casefold(), 1) for word in re.findall(r"[A-Za-z]+", text)}
    for match in TOKEN.finditer(text):
        figures = match[0].lstrip("-−")
        sign = -1 if match[0] != figures or text[: match.start()].endswith("inus ") else 1
        is_name = text[: match.start()][-1:].isalpha()  # as in c4bn@example.org
        after = None if is_name else SCALE.match(text, match.end())
        word = after[1].casefold() if after else ""
        scale = SCALES[language].get(word, 1)
        readings = _readings(figures, language)
        half = MERIDIEM.match(text, match.end()) if language == "en" else None
        if half:
            readings += _of_day(figures, half[1].casefold() == "p")
        # A scale may be said once for several: from 4.1 to 4.2 million.
        factors = [scale] if scale > 1 else sorted(scales | {1, SHORT.get(word, 1)})
        scaled = [reading for factor in factors for reading in _scaled(readings, factor * sign)]
        shown = match[0] + after[0] if after and scale > 1 else match[0]
        # 11 p.m. is rather 23 than another 11.
        copied = figures + half[0] if half else figures
        numbers.append(Number(shown, (copied, scale * sign), tuple(scaled)))
    return numbers


def _scaled(readings: Sequence[Reading], factor: int) -> list[Reading]:
    if factor == 1:
        return list(readings)
    return [(r[0] * factor,) for r in readings if isinstance(r[0], Fraction) and len(r) == 1]


def _readings(figures: str, language: str) -> list[Reading]:
    """What figures may mean; those of a version or a telephone number only themselves."""
    if figures in FRACTIONS:
        return [(Fraction(FRACTIONS[figures]),)]
    parts = re.findall(r"\d+", figures)
    if "/" in figures:
        return [(Fraction(int(parts[0]), int(parts[1]) or 1),), _several(parts)]
    value = _value(figures, language)
    found: list[Reading] = [] if value is None else [(value,)]
    # 14:30, and German 14.30.
    if re.fullmatch(r"\d{1,2}[:.]\d\d", figures) and (language == "de" or ":" in figures):
        found += _times(int(parts[0]), int(parts[1]))
    if len(parts) > 1:
        found.append(_several(parts))
    return found


def _value(figures: str, language: str) -> Fraction | None:
    """Figures by the rules of a language; None if they break them."""
    point = re.escape(POINT[language])
    if not re.fullmatch(rf"(?:{GROUPED[language]}|\d+)(?:{point}\d+)?", figures):
        return None
    if re.match(r"0\d\d", figures):
        return None
    whole, _, rest = figures.partition(POINT[language])
    return Fraction(re.sub(r"\D", "", whole) + "." + (rest or "0"))


def _several(parts: Sequence[str]) -> Reading:
    return tuple(Fraction(int(part)) for part in parts)


def _times(hour: int, minute: int) -> list[Reading]:
    times: list[Reading] = [(f"{hour % 24}:{minute:02}",)]
    return times if minute else [*times, (Fraction(hour),)]


def _of_day(figures: str, is_afternoon: bool) -> list[Reading]:
    """The time of day that an hour with a.m. or p.m. is, on both kinds of clocks."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d\d))?", figures)
    if not match:
        return []
    hour, minute = int(match[1]), int(match[2] or 0)
    return [*_times(hour, minute), *_times(hour % 12 + 12 * is_afternoon, minute)]


def _pair_off(
    wanted: list[Number], found: list[Number], are_same: Callable[[Number, Number], bool]
) -> None:
    """Remove pairs of numbers that are the same."""
    for number in list(found):
        partner = next((other for other in wanted if are_same(number, other)), None)
        if partner:
            wanted.remove(partner)
            found.remove(number)


def _join(whole: list[Number], parts: list[Number], text: str, language: str) -> None:
    """Remove what stands together on one side, as a date does, and apart on the other.

    Args:
        whole: numbers of one side.
        parts: numbers of the other.
        text: the other side's text.
        language: of that text, whose words may be numbers, as months are.
    """
    for number in list(whole):
        for reading in sorted(number.readings, key=len, reverse=True):
            chosen: list[Number] = []
            named = 0
            for value in reading:
                wanted = Number("", ("", 0), ((value,),))
                part = next((p for p in parts if p not in chosen and p.means(wanted)), None)
                chosen += [part] if part else []
                named += not part and _word(words(value, language), text) is not None
            if len(reading) > 1 and chosen and len(chosen) + named == len(reading):
                whole.remove(number)
                for part in chosen:
                    parts.remove(part)
                break


def _without_words(numbers: Sequence[Number], text: str, language: str) -> list[str]:
    """The figures of the numbers that are no word in a text either."""
    left = []
    for number in numbers:
        for value in [r[0] for r in number.readings if len(r) == 1]:
            match = _word(words(value, language), text)
            if match:
                # A word stands for one number.
                text = text[: match.start()] + text[match.end() :]
                break
        else:
            left.append(number.text)
    return left


def _word(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE)
