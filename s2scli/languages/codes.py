"""Languages by any common name or code, found among the codes that a model uses.

Models write ``en``, ``eng``, ``en_XX``, ``eng_Latn`` or ``zho_Hans``; people write those as well,
``English``, ``pt-BR`` or ``ger``. ``langcodes`` (BCP 47, ISO 639, CLDR) knows the codes, and
``s2scli.languages.names`` the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from s2scli.errors import UsageError
from s2scli.languages.names import PLAIN, display_name, likely_names, tag_of_name, written_subtag
from s2scli.plugs import nearest

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

# Codes that were given up, or are those of one model only (M2M100's ns).
OLD = {
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    "ns": "nso",
    "scc": "sr",
    "scr": "hr",
    "tl": "fil",
}
# Regions' varieties that have a code of their own.
VARIETIES = {"fa-AF": "prs", "sw-CD": "swc"}
# A variety → the language for which it usually stands, beside or other than CLDR has it.
STANDARDS = {
    "bh": "-",  # none: these are on their own
    "fat": "-",
    "nb": "no",
    "fuv": "ff",
    "pbt": "ps",
    "prs": "fa",
    "quy": "qu",
    "taq": "tmh",
    "tw": "-",
}
SAME_SCRIPTS = {"Kore": "Hang", "Jpan": "Hira", "Kana": "Hira", "Hrkt": "Hira"}
BEHIND = r"(.+?) \((.+?)(?: script)?\)"
NAMED = 5


@cache
def find_language(name: str) -> str:
    """The BCP 47 tag that a name or code stands for.

    Raises:
        UsageError: the language is unknown.
    """
    if name in PLAIN:
        return name
    from langcodes import Language, tag_is_valid

    from s2scli.languages.locales import without_locale

    name = without_locale(name)
    if tag_is_valid(name):
        return _normalized(name).to_tag()
    tag = tag_of_name(name)
    if not tag:
        raise _unknown(name)
    return Language.get(tag).to_tag() if "-" in tag else tag


def _unknown(name: str) -> UsageError:
    if name == "auto":
        return UsageError("--from auto is for 's2s translate'", "Name the language.")
    near = " or ".join(likely_names(name))
    advice = "Write a code (de, deu, pt-BR) or an English name."
    return UsageError(
        f"There is no language {name!r}", f"Did you mean {near}? {advice}" if near else advice
    )


def match_language(name: str, codes: Iterable[str]) -> str | None:
    """The code among ``codes`` that means the language ``name``; another language's never.

    The code itself counts first, then its first part (``kor`` of ``kor_Hang``), then the English
    name of one of the languages, then what the name stands for in BCP 47. A script or region that
    is named must be the code's; otherwise the usual one is taken, or the only one that there is.

    Raises:
        UsageError: there is no language of that name.
    """
    known = list(codes)
    if name in known:
        return name
    from s2scli.languages.locales import without_locale

    name = without_locale(name)
    ways = [_named, _itself, _of_first_part, _meant]
    if _is_code(name):
        ways = [_itself, _of_first_part, _meant, _named]
    for way in ways:
        wanted, found = way(name, known)
        if found:
            return _usual(wanted, found)
    return None


class _Tag(NamedTuple):
    """The parts of a BCP 47 tag; the language as its shortest code."""

    language: str = ""
    script: str = ""
    territory: str = ""


def _is_code(name: str) -> bool:
    """Whether what a user writes is rather a code than a name: ``mon``, not ``Mon``."""
    if name in PLAIN:
        return True
    from langcodes import tag_is_valid

    return tag_is_valid(name) and (name.isupper() or not name[:1].isupper())


def _itself(name: str, codes: list[str]) -> tuple[_Tag, list[str]]:
    """The code, in another way of writing it."""
    plain = _plain(name)
    return _Tag(), [code for code in codes if _plain(code) == plain][:1]


def _of_first_part(name: str, codes: list[str]) -> tuple[_Tag, list[str]]:
    """The codes that begin with a name."""
    plain = _plain(name)
    return _Tag(), [code for code in codes if _plain(code).partition("-")[0] == plain]


def _plain(code: str) -> str:
    """A code in one way of writing it."""
    return code.casefold().replace("_", "-").removesuffix("-xx")


@cache
def _parts(tag: str) -> _Tag:
    """The parts of a valid tag.

    langcodes itself would take ``twi`` for ``ak`` and ``prs`` for ``fa``: models know better.
    """
    from langcodes import Language
    from langcodes.data_dicts import LANGUAGE_ALPHA3, LANGUAGE_ALPHA3_BIBLIOGRAPHIC

    shortest = {long: short for short, long in LANGUAGE_ALPHA3.items()}
    shortest |= {long: short for short, long in LANGUAGE_ALPHA3_BIBLIOGRAPHIC.items()}
    found = Language.get(tag, normalize=False)
    if "-" in (found.language or ""):  # registered as a whole, long ago: i-lux, zh-min-nan
        found = Language.get(tag)
    # An extended language is one of its own: zh-yue is yue (RFC 5646, 4.1.2).
    language = (found.extlangs or [found.language or ""])[0]
    language = shortest.get(language, language)
    language, territory = OLD.get(language, language), found.territory or ""
    # langcodes has the region instead of the language here, whatever it is asked.
    if variety := VARIETIES.get(f"{language}-{territory}".removesuffix("-")):
        language, territory = variety, ""
    return _Tag(language, found.script or "", territory)


@cache
def _code_parts(code: str) -> _Tag | None:
    """What a model's code says; None if it is nobody's language."""
    if tag := _tag(code):
        return _parts(tag)
    if code in OLD:
        return _Tag(OLD[code])
    try:
        return _parts(find_language(code.strip("_")))
    except UsageError:
        return None


@cache
def _english_names(code: str) -> frozenset[str]:
    """The English names of a code's language, in one way of writing them."""
    parts = _code_parts(code)
    if parts is None or not parts.language:
        return frozenset()
    name = display_name(parts.language)
    return frozenset((_plain_name(name), _plain_name(name.removesuffix(" (individual language)"))))


