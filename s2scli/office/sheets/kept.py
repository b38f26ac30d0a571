"""Cells of Excel's sheets that stay in the source language.

Cells share their strings. One that only cells which stay have is no text; one that others have too
is written once more for those that stay, if it becomes another text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Edit, FormatOptions, Source
from s2scli.office.grids import Grids, SheetCell
from s2scli.office.sheets.cells import MOST_DIGITS, place_of, shared_strings
from s2scli.office.sheets.parts import said

__all__ = ["KeptCells", "kept_cells"]

_CELL = re.compile(r"<((?:[\w.-]+:)?c)(?=[\s>/])[^<>]*?(?:/>|>(.*?)</\1\s*>)", re.DOTALL)
_ATTRIBUTES = re.compile(r"\s([rt])\s*=\s*[\"']([^\"']*)")  # where it is, and of which type
_SAYS = r"([^<]*(?:<!(?:\[CDATA\[.*?\]\]|--.*?--)>[^<]*)*)</"
_VALUE = re.compile(rf"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>{_SAYS}", re.DOTALL)
_FORMULA = re.compile(r"<(?:[\w.-]+:)?f[\s>/]")
_TEXT = re.compile(rf"<(?:[\w.-]+:)?t(?:\s[^<>]*)?>{_SAYS}", re.DOTALL)
_STRING = re.compile(r"<((?:[\w.-]+:)?si)(?=[\s>/])[^<>]*?(?:/>|>.*?</\1\s*>)", re.DOTALL)
_COUNT = re.compile(r"\suniqueCount\s*=\s*[\"'](\d{1,9})[\"']")


class _Cell(NamedTuple):
    """A cell: where it is in its sheet, where the number of its string is, and which that is."""

    span: Span
    number: Span
    string: int | None


@dataclass(slots=True)
class KeptCells:
    """The cells of a workbook that stay.

    Attributes:
        spans: part → where what stays is in it, in order.
        shared: number of a string that other cells have too → the sheets, and where in these the
            numbers are.
        remarks: what is to be said of them.
    """

    spans: dict[str, list[Span]] = field(default_factory=dict)
    shared: dict[int, list[tuple[str, Span]]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def edits(self, part: str, old: Source, new: Source) -> Iterator[tuple[str, Edit]]:
        """What changes so that cells stay whose string others have too: parts, and edits in them.

        Args:
            part: the one with the strings.
            old: its characters.
            new: the same with other texts.
        """
        raw = [match.span() for match in _STRING.finditer(old.text)]
        before, after = shared_strings(old), shared_strings(new)
        copies = [number for number in sorted(self.shared) if before[number] != after[number]]
        if not copies:
            return
        for place, number in enumerate(copies, len(raw)):
            for sheet, span in self.shared[number]:
                yield sheet, Edit(*span, str(place))
        if count := _COUNT.search(old.text):
            yield part, Edit(*count.span(1), str(int(count[1]) + len(copies)))
        end = raw[-1][1]
        yield part, Edit(end, end, "".join(old.text[slice(*raw[number])] for number in copies))


def kept_cells(
    name: str, options: FormatOptions, strings: Mapping[str, Source], sheets: Mapping[str, Source]
) -> KeptCells:
    """Find the cells that stay.

    Args:
        name: what the workbook is called, for messages.
        options: how documents are read.
        strings: the part with the strings that cells share, by its name; there may be none.
        sheets: the sheets, by the names of their parts.

    Raises:
        BadInputError: no sheet has a column that is asked for.
    """
    shared = [text for source in strings.values() for text in shared_strings(source)]
    found, grids = KeptCells(), Grids(options)
    staying = defaultdict[int, list[tuple[str, Span]]](list)
    others: set[int] = set()
    for part, source in sheets.items():
        cells, texts = _read(source.text, shared)
        kept = grids.kept(texts)
        for number, cell in enumerate(cells):
            if number not in kept:
                others |= {cell.string} if cell.string is not None else set()
            elif cell.string is not None:
                staying[cell.string].append((part, cell.number))
            else:
                found.spans.setdefault(part, []).append(cell.span)
    for part, source in strings.items():
        found.spans[part] = [
            match.span()
            for number, match in enumerate(_STRING.finditer(source.text))
            if number in staying and number not in others
        ]
    found.shared = {n: staying[n] for n in staying.keys() & others if n < len(shared)}
    found.remarks = grids.remarks(name)
    return found


def _read(text: str, strings: Sequence[str]) -> tuple[list[_Cell], list[SheetCell]]:
    """The cells of a sheet that have texts, and these."""
    cells, texts = [], []
    row, column = 0, -1
    for match in _CELL.finditer(text):
        values = dict(_ATTRIBUTES.findall(text, match.start(), text.index(">", match.start())))
        row, column = place_of(values.get("r", "")) or (row, column + 1)
        type_, inside = values.get("t", ""), match.span(2)
        value = _VALUE.search(text, *inside) if match[2] else None
        says, number = "", None
        if type_ == "s" and value and value[1].isdecimal() and len(value[1]) <= MOST_DIGITS:
            number = int(value[1])
            says = "".join(strings[number : number + 1])
        elif type_ == "str" and value and not _FORMULA.search(text, *inside):
            says = said(value[1])
        elif type_ == "inlineStr":
            says = "".join(said(part) for part in _TEXT.findall(text, *inside))
        if says.strip():
            cells.append(_Cell(match.span(), value.span(1) if value else inside, number))
            texts.append(SheetCell(row, column, says))
    return cells, texts
