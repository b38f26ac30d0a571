"""Texts in a field of JSON lines or in a column of a table, with what else stands beside them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from s2scli.cli.monitors import ReplacedNotice
from s2scli.cli.numbers import Whole
from s2scli.cli.options import OptionGroup, group
from s2scli.cli.records import read_lines, read_rows
from s2scli.cli.unused import Rule
from s2scli.data import Detail, Hypothesis, Link, Result, Segment
from s2scli.errors import BadInputError
from s2scli.tasks.steps import GUARD

__all__ = ["FIELD_RULES", "FieldOptions", "Fields", "field_options"]

MOST_COLUMNS = 10_000


class FieldOptions(OptionGroup):
    """Where the texts are, if not all of a line is one."""

    jsonl_field: str | None
    tsv_column: int | None

    @property
    def given(self) -> bool:
        """Whether there is a field or column."""
        return self.jsonl_field is not None or self.tsv_column is not None

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of documents whose lines are such records."""
        if self.jsonl_field is not None:
            return ("jsonl", "json")
        return ("tsv", "csv") if self.tsv_column is not None else ()

    def format(self, ctx: click.Context) -> str:
        """The output format: that of the input, unless the user says another."""
        if ctx.get_parameter_source("format") is not click.core.ParameterSource.DEFAULT:
            return str(ctx.params["format"])
        return "jsonl" if self.jsonl_field is not None else "tsv" if self.tsv_column else "text"


field_options = group(
    "parts",
    FieldOptions,
    click.option(
        "--jsonl-field",
        metavar="FIELD",
        help="Read JSON lines; this field of each is the text.",
    ),
    click.option(
        "--tsv-column",
        type=Whole(1, MOST_COLUMNS),
        help="Read a table with tabs; this column, from 1, is the text.",
    ),
)
FIELD_RULES = (
    Rule(
        ("tsv_column",),
        lambda given: given["jsonl_field"] is None,
        "cannot be combined with --jsonl-field",
    ),
    Rule(
        ("scores",),
        lambda given: given["jsonl_field"] is None or given.says("format"),
        "has no effect with --jsonl-field, whose JSON lines have the scores anyway",
    ),
)


