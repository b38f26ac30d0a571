"""The words for numbers and times of day in English and German, as patterns."""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["words"]

# Value, English, German: the cardinal first, and what else says it (months do so in dates).
TABLE = r"""
0        zero|noughts?|midnight             null|Mitternacht
1        one|an?|first|once|Jan(?:uary)?    ein|erst\w*|Januar
2        two|second|twice|Feb(?:ruary)?     zwei|zwo|Februar
3        three|third|Mar(?:ch)?             drei|dritt\w*|März
4        four|Apr(?:il)?                    vier|April
5        five|fifth|May                     fünf|Mai
6        six|June?                          sechs|Juni
7        seven|July?                        sieben|siebt\w*|Juli
8        eight|eighth|Aug(?:ust)?           acht|achte[nrsm]?|August
9        nine|ninth|Sept?(?:ember)?         neun|September
10       ten|Oct(?:ober)?                   zehn|Oktober
11       eleven|Nov(?:ember)?               elf|November
12       twelve|twelfth|dozen|noon|midnight|Dec(?:ember)?  zwölf|Dutzend|mittags?|Mitternacht|Dez\w*
13       thirteen                           dreizehn
14       fourteen                           vierzehn
15       fifteen                            fünfzehn
16       sixteen                            sechzehn
17       seventeen                          siebzehn
18       eighteen                           achtzehn
19       nineteen                           neunzehn
20       twenty                             zwanzig
30       thirty                             dreißig
40       forty                              vierzig
50       fifty                              fünfzig
60       sixty                              sechzig
70       seventy                            siebzig
80       eighty                             achtzig
90       ninety                             neunzig
100      a hundred                          hundert
1000     a thousand                         tausend
1000000  a million                          eine[nr]? Million
1/4      quarter                            Viertel\w*
1/2      half                               halb\w*|Hälfte
3/2      one and a half                     anderthalb|eineinhalb
"""
ROWS = [re.split(r" {2,}", line) for line in TABLE.strip().split("\n")]
WORDS = {
    "en": {value: english for value, english, _ in ROWS},
    "de": {value: german for value, _, german in ROWS},
}
COMPOUNDS = {"en": "{tens}[- ]{ones}", "de": "{ones}und{tens}"}
ENDINGS = {
    "en": "(?:th|ths|s|-?fold)?",
    "de": r"(?:s|e[nmrs]?|te[nmrs]?|tens|ste[nmrs]?|stens|tel\w*|mal\w*|fach\w*|erlei|"
    r"-?(?:jähr|täg|stünd|minüt|monat|wöch|stell|teil|seit|köpf|stöck)\w*)?",
}
# Full hours and their quarters.
CLOCK = {
    "en": ("{this}", "quarter past {this}", "half past {this}", "quarter to {next}"),
    "de": (
        "{this} Uhr",
        "Viertel nach {this}|Viertel {next}",
        "halb {next}",
        "Viertel vor {next}|drei ?viertel {next}",
    ),
}
# What numbers of one word are multiplied by.
FACTORS = {
    "en": {100: " hundred", 1000: " thousand", 10**6: " million", 10**9: " billion"},
    "de": {100: "hundert", 1000: "tausend", 10**6: " Million(?:en)?", 10**9: " Milliarden?"},
}
NONE = "(?!)"


def words(value: Fraction | str, language: str) -> str:
    """A pattern of the words for a value, in their usual forms.

    Args:
        value: a number, or a time of day such as ``14:30``.
        language: ``en`` or ``de``.
    """
    if isinstance(value, str):
        return _time(value, language)
    cardinal = _cardinal(value, language)
    forms = [cardinal + ENDINGS[language], WORDS[language].get(str(value), NONE)]
    if language == "en" and cardinal.endswith("y"):
        forms.append(cardinal.removesuffix("y") + "ieth")
    for factor, name in FACTORS[language].items():
        forms.append(_cardinal(value / factor, language) + name)
    if 1910 <= value <= 1990 and value % 10 == 0:
        tens = _cardinal(value % 100, language)
        forms.append(f"{tens}er" if language == "de" else tens.removesuffix("y") + "ies")
    return "|".join(forms)


def _cardinal(value: Fraction, language: str) -> str:
    """The word for 0 to 99."""
    if value.denominator != 1 or not 0 <= value < 100:
        return NONE
    known = WORDS[language]
    ones = int(value) % 10
    if str(value) in known:
        return _first(known[str(value)])
    tens = _first(known[str(int(value) - ones)])
    return COMPOUNDS[language].format(tens=tens, ones=_first(known[str(ones)]))


def _first(pattern: str) -> str:
    return pattern.split("|")[0]


def _time(time: str, language: str) -> str:
    hour, minute = map(int, time.split(":"))
    if minute % 15 or minute > 59:
        return NONE
    # German says "ein Uhr", but "halb eins".
    hours = {
        name: f"(?:{_cardinal(Fraction(number), language)}s?|{number})"
        for name, number in (("this", (hour - 1) % 12 + 1), ("next", hour % 12 + 1))
    }
    return CLOCK[language][minute // 15].format(**hours)
