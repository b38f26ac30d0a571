"""Names of languages, scripts and territories → BCP 47 subtags, and back.

``tables/english.tsv`` has the English name of each subtag, ``tables/languages.tsv`` what a name of
a language means in any of some 300 languages (and in English, where that differs), and
``tables/written.tsv`` the English names of scripts and territories.
``scripts/make_language_names.py`` writes them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["display_name", "tag_of_name", "written_subtag"]

LEAST = 4  # letters of a name that stands before other words
SAME = "="
UNKNOWN = "Unknown language"


def display_name(language: str, script: str = "", territory: str = "") -> str:
    """The English name of a language: ``Chinese (Traditional, Taiwan)``."""
    names = _english()
    name = names.get(language or "und") or f"{UNKNOWN} [{language}]"
    behind = [names.get(subtag, subtag) for subtag in (script, territory) if subtag]
    return f"{name} ({', '.join(behind)})" if behind else name


def tag_of_name(name: str, *, english: bool = False) -> str:
    """The BCP 47 tag of a language's name, whatever the language that the name is in.

    A name may have more after it: ``Hakka dialect``.

    Args:
        name: a name in any way of writing it.
        english: whether only English names count.

    Returns:
        The tag; empty if nothing has this name.
    """
    everywhere, in_english = _languages()
    return _found(name, in_english if english else everywhere)


def written_subtag(name: str) -> str:
    """The subtag of the English name of a script or a territory; empty if there is none."""
    return _found(name, _written())


def _found(name: str, table: dict[str, str]) -> str:
    plain = _plain(name)
    if plain in table:
        return table[plain]
    shorter = (plain[:end] for end in range(len(plain) - 1, LEAST - 1, -1))
    return next((table[start] for start in shorter if start in table), "")


def _plain(name: str) -> str:
    """A name as the tables write it."""
    plain = name.casefold().replace("’", "'").replace("-", " ")
    return plain.translate({ord(mark): None for mark in "(),"}).strip()


def _rows(table: str) -> list[list[str]]:
    text = (files("s2scli.languages") / "tables" / table).read_text("utf-8")
    return [line.split("\t") for line in text.split("\n") if line]


@cache
def _english() -> dict[str, str]:
    return dict(_rows("english.tsv"))


@cache
def _written() -> dict[str, str]:
    return dict(_rows("written.tsv"))


@cache
def _languages() -> tuple[dict[str, str], dict[str, str]]:
    """What names mean in any language, and in English."""
    everywhere, in_english = {}, {}
    for name, tag, *other in _rows("languages.tsv"):
        if tag:
            everywhere[name] = tag
        if other:
            in_english[name] = tag if other == [SAME] else other[0]
    return everywhere, in_english
