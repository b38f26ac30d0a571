"""The kinds of blocks of a Markdown document."""

from __future__ import annotations

from typing import NamedTuple

from s2scli.data import Span

__all__ = ["CELL", "HEADING", "HTML", "TEXT", "TITLE", "VERBATIM", "MarkdownBlock"]

TEXT, HEADING, CELL, TITLE, HTML, VERBATIM = range(6)


class MarkdownBlock(NamedTuple):
    """A part of a document.

    Attributes:
        kind: ``TEXT``, ``HEADING`` (text on one line, after ``#``), ``CELL``, ``TITLE`` (in
            quotes), ``HTML``, or ``VERBATIM`` for all that is not text.
        lines: where its lines stand, without what is before them.
        first, last: the numbers of its lines; ``last`` is after it.
    """

    kind: int
    lines: tuple[Span, ...]
    first: int
    last: int
