"""Names that Excel takes: of sheets and of the columns of a table."""

from __future__ import annotations

import re
from collections.abc import Container

__all__ = ["column_name", "sheet_name"]

LONGEST_SHEET, LONGEST_COLUMN = 31, 255  # units of UTF-16
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
RESERVED = ("history",)  # Excel keeps it for itself


def sheet_name(wanted: str, old: str, taken: Container[str]) -> str:
    """A name for a sheet.

    Args:
        wanted: what it should be called.
        old: what it was called, for a name of which nothing may stand there.
        taken: other names, in lower case.
    """
    name = " ".join(_FORBIDDEN.sub(" ", wanted).split()).strip("' ")
    if not name or name.lower() in RESERVED:
        name = old
    return _unique(name, taken, LONGEST_SHEET)


def column_name(wanted: str, old: str, taken: Container[str]) -> str:
    """A valid name for a column of a table, unlike those that are taken."""
    return _unique(wanted if wanted.strip() else old, taken, LONGEST_COLUMN)


def _unique(name: str, taken: Container[str], longest: int) -> str:
    found, number = _cut(name, longest), 1
    while found.lower() in taken:
        number += 1
        tail = f" {number}"
        found = _cut(name, longest - len(tail)) + tail
    return found


def _cut(name: str, longest: int) -> str:
    units = name.encode("utf-16-le")[: 2 * longest]
    return units.decode("utf-16-le", "ignore").rstrip(" '") if len(name) > longest // 2 else name
