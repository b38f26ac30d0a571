"""Numbers as words: small ones, those in other figures than ours, and the words for thousands.

Not every form that a language has, but those that translations of figures have: a text with ``2``
whose translation says ``zwei`` has lost nothing.
"""

from __future__ import annotations

import re

__all__ = ["SMALL", "has_scale", "is_spelled", "scale"]

# How many zeros a word stands for; of those that begin alike, the longest counts.
_SCALES = {
    "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "tausend": 3, "mio": 6,
    "milliard": 9, "mrd": 9, "mille": 3, "mil": 3, "millón": 6, "millones": 6, "milhão": 6,
    "milhões": 6, "milion": 6, "miljoen": 6, "miljon": 6, "miliard": 9, "miljard": 9, "mln": 6,
    "mld": 9, "bilhão": 9, "bilhões": 9, "duizend": 3, "tysi": 3, "tys": 3, "тыс": 3, "млн": 6,
    "миллион": 6, "мільйон": 6, "млрд": 9, "миллиард": 9, "мільярд": 9, "lakh": 5, "crore": 7,
    "लाख": 5, "करोड़": 7, "हज़ार": 3, "हजार": 3, "百": 2, "千": 3, "万": 4, "萬": 4, "億": 8, "亿": 8,
    "兆": 12, "백": 2, "천": 3, "만": 4, "억": 8, "조": 12, "ألف": 3, "مليون": 6, "مليار": 9,
}  # fmt: skip
_SCALE = re.compile(
    r"[\s\u00a0-]?(" + "|".join(sorted(_SCALES, key=len, reverse=True)) + ")", re.IGNORECASE
)
MOST_SCALES = 2  # after one another: 3千万
# Words of the short scale, as English has them → what they are in the languages of the long one.
_LONG_SCALE = {"billion": 12, "trillion": 18}
_LONG = "ca cs da de es fi fr hr hu is it lb nb nl nn no pl sk sl sr sv"
# The numbers from 2 to 12 as words.
SMALL = {
    2: "two zwei zwo deux dos due twee dois duas två två dwa dwie dwóch два две двух duo kaksi iki",
    3: "three drei trois tres tre drie três trzy три трёх трех trei kolme üç",
    4: "four vier quatre cuatro quattro quatro fyra fire czter четыре четырёх чотири neljä dört "
    "patru",
    5: "five fünf cinq cinco cinque vijf fem pięć pięci пять пяти viisi beş cinci",
    6: "sechs six seis sei zes seks sex sześć шесть шести kuusi altı șase",
    7: "seven sieben sept siete sette zeven sete sju syv siedem семь семи seitsemän yedi șapte",
    8: "eight acht huit ocho otto oito åtta otte osiem восемь kahdeksan sekiz opt",
    9: "nine neun neuf nueve nove negen nio ni dziewięć девять yhdeksän dokuz nouă",
    10: "ten zehn dix diez dieci tien dez tio ti dziesięć десять kymmenen on zece",
    11: "eleven elf onze once undici elva elleve jedenaście одиннадцать onbir unsprezece",
    12: "twelve zwölf douze doce dodici twaalf doze tolv dwanaście двенадцать on iki doisprezece",
}
# Those that are frequent words of another kind elsewhere → the languages in which they are numbers.
_HOMOGRAPHS = {
    "four": "en",
    "ten": "en",
    "on": "tr",
    "once": "es",
    "due": "it",
    "elf": "de nl",
    "sex": "sv",
    "sei": "it",
}
# What may stand after them in one word: dreimal, dritte is another word, dreißig another number.
_ENDING = r"(?:mal|fach\w*|jährig\w*|tägig\w*|stündig\w*|te[nrms]?|e[nrms]?)?"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
          (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
MOST_ROMAN = 3999
_HAN = "〇一二三四五六七八九"


def scale(text: str, position: int, language: str = "") -> int:
    """How many zeros the words after a place stand for: 6 for ``million``.

    Args:
        text: the text.
        position: the place.
        language: its shortest ISO 639 code, by which a billion has 9 or 12; empty for 9.
    """
    zeros = 0
    long = _LONG_SCALE if language and language in _LONG.split() else {}
    for _ in range(MOST_SCALES):
        found = _SCALE.match(text, position)
        if not found:
            break
        word = found[1].lower()
        zeros += long.get(word, _SCALES[word])
        position = found.end()
    return zeros


def has_scale(text: str) -> bool:
    """Whether there may be a word for thousands, millions or more in a text, also a short one."""
    words = "|".join(_SCALES)
    short = r"(?:k|m|mn|mia|mill|bn|b|tn)\b"
    inner = "million|milliard|billion|trillion|tausend"
    return re.search(rf"(?<![^\W\d_])(?:{words}|{short})|{inner}", text, re.IGNORECASE) is not None


def is_spelled(digits: str, text: str, language: str = "") -> bool:
    """Whether a whole number from 2 on is in a text as a word, or in Roman or Chinese figures.

    Args:
        digits: the number.
        text: the text.
        language: its shortest ISO 639 code; then words that are no numbers in it do not count.
    """
    if not digits.isdecimal() or len(digits) > len(str(MOST_ROMAN)) or int(digits) < 2:
        return False
    value = int(digits)
    forms = [rf"(?<!\w){_roman(value)}(?:e|er|º|th)?(?!\w)"] if value <= MOST_ROMAN else []
    for word in SMALL.get(value, "").split():
        if language and word in _HOMOGRAPHS and language not in _HOMOGRAPHS[word].split():
            continue
        forms.append(rf"(?<!\w)(?i:{word}){_ENDING}(?!\w)")
    if value < 100:
        forms.append(_han(value))
    return bool(forms) and re.search("|".join(forms), text) is not None


def _roman(value: int) -> str:
    parts = []
    for worth, sign in _ROMAN:
        parts.append(sign * (value // worth))
        value %= worth
    return "".join(parts)


def _han(value: int) -> str:
    """A number below 100 as Chinese and Japanese write it."""
    tens, ones = divmod(value, 10)
    if value == 2:
        return "[二两兩]"
    lead = ("" if tens == 1 else _HAN[tens]) + "十" if tens else ""
    return lead + (_HAN[ones] if ones else "")
