"""Texts within formulas and number formats of spreadsheets, which stay.

What compares those of formulas with cells may break.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from s2scli.documents.remarks import named

__all__ = ["formula_texts", "number_remark", "remark"]

_WORD = re.compile(r"(?![A-Z]+\b)[^\W\d_]{3}")  # neither a currency nor a unit
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


def number_remark(texts: Iterable[str]) -> list[str]:
    """What is to be said of texts in number formats, such as ``0 "pieces"``."""
    words = [repr(text.strip()) for text in texts if _WORD.search(text)]
    if not words:
        return []
    return [f"Words in number formats stay in the source language: {named(words)}."]
