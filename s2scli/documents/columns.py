"""Columns of a table whose cells are no texts to translate: by what their headers say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from s2scli.documents.languages import is_other, is_same
from s2scli.documents.namekeys import NAMING, PEOPLE
from s2scli.documents.remarks import named
from s2scli.text.wording import reads_like_text

__all__ = [
    "KINDS",
    "PAIRED",
    "TARGETS",
    "KeptColumns",
    "chosen",
    "is_other_row",
    "is_value",
    "kept_columns",
    "kept_remark",
    "language_column",
    "rows_remark",
    "target_remark",
]

_NAMES = (
    rf"{NAMING}|(?:id|ur[il]|href|path|file)s|keys?|identifiers?|guid|handle|sku|ean|gtin|upc|"
    r"isbn|issn|doi|hash|checksum|codes?|filenames?|e-?mails?|phone|dates?|time|timestamp|created|"
    r"updated|modified|version|username|login|password|token|ip|iban|currency|constant|msgid|"
    rf"msgctxt|{PEOPLE}"
)
_IDENTIFYING = re.compile(
    rf"#?(?:{_NAMES})|[\w.]+?[ _.-](?:{_NAMES})|(?-i:[a-z]\w*(?:Id|ID|Key|Url|URL|Code|Path|Uuid))",
    re.IGNORECASE,
)
_WHAT = r"(?:[ _-]?(?:text|string|term|phrase|content|language))?(?: ?\([^()]+\))?"
PAIRED = re.compile(rf"(?:source|original|default(?= ?content)){_WHAT}", re.IGNORECASE)
TARGETS = re.compile(rf"(?:target|translat(?:ion|ed)){_WHAT}", re.IGNORECASE)
_TWO = re.compile(r"[a-z]{2}(?:[-_][A-Za-z0-9]+)*|[A-Z]{2}")
_THREE = re.compile(r"[a-z]{3}(?:[-_][A-Za-z0-9]+)*|[A-Z]{3}")
_NAMED = re.compile(r"[^\W\d_]{4,}(?: ?\([^()]+\))?")
KINDS = (_TWO, _THREE, _NAMED)  # how columns name languages
# What tables of programs have for a truth value, or for nothing.
_VALUE = re.compile(r"true|false|null|nil|none|nan|n/?a|undefined", re.IGNORECASE)


# Where a word in small letters is one of a few that a program knows.
_CHOOSING = re.compile(
    r"(?:[\w.]+?[ _.-])?(?:type|kind|status|state|mode|format|role|scope|visibility|policy)|"
    r"(?-i:[a-z]\w*(?:Type|Status|State|Mode|Format|Role))",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")


# Which language a row is in, by a code.
_OF_ROWS = re.compile(r"(?:lang(?:uage)?|locale)(?:[ _-]?(?:code|id))?", re.IGNORECASE)
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]+)*|[A-Z]{2}")


class KeptColumns(NamedTuple):
    """Columns that stay.

    Attributes:
        names: those that name what a row is, by number.
        languages: those that are in another language.
        choices: those whose cells are words that programs know, if they look like it.
    """

    names: frozenset[int] = frozenset()
    languages: frozenset[int] = frozenset()
    choices: frozenset[int] = frozenset()

    def keep(self, column: int, cell: str) -> bool:
        """Whether a cell stays."""
        if column in self.choices and _CHOICE.fullmatch(cell.strip()):
            return True
        return column in self.names or column in self.languages

    def misses(self, column: int, cell: str) -> bool:
        """Whether a reader misses a cell that stays."""
        return column not in self.names or reads_like_text(cell)


def kept_columns(header: Sequence[str], language: str) -> KeptColumns:
    """The columns that are not translated unless they are asked for.

    Args:
        header: what the columns are called.
        language: the code of the language that the texts are in; empty if not known.
    """
    names = {number for number, said in enumerate(header) if _IDENTIFYING.fullmatch(said)}
    others: set[int] = set()
    is_paired = any(map(PAIRED.fullmatch, header))
    for kind in KINDS if language else ():
        said = {
            number: name
            for number, name in enumerate(header)
            if kind.fullmatch(name) and number not in names
        }
        has_own = any(is_same(name, language) for name in said.values())
        if has_own or (is_paired and kind is _NAMED):
            others |= {number for number, name in said.items() if is_other(name, language)}
        is_paired = is_paired or has_own
    if is_paired:
        others |= {number for number, said in enumerate(header) if TARGETS.fullmatch(said)}
    choices = {number for number, said in enumerate(header) if _CHOOSING.fullmatch(said)}
    return KeptColumns(frozenset(names - others), frozenset(others), frozenset(choices))


def chosen(column: str, heads: Mapping[int, str], last: int) -> int | None:
    """The number of a column that is asked for, from 0; None if there is none.

    Args:
        column: what it is called, or its number from 1.
        heads: number → what the columns are called.
        last: the number of the last one.
    """
    for number, name in heads.items():
        if name == column:
            return number
    is_place = column.isdecimal() and column.isascii() and 0 < int(column[:9]) <= last + 1
    return int(column) - 1 if is_place else None


def language_column(heads: Mapping[int, str]) -> int | None:
    """The column that says which language a row is in; None if there is none.

    Args:
        heads: number → what the columns are called.
    """
    return next((number for number, said in heads.items() if _OF_ROWS.fullmatch(said)), None)


def is_other_row(said: str, language: str) -> bool:
    """Whether a row is in another language than the texts, by the code that it says."""
    return _CODE.fullmatch(said.strip()) is not None and is_other(said.strip(), language)


def rows_remark(said: Iterable[str]) -> list[str]:
    """What is said of rows that stay, for they are in other languages.

    Args:
        said: the codes of these.
    """
    found = named(said)
    return [f"Rows that are said to be in another language stay: {found}."] if found else []


def kept_remark(names: Iterable[str]) -> str:
    """What is said of columns that stay and read like text.

    Args:
        names: what they are called.
    """
    return (
        "Cells that name things or are in another language stay (--column translates them), in "
        f"the columns {named(map(repr, names))}."
    )


def target_remark(names: Iterable[str], language: str) -> list[str]:
    """What is said of columns for the language of the output, in which no translation is put.

    Args:
        names: what the columns are called that stay because of their language.
        language: the code of the language of the output; empty if not known.
    """
    found = [repr(name) for name in names if language and is_same(name, language)]
    if not found:
        return []
    return [
        f"Translations stand in the place of their sources, not in the column {named(found)}, "
        "which stays as it is."
    ]


def is_value(text: str) -> bool:
    """Whether a cell is a truth value, or says that there is none."""
    return _VALUE.fullmatch(text.strip()) is not None