class Fields:
    """Reads the texts, and puts what stands beside them into their results' notes.

    A text of several lines is translated line by line.

    Args:
        options: where the texts are.
        names: the inputs.
        errors: ``strict``, or ``replace`` for U+FFFD instead of what is not UTF-8.
        replaced: told of what was replaced.
        border: what stands between the lines of a text in the output.
    """

    def __init__(
        self,
        options: FieldOptions,
        names: Sequence[str],
        errors: str,
        replaced: ReplacedNotice,
        border: str = "\n",
    ) -> None:
        self._border = border
        self._options = options
        self._names = names
        self._errors = errors
        self._replaced = replaced
        # The texts read and not yet written: what stands beside each, and its lines.
        self._beside: deque[Mapping[str, Any]] = deque()
        self._open: deque[tuple[Segment, int]] = deque()
        self._first: deque[tuple[int, int]] = deque()  # the first line of each, and its number

    def read(self) -> Iterator[list[Segment]]:
        """The texts; all before a bad one are yielded."""
        if self._options.jsonl_field is None:
            yield from self._columns(self._options.tsv_column or 1)
            return
        field = self._options.jsonl_field
        for rows in read_rows(self._names, self._errors, self._replaced):
            ready: list[Segment] = []
            for row in rows:
                try:
                    ready.append(Segment(row.segment.index, row.text(field)))
                except BadInputError:
                    yield ready
                    raise
                self._beside.append({"fields": row.besides(field)})
            yield ready

    def _columns(self, column: int) -> Iterator[list[Segment]]:
        total = 0
        for name in self._names:
            called = f"{name}: line" if len(self._names) > 1 else "line"
            for block in read_lines([name], self._errors, self._replaced):
                ready: list[Segment] = []
                for line in block:
                    columns = line.text.split("\t")
                    if line.text and len(columns) < column:
                        yield ready
                        place = f"{called} {line.index + 1}"
                        raise BadInputError(f"{place} has no column {column}, but {len(columns)}")
                    text = columns[column - 1] if line.text else ""
                    ready.append(replace(line, index=total, text=text))
                    self._beside.append({"columns": columns})
                    total += 1
                yield ready

    def place(self, number: int) -> int:
        """The number of the text that a line is of; lines are asked for in order."""
        while len(self._first) > 1 and self._first[1][0] <= number:
            self._first.popleft()
        return self._first[0][1]

    def lines(self, blocks: Iterable[list[Segment]]) -> Iterator[list[Segment]]:
        """The lines of texts, each as a segment; the first has the prefix."""
        number = 0
        for block in blocks:
            found: list[Segment] = []
            for text in block:
                lines = self._parted(text.text)
                self._open.append((text, len(lines)))
                self._first.append((number, text.index))
                for place, line in enumerate(lines):
                    prefix = "" if place else text.prefix
                    found.append(Segment(number, line, "\n", prefix=prefix))
                    number += 1
            yield found

    def _parted(self, text: str) -> list[str]:
        """The lines of a text; where the output has none, their ends go altogether."""
        return (text if self._border == "\n" else text.replace("\r\n", "\n")).split("\n")

    def whole(self, blocks: Iterable[Sequence[Result]]) -> Iterator[list[Result]]:
        """The results of texts from those of their lines, with what stood beside each."""
        parts: list[Result] = []
        for block in blocks:
            found: list[Result] = []
            for result in block:
                parts.append(result)
                if len(parts) == self._open[0][1]:
                    segment, _ = self._open.popleft()
                    found.append(self._joined(segment, parts))
                    parts = []
            yield found

    def _joined(self, segment: Segment, parts: Sequence[Result]) -> Result:
        """A text's result: the best hypotheses of its lines together, then the next ones."""
        beside = self._beside.popleft()
        if len(parts) == 1:
            return Result(segment, parts[0].hypotheses, {**parts[0].notes, **beside})
        names = dict.fromkeys(name for part in parts for name in part.notes)
        notes = {name: [part.notes.get(name) for part in parts] for name in names}
        if GUARD in notes:
            notes[GUARD] = [
                {**row, "line": line}
                for line, rows in enumerate(notes[GUARD], 1)
                for row in rows or ()
            ]
        ranks = range(max(len(part.hypotheses) for part in parts))
        rows = ([_ranked(part, rank) for part in parts] for rank in ranks)
        texts = [part.segment.text for part in parts]
        if not ranks:  # nothing to translate in any line
            segment = replace(segment, text=self._border.join(self._parted(segment.text)))
        together = tuple(_together(texts, row, self._border) for row in rows)
        return Result(segment, together, {**notes, **beside})


def _ranked(part: Result, rank: int) -> Hypothesis:
    """The hypothesis of a rank, or the last one; a line with nothing to decode stays."""
    if not part.hypotheses:
        return Hypothesis(part.segment.text, 0.0, 0)
    return part.hypotheses[min(rank, len(part.hypotheses) - 1)]


def _together(sources: Sequence[str], lines: Sequence[Hypothesis], border: str) -> Hypothesis:
    tokens = sum(line.tokens for line in lines)
    total = sum(line.score * line.tokens for line in lines)
    text = border.join(line.text for line in lines)
    links: list[Link] = []
    details: list[Detail] = []
    source = target = 0  # where the line begins, and its translation
    for before, line in zip(sources, lines, strict=True):
        links += [
            (source + first, source + last, target + start, target + end)
            for first, last, start, end in line.links or ()
        ]
        details += [detail.shifted(target) for detail in line.details]
        source += len(before) + 1
        target += len(line.text) + len(border)
    return Hypothesis(
        text,
        total / tokens if tokens else 0.0,
        tokens,
        any(line.truncated for line in lines),
        None if all(line.links is None for line in lines) else tuple(links),
        details=tuple(details),
        copied=tuple(word for line in lines for word in line.copied),
    )
