"""Another text in the runs of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from s2scli.data import Span
from s2scli.documents.base import Raw, Target, parents
from s2scli.office.paragraphs import NOWHERE, InlineMark, Paragraph

__all__ = ["RunComposer"]

_NAME = re.compile(r"<([^\s/>]+)")


class RunComposer:
    """Writes a text in runs.

    Args:
        put: how a text is written as the content of its element.
        element: the name of that element, without prefix.
        space: what the tag of that element has so that white space at its ends is kept.
        text: the document's characters.
        slot: the paragraph.
        raw: gives the characters of markup.
    """

    def __init__(
        self,
        put: Callable[[str], str],
        element: str,
        space: str,
        text: str,
        slot: Paragraph,
        raw: Raw,
    ) -> None:
        self._put_text = put
        self._space = space
        self._slot = slot
        self._raw = raw
        name = _NAME.match(text, *slot.run)
        self._name = name[1] if name else ""
        self._tag = f"{self._name[:-1]}{element}"
        self._parts: list[str] = []
        self._run, self._is_in_text = slot.first, slot.first != NOWHERE
        self._inside: dict[int, list[int]] = {}
        for number, parent in enumerate(parents(slot.marks)):
            self._inside.setdefault(parent, []).append(number)

    def composed(self, target: Target) -> str:
        """The markup of a text with marks."""
        self._write(target, (0, len(target.text)), -1, self._slot.run)
        self._enter(self._slot.last)
        if self._run != NOWHERE:
            self._begin_text()
        return "".join(self._parts)

    def _write(self, target: Target, span: Span, around: int, run: Span) -> None:
        """Write a stretch and the marks in it.

        Args:
            target: the text and the places of the marks.
            span: the stretch.
            around: the number of the mark that is on it.
            run: the run for it.
        """
        reached, end = span
        numbers: Sequence[int] = self._inside.get(around, ())
        for number in sorted(numbers, key=lambda number: (target.spans[number], number)):
            mark, (first, last) = self._slot.marks[number], target.spans[number]
            self._say(target.text[reached:first], run)
            inner = mark.run if isinstance(mark, InlineMark) else NOWHERE
            is_point = mark.closes[0] == mark.closes[1] == mark.opens[1]
            self._put(mark.opens, inner if is_point else NOWHERE)
            self._write(target, (first, last), number, run if inner == NOWHERE else inner)
            self._put(mark.closes, NOWHERE)
            reached = last
        self._say(target.text[reached:end], run)

    def _put(self, span: Span, run: Span) -> None:
        """Put markup into a run, or between runs."""
        if span[0] < span[1]:
            self._enter(run)
            self._end_text()
            self._parts.append(self._raw(span))

    def _say(self, text: str, run: Span) -> None:
        if text:
            self._enter(run)
            self._begin_text()
            self._parts.append(self._put_text(text))

    def _enter(self, run: Span) -> None:
        if run == self._run:
            return
        self._end_text()
        if self._run != NOWHERE:
            self._parts.append(f"</{self._name}>")
        if run != NOWHERE:
            self._parts.append(self._raw(run))
        self._run = run

    def _begin_text(self) -> None:
        if not self._is_in_text:
            self._parts.append(f"<{self._tag}{self._space}>")
            self._is_in_text = True

    def _end_text(self) -> None:
        if self._is_in_text:
            self._parts.append(f"</{self._tag}>")
            self._is_in_text = False
