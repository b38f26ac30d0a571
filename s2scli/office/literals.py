"""Texts that stay: in formulas, in formats of numbers, in markup that is not known.

What compares those of formulas with cells may break.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from s2scli.data import Span
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import CLOSE, attribute_text, characters, text_slot

__all__ = [
    "FOREIGN",
    "ForeignTexts",
    "chart_remark",
    "equation_remark",
    "formula_texts",
    "initial_remark",
    "number_remark",
    "remark",
]

# Elements that are called as those with text, but are of another namespace.
FOREIGN = frozenset((":t", ":p", ":h", ":span", ":a"))
_WORD = re.compile(r"(?![A-Z]+\b)[^\W\d_]{3}")  # neither a currency nor a unit
_SHORT = re.compile(r"[^\W\d_]{2}")
# Of equations: the texts of MathML, and those of Office's that are set as such; its other runs may
# be names of functions.
_SPOKEN = re.compile(r"<(?:[\w.-]+:)?mtext(?:\s[^<>]*)?>([^<]*)</")
_PLAIN = re.compile(
    r"<m:nor(?:\s[^<>]*)?/>(?:\s*<(?!/?m:(?:[rt]|nor)[\s/>])[^<>]*>){0,40}\s*<m:t(?:\s[^<>]*)?>([^<]*)</"
)
_SYMBOLS = re.compile(r"<m:t(?:\s[^<>]*)?>([^<]*)</")
_TWO_WORDS = re.compile(r"[^\W\d_]{3,}\s+[^\W\d_]{2,}")
# A format that a chart has of its own, and not from its cells.
_CHART_FORMAT = re.compile(
    r"""<(?:[\w.-]+:)?numFmt\s(?![^<>]*\bsourceLinked=["'](?:1|true)["'])[^<>]*>"""
)
# A paragraph of Word that is the large first letter of the next one, and a text.
_INITIAL = re.compile(r"""<(?:[\w.-]+:)?framePr\s[^<>]*\bdropCap=["'](?:drop|margin)["']""")
_SAYS = re.compile(r"<(?:[\w.-]+:)?t(?:\s[^<>]*)?>([^<]+)</")
_TEXT = re.compile(r'"((?:[^"]|"")*)"')


def formula_texts(formulas: Iterable[str]) -> list[str]:
    """The texts with letters in formulas, such as ``Yes`` in ``=IF(A1="Yes",1,0)``."""
    found = (match[1].replace('""', '"') for one in formulas for match in _TEXT.finditer(one))
    return [text for text in found if any(map(str.isalpha, text))]


def remark(quoted: Collection[str], cells: Iterable[str]) -> list[str]:
    """What is to be said of texts in formulas: nothing if there are none.

    Args:
        quoted: these.
        cells: the texts of cells, which get others.
    """
    if not quoted:
        return []
    # What a cell may say is a list with commas.
    compared = {one.strip().casefold() for text in quoted for one in (text, *text.split(","))}
    there = dict.fromkeys(text for text in cells if text.strip().casefold() in compared)
    said = f"Texts within formulas stay in the source language: {len(quoted)}."
    if there:
        said += (
            f" Cells say some of them too and are translated, so that formulas that compare these "
            f"have other results: {named(map(repr, there))}."
        )
    return [said]


def number_remark(texts: Iterable[str], *, units: bool = True) -> list[str]:
    """What is to be said of texts in formats of numbers and dates, such as ``0 "pieces"``.

    Args:
        texts: these.
        units: whether short ones are units and currencies.
    """
    word = _WORD if units else _SHORT
    words = [repr(text.strip()) for text in texts if word.search(text)]
    if not words:
        return []
    return [f"Words in number formats stay in the source language: {named(words)}."]


def chart_remark(text: str) -> list[str]:
    """What is to be said of texts in a chart's formats of numbers.

    Args:
        text: the part's characters.
    """
    formats = (
        attribute_text(text, tag.span(), "formatCode") for tag in _CHART_FORMAT.finditer(text)
    )
    return number_remark(formula_texts(formats))


def equation_remark(text: str) -> list[str]:
    """What is to be said of words in equations, which stay with these.

    Args:
        text: the characters of a part, in which equations are of MathML or of Office.
    """
    spoken = [match[1] for match in _SPOKEN.finditer(text) if _WORD.search(match[1])]
    spoken += [match[1] for match in _PLAIN.finditer(text) if _WORD.search(match[1])]
    spoken += [match[1] for match in _SYMBOLS.finditer(text) if _TWO_WORDS.search(match[1])]
    words = [repr(characters(one).strip()) for one in spoken]
    return [f"Words in equations stay in the source language: {named(words)}."] if words else []


def initial_remark(text: str) -> list[str]:
    """What is to be said of drop caps, which Word keeps apart from the rest of their word.

    Args:
        text: the part's characters.
    """
    said = (_SAYS.search(text, initial.end()) for initial in _INITIAL.finditer(text))
    letters = [repr(characters(one[1])) for one in said if one]
    if not letters:
        return []
    return [
        "Drop caps are apart from the words that they begin, so that both are translated wrongly: "
        f"{named(letters)}. Remove them and translate again."
    ]


class ForeignTexts:
    """Texts of the elements that are called as those of ``FOREIGN``.

    Args:
        text: the part's characters.

    Attributes:
        texts: these.
    """

    def __init__(self, text: str) -> None:
        self.texts: list[str] = []
        self._text = text
        self._begin = 0

    def read(self, kind: str, tag: Span) -> None:
        """Read a tag of such an element."""
        span = (self._begin, tag[0])
        if kind == CLOSE and "<" not in self._text[slice(*span)]:
            self.texts += [slot.text for slot in text_slot(self._text, span)]
        self._begin = tag[1]

    def remarks(self) -> list[str]:
        """What is to be said of them."""
        if not self.texts:
            return []
        texts = named(map(repr, self.texts))
        return [f"Texts in an unknown namespace stay in the source language: {texts}."]
