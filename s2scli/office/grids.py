"""Sheets of workbooks as tables: which of their cells stay, by what the columns are called.

A sheet has its table anywhere, and titles around it. So a row names columns only if it has texts in
several of them, and a name such as ``Date`` or ``Code`` only says that a column's texts stay where
these look like it: in a form, the words in the first column are headings of rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import FormatOptions, Slot
from s2scli.documents.columns import (
    KeptColumns,
    chosen,
    is_other_row,
    kept_columns,
    kept_remark,
    language_column,
    rows_remark,
    target_remark,
)
from s2scli.documents.namekeys import PEOPLE
from s2scli.errors import BadInputError

__all__ = ["Grids", "SheetCell", "outside"]

FEWEST = 3  # cells that show what a column has
_TRUTH = frozenset(("true", "false"))  # which programs have written as texts
# Names of keys alone: their cells stay whatever they look like.
_KEYS = re.compile(
    r"#?(?:[\w.]+[ _.-])?"
    r"(?:keys?|ids?|identifiers?|u?uid|guid|uuid|msgid|msgctxt|ur[il]s?|e-?mails?)|"
    r"(?-i:[a-z]\w*(?:Id|ID|Key|Url|URL|Uuid))",
    re.IGNORECASE,
)
_NO_WORD = re.compile(r"(?![^\W\d_a-z][^\W\d_A-Z]+\Z)\S+")
_PEOPLE = re.compile(rf"(?:[\w.]+[ _.-])?(?:{PEOPLE})", re.IGNORECASE)
# One word with signs or digits in it, or with capital letters: home.title, BTN_OK, itemCount, A-12.
_IDENTIFIER = re.compile(
    r"(?=\S*(?:[^\W\d_][._:/@]\S|[_/@\d]|[a-z][A-Z]))[\w.:/@#?&=%+~,;-]+|"
    r"[a-z][a-z\d]*(?:-[a-z\d]+)+|(?=\S*-)[A-Z\d-]+"
)


class SheetCell(NamedTuple):
    """A cell with text: where it is, from 0, and what it says."""

    row: int
    column: int
    text: str


@dataclass(slots=True)
class Grids:
    """The sheets of a workbook.

    Attributes:
        options: how documents are read.
        missed: what columns are called that stay, and that a reader may miss.
        languages: what columns are called that are in another language.
        known: what all columns are called.
        found: which of the columns that are asked for are there.
        rows: the languages of rows that stay.
    """

    options: FormatOptions
    missed: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    rows: list[str] = field(default_factory=list)

    def kept(self, cells: Sequence[SheetCell]) -> set[int]:
        """The cells of a sheet that stay, by their number.

        Args:
            cells: those with text, in order of rows.
        """
        header = _header(cells)
        heads = {cell.column: cell.text.strip() for cell in cells if cell.row == header}
        self.known += heads.values()
        rows = self._other_rows(cells, header, heads)
        if self.options.columns:
            return rows | self._others(cells, header, heads)
        values = {n for n, cell in enumerate(cells) if cell.text.strip().lower() in _TRUTH}
        if header is None:
            return values
        names = [heads.get(column, "") for column in range(max(heads) + 1)]
        columns = kept_columns(names, self.options.source_language)
        self.languages += [names[column] for column in sorted(columns.languages)]
        below = defaultdict[int, list[int]](list)
        for number, cell in enumerate(cells):
            if cell.row > header and number not in rows and any(map(str.isalpha, cell.text)):
                below[cell.column].append(number)
        kept: set[int] = set()
        stay: set[int] = set()  # columns
        for column, numbers in below.items():
            texts = [cells[number].text.strip() for number in numbers]
            name = heads.get(column, "")
            if _is_kept(column, name, texts, columns):
                those = numbers
            else:
                those = [n for n in numbers if column in columns.choices and name]
                those = [n for n in those if columns.keep(column, cells[n].text)]
            if those:
                kept.update(those)
                stay.add(column)
                if column != language_column(heads) and not all(
                    _IDENTIFIER.fullmatch(cells[n].text.strip()) for n in those
                ):
                    self.missed.append(name)
        # Programs find the texts in several languages by what their columns are called.
        stays = heads if columns.languages else stay
        heading = (n for n, cell in enumerate(cells) if cell.row == header and cell.column in stays)
        return kept.union(rows, heading, values)

    def remarks(self, name: str) -> list[str]:
        """What is to be said of all sheets.

        Args:
            name: what the workbook is called.

        Raises:
            BadInputError: no sheet has a column that is asked for.
        """
        for column in self.options.columns:
            if column not in self.found:
                known = ", ".join(dict.fromkeys(self.known))
                raise BadInputError(f"{name} has no column {column!r}", f"It has: {known}.")
        said = [kept_remark(self.missed)] if self.missed else []
        silent = [name for name in dict.fromkeys(self.languages) if name not in self.missed]
        said += target_remark(silent, self.options.target_language)
        return said + rows_remark(self.rows)

    def _other_rows(
        self, cells: Sequence[SheetCell], header: int | None, heads: dict[int, str]
    ) -> set[int]:
        """The cells of rows in another language than the texts."""
        column = language_column(heads)
        if header is None or column is None:
            return set()
        language = self.options.source_language
        said = {cell.row: cell.text.strip() for cell in cells if cell.column == column}
        others = {
            row: says for row, says in said.items() if row > header and is_other_row(says, language)
        }
        self.rows += others.values()
        return {number for number, cell in enumerate(cells) if cell.row in others}

    def _others(
        self, cells: Sequence[SheetCell], header: int | None, heads: dict[int, str]
    ) -> set[int]:
        """All cells but those of the columns that are asked for."""
        first = -1 if header is None else header
        wanted: set[int] = set()
        for column in self.options.columns:
            place = chosen(column, heads, max((cell.column for cell in cells), default=-1))
            if place is not None:
                self.found.add(column)
                wanted.add(place)
        return {
            number
            for number, cell in enumerate(cells)
            if cell.row <= first or cell.column not in wanted
        }


def outside(found: Iterable[Slot], spans: Sequence[Span]) -> Iterator[Slot]:
    """Slots that are in none of some spans; both are in order."""
    number = 0
    for slot in found:
        while number < len(spans) and spans[number][1] <= slot.start:
            number += 1
        if number == len(spans) or slot.start < spans[number][0]:
            yield slot


def _header(cells: Iterable[SheetCell]) -> int | None:
    """The row that names columns: the first with texts in several; None if none has."""
    row, count = -1, 0
    for cell in cells:
        row, count = (cell.row, 1) if cell.row != row else (row, count + 1)
        if count > 1:
            return row
    return None


def _is_kept(column: int, name: str, texts: Sequence[str], columns: KeptColumns) -> bool:
    """Whether the texts of a column stay."""
    if column in columns.languages or (column in columns.names and _KEYS.fullmatch(name)):
        return True
    if column in columns.names and _PEOPLE.fullmatch(name):
        return not any(map(_PEOPLE.fullmatch, texts))  # as below each other in a form
    if column in columns.names:
        return 2 * sum(map(bool, map(_NO_WORD.fullmatch, texts))) > len(texts)
    return len(texts) >= FEWEST and all(map(_IDENTIFIER.fullmatch, texts))
