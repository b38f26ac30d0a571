"""Whole files, lines and JSON lines as records for the tasks that read more than lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from s2scli.cli.files import open_inputs
from s2scli.data import Segment
from s2scli.errors import BadInputError

__all__ = ["Row", "read_lines", "read_rows", "read_text", "whole_texts"]

Replaced = Callable[[str], None]
BOM = "\ufeff"
NUL = b"\0"
LOOKED_AT = 1 << 16  # bytes in which a binary file shows itself


@dataclass(frozen=True, slots=True)
class Row:
    """An object of JSON lines, and the line that it stands on."""

    segment: Segment
    place: str
    values: Mapping[str, Any]

    def text(self, key: str) -> str:
        """A field that must be text.

        Raises:
            BadInputError: it is missing or something else.
        """
        value = self.values.get(key)
        if not isinstance(value, str):
            what = "no text" if key in self.values else "missing"
            raise BadInputError(
                f"{self.place}: the field {key!r} is {what}", f"It has: {', '.join(self.values)}."
            )
        return value


def whole_texts(names: Sequence[str], errors: str, replaced: Replaced) -> Iterator[tuple[str, str]]:
    """Each input's name and its whole text.

    Raises:
        BadInputError: one is binary, or not UTF-8.
    """
    for name, read in open_inputs(names):
        yield name, read_text(name, b"".join(iter(read, b"")), errors, replaced)


def read_text(name: str, data: bytes, errors: str, replaced: Replaced | None = None) -> str:
    """A file's text without its byte order mark.

    Raises:
        BadInputError: it is binary, or not UTF-8.
    """
    if NUL in data[:LOOKED_AT]:
        raise BadInputError(f"{name} is a binary file", "Give its text as UTF-8.")
    try:
        return data.decode().removeprefix(BOM)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"{name}: line {line}, byte {error.start + 1} of the file"
        if errors == "strict":
            raise BadInputError(
                f"{place} is not UTF-8 (0x{data[error.start]:02x})",
                "Convert it with 'iconv -t UTF-8', or use --encoding-errors replace.",
            ) from None
        if replaced:
            replaced(place)
        return data.decode(errors="replace").removeprefix(BOM)


def read_lines(names: Sequence[str], errors: str, replaced: Replaced) -> Iterator[list[Segment]]:
    """The lines of all inputs, in blocks of what is there."""
    from s2scli.flow.lines import read_segments

    return read_segments(open_inputs(names), errors, replaced)


def read_rows(names: Sequence[str], errors: str, replaced: Replaced) -> Iterator[list[Row]]:
    """The objects of JSON lines, in blocks of what is there.

    Raises:
        BadInputError: a line is no object; all rows before it have been yielded.
    """
    for block in read_lines(names, errors, replaced):
        rows: list[Row] = []
        for segment in block:
            place = f"line {segment.index + 1}"
            try:
                values = json.loads(segment.text)
                if not isinstance(values, dict):
                    raise ValueError("it is no object")
            except (ValueError, RecursionError) as error:
                yield rows
                raise BadInputError(f"{place} is no JSON object: {error}") from None
            rows.append(Row(segment, place, values))
        yield rows
