"""Languages by any common name or code, found among the codes that a model uses.

Models write ``en``, ``eng``, ``en_XX``, ``eng_Latn`` or ``zho_Hans``; people write those as well,
``English``, ``pt-BR`` or ``ger``. ``langcodes`` (BCP 47, ISO 639, CLDR) knows them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from s2scli.errors import UsageError

if TYPE_CHECKING:
    from langcodes import Language

__all__ = [
    "english_name",
    "find_language",
    "is_group",
    "match_language",
    "nearest_languages",
    "primary_code",
    "same_language",
    "written_code",
]

# CLDR's distance up to which one written form is understood by readers of the other: regions of
# a language, Norwegian Bokmål for Norwegian; not another language or script.
NEAR = 9
NAMED = 5


@cache
def find_language(name: str) -> str:
    """The BCP 47 tag that a name or code stands for.

    Raises:
        UsageError: nobody knows such a language.
    """
    from langcodes import Language, find, tag_is_valid
    from langcodes.tag_parser import LanguageTagError

    try:
        if tag_is_valid(name):
            return Language.get(name).to_tag()
        return find(name).to_tag()
    except (LanguageTagError, LookupError):
        raise UsageError(
            f"There is no language {name!r}", "Write a code (de, deu, pt-BR) or an English name."
        ) from None


def match_language(name: str, codes: Iterable[str]) -> str | None:
    """The code among ``codes`` that means the language ``name``.

    The code itself always counts; else the nearest of the same language and script.

    Raises:
        UsageError: there is no language of that name.
    """
    known = list(codes)
    if name in known:
        return name
    from langcodes import tag_distance

    wanted = find_language(name)
    script = _language(wanted).script
    near = [
        (tag_distance(wanted, tag), place)
        for place, code in enumerate(known)
        if (tag := _tag(code)) and (not script or _language(tag).maximize().script == script)
    ]
    distance, place = min(near, default=(NEAR + 1, 0))
    return known[place] if distance <= NEAR else None


def same_language(one: str, other: str) -> bool:
    """Whether two names or codes mean the same language."""
    return match_language(one, [other]) is not None


def is_group(code: str) -> bool:
    """Whether a code stands for a group of languages (ISO 639-5): ``roa``, ``mul``."""
    tag = _tag(code)
    return bool(tag) and _language(tag).display_name("en").endswith(" languages")


def nearest_languages(name: str, codes: Sequence[str]) -> list[str]:
    """A few of ``codes`` that are likest to ``name``."""
    from difflib import get_close_matches

    from langcodes import tag_distance

    wanted = find_language(name)
    by_kinship = sorted(codes, key=lambda code: tag_distance(wanted, _tag(code) or "und"))
    by_spelling = get_close_matches(name, codes, n=2)
    return list(dict.fromkeys([*by_spelling, *by_kinship]))[:NAMED]


@cache
def _tag(code: str) -> str:
    """The BCP 47 tag of a model's own code (``en_XX``, ``eng_Latn``); empty if it has none."""
    from langcodes import tag_is_valid

    plain = code.removesuffix("_XX").replace("_", "-")
    return plain if tag_is_valid(plain) else ""


def english_name(code: str) -> str:
    """The English name of a language: ``de`` → ``German``."""
    return _language(code).display_name("en")


@cache
def primary_code(code: str) -> str:
    """The shortest ISO 639 code of a language: ``deu_Latn`` → ``de``; empty if it has none."""
    try:
        return _language(code).language or ""
    except UsageError:
        return ""


@cache
def written_code(code: str) -> str:
    """The shortest code of a language as it is written, whatever its region.

    The script is named if it is not the usual one: ``deu_Latn`` → ``de``, ``pt-BR`` → ``pt``,
    ``zh-TW`` → ``zh-Hant``, ``pes_Arab`` → ``fa``. Empty if nobody knows the language.
    """
    from langcodes import Language

    try:
        language = _language(code).prefer_macrolanguage()
    except UsageError:
        return ""
    name = language.language
    if not name or name == "und":
        return ""
    script = language.maximize().script
    usual = Language.get(name).maximize().script
    return name if script in (None, usual) else f"{name}-{script}"


def _language(code: str) -> Language:
    from langcodes import Language

    return Language.get(_tag(code) or find_language(code))
