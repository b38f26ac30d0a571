"""Texts of JSON, YAML and TOML in other languages: by their keys, or by what stands beside them.

``{"en": …, "de": …}``, ``title_en`` and ``title_de``, ``[{"lang": "en", …}, {"lang": "de", …}]``:
where there are texts in the language that is translated, those of others beside them stay. Nothing
is decided where somebody said which values are texts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from s2scli.documents.fields import Path
from s2scli.documents.languages import is_other, is_same
from s2scli.documents.remarks import named

__all__ = ["DEFAULT", "LanguageKeys"]

_CODE = r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*"
_KEY = re.compile(_CODE)
_SUFFIXED = re.compile(rf"(.+[._-])({_CODE})")
_SAYING = frozenset({"lang", "language", "locale", "@language", "hreflang"})
_SAYS = re.compile(rf"[\"']?(?:{'|'.join(sorted(_SAYING))})[\"']?\s*[:=]")
DEFAULT = "default"  # what has no language of its own

LONGEST_NAME = 40  # characters of a language's name

Values = Iterable[tuple[Path, str]]


def _codes_of(language: str) -> list[str]:
    """What keys call a language: by ISO 639-1, -2/T and -2/B: ``de``, ``deu``, ``ger``."""
    if not language:
        return []
    from langcodes import Language

    primary = re.split("[-_]", language)[0]
    found = Language.get(primary)
    try:
        long = [found.to_alpha3(variant=variant) for variant in ("T", "B")]
    except LookupError:
        long = []
    return [primary, *long]


def _is_sure(code: str, codes: Mapping[str, str], keys: Mapping[str, str]) -> bool:
    """Whether a code is no word, as some of three letters are (``new``, ``all``).

    Those of languages that have one of two letters too are sure enough; the others are where all
    keys are codes, one of which has two letters besides that of the language.
    """
    from s2scli.languages.codes import primary_code

    if _is_short(code) or len(primary_code(re.split("[-_]", code)[0])) == 2:
        return True
    return len(codes) == len(keys) and sum(map(_is_short, codes.values())) > 1


def _is_short(code: str) -> bool:
    return len(re.split("[-_]", code)[0]) == 2


class LanguageKeys:
    """Which texts of a document are in other languages.

    Args:
        text: its characters.
        language: the code of the language that is translated; empty if it is not known.
        values: returns the strings among its values, each with the keys on the way to it; they are
            asked for only if there may be something.
    """

    def __init__(self, text: str, language: str, values: Callable[[], Values]) -> None:
        self._others: dict[Path, str] = {}  # paths to what is in other languages, and in which
        self._stays: list[str] = []
        # Keys that name the language, or none.
        own = "|".join([*map(re.escape, _codes_of(language)), DEFAULT])
        key = rf"(?<![A-Za-z])(?:{own})(?:[-_]\w{{2,8}})?[\"']?\s*[:=\].]"
        own = rf"\[{_CODE}\]\s*=|{key}"
        if language and (re.search(own, text) or _SAYS.search(text)):
            found = list(values())
            self._by_keys([path for path, _ in found], language)
            self._by_values(found, language)

    def keep(self, path: Path, says: str) -> bool:
        """Whether a value stays.

        Args:
            path: the keys on the way to it.
            says: what it says; a list of languages has their names, which are texts.
        """
        if not self._others:
            return False
        last = next((n for n in range(1, len(path) + 1) if path[:n] in self._others), 0)
        if not last or (len(says) < LONGEST_NAME and is_same(says, self._others[path[:last]])):
            return False
        is_number = path[last - 1].isdecimal()
        self._stays.append(".".join(path[:last]) if is_number else path[last - 1])
        return True

    def remarks(self) -> list[str]:
        """What stays, for whoever uses the result."""
        if not self._stays:
            return []
        keys = named(map(repr, self._stays))
        return [f"Texts in other languages stay (--field chooses others): {keys}."]

    def _by_keys(self, paths: Iterable[Path], language: str) -> None:
        """Those whose key is one of several that name languages."""
        groups: dict[tuple[Path, str], dict[str, str]] = defaultdict(dict)
        every = dict.fromkeys(path[:n] for path in paths for n in range(1, len(path) + 1))
        for around, key in ((path[:-1], path[-1]) for path in every):
            suffixed = None if _KEY.fullmatch(key) else _SUFFIXED.fullmatch(key)
            stem, code = (suffixed[1], suffixed[2]) if suffixed else ("", key)
            groups[around, stem][key] = code
        for (around, stem), keys in groups.items():
            codes = {key: code for key, code in keys.items() if _KEY.fullmatch(code)}
            codes = {key: code for key, code in codes.items() if _is_sure(code, codes, keys)}
            own = sum(is_same(code, language) for code in codes.values())
            others = {key: code for key, code in codes.items() if is_other(code, language)}
            # Where most keys are no languages, one that looks so is a word: "no", "it".
            is_list = bool(stem) or 2 * (len(others) + own) >= len(keys)
            if (own and is_list) or (others and set(keys) - set(others) == {DEFAULT}):
                self._others.update(((*around, key), code) for key, code in others.items())

    def _by_values(self, values: Values, language: str) -> None:
        """Those beside which it is said, where another of their list is in the language."""
        lists: dict[Path, dict[Path, str]] = defaultdict(dict)
        for path, says in values:
            if len(path) > 1 and path[-1] in _SAYING:
                # Those of a list are beside each other; others stand alone.
                together = path[:-2] if path[-2].isdecimal() else path[:-1]
                lists[together][path[:-1]] = says
        for places in lists.values():
            if any(is_same(says, language) for says in places.values()):
                others = ((p, says) for p, says in places.items() if is_other(says, language))
                self._others.update(others)
