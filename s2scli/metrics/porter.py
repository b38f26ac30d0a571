"""Porter's stemmer with the extensions of NLTK, which rouge-score and METEOR in Python use.

M. F. Porter 1980, "An algorithm for suffix stripping", Program 14(3), 130-137. The extensions are
those that NLTK documents for its mode ``NLTK_EXTENSIONS``: irregular words, words of one or two
letters left alone, and other conditions in steps 1, 2 and 5.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

__all__ = ["stem"]

IRREGULAR = {
    "skies": "sky",
    "sky": "sky",
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    "news": "news",
    "innings": "inning",
    "inning": "inning",
    "outings": "outing",
    "outing": "outing",
    "cannings": "canning",
    "canning": "canning",
    "howe": "howe",
    "proceed": "proceed",
    "exceed": "exceed",
    "succeed": "succeed",
}
STEP_2 = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
)
STEP_3 = (
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
)
STEP_4 = (
    *("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent"),
    *("ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"),
)
SHORTEST = 3


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The stem of a lower-case word."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < SHORTEST:
        return word
    for step in (_step_1a, _step_1b, _step_1c, _step_2, _step_3, _step_4, _step_5a, _step_5b):
        word = step(word)
    return word


def _consonants(word: str) -> str:
    """The pattern of a word: c for each consonant, v for each vowel; y may be either."""
    pattern = ""
    for place, letter in enumerate(word):
        vowel = letter in "aeiou" or (letter == "y" and place > 0 and pattern[-1] == "c")
        pattern += "v" if vowel else "c"
    return pattern


def _measure(word: str) -> int:
    """How often a vowel is followed by a consonant: m in [C](VC)^m[V]."""
    return _consonants(word).count("vc")


def _positive(word: str) -> bool:
    return _measure(word) > 0


def _has_vowel(word: str) -> bool:
    return "v" in _consonants(word)


def _ends_cvc(word: str) -> bool:
    """Ends like "hop"; in NLTK, a vowel and a consonant alone do as well."""
    pattern = _consonants(word)
    if pattern == "vc":
        return True
    return pattern.endswith("cvc") and word[-1] not in "wxy"


def _ends_double_consonant(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _consonants(word)[-1] == "c"


def _replaced(
    word: str, rules: tuple[tuple[str, str], ...], condition: Callable[[str], bool]
) -> str:
    """Apply the first rule whose suffix fits, if what is before it meets the condition."""
    for suffix, other in rules:
        if word.endswith(suffix):
            front = word[: len(word) - len(suffix)]
            return front + other if condition(front) else word
    return word


def _step_1a(word: str) -> str:
    if word.endswith("ies") and len(word) == len("dies"):
        return word[:-1]
    rules = (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", ""))
    return _replaced(word, rules, lambda _: True)


def _step_1b(word: str) -> str:
    if word.endswith("ied"):
        return word[:-1] if len(word) == len("died") else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _positive(word[:-3]) else word
    for suffix in ("ed", "ing"):
        front = word.removesuffix(suffix)
        if front != word and _has_vowel(front):
            return _mended(front)
    return word


def _mended(front: str) -> str:
    """What step 1b does after it has removed "ed" or "ing"."""
    if front.endswith(("at", "bl", "iz")):
        return front + "e"
    if _ends_double_consonant(front):
        return front if front[-1] in "lsz" else front[:-1]
    return front + "e" if _measure(front) == 1 and _ends_cvc(front) else front


def _step_1c(word: str) -> str:
    front = word[:-1]
    turned = word.endswith("y") and len(front) > 1 and _consonants(front)[-1] == "c"
    return front + "i" if turned else word


def _step_2(word: str) -> str:
    if word.endswith("alli") and _positive(word[:-4]):
        return _step_2(word[:-2])
    if word.endswith("logi") and not word.endswith(tuple(suffix for suffix, _ in STEP_2)):
        return word[:-1] if _positive(word[:-3]) else word
    return _replaced(word, STEP_2, _positive)


def _step_3(word: str) -> str:
    return _replaced(word, STEP_3, _positive)


def _step_4(word: str) -> str:
    for suffix in STEP_4:
        if word.endswith(suffix):
            front = word[: len(word) - len(suffix)]
            fits = _measure(front) > 1 and (suffix != "ion" or front[-1] in "st")
            return front if fits else word
    return word


def _step_5a(word: str) -> str:
    front = word[:-1]
    if word.endswith("e"):
        measure = _measure(front)
        if measure > 1 or (measure == 1 and not _ends_cvc(front)):
            return front
    return word


def _step_5b(word: str) -> str:
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
