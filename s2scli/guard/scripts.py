"""The scripts that languages are written in."""

from __future__ import annotations

import re
from functools import cache

from s2scli.guard.words import words

__all__ = ["is_foreign", "strange_words"]

LATIN = "Latn"
FEWEST_LETTERS = 4  # in another script
MOST_OTHERS = 0.2  # of all letters, that are of neither the language's script nor Latin
FEWEST_SHARED = 8  # letters of a shared script that a text has with some of its own, if any
# The letters of each script that languages of translation models are written in.
_LETTERS = {
    "Latn": "A-Za-zªºÀ-ɏɐ-ʯḀ-ỿʰ-ʸꜢ-ꟿＡ-Ｚａ-ｚ",
    "Cyrl": "Ѐ-ԯᲀ-ᲈ", "Grek": "Ͱ-Ͽἀ-῿", "Armn": "Ա-֏", "Geor": "Ⴀ-ჿᲐ-Ჿ",
    "Hebr": "\u0590-\u05ff", "Arab": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "Deva": "\u0900-\u097f", "Beng": "\u0980-\u09ff", "Guru": "\u0a00-\u0a7f",
    "Gujr": "\u0a80-\u0aff", "Orya": "\u0b00-\u0b7f", "Taml": "\u0b80-\u0bff",
    "Telu": "\u0c00-\u0c7f", "Knda": "\u0c80-\u0cff", "Mlym": "\u0d00-\u0d7f",
    "Sinh": "\u0d80-\u0dff", "Thai": "\u0e00-\u0e7f", "Laoo": "\u0e80-\u0eff",
    "Tibt": "\u0f00-\u0fff", "Mymr": "\u1000-\u109f", "Khmr": "\u1780-\u17ff",
    "Ethi": "\u1200-\u139f", "Hang": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Hani": "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "Kana": "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f",
}  # fmt: skip
# Languages that are written in two; the first is theirs alone.
_MIXED = {"Jpan": ("Kana", "Hani"), "Hans": ("Hani",), "Hant": ("Hani",), "Kore": ("Hang", "Hani")}

# The languages that have most texts; langcodes knows the others.
_WRITTEN = {
    "Latn": "en de fr es it pt nl sv da no nb nn fi is pl cs sk sl hr hu ro et lv lt tr vi id",
    "Cyrl": "ru uk be bg mk", "Grek": "el", "Hebr": "he", "Arab": "ar fa ur", "Deva": "hi mr ne",
    "Thai": "th", "Kore": "ko", "Jpan": "ja", "Hans": "zh",
}  # fmt: skip
# Languages that are written in one of two, unless their code says which.
_TWO = frozenset(
    ("az", "bs", "ha", "kk", "ks", "ku", "mn", "ms", "pa", "sd", "sh", "sr", "tk", "tt", "uz")
)


def is_foreign(language: str, text: str, source: str) -> bool:
    """Whether a text is in another script than its language is.

    Args:
        language: the language's code; nothing is said of one whose script is not known.
        text: the text.
        source: what it was translated from; words of it are left out.
    """
    script = _script(language)
    if not script:
        return False
    own, *others = _MIXED.get(script, (script,))
    is_long = bool(others) and len(_letters(script).findall(text)) >= FEWEST_SHARED
    if is_long and not _letters(own).search(text):
        return True
    return _is_mostly_other(script, text, source)


def strange_words(text: str, *languages: str) -> list[str]:
    """The words of a text in a script of none of some languages; none if one of these is not known.

    A letter on its own is a sign, which translators write out: β.
    """
    scripts = [_script(language) for language in languages]
    if not all(scripts):
        return []
    own = {LATIN, *(each for script in scripts for each in _MIXED.get(script, (script,)))}
    others = "".join(letters for script, letters in _LETTERS.items() if script not in own)
    return re.findall(f"[{others}]{{2,}}", text)


def _is_mostly_other(script: str, text: str, source: str) -> bool:
    """Whether many letters are of another script, those of words of the source left out."""
    if not _others(script).search(text):
        return False
    letters = "".join(word for word in words(text) if word not in source and word[0].isalpha())
    own = len(_letters(script).findall(letters))
    latin = own if script == LATIN else len(_letters(LATIN).findall(letters))
    if len(letters) - own < FEWEST_LETTERS:
        return False
    # Names may be in Latin letters everywhere.
    rest = len(letters) - own - (0 if script == LATIN else latin)
    return own < len(letters) / 2 or rest > len(letters) * MOST_OTHERS


@cache
def _letters(script: str) -> re.Pattern[str]:
    """Finds the letters of a script; all letters if it is not known."""
    return re.compile(f"[{_ranges(script)}]") if _ranges(script) else re.compile(r"[^\W\d_]")


@cache
def _others(script: str) -> re.Pattern[str]:
    """Finds the letters of other scripts; none if it is not known."""
    others = rf"(?![{_ranges(script)}])[^\W\d_]" if _ranges(script) else "(?!)"
    return re.compile(others)


def _ranges(script: str) -> str:
    return "".join(_LETTERS.get(each, "") for each in _MIXED.get(script, (script,)))


@cache
def _script(code: str) -> str:
    """How a language is written as a rule; empty if it is not known."""
    for script, codes in _WRITTEN.items():
        if code in codes.split():
            return script
    from langcodes import Language  # takes long to import

    try:
        found = Language.get(code)
        if found.language in _TWO and not found.script:
            return ""
        return found.maximize().script or ""
    except ValueError:
        return ""