def _plain_name(name: str) -> str:
    from unicodedata import combining, normalize

    bare = "".join(c for c in normalize("NFD", name.casefold()) if not combining(c))
    return bare.replace("’", "'").replace("-", " ")


def _named(name: str, codes: list[str]) -> tuple[_Tag, list[str]]:
    """The codes whose language has the English name; a script or region may stand after it."""
    plain = _plain_name(name)
    if found := [code for code in codes if plain in _english_names(code)]:
        return _Tag(), found
    match = re.fullmatch(BEHIND, name)
    if not match or not (written := _written(match[2])):
        return _Tag(), []
    plain = _plain_name(match[1])
    return _of_script(written, [code for code in codes if plain in _english_names(code)])


@cache
def _written(name: str) -> _Tag | None:
    """The script or the region of an English name."""
    subtag = written_subtag(name)
    if not subtag:
        return None
    return _Tag(script=subtag) if len(subtag) == len("Latn") else _Tag(territory=subtag)


@cache
def _wanted(name: str) -> _Tag:
    """The parts of what a name or code stands for.

    Raises:
        UsageError: the language is unknown.
    """
    from langcodes import tag_is_valid

    match = re.fullmatch(BEHIND, name)
    if match and (written := _written(match[2])):
        bare = _wanted(match[1])
        return _Tag(bare.language, written.script, written.territory)
    found = _parts(name if tag_is_valid(name) else find_language(name))
    if not found.language:
        raise _unknown(name)
    return found


def _meant(name: str, codes: list[str]) -> tuple[_Tag, list[str]]:
    """The codes of the language: exactly of it, else of the one that usually stands for it.

    Raises:
        UsageError: there is no language of that name.
    """
    wanted = _wanted(name)
    parts = {code: _code_parts(code) for code in codes}
    same = [code for code, tag in parts.items() if tag and tag.language == wanted.language]
    same = same or [code for code, tag in parts.items() if tag and _stands_for(tag, wanted)]
    return _of_script(wanted, same)


def _stands_for(one: _Tag, other: _Tag) -> bool:
    """Whether one is the variety that usually stands for the other, or the other way round."""
    return one.language == _standard(other.language) or other.language == _standard(one.language)


