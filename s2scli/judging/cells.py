"""CSV as spreadsheets read and write it, with texts that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from s2scli.errors import BadInputError

__all__ = ["LONGEST_CELL", "csv_bytes", "csv_rows", "guarded", "unguarded"]

# What a formula may begin with; see https://owasp.org/www-community/attacks/CSV_Injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARD = "'"
DELIMITERS = ",;\t"
LONGEST_CELL = 32_767  # characters; Excel cuts what is longer


def guarded(text: str) -> str:
    """A text that is no formula: with an apostrophe before it, if it could be one.

    Texts that begin with an apostrophe get another one, so that ``unguarded`` gives back any text.
    """
    return _GUARD + text if text.startswith((_GUARD, *_FORMULA)) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given."""
    return text.removeprefix(_GUARD)


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """A file of CSV (RFC 4180), all cells in quotes.

    It begins with a byte order mark, without which Excel does not read UTF-8.
    """
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def csv_rows(text: str, name: str, first: str) -> tuple[int, list[list[str]]]:
    """The rows of a file of CSV, whichever delimiter a spreadsheet has saved it with.

    Args:
        text: its content.
        name: the file's name, for messages.
        first: what the heading of the first column is.

    Returns:
        The place of the row of headings, and all rows.

    Raises:
        BadInputError: there is no such heading.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    for delimiter in DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise BadInputError(f"{name} is not CSV: {error}") from error
        for place, row in enumerate(rows):
            if len(row) > 1 and row[0].strip().casefold() == first:
                return place, rows
    raise BadInputError(
        f"{name} has no row that begins with {first!r}", "Keep the headings of the sheet."
    )
