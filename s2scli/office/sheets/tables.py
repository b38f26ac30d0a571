"""Tables and the sources of pivot tables: their columns are called as the cells above them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from s2scli.data import Span
from s2scli.documents.base import Source
from s2scli.documents.xmltokens import CLOSE, attribute, tokens
from s2scli.office.schemas import NAMESPACES
from s2scli.office.sheets.cells import corners
from s2scli.office.sheets.parts import said

__all__ = ["Columns", "pivot", "table"]


@dataclass(slots=True)
class Columns:
    """Columns with names.

    Attributes:
        part: the part that has the names.
        sheet: the part that the cells are in.
        table: what formulas call the table; nothing for a pivot table's source.
        names: where the names are.
        labels: where the labels in a row of totals are, by column.
        heads, feet: the cells of the first row and of the row of totals.
    """

    part: str
    sheet: str
    table: str = ""
    names: list[Span] = field(default_factory=list)
    labels: dict[int, Span] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    feet: list[str] = field(default_factory=list)


def table(part: str, sheet: str, source: Source) -> Columns:
    """Read a table.

    Args:
        part: its part.
        sheet: the part of the sheet that it is on.
        source: the part's characters.
    """
    found = Columns(part, sheet)
    text = source.text
    for kind, name, start, end, _ in tokens(source, NAMESPACES):
        tag = (start, end)
        if kind != CLOSE and name == "x:table":
            found.table = _value(text, tag, "displayName") or _value(text, tag, "name")
            first, last = corners(_value(text, tag, "ref"))
            found.heads = [] if _value(text, tag, "headerRowCount") == "0" else first
            found.feet = last if _value(text, tag, "totalsRowCount") not in ("", "0") else []
        elif kind != CLOSE and name == "x:tableColumn":
            if label := attribute(text, tag, "totalsRowLabel"):
                found.labels[len(found.names)] = label
            found.names.append(attribute(text, tag, "name") or (end, end))
    return found


def pivot(
    part: str, source: Source, sheets: Mapping[str, str], tables: Mapping[str, Columns]
) -> Columns | None:
    """Read what a pivot table is made of; None if that is not a range or table of the workbook.

    Args:
        part: the part of its definition.
        source: its characters.
        sheets: name → part.
        tables: name in lower case → table.
    """
    found: Columns | None = None
    text = source.text
    for kind, name, start, end, _ in tokens(source, NAMESPACES):
        tag = (start, end)
        if kind != CLOSE and name == "x:worksheetSource":
            sheet = sheets.get(_value(text, tag, "sheet"), "")
            heads, _ = corners(_value(text, tag, "ref"))
            if origin := tables.get(_value(text, tag, "name").lower()):
                sheet, heads = origin.sheet, origin.heads
            if sheet and heads and not attribute(text, tag, "id"):
                found = Columns(part, sheet, heads=heads)
        elif kind != CLOSE and name == "x:cacheField" and found:
            if attribute(text, tag, "formula"):
                return None  # calls other fields by their names
            found.names.append(attribute(text, tag, "name") or (end, end))
    return found


def _value(text: str, tag: Span, name: str) -> str:
    place = attribute(text, tag, name)
    return said(text[slice(*place)]) if place else ""
