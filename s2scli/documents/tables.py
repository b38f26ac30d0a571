"""Tables of values between commas or tabs (RFC 4180, read leniently)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile
from operator import attrgetter

from s2scli.documents.base import Format, FormatOptions, Slot, Source
from s2scli.documents.bilingual import Pairing
from s2scli.documents.columns import (
    KeptColumns,
    chosen,
    is_other_row,
    is_value,
    kept_columns,
    kept_remark,
    language_column,
    rows_remark,
)
from s2scli.documents.remarks import named
from s2scli.documents.tabledialects import TableDialect
from s2scli.errors import BadInputError
from s2scli.text.wording import reads_like_text

__all__ = ["Csv", "Tsv"]

_SENTENCE = re.compile(r"[^\W\d_][ ][^\W\d_](?:.*[^\W\d_][.!?]$|(?:\S*[ ]){4})")
# Of headings only some begin as a sentence does; a row of nothing else may be none.
_PHRASE = re.compile(r"\W*[^\W\d_a-z][^\W\d_]*[ ][^\W\d_A-Z]")
_FORMULA = re.compile(r"\s*=\s*[A-Z][A-Z0-9.]*\(")  # which is none of the texts
_SLUG = re.compile(r"[a-z\d]+(?:-[a-z\d]+){2,}")  # the-big-house
_LETTER = re.compile(r"[^\W\d_]")
FORMULAS = "Texts within formulas stay in the source language: {}."


@dataclass(frozen=True, slots=True)
class _Missing(Slot):
    """A cell for a translation.

    Attributes:
        lead: what is written before it, where its row ends too early.
    """

    lead: str = ""


class Csv(Format):
    """Comma-separated values; the separator may be a semicolon, a tab or a bar."""

    has_strings = True

    separators = ",;\t|"

    def __init__(self, options: FormatOptions) -> None:
        super().__init__(options)
        self._known = ("", TableDialect(self.separators[0]))

    def slots(self, source: Source) -> Iterator[Slot]:
        """The cells with letters, of the columns that are wanted; not those of the header.

        Without a choice, those are all columns but the ones that name things or are in another
        language: a row may have more than the header, and titles may stand before it. If there is
        a column for the translations, they are put there.
        """
        text = source.text
        dialect = self._dialect(text)
        if pairing := self._pairing(text):
            yield from self._missing(text, pairing)
            return
        header: list[str] = []
        wanted: set[int] | None = None
        kept: KeptColumns | None = None
        missed: set[int] = set()
        others: dict[int, str] | None = None
        said = 0  # texts in formulas
        for cell in dialect.cells(text):
            content = dialect.content(text[cell.start : cell.end])
            if cell.row == dialect.header:
                header.append(content.strip())
                continue
            if self.options.columns and cell.row < dialect.header:
                continue
            if self.options.columns and wanted is None:
                wanted = self._columns(source.name, header)
            if not any(map(str.isalpha, content)):
                continue
            said += _said_in_formula(content)
            if others is None and cell.row > dialect.header:
                others = self._other_rows(text, header)
            if others and cell.row in others:
                continue
            if wanted is not None:
                if cell.column in wanted:
                    yield Slot(cell.start, cell.end, content)
                continue
            if kept is None and cell.row > dialect.header:
                kept = kept_columns(header, self.options.source_language)
            if kept and kept.keep(cell.column, content):
                if kept.misses(cell.column, content):
                    missed.add(cell.column)
            elif not is_value(content):
                yield Slot(cell.start, cell.end, content)
        if wanted is None and header:
            self._columns(source.name, header)
        self._say_kept(header, missed)
        self._say_alone(text, header)
        self.remarks += rows_remark((others or {}).values())
        if said:
            self.remarks.append(FORMULAS.format(said))

    def _header(self, text: str) -> list[str]:
        """What the columns are called."""
        dialect = self._dialect(text)
        cells = takewhile(lambda cell: cell.row <= dialect.header, dialect.cells(text))
        header = (cell for cell in cells if cell.row == dialect.header)
        return [dialect.content(text[cell.start : cell.end]).strip() for cell in header]

    def _pairing(self, text: str) -> Pairing | None:
        """The columns of texts and of their translations, if it has both."""
        options = self.options
        if options.columns or not options.target_language:
            return None
        return Pairing.of(self._header(text), options.source_language, options.target_language)

    def _missing(self, text: str, pairing: Pairing) -> Iterator[Slot]:
        """The missing translations, which are put into a column of their own."""
        dialect, header = self._dialect(text), self._header(text)
        kept = kept_columns(header, self.options.source_language)
        target = self.options.target_language
        others = {
            row: said
            for row, said in self._other_rows(text, header).items()
            if is_other_row(said, target)  # some tables name the language of the translations
        }
        present = said = 0
        missed: set[int] = set()
        slugs = list[str]()
        for row, group in groupby(dialect.cells(text), attrgetter("row")):
            cells = list(group)
            says = [dialect.content(text[cell.start : cell.end]) for cell in cells]
            if row <= dialect.header or row in others:
                continue
            missed |= {
                number
                for number in range(min(len(says), len(header)))
                if number not in (*pairing, *kept.languages) and reads_like_text(says[number])
            }
            original, there = (
                "".join(says[column : column + 1]) for column in (pairing.source, pairing.target)
            )
            if not original.strip():
                continue
            if _SLUG.fullmatch(original):
                slugs.append(original)
                continue
            present += bool(there.strip())
            said += _said_in_formula(original)
            if self.options.overwrite or not there.strip():
                place = cells[min(pairing.target, len(cells) - 1)]
                lacking = max(0, pairing.target - place.column)
                start = place.end if lacking else place.start
                yield _Missing(start, place.end, original, there, lead=dialect.separator * lacking)
        self.remarks += pairing.remarks(header, 0 if self.options.overwrite else present, missed)
        if slugs:
            self.remarks.append(f"Names of addresses get no translation: {named(slugs)}.")
        self.remarks += rows_remark(others.values())
        if said:
            self.remarks.append(FORMULAS.format(said))

    def _other_rows(self, text: str, header: list[str]) -> dict[int, str]:
        """The rows in another language than the texts, with its code."""
        dialect, column = self._dialect(text), language_column(dict(enumerate(header)))
        found: dict[int, str] = {}
        for cell in dialect.cells(text) if column is not None else ():
            if cell.column == column and cell.row > dialect.header:
                says = dialect.content(text[cell.start : cell.end])
                if is_other_row(says, self.options.source_language):
                    found[cell.row] = says.strip()
        return found

    def _say_alone(self, text: str, header: list[str]) -> None:
        """Say that a header stays with nothing below it."""
        number = self._dialect(text).header
        if any(map(_LETTER.search, header)) and not any(
            cell.row > number and cell.end > cell.start for cell in self._dialect(text).cells(text)
        ):
            self.remarks.append(
                "Its last row is taken for a header, and stays: nothing is below it."
            )

    def _say_kept(self, header: list[str], missed: set[int]) -> None:
        """Say what of a header and of columns stays that reads like text."""
        if self.options.columns:
            return
        texts = list(filter(_SENTENCE.search, header))
        worded = [said for said in header if any(map(str.isalpha, said))]
        if not texts and any(map(_PHRASE.match, worded)) and all(" " in said for said in worded):
            texts = worded
        if texts:
            quoted = named(f"{text!r}" for text in texts)
            self.remarks.append(f"The header stays, though it reads like text: {quoted}.")
        if missed:
            self.remarks.append(kept_remark(header[column] for column in sorted(missed)))

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """Quoted if it was, or if it has to be."""
        lead = slot.lead if isinstance(slot, _Missing) else ""
        return lead + self._dialect(source.text).written(text, source.text[slot.start : slot.end])

    def has_text(self, source: Source) -> bool:
        """Whether any cell but those of the header has text; none if all is translated already."""
        text = source.text
        dialect = self._dialect(text)
        return not self._pairing(text) and any(
            any(map(str.isalpha, text[cell.start : cell.end]))
            for cell in dialect.cells(text)
            if cell.row != dialect.header
        )

    def _dialect(self, text: str) -> TableDialect:
        if self._known[0] is not text:
            self._known = (text, TableDialect.of(text, self.separators))
        return self._known[1]

    def _columns(self, name: str, header: list[str]) -> set[int]:
        found = set()
        heads = dict(enumerate(header))
        for column in self.options.columns:
            place = chosen(column, heads, len(header) - 1)
            if place is None:
                raise BadInputError(
                    f"{name} has no column {column!r}", f"It has: {', '.join(header)}."
                )
            found.add(place)
        return found


def _said_in_formula(cell: str) -> int:
    """How many texts with letters a cell has that is a formula, such as ``=IF(A1="Yes",1,0)``."""
    texts = cell.split('"')[1::2] if _FORMULA.match(cell) else ()
    return sum(any(map(str.isalpha, text)) for text in texts)


class Tsv(Csv):
    """Tab-separated values."""

    separators = "\t"
