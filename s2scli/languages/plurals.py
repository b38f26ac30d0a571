"""Which forms of a message with a number languages have (CLDR's plural categories).

The categories are those of cardinal numbers,
https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html. Gettext's rules
are those that msginit writes (gettext 0.21, plural-table.c); of the languages that it does not
know, those that CLDR has for whole numbers.
"""

from __future__ import annotations

__all__ = ["CATEGORIES", "OTHER", "added", "gettext_rule", "whole_forms"]

OTHER = "other"
CATEGORIES = frozenset(("zero", "one", "two", "few", "many", OTHER))
USUAL = ("one", OTHER)
# The categories, and the languages that have just these; all others have the usual ones.
_CODES_WITHOUT_FORMS = (
    "bm bo dz hnj id ig ii ja jbo jv kde kea km ko lkt lo ms my nqo osa sah ses sg su th to tpi vi "
    "wo yo yue zh"
)
_CATEGORIES = {
    (OTHER,): _CODES_WITHOUT_FORMS,
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
_SLAVIC = "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2"
_GETTEXT = {
    "nplurals=1; plural=0;": _CODES_WITHOUT_FORMS,
    "nplurals=2; plural=(n != 1);": "af an ast az bg ca ce ckb da de dv ee el en eo es et eu fi fo "
    "fur fy gl gsw ha haw he hu ia it ka kk kl ku ky lb lg lij ml mn mr nb nd ne nl nn no nr ny "
    "om or os pap ps pt rm sc scn sd sn so sq ss st sv sw syr ta te tk tn tr ts ug ur uz ve vo xh "
    "yi",
    "nplurals=2; plural=(n > 1);": "ak am as bn fa ff fr gu hi hy kab kn ln mg nso pa pt-BR si ti "
    "wa zu",
    "nplurals=2; plural=(n%10!=1 || n%100==11);": "is mk",
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);": "lv",
    "nplurals=3; plural=n==1 ? 0 : n==2 ? 1 : 2;": "ga",
    "nplurals=3; plural=n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2;": "mo ro",
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);": (
        "lt"
    ),
    f"nplurals=3; plural=({_SLAVIC});": "be bs hr ru sh sr uk",
    "nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;": "cs sk",
    "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);": "pl",
    "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);": (
        "dsb hsb sl"
    ),
    "nplurals=4; plural=(n==1 || n==11 ? 0 : n==2 || n==12 ? 1 : n>2 && n<20 ? 2 : 3);": "gd",
    "nplurals=5; plural=(n==1 ? 0 : n==2 ? 1 : n==0 || (n%100>=3 && n%100<=10) ? 2 : "
    "n%100>=11 && n%100<=19 ? 3 : 4);": "mt",
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);": "cy",
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5);": "ar ars",
}


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


def gettext_rule(language: str) -> str:
    """What a header of gettext says of a language's plural: ``nplurals=2; plural=(n != 1);``.

    Args:
        language: its code, such as ``pt-BR``.

    Returns:
        The rule; nothing if it is not known.
    """
    from s2scli.languages.codes import primary_code

    rules = {code: rule for rule, codes in _GETTEXT.items() for code in codes.split()}
    return rules.get(language) or rules.get(primary_code(language), "") if language else ""
