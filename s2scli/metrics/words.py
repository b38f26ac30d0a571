"""What ROUGE takes for words: those of the package rouge-score, or those of any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

__all__ = ["KINDS", "has_no_spaces", "is_unread", "taken", "words"]

KINDS = {
    "ascii": "a-z and 0-9 alone, as rouge-score has it",
    "unicode": "letters and digits of any script; of scripts without spaces, each character",
    "auto": "unicode if more than one letter in a hundred is not a-z, else ascii",
}
# Scripts that are written without spaces between words (Unicode 16, blocks). Tibetan is none of
# them: it parts syllables.
SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x1B00, 0x1B7F),  # Balinese
    (0x2E80, 0x2FDF),  # radicals of Han
    (0x3005, 0x3007),
    (0x3021, 0x312F),  # kana, bopomofo
    (0x31A0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xA000, 0xA4CF),  # Yi
    (0xA980, 0xA9FF),  # Javanese, Myanmar
    (0xAA60, 0xAADF),  # Myanmar, Tai Viet
    (0xF900, 0xFAFF),  # Han
    (0xFF66, 0xFF9F),  # kana of half width
    (0x1AFF0, 0x1B16F),  # kana
    (0x20000, 0x3FFFF),  # Han
)
_SPACELESS = "".join(f"{chr(first)}-{chr(last)}" for first, last in SPACELESS)
JOINERS = "\u200c\u200d"  # within words of Persian and of scripts of India
RARE = 100  # one letter in so many says nothing of a text's script
_ASCII = re.compile(r"[a-z0-9]+")


def words(text: str, kind: str) -> list[str]:
    """The words of a text in lower case.

    Args:
        text: the text.
        kind: ``ascii`` or ``unicode``.
    """
    return _pattern(kind).findall(text)


def taken(kind: str, texts: Iterable[str]) -> str:
    """The kind that is meant: of ``auto``, what the letters of the texts say."""
    if kind != "auto":
        return kind
    ascii_, others = _letters("".join(texts))
    return "unicode" if others * RARE > ascii_ + others else "ascii"


def is_unread(text: str, kind: str) -> bool:
    """Whether a text that says something has no word, or loses most of its letters."""
    if not text.strip():
        return False
    if kind == "ascii":
        ascii_, others = _letters(text)
        if others > ascii_:
            return True
    return not words(text.lower(), kind)


def has_no_spaces(texts: Iterable[str]) -> bool:
    """Whether most letters of texts are of scripts that put no spaces between words."""
    text = "".join(texts)
    if text.isascii():
        return False
    letters = sum(map(str.isalpha, text))
    return 2 * len(_spaceless_letters().findall(text)) > letters


@cache
def _spaceless_letters() -> re.Pattern[str]:
    return re.compile(f"[{_SPACELESS}]")


def _letters(text: str) -> tuple[int, int]:
    """How many letters are a-z, and how many are not; accents on their own are not."""
    plain = sum(map(str.isalpha, text.encode("ascii", "ignore").decode()))
    accents = 0 if text.isascii() else sum(map(bool, map(unicodedata.combining, text)))
    return plain, sum(map(str.isalpha, text)) - plain + accents


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    if kind == "ascii":
        return _ASCII
    marks = _ranges(lambda c: unicodedata.category(c)[0] == "M") + JOINERS
    letter = rf"(?![{_SPACELESS}])[^\W_]"
    return re.compile(rf"(?=[^\W_])[{_SPACELESS}][{marks}]*|{letter}(?:{letter}|[{marks}])*")


def _ranges(wanted: Callable[[str], bool]) -> str:
    """The characters that are wanted, as a set of a regular expression."""
    found: list[list[int]] = []
    for code in (*range(0x300, 0x1F000), *range(0xE0100, 0xE01F0)):
        if wanted(chr(code)):
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)
