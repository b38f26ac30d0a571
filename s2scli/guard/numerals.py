"""Numbers as words, in the languages that have most translations between them, and Roman ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from s2scli.data import Span
from s2scli.guard.frequent import primary
from s2scli.text.clock import is_told
from s2scli.text.spelling import is_spelled

__all__ = ["is_said", "lost_romans", "romans"]

# From 1 to 20, then 30 to 90 by tens, then 100 and 1,000; German words are found within others.
_WORDS = {
    "en": "one|first|once two|second|twice|both|couple three|third four five|fifth six seven "
    "eight nine|ninth ten|decade eleven twelve|twelfth|dozen thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty|twentieth|score thirty|thirtieth forty|fortieth fifty "
    "sixty seventy eighty ninety hundred thousand",
    "de": "ein|erst zwei|zwo|beid|doppel drei|dritt vier fünf sechs sieb acht neun zehn|jahrzehnt "
    "elf zwölf|dutzend dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig "
    "dreißig|dreissig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend",
    "fr": "un|une|premi deux|second trois|troisi quatre|quatri cinq six|sixi sept huit neuf dix|"
    "décennie onze douze|douzaine treize quatorze quinze|quinzaine seize dix-sept dix-huit "
    "dix-neuf vingt trente quarante cinquante soixante soixante-dix quatre-vingt "
    "quatre-vingt-dix cent mille",
    "es": "un|primer dos|segund tres|tercer cuatro|cuart cinco|quint seis|sext siete ocho nueve "
    "diez|década once doce|docena trece catorce quince dieciséis diecisiete dieciocho diecinueve "
    "veint treinta cuarenta cincuenta sesenta setenta ochenta noventa cien|cient mil",
}
_VALUES = (*range(1, 21), *range(30, 100, 10), 100, 1000)
MOST = 9999
# Roman numerals, but for abbreviations such as CD: at least two letters of small ones, or four.
_ROMAN = re.compile(
    r"(?<![\w.&'’/-])(?=[IVX]{2}|[MDCLXVI]{4})"
    r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![&/.-]*\w)"
)
# One that would be a word: Chapter I.
_FIRST = re.compile(
    r"(?<!\w)(?:Act|Annex|Appendix|Article|Book|Chapter|Class|Division|Figure|Grade|Level|Part|Phase|"
    r"Scene|Schedule|Section|Stage|Table|Tier|Title|Type|Unit|Volume|War)"
    r" (I)(?=[ ]?(?:$|[.,:;?!)\]\n–—-]|(?:of|and|or|to|in)\b))"
)
# At the end of a name: Workshop I.
_LAST = re.compile(r"(?<![\w'’])[A-Z][a-z]{3,} (I)\Z")
# The only ones that are told from words in capitals: ACT I, CHAPTER IV.
_TITLED = re.compile(
    r"(?<!\w)(?:ACT|ANNEX|APPENDIX|ARTICLE|BOOK|CHAPTER|PART|SCENE|SECTION|VOLUME) ([IVXLC]+)(?!\w)"
)
_LETTERS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def romans(text: str) -> list[Span]:
    """Where Roman numerals are; in capitals alone those behind ``CHAPTER`` and the like."""
    found = {match.span(1) for match in _TITLED.finditer(text)}
    if not text.isupper():
        found |= {match.span() for match in _ROMAN.finditer(text)}
        found |= {match.span(1) for pattern in (_FIRST, _LAST) for match in pattern.finditer(text)}
    return sorted(found)


def lost_romans(source: str, target: str, language: str) -> list[str]:
    """The Roman numerals of a source that its target has neither so, nor in digits, nor as words.

    Args:
        source: the source.
        target: its translation.
        language: that of the target, as its ISO 639 code.
    """
    found = (source[start:end] for start, end in romans(source))
    return [
        each
        for each in dict.fromkeys(found)
        if not re.search(rf"(?<![^\W\d_]){each}(?![^\W\d_])|(?<!\d){_value(each)}(?!\d)", target)
        and not is_said(str(_value(each)), target, language)
    ]


def _value(roman: str) -> int:
    """The value of a Roman numeral: a letter before one of more is taken off."""
    values = [_LETTERS[letter] for letter in roman]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def is_said(digits: str, text: str, language: str) -> bool:
    """Whether a whole number, or a time of the day, is in a text as a word.

    Of ``25`` both words must be there, whatever their order (``fünfundzwanzig``); of ``1970``
    that of its decade is enough (``siebziger``).

    Args:
        digits: the number.
        text: the text.
        language: its ISO 639 code; of unknown ones only small numbers are found.
    """
    code = primary(language)
    if is_spelled(digits, text, code) or is_told(digits, text):
        return True
    if not digits.isdecimal() or len(digits) > len(str(MOST)) or not int(digits):
        return False
    words = _patterns().get(code)
    if not words:
        return False
    return any(
        all(re.search(words[part], text, re.IGNORECASE) for part in parts)
        for parts in _readings(int(digits))
        if all(part in words for part in parts)
    )


def _readings(value: int) -> Iterator[list[int]]:
    """The numbers with words of their own that a number may be said by."""
    tens = _below_hundred(value % 100)
    if value < 100:
        yield tens
        return
    if 1000 < value < 2100 and value % 10 == 0 and value % 100:
        yield tens  # decades: "in the seventies"
    thousands, hundreds = value // 1000, value % 1000 // 100
    # "one" need not be said: "a hundred" is "hundert".
    yield [
        *([thousands] * (thousands > 1) + [1000] if thousands else []),
        *([hundreds] * (hundreds > 1) + [100] if hundreds else []),
        *tens,
    ]


def _below_hundred(value: int) -> list[int]:
    if value in _VALUES:
        return [value]
    return [part for part in (value // 10 * 10, value % 10) if part]


@cache
def _patterns() -> dict[str, dict[int, str]]:
    """By language and number, a pattern for its words; German ones join with others."""
    return {
        language: {
            value: rf"(?:{each})" if language == "de" else rf"\b(?:{each})"
            for value, each in zip(_VALUES, words.split(), strict=True)
        }
        for language, words in _WORDS.items()
    }
