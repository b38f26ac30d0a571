"""The lines of a document of reStructuredText, one of which is read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from s2scli.data import Span

__all__ = ["LINE", "RstLines"]

_QUOTED = re.compile(r"[!-/:-@\[-`{-~]")
LINE = re.compile(r"[^\n]*\n|[^\n]+")


class RstLines:
    """The lines, and how those are passed by that are no text.

    Args:
        text: the document's characters.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.lines: Sequence[Span] = [line.span() for line in LINE.finditer(text)]
        self.at = 0  # the line that is read

    def _said(self, number: int) -> str:
        return self._text[slice(*self.lines[number])].rstrip() if number < len(self.lines) else ""

    def _indent(self, number: int) -> int:
        said = self._said(number)
        return len(said) - len(said.lstrip(" \t"))

    def _skip_paragraph(self) -> None:
        while self._said(self.at).strip():
            self.at += 1

    def _skip_deeper(self, base: int) -> None:
        """Pass by the present line and what is indented below it."""
        self.at += 1
        self._skip_rest(base)

    def _skip_rest(self, base: int) -> None:
        self.at = self._rest_end(base)

    def _rest_end(self, base: int) -> int:
        last = len(self.lines)
        rest = (n for n in range(self.at, last) if self._said(n).strip())
        return next((number for number in rest if self._indent(number) <= base), last)

    def _edge(self, column: int, base: int) -> int:
        """Where the lines of a block begin whose first line begins at a column.

        Where that is no item of a list, they begin where the least indented of the others does.
        """
        rest = range(self.at, self._rest_end(base) if column > base else self.at)
        indents = (self._indent(number) for number in rest if self._said(number).strip())
        return min(indents, default=column)

    def _skip_literal(self, base: int, edge: int) -> None:
        """Pass by code: what is indented, or quoted.

        Args:
            base: the indentation of the block that announces it.
            edge: where the lines of that begin.
        """
        while self.at < len(self.lines) and not self._said(self.at).strip():
            self.at += 1
        if self._indent(self.at) > edge:
            self._skip_rest(edge)
            return
        is_shallow = self._indent(self.at) > base  # less than it should be
        if is_shallow or _QUOTED.match(self._said(self.at).strip()):
            self._skip_paragraph()
