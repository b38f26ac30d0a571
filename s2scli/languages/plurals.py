"""Which forms of a message with a number languages have (CLDR's plural categories).

The categories are those of cardinal numbers,
https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html.
"""

from __future__ import annotations

__all__ = ["CATEGORIES", "OTHER", "added", "whole_forms"]

OTHER = "other"
CATEGORIES = frozenset(("zero", "one", "two", "few", "many", OTHER))
USUAL = ("one", OTHER)
# The categories, and the languages that have just these; all others have the usual ones.
_CATEGORIES = {
    (OTHER,): "bm bo dz hnj id ig ii ja jbo jv kde kea km ko lkt lo ms my nqo osa sah ses sg su th "
    "to tpi vi wo yo yue zh",
    ("zero", "one", OTHER): "blo ksh lag lv prg",
    ("one", "two", OTHER): "he iu iw naq sat se sma smi smj smn sms",
    ("one", "few", OTHER): "bs hr mo ro sh shi sr",
    ("one", "two", "few", OTHER): "dsb gd hsb sl",
    ("one", "many", OTHER): "ca es fr it lld pt scn vec",
    ("one", "few", "many", OTHER): "be cs lt pl ru sk uk",
    ("one", "two", "few", "many", OTHER): "br ga gv mt",
    ("zero", "one", "two", "few", "many", OTHER): "ar ars cy kw",
}
_OF = {code: found for found, codes in _CATEGORIES.items() for code in codes.split()}


def added(source: str, target: str) -> tuple[str, ...]:
    """The categories of a target language that its source language does not have.

    Args:
        source: the code of the source language, such as ``en``; empty if it is not known.
        target: that of the target language, such as ``pl`` or ``pt-BR``; may be empty too.
    """
    from s2scli.languages.codes import primary_code

    there = _OF.get(primary_code(source), USUAL) if source else USUAL
    wanted = _OF.get(primary_code(target), USUAL) if target else ()
    return tuple(category for category in wanted if category not in there)


def whole_forms(language: str) -> int:
    """How many forms a language has for whole numbers, as Qt counts them; 1 if it is not known.

    ``many`` of Romance languages is for millions, and one of four categories for fractions only.
    """
    from s2scli.languages.codes import primary_code

    found = _OF.get(primary_code(language), USUAL) if language else (OTHER,)
    return len(found) - (len(found) in (3, 4) and "many" in found)
