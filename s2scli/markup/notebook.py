"""Jupyter's notebooks (https://nbformat.readthedocs.io): each Markdown cell is a page of Markdown.

Code, raw cells, outputs, attachments and metadata stay, and so does how the JSON is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from s2scli.data import Span
from s2scli.documents.base import Format, Source, Target
from s2scli.documents.fields import Path
from s2scli.documents.filling import Document, Part
from s2scli.documents.jsontext import checked, strings
from s2scli.documents.reading import Compound
from s2scli.documents.remarks import named as names
from s2scli.errors import BadInputError
from s2scli.markup.markdown.anchors import anchors
from s2scli.markup.markdown.format import Markdown
from s2scli.markup.markdown.frontkeys import is_text_key
from s2scli.text.wording import reads_like_text

__all__ = ["Notebook"]

MARKDOWN = ("markdown", "heading")  # the second of version 3
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(slots=True)
class _Cell:
    """A cell as it is read.

    Attributes:
        kind: its type.
        spans: where the strings are that its source is made of.
        lines: what they say.
        is_list: whether they are in a list.
    """

    kind: str = ""
    spans: list[Span] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    is_list: bool = False

    def read(self, path: Path, span: Span, said: str) -> None:
        """Read one of its strings; one that comes again takes the place of the other."""
        if path == ("cell_type",):
            self.kind = said
        elif path[0] == "source" and len(path) <= 2:
            if path[-1] in ("source", "0"):
                self.spans, self.lines, self.is_list = [], [], len(path) == 2
            self.spans.append(span)
            self.lines.append(said)

    @property
    def is_page(self) -> bool:
        """Whether it is Markdown."""
        return self.kind in MARKDOWN and self.spans != []

    @property
    def is_whole(self) -> bool:
        """Whether all of it is characters."""
        return not any(map(_SURROGATE.search, self.lines))

    def written(self, text: str, new: str, *, is_ascii: bool) -> str:
        """Another source, as strings.

        Args:
            text: the notebook's characters.
            new: the source.
            is_ascii: whether all other characters are escaped.
        """
        lines = (_LINE.findall(new) or [""]) if self.is_list else [new]
        begin = self.spans[0][0]
        if len(self.spans) > 1:
            between = text[self.spans[0][1] : self.spans[1][0]]
        else:
            between = "," + (text[text.rfind("[", 0, begin) + 1 : begin] or " ")
        return between.join(json.dumps(line, ensure_ascii=is_ascii) for line in lines)


class Notebook(Markdown, Compound):
    """A notebook."""

    has_front = False  # a cell that begins with a rule has only that

    def opened(self, name: str, data: bytes) -> Document:
        """Read a notebook.

        Raises:
            BadInputError: it is invalid.
        """
        source = self.source(name, data)
        checked(source.text, name)
        if not re.search(r'"nbformat"\s*:', source.text):
            raise BadInputError(f"{name} is not a notebook: it has no nbformat")
        said = list(dict.fromkeys(map(repr, _metadata(source.text))))
        if said:
            self.remarks.append(f"Texts in the notebook's metadata stay: {names(said)}.")
        cells = [cell for cell in _cells(source.text) if cell.is_page]
        named = {name for cell in cells for name in anchors("".join(cell.lines))}
        self.options = self.options.with_linked(sorted(named))
        halves = sum(not cell.is_whole for cell in cells)
        if halves:
            self.left += halves
            self.halves.append(f"{halves} cell{'s' * (halves > 1)}")
            self.remarks.append(
                f"Cells with half of a character (a lone surrogate), which stay: {halves}."
            )
        return _Notebook(self, source, [cell for cell in cells if cell.is_whole])


class _Notebook(Document):
    """A notebook that was read."""

    def __init__(self, form: Markdown, source: Source, cells: Sequence[_Cell]) -> None:
        name = source.name
        super().__init__([Part.of(form, Source(name, "".join(cell.lines))) for cell in cells])
        self._form = form
        self._source = source
        self._cells = cells

    @property
    def formats(self) -> list[Format]:
        """The one of all cells; there may be none that is read."""
        return [self._form]

    def written(self, targets: Iterable[Target]) -> Iterator[bytes]:
        """Its bytes with other texts in its slots.

        Args:
            targets: the new text of each slot; gone through twice.
        """
        return self._source.encode(self._texts(targets))

    def _texts(self, targets: Iterable[Target]) -> Iterator[str]:
        text, reached = self._source.text, 0
        is_ascii = text.isascii() and "\\u" in text
        for cell, new in zip(self._cells, self.rewritten(targets), strict=True):
            says = b"".join(new).decode()
            if says != "".join(cell.lines):
                yield text[reached : cell.spans[0][0]]
                yield cell.written(text, says, is_ascii=is_ascii)
                reached = cell.spans[-1][1]
        yield text[reached:]


def _metadata(text: str) -> Iterator[str]:
    """The titles and the like among the metadata of a notebook and of its cells."""
    for _, _, path, says in strings(text, 0, len(text)):
        if "metadata" in path[:-1] and is_text_key(path[-1]) and reads_like_text(says):
            yield says


def _cells(text: str) -> Iterator[_Cell]:
    """The cells of a notebook, in order."""
    cell = _Cell()
    place: Path = ()
    for start, end, path, said in strings(text, 0, len(text)):
        depth = 4 if path[:1] == ("worksheets",) else 2
        if len(path) <= depth or path[depth - 2] != "cells":
            continue
        if path[:depth] != place:
            yield cell
            cell, place = _Cell(), path[:depth]
        cell.read(path[depth:], (start, end), said)
    yield cell
