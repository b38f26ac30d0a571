"""Whole files, lines and JSON lines as records for the tasks that read more than lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from s2scli.cli.files import STDIN, check_inputs, open_inputs
from s2scli.data import Segment
from s2scli.errors import BadInputError, UsageError
from s2scli.text.reading import GZIP_NAME, Replaced, checked, json_object, text_of

__all__ = ["Row", "kind_of", "prefixed", "read_lines", "read_rows", "whole_texts"]


T = TypeVar("T")


class Row(NamedTuple):
    """An object of JSON lines, and the line that it stands on.

    Attributes:
        segment: the line.
        place: what it is called.
        values: the object.
        errors: ``strict``, or ``replace`` for U+FFFD instead of what is not text in a field.
        replaced: told of each place in which something was replaced.
    """

    segment: Segment
    place: str
    values: Mapping[str, Any]
    errors: str
    replaced: Replaced | None

    def text(self, key: str) -> str:
        """A field that must be text.

        Raises:
            BadInputError: it is missing or something else.
        """
        value = self.values.get(key)
        if not isinstance(value, str):
            what = "not text" if key in self.values else "missing"
            raise BadInputError(
                f"{self.place}: the field {key!r} is {what}", f"It has: {', '.join(self.values)}."
            )
        return checked(value, f"{self.place}: field {key!r}", self.errors, self.replaced)

    def besides(self, *keys: str) -> dict[str, Any]:
        """The fields but some, which pass through as they are."""
        return {key: value for key, value in self.values.items() if key not in keys}


def kind_of(name: str) -> str:
    """The extension of a file's name, that inside if the file is packed by gzip: ``.jsonl``."""
    return Path(name.removesuffix(GZIP_NAME)).suffix


def whole_texts(
    names: Sequence[str], errors: str = "strict", replaced: Replaced | None = None
) -> Iterator[tuple[str, str]]:
    """Each input's name and its whole text.

    Raises:
        BadInputError: one is binary, or not UTF-8.
    """
    for name, read in open_inputs(names):
        yield name, text_of(name, read, errors, replaced)


def read_lines(
    names: Sequence[str], errors: str = "strict", replaced: Replaced | None = None
) -> Iterator[list[Segment]]:
    """The lines of all inputs, in blocks of what is there."""
    from s2scli.flow.lines import read_segments

    return read_segments(open_inputs(names), errors, replaced)


def prefixed(
    blocks: Iterable[list[T]],
    name: str | None,
    errors: str,
    replaced: Replaced | None,
    put: Callable[[T, str], T],
) -> Iterable[list[T]]:
    """Inputs with what the output of each begins with, by the lines of a file.

    Args:
        blocks: lists of inputs.
        name: the file; None for none.
        errors: as for ``read_lines``.
        replaced: as for ``read_lines``.
        put: gives an input its prefix.

    Raises:
        BadInputError: it has another number of lines.
        UsageError: it is standard input.
    """
    if name is None:
        return blocks
    if name == STDIN:
        raise UsageError("--prefix-file cannot be standard input", "Name a file.")
    from s2scli.tasks.prefixes import with_prefixes

    check_inputs([name], None)
    lines = (line.text for block in read_lines([name], errors, replaced) for line in block)
    return with_prefixes(blocks, lines, name, put)


def read_rows(
    names: Sequence[str], errors: str = "strict", replaced: Replaced | None = None
) -> Iterator[list[Row]]:
    """The objects of JSON lines, in blocks of what is there; blank lines at an end are none.

    Raises:
        BadInputError: a line is not an object; all rows before it have been yielded.
    """
    total = 0
    for name in names:
        called = f"{name}: line" if len(names) > 1 else "line"
        blank = ""
        number = 0
        for block in read_lines([name], errors, replaced):
            rows: list[Row] = []
            for line in block:
                number += 1
                place = f"{called} {number}"
                try:
                    values = json_object(line.text, place)
                    if values is not None and blank:
                        raise BadInputError(f"{blank} is blank", "Each line must be a JSON object.")
                except BadInputError:
                    yield rows
                    raise
                if values is None:
                    blank = blank or place
                else:
                    segment = Segment(total + number - 1, line.text)
                    rows.append(Row(segment, place, values, errors, replaced))
            yield rows
        total += number
