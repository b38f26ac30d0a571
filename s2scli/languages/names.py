"""Names of languages, scripts and territories → BCP 47 subtags, and back.

``tables/english.tsv`` has the English name of each subtag, ``tables/languages.tsv`` what a name of
a language means in any of some 300 languages (and in English, where that differs), and
``tables/written.tsv`` the English names of scripts and territories.
``scripts/make_language_names.py`` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from s2scli.plugs import nearest

__all__ = ["PLAIN", "display_name", "likely_names", "tag_of_name", "written_subtag"]

# ISO 639-1 codes that stand for themselves: nothing has to be looked up for them.
PLAIN = frozenset(
    re.findall(
        r"\S+",
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu "
        "cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi "
        "ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks "
        "ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl "
        "nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl "
        "sm sn so sq sr ss st su sv sw ta te tg th ti tk tn to tr ts tt tw ty ug uk ur uz ve vi "
        "vo wa wo xh yi yo za zh zu",
    )
)
YEARS = r"\([^()]*\d[^()]*\)"  # ISO 639's "Greek, Modern (1453-)"
KIND = r" (?:(?:individual |macro)?language|dialect|script)$"
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

    The kind may stand behind it (``Hakka dialect``), and it may be written as in the lists of ISO
    639: ``Spanish; Castilian``, ``Greek, Modern (1453-)``.

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


def likely_names(name: str) -> list[str]:
    """English names of ISO 639-1's languages that are spelt much as a name; two at most."""
    return nearest(name, map(display_name, sorted(PLAIN)), 2)


def _found(name: str, table: dict[str, str]) -> str:
    return next((table[form] for form in _forms(name) if form in table), "")


def _forms(name: str) -> Iterator[str]:
    """A name as the tables may have it: as it is, then without what says nothing of its own.

    What else stands behind a name makes another one of it (``French Creole``), and so do letters
    (``Malayalam`` begins with ``Malay``).
    """
    yield _plain(name)
    for each in re.sub(YEARS, "", name).split(";"):
        plain = _plain(each)
        yield plain
        yield re.sub(KIND, "", plain)
        first, comma, last = each.partition(",")
        if comma:
            yield _plain(f"{last.strip()} {first.strip()}")


def _plain(name: str) -> str:
    """A name as the tables write it."""
    plain = name.casefold().replace("’", "'").replace("-", " ")
    return " ".join(plain.translate({ord(mark): None for mark in "(),"}).split())


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
