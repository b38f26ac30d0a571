"""Which document each segment is of: ids by line or column, blank lines, test sets of WMT."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from s2scli.errors import BadInputError, UsageError
from s2scli.tasks.score_inputs import Read, begins_as_json, field_ids
from s2scli.text.reading import called, read_text

__all__ = ["FEWEST", "document_numbers", "read_documents"]

FEWEST = 2  # documents, for chance to have a choice
# WMT's files, before 2021 not quite XML (https://github.com/wmt-conference/wmt-format-tools).
TAG = re.compile(r"<(/?)(doc|src|ref|hyp|seg)\b([^>]*)>", re.IGNORECASE)
DOCUMENT_ID = re.compile(r"""\b(?:docid|id)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def read_documents(name: str, column: str | None, segments: int, read: Read) -> list[str]:
    """The id of each segment's document.

    Args:
        name: of a file with an id per line; a table with tabs or JSON lines with a ``column`` of
            ids; texts with blank lines between documents; or a test set of WMT with ``<doc>``.
        column: name or number (from 1) of a table's column, or key of JSON lines.
        segments: how many there must be.
        read: returns a file's bytes.

    Raises:
        BadInputError: the file does not fit, or all segments are of one document.
        MissingInputError: it cannot be read.
        UsageError: a column must be named, or makes no sense.
    """
    data, name = read(name), called(name)
    text = read_text(name, data)
    is_json = begins_as_json(name, iter((data, b"")).__next__)
    if is_json and column is None:
        raise UsageError(f"{name} is JSON lines", "Name the key of ids with --document-column.")
    if is_json and column is not None:
        found = field_ids(text, name, column, "--document-column")
    elif column is not None:
        found = _from_column(name, text, column, segments)
    elif _is_marked_up(text):
        found = list(_of_markup(text))
    else:
        found = _of_lines(name, text, segments)
    if len(found) != segments:
        raise BadInputError(
            f"{name} has document ids for {len(found)} segments, HYPOTHESES has {segments}"
        )
    for number, each in enumerate(found, 1):
        if not each.strip():
            raise BadInputError(f"{name}: segment {number} has no document id")
    if len(set(found)) < FEWEST:
        raise BadInputError(
            f"{name}: all segments are of one document, {found[0]!r}",
            "Documents can be drawn only from several.",
        )
    return found


def document_numbers(ids: Sequence[str]) -> list[int]:
    """The number of each segment's document, from 0, in the order in which documents come."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(each, len(numbers)) for each in ids]


def _from_column(name: str, text: str, column: str, segments: int) -> list[str]:
    rows = [line.split("\t") for line in _lines(text)]
    if not rows:
        return []
    if column.isdecimal():
        place = int(column) - 1
        rows = rows[1:] if len(rows) == segments + 1 else rows  # a heading
    elif column in rows[0]:
        place, rows = rows[0].index(column), rows[1:]
    else:
        raise BadInputError(
            f"{name} has no column {column!r}", f"Its first line is: {', '.join(rows[0])}."
        )
    for number, row in enumerate(rows, 1):
        if not 0 <= place < len(row):
            raise BadInputError(f"{name}: segment {number} has no column {column}")
    return [row[place] for row in rows]


def _of_lines(name: str, text: str, segments: int) -> list[str]:
    lines = _lines(text)
    blank = [not line.strip() for line in lines]
    if any("\t" in line for line in lines[:1]):
        raise UsageError(f"{name} is a table", "Name the column of ids with --document-column.")
    if not any(blank) or blank.count(False) != segments:
        return lines
    found, number = [], 0
    for before, is_blank in zip([True, *blank], blank, strict=False):
        number += before and not is_blank
        if not is_blank:
            found.append(str(number))
    return found


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def _is_marked_up(text: str) -> bool:
    """Whether a text is a test set of WMT."""
    return text.lstrip().startswith("<") and "<doc" in text.lower()


def _of_markup(text: str) -> Iterator[str]:
    """The document of each segment. Where sources and references are in one file, the sources'."""
    tags = list(TAG.finditer(text))
    by_source = any(tag[2].lower() == "src" for tag in tags)
    document, inside, count = "", not by_source, 0
    for tag in tags:
        kind, is_end = tag[2].lower(), bool(tag[1])
        if kind == "doc" and not is_end:
            count += 1
            match = DOCUMENT_ID.search(tag[3])
            document = (match[1] or match[2]) if match else str(count)
        elif by_source and kind in ("src", "ref", "hyp"):
            inside = kind == "src" and not is_end
        elif kind == "seg" and not is_end and inside:
            yield document