@cache
def _standard(language: str) -> str:
    """The language that one of its varieties usually stands for: ``arb`` → ``ar``."""
    from langcodes.data_dicts import NORMALIZED_MACROLANGUAGES

    return STANDARDS.get(language) or str(NORMALIZED_MACROLANGUAGES.get(language, ""))


def _of_script(wanted: _Tag, codes: list[str]) -> tuple[_Tag, list[str]]:
    """The codes that are written as is wanted; all if nothing is said of it."""
    script = _one_script(wanted.script) or (_likely(wanted) if wanted.territory else "")
    usual = _likely(_Tag(wanted.language)) if wanted.language else ""
    if not script or (script == usual and not wanted.script):
        return wanted, codes
    return wanted, [code for code in codes if _script(code) == script]


def _script(code: str) -> str:
    """How a code's language is written."""
    tag = _code_parts(code) or _Tag()
    return _one_script(tag.script) or _likely(tag)


@cache
def _likely(tag: _Tag) -> str:
    """The usual script of a language, in a region if one is named."""
    from langcodes import Language

    language = Language.make(tag.language or "und", territory=tag.territory or None)
    return _one_script(language.maximize().script or "")


def _one_script(script: str) -> str:
    """The same for several names of one way of writing."""
    return SAME_SCRIPTS.get(script, script)


def _usual(wanted: _Tag, codes: list[str]) -> str:
    """Of several codes of one language the usual one, or that of the region that is wanted."""

    def strangeness(code: str) -> tuple[bool, bool, bool]:
        tag = _code_parts(code) or _Tag()
        return (
            bool(tag.script) and _script(code) != _likely(_Tag(tag.language)),
            bool(wanted.territory) and tag.territory != wanted.territory,
            bool(tag.territory),
        )

    return min(codes, key=strangeness)


def same_language(one: str, other: str) -> bool:
    """Whether two names or codes mean the same language."""
    return match_language(one, [other]) is not None


def is_group(code: str) -> bool:
    """Whether a code stands for a group of languages (ISO 639-5): ``roa``, ``mul``."""
    tag = _tag(code)
    return bool(tag) and english_name(tag).endswith(" languages")


def nearest_languages(name: str, codes: Sequence[str]) -> list[str]:
    """A few of ``codes`` that are likest to ``name``."""
    from langcodes import tag_distance

    wanted = find_language(name)
    by_kinship = sorted(codes, key=lambda code: tag_distance(wanted, _tag(code) or "und"))
    by_spelling = nearest(name, codes, 2)
    return list(dict.fromkeys([*by_spelling, *by_kinship]))[:NAMED]


@cache
def _tag(code: str) -> str:
    """The BCP 47 tag of a model's own code (``en_XX``, ``eng_Latn``); empty if it has none."""
    from langcodes import tag_is_valid

    plain = code.removesuffix("_XX").replace("_", "-")
    return plain if tag_is_valid(plain) else ""


def english_name(code: str) -> str:
    """The English name of a language: ``de`` → ``German``."""
    language = _language(code).simplify_script()
    return display_name(language.language or "", language.script or "", language.territory or "")


@cache
def primary_code(code: str) -> str:
    """The shortest ISO 639 code of a language: ``deu_Latn`` → ``de``; empty if it has none."""
    if code in PLAIN:
        return code
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
    from langcodes.data_dicts import NORMALIZED_MACROLANGUAGES

    try:
        parts = _code_parts(code) or _wanted(code)
    except UsageError:
        return ""
    name = parts.language
    if STANDARDS.get(name) != "-":
        name = NORMALIZED_MACROLANGUAGES.get(name, name)
    name = "fa" if name == "prs" else name
    script = parts.script or (_likely(parts) if parts.territory else "")
    usual = _one_script(script) in ("", _likely(_Tag(name)))
    return name if usual else f"{name}-{script}"


def _language(code: str) -> Language:
    return _normalized(_tag(code) or find_language(code))


def _normalized(tag: str) -> Language:
    """The language of a valid tag; langcodes would take Twi for Akan."""
    from langcodes import Language

    language = Language.get(tag)
    return language.update_dict({"language": "tw"}) if _parts(tag).language == "tw" else language
