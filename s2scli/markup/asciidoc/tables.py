"""The cells of a table of AsciiDoc (https://docs.asciidoctor.org/asciidoc/latest/tables/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2scli.markup.values import BROKEN_VALUE, QUOTED_VALUE, Dialect, values

__all__ = ["AsciiDocCell", "Table", "cells"]

MOST = 1000  # columns that are told apart; also cells that are one repeated
CSV = frozenset(("csv", "tsv", ","))
# What stands before a separator: how often, how many columns and rows, where, in which style.
_SPEC = re.compile(
    r"(?:(?P<columns>\d{1,9})?(?:\.(?P<rows>\d{1,9}))?(?P<sign>[*+]))?(?:[<^>](?:\.[<^>])?|\.[<^>])?"
    r"(?P<style>[a-z])?"
)
_COLUMN = re.compile(r"\s*(?:(\d{1,9})\*)?[<^>.\d%~]*([a-z])?\s*\Z")
_FIRST_LINE = re.compile(r"[^\n]*\S[^\n]*\n[ \t]*\n")


class Table(NamedTuple):
    """How a table is written.

    Attributes:
        sign: what its line of signs begins with.
        format: the attribute of that name, or nothing; also ``separator`` and ``cols``.
        options: what else is said of it.
    """

    sign: str
    format: str = ""
    separator: str = ""
    columns: str = ""
    options: str = ""


class AsciiDocCell(NamedTuple):
    """A cell.

    Attributes:
        start, end: where what it holds stands.
        always: characters that must not be in a text of it as they are; of a value in quotes, two
            of these.
        is_document: whether it holds blocks.
        is_verbatim: whether what it holds is code.
    """

    start: int
    end: int
    always: str
    is_document: bool = False
    is_verbatim: bool = False


# With what stands before it.
_Found = tuple[AsciiDocCell, "re.Match[str] | None"]


def cells(text: str, start: int, end: int, table: Table) -> Iterator[AsciiDocCell]:
    """The cells between the lines of signs of a table, in order."""
    kind = table.format or {",": "csv", ":": "dsv"}.get(table.sign, "")
    if kind in CSV:
        separator = table.separator or ("\t" if kind == "tsv" else ",")
        found = _of_values(text, start, end, separator.replace("\\t", "\t"))
    elif kind == "dsv":
        found = _divided(text, start, end, table.separator or ":")
    else:
        found = _specified(text, start, end, table.separator or table.sign)
    is_header = "noheader" not in table.options and (
        "header" in table.options or bool(_FIRST_LINE.match(text, start, end))
    )
    grid = _Grid(_styles(table.columns), is_header)
    for cell, spec in found:
        style = grid.style(spec)
        yield cell._replace(is_document=style == "a", is_verbatim=style in ("l", "m"))


class _Grid:
    """Which column a cell is in.

    Args:
        styles: those of the columns; none if no column has one.
        is_header: whether the first row has other styles: none.
    """

    def __init__(self, styles: Sequence[str], is_header: bool) -> None:
        self._styles = styles
        self._is_header = is_header  # as long as the row is the first
        self._taken = [0] * len(styles)  # for how many rows a cell above continues
        self._column = 0

    def style(self, spec: re.Match[str] | None) -> str:
        """The style of the next cell."""
        own = (spec and spec["style"]) or ""
        if not self._styles:
            return own
        style = own or self._styles[self._next()]
        style = "" if self._is_header else style
        columns = min(int((spec and spec["columns"]) or 1), MOST)
        is_repeated = bool(spec and spec["sign"] == "*")
        if is_repeated:
            for _ in range(columns - 1):
                self._next()
                self._column += 1
        rows = int((spec and spec["rows"]) or 1) if not is_repeated else 1
        last = self._column + (1 if is_repeated else columns)
        for column in range(self._column, min(last, len(self._styles))):
            self._taken[column] = rows
        self._column = last
        return style

    def _next(self) -> int:
        """The next column that no cell from above is in."""
        while True:
            if self._column >= len(self._styles):
                self._column, self._is_header = 0, False
                passed = max(1, min(self._taken))
                self._taken = [max(0, rows - passed) for rows in self._taken]
            if not self._taken[self._column]:
                return self._column
            self._column += 1


def _styles(columns: str) -> Sequence[str]:
    """The style of each column."""
    found: list[str] = []
    for column in re.split("[,;]", columns) if columns else ():
        spec = _COLUMN.match(column)
        found += [(spec and spec[2]) or ""] * min(int((spec and spec[1]) or 1), MOST)
    found = found[:MOST]
    return found if any(found) else []


def _specified(text: str, start: int, end: int, separator: str) -> Iterator[_Found]:
    """Cells after separators, each of which may have a specification before it."""
    spec: re.Match[str] | None = None
    begin = -1
    for sign in _bounds(separator).finditer(text, start, end):
        last, following = _spec(text, max(begin, start), sign.start())
        if begin >= 0:
            yield AsciiDocCell(begin, last, separator), spec
        begin, spec = sign.end(), following
    if begin >= 0:
        yield AsciiDocCell(begin, end, separator), spec


def _bounds(separator: str, more: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<!\\){re.escape(separator)}{more}")


def _spec(text: str, start: int, end: int) -> tuple[int, re.Match[str] | None]:
    """What stands before a separator for the next cell, and where the cell before ends."""
    line = max(start, text.rfind("\n", start, end) + 1)
    before = text[line:end]
    word = before.replace("\t", " ").rpartition(" ")[2]
    spec = _SPEC.fullmatch(word)
    is_apart = len(word) < len(before) or line > start or text[start - 1 : start] == "\n"
    if not spec or not is_apart:
        return end, None
    return end - len(word), spec


def _divided(text: str, start: int, end: int, separator: str) -> Iterator[_Found]:
    """Cells between signs, row by row."""
    bounds = _bounds(separator, r"|\n|\Z")
    while start < end:
        found = bounds.search(text, start, end)
        last = found.start() if found else end
        yield AsciiDocCell(start, last, separator), None
        start = max(found.end() if found else end, start + 1)


def _of_values(text: str, start: int, end: int, separator: str) -> Iterator[_Found]:
    """Cells as programs write values: some in quotes."""
    for first, last, kind in values(text, start, end, Dialect(separator)):
        if kind != BROKEN_VALUE:
            around = '""' if kind == QUOTED_VALUE else f'"{separator}'
            yield AsciiDocCell(first, last, around), None
