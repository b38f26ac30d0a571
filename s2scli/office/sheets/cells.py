"""Cells of a sheet and what they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Source
from s2scli.documents.xmltokens import CLOSE, EMPTY, OPEN, attribute, escaped, tokens
from s2scli.office.schemas import NAMESPACES
from s2scli.office.sheets.parts import said

__all__ = ["MOST_DIGITS", "Cell", "cells", "corners", "place_of", "shared_strings"]

MOST_DIGITS = 9  # of a string's number
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,9})")
_NAME = re.compile(r"<([^\s/>]+)")


class Cell(NamedTuple):
    """A cell: where it is in its sheet, and what it says."""

    span: Span
    text: str

    def with_text(self, sheet: str, text: str) -> str:
        """The cell with a text of its own, as the sheet's characters have it."""
        old = sheet[slice(*self.span)]
        tag = old[: old.index(">") + 1]
        name = _NAME.match(tag)
        prefix = name[1][:-1] if name else ""
        if type_ := attribute(tag, (0, len(tag)), "t"):
            tag = f"{tag[: type_[0]]}inlineStr{tag[type_[1] :]}"
        return f"{tag}<{prefix}is><{prefix}t>{escaped(text)}</{prefix}t></{prefix}is></{prefix}c>"


def shared_strings(source: Source) -> list[str]:
    """The strings that cells share, in order."""
    found: list[str] = []
    begin, is_reading = 0, False
    for kind, name, start, end, _ in tokens(source, NAMESPACES):
        if name == "x:si" and kind != CLOSE:
            found.append("")
        elif name == "x:rPh":
            is_reading = kind == OPEN
        elif name == "x:t" and kind == CLOSE and found and not is_reading:
            found[-1] += said(source.text[begin:start])
        begin = end
    return found


def cells(source: Source, wanted: Collection[str], strings: Sequence[str]) -> dict[str, Cell]:
    """The cells of some names that have texts.

    Args:
        source: the sheet.
        wanted: the names, such as ``B2``.
        strings: the strings that cells share.
    """
    found: dict[str, Cell] = {}
    text = source.text
    key, type_, first, begin, value = "", "", 0, 0, ""
    for kind, name, start, end, _ in tokens(source, NAMESPACES) if wanted else ():
        if name == "x:c" and kind == OPEN:
            places = [attribute(text, (start, end), name) for name in ("r", "t")]
            key, type_ = (text[slice(*place)] if place else "" for place in places)
            first, value = start, ""
        elif name in ("x:v", "x:t") and kind == CLOSE:
            value += said(text[begin:start])
        elif name == "x:c" and kind != EMPTY and key in wanted:
            if type_ == "s":
                is_place = value.isdecimal() and len(value) <= MOST_DIGITS
                value = "".join(strings[int(value) :][:1]) if is_place else ""
            if type_ in ("s", "inlineStr", "str") and value:
                found[key] = Cell((first, end), value)
        begin = end
    return found


def corners(reference: str) -> tuple[list[str], list[str]]:
    """The cells of the first and of the last row of a range such as ``A1:C9``."""
    found = _CELL.findall(reference)
    if not found:
        return [], []
    (first, top), (last, bottom) = found[0], found[-1]
    columns = [_letters(number) for number in range(_number(first), _number(last) + 1)]
    return [column + top for column in columns], [column + bottom for column in columns]


def place_of(name: str) -> tuple[int, int] | None:
    """The row and the column of a cell, from 0: of ``B3`` 2 and 1; None if that is no cell."""
    found = _CELL.fullmatch(name)
    return (int(found[2]) - 1, _number(found[1]) - 1) if found else None


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
