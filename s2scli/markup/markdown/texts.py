"""The texts of a Markdown document, and where they stand in its characters."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.common.utils import unescapeAll

from s2scli.data import Span
from s2scli.documents.base import Mark, Slot, Source
from s2scli.documents.borders import apart, with_fillers
from s2scli.documents.foreign import markup_languages
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, MarkupPiece, joined, paired, trimmed
from s2scli.errors import BadInputError
from s2scli.markup.html.attributes import AttributeSlot
from s2scli.markup.html.text import decoded
from s2scli.markup.html.text import trimmed as bare
from s2scli.markup.html.unread import texts_in_markup
from s2scli.markup.markdown.blocks import page
from s2scli.markup.markdown.conditions import conditions_apart
from s2scli.markup.markdown.fields import field_lines
from s2scli.markup.markdown.frontmatter import front_end
from s2scli.markup.markdown.inline import EMPHASIS, has_too_much, inline
from s2scli.markup.markdown.inner import Inner
from s2scli.markup.markdown.kinds import CELL, HTML, TITLE
from s2scli.markup.markdown.tags import said
from s2scli.markup.wrapping import readable

__all__ = ["ALT", "Body", "Prose", "Title"]

ALT = -1  # the kind of an image's description
_LINE_BREAK = re.compile(r"\s*\n\s*")
_BAR = re.compile(r"\|(?:[ \t]+|$)", re.MULTILINE)
# What begins an item of Pandoc's lists (https://pandoc.org/MANUAL.html#extension-fancy_lists), the
# first of them whatever comes after it.
_EXAMPLE = re.compile(r"(?:\(@[\w-]*\)|#[.)])[ \t]+(?=\S)")
_LETTERED = re.compile(r"\(?(?:[a-zA-Z]|[ivxIVX]{1,5}|\d{1,3})[.)][ \t]+(?=\S)")
_ALERT = re.compile(r"\[![\w-]+\]|(\*\*|__)[^*_\n]+\1[ \t]*\n")  # or a line of its own in bold


@dataclass(frozen=True, slots=True)
class Prose(Slot):
    """Text with markup.

    Attributes:
        kind: that of its block, or ``ALT``.
        cell: whether it stands in a table.
        prefix: what is between its lines, from the line break on.
        width: most characters a line; 0 if it is not wrapped.
        anchor: of a heading that links name, how it is written and its name.
    """

    kind: int = ALT
    cell: bool = False
    prefix: str = "\n"
    width: int = 0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Title(Slot):
    """A text in quotes.

    Attributes:
        quote: what is after it.
        cell: whether it stands in a table.
    """

    quote: str = '"'
    cell: bool = False


class Body:
    """A document without what is before it.

    Args:
        source: the document.
        has_front: whether what looks like metadata before it is that.
        jsx: whether it is MDX.
        language: the code of the language that it is in; empty if not known.

    Attributes:
        parted: where texts in markup stand that stay, for the marks of a quotation or of a list
            are in them; filled while ``slots`` is gone through.
        left: where paragraphs stand that stay, for their conditions cannot be taken apart; filled
            likewise.
        said: what looks like text in tags and wiki links, and stays; filled likewise.
        languages: where tags, but for those of blocks of HTML, say that they are in the language
            that is translated; filled likewise.

    Raises:
        BadInputError: it is nested too deeply.
    """

    def __init__(
        self, source: Source, *, has_front: bool = True, jsx: bool = False, language: str = ""
    ) -> None:
        self.name = source.name
        self.source = source.text
        self._language = language
        self.parted: list[int] = []
        self.left: list[int] = []
        is_expression = jsx and source.text.startswith("{")
        self.start = 0
        if has_front and not is_expression:
            self.start = front_end(source.text, lines=not jsx)
        self.text = source.text[self.start :]
        self._returns: list[int] = []  # line ends of two characters, of which the text has one
        if "\r" in self.text:
            pairs = re.finditer("\r\n", self.text)
            self._returns = [pair.start() - number for number, pair in enumerate(pairs)]
            self.text = self.text.replace("\r\n", "\n").replace("\r", "\n")
        self.page = page(self.text, jsx=jsx, language=language)
        self.said: list[str] = list(self.page.env["said"])
        self.languages: list[Span] = []
        for first, last in self.page.env["tags"]:
            self.note_languages(self.text[first:last], first)
        if self.page.is_too_deep:
            raise BadInputError(f"{self.name} nests lists or quotations too deeply")

    def at(self, place: int) -> int:
        """Where in the source a place of the text is."""
        return self.start + place + bisect_left(self._returns, place)

    def note_languages(self, markup: str, start: int, place: Callable[[int], int] = int) -> None:
        """Keep where some markup says that it is in the language that is translated.

        Args:
            markup: its characters.
            start: where it begins.
            place: what such a place is in the text.
        """
        for first, last in markup_languages(markup, self._language):
            self.languages.append((self.at(place(start + first)), self.at(place(start + last))))

    def slots(self) -> Iterator[Slot]:
        """The texts of its blocks, in order but for those inside markup and of chunks of code."""
        for caption in self.page.env["captions"]:
            yield replace(caption, start=self.at(caption.start), end=self.at(caption.end))
        for block in self.page.blocks:
            lines = block.lines
            if block.kind == TITLE:
                yield from self.title(*lines[0], cell=False)
            elif block.kind == HTML or not lines:
                continue
            elif len(lines) > 1 and _ALERT.match(self.text, lines[0][0]):
                yield from _Paragraph(self, lines[:1], block.kind).slots()
                yield from _Paragraph(self, lines[1:], block.kind).slots()
            else:
                for some in readable(self.text, lines):
                    for group in self._groups(some):
                        yield from _Paragraph(self, group, block.kind).slots()

    def _groups(self, lines: Sequence[Span]) -> Sequence[Sequence[Span]]:
        """The lines of a paragraph, text by text."""
        groups = _line_block(self.text, lines) or field_lines(self.text, lines)
        return groups or _items(self.text, lines) or [lines]

    def title(self, start: int, end: int, *, cell: bool) -> Iterator[Slot]:
        """A text in quotes, if it is one."""
        text = _LINE_BREAK.sub(" ", unescapeAll(self.text[start:end]))
        if any(map(str.isalpha, text)):
            quote = self.text[end]
            yield Title(self.at(start), self.at(end), text, quote=quote, cell=cell)

    def html(self) -> Iterator[Span]:
        """Where in the source HTML stands, without what is before its lines."""
        for block in self.page.blocks:
            if block.kind != HTML:
                continue
            begin, reached = block.lines[0]
            for start, end in block.lines[1:]:
                if self.text[reached:start].strip():
                    yield self.at(begin), self.at(reached)
                    begin = start
                reached = end
            yield self.at(begin), self.at(reached)


def _items(text: str, lines: Sequence[Span]) -> list[list[Span]]:
    """The lines of each item of a list that only Pandoc knows; none if it is no list."""
    found: list[list[Span]] = []
    for start, end in lines:
        mark = _EXAMPLE.match(text, start, end) or _LETTERED.match(text, start, end)
        if mark:
            found.append([(mark.end(), end)])
        elif found:
            found[-1].append((start, end))
        else:
            return []
    return found if len(found) > 1 or _EXAMPLE.match(text, lines[0][0]) else []


def _line_block(text: str, lines: Sequence[Span]) -> Sequence[Sequence[Span]]:
    """The lines of a paragraph that all begin with bars, without these; nothing if some do not.

    Pandoc keeps their breaks and their indentation (https://pandoc.org/MANUAL.html#line-blocks);
    one that begins with a blank goes on with the one before. Others show the bars.
    """
    found: list[list[Span]] = []
    for start, end in lines:
        if bar := _BAR.match(text, start, end):
            found.append([(bar.end(), end)])
        elif found and text[start - 1 : start] in (" ", "\t"):
            found[-1].append((start, end))
        else:
            return []
    return found


class _Paragraph:
    """Lines that are one text.

    Args:
        body: the document.
        lines: where in its text they are, without what is before them.
        kind: the kind of their block.
        cell: whether they stand in a table.
    """

    def __init__(self, body: Body, lines: Sequence[Span], kind: int, *, cell: bool = False) -> None:
        self._body = body
        self._lines = lines
        self._kind = kind
        self._cell = cell or kind == CELL
        self._content = "\n".join(body.text[start:end] for start, end in lines)
        self._starts = [0]
        for start, end in lines[:-1]:
            self._starts.append(self._starts[-1] + end - start + 1)

    def slots(self) -> Iterator[Slot]:
        """Its text, if there is any, and those in its markup.

        Raises:
            BadInputError: there is too much markup.
        """
        page = self._body.page
        if has_too_much(self._content):
            raise BadInputError(f"{self._body.name} has a paragraph with too much markup")
        found = inline(self._content, page.parser, page.env)
        read = {self._content[inner.start : inner.end] for inner in found.inner}
        for piece in found.pieces:
            if piece.kind in (KEPT, POINT):
                role = self._content[piece.start - 1 : piece.start] == "}"
                self._body.said += said(self._content[piece.start - role : piece.end])
            if piece.kind in (OPEN, CLOSE, POINT):
                raw = self._content[piece.start : piece.end]
                self._body.note_languages(raw, piece.start, self._place)
                self._body.said += (text for text in texts_in_markup(raw) if text not in read)
        parts = conditions_apart(self._content, paired([*with_fillers(found.pieces)], EMPHASIS))
        if parts is None:
            self._body.left.append(self._body.at(self._place(0)))
        for part in parts or ():
            for pieces in map(trimmed, apart(part)):
                yield from self._prose(pieces)
        for inner in found.inner:
            yield from self._inner(inner)

    def _prose(self, pieces: Sequence[MarkupPiece]) -> Iterator[Slot]:
        """Some of its pieces as one text, if there is any."""
        stretch = joined(pieces)
        if not stretch.has_letters:
            return
        marks = tuple(
            Mark(mark.start, mark.end, self._span(mark.opens), self._span(mark.closes))
            for mark in stretch.marks
        )
        prefix, width = self._wrapping(pieces)
        yield Prose(
            *self._span((pieces[0].start, pieces[-1].end)),
            stretch.text,
            None,
            marks,
            stretch.kept,
            kind=self._kind,
            cell=self._cell,
            prefix=prefix,
            width=width,
        )

    def _place(self, offset: int) -> int:
        """Where in the body's text a character of the lines is."""
        line = bisect_right(self._starts, offset) - 1
        return self._lines[line][0] + offset - self._starts[line]

    def _span(self, span: Span) -> Span:
        """Where in the source a stretch of the lines is."""
        return self._body.at(self._place(span[0])), self._body.at(self._place(span[1]))

    def _wrapping(self, pieces: Sequence[MarkupPiece]) -> tuple[str, int]:
        """What is between two lines, and how wide they are."""
        if len(self._lines) == 1:
            return "\n", 0
        first = bisect_right(self._starts, pieces[0].start) - 1
        last = bisect_right(self._starts, pieces[-1].end - 1) - 1
        if first == last:
            return "\n", 0
        body, lines = self._body, self._lines
        prefix = body.source[body.at(lines[first][1]) : body.at(lines[first + 1][0])]
        breaks = sum(piece.kind == POINT and piece.text == "\n" for piece in pieces)
        if breaks >= last - first:
            return prefix, 0
        begin = body.text.rfind("\n", 0, lines[first][0])
        widths = [lines[first][1] - begin - 1]
        widths += [lines[i][1] - lines[i - 1][1] - 1 for i in range(first + 1, last + 1)]
        return prefix, max(widths)

    def _inner(self, inner: Inner) -> Iterator[Slot]:
        """A text inside markup."""
        start, end = inner.start, inner.end
        if inner.kind != "alt":
            yield from self._quoted(inner)
            return
        first, last = (bisect_right(self._starts, place) - 1 for place in (start, end))
        lines = [
            (
                max(self._lines[i][0], self._place(start)),
                min(self._lines[i][1], self._place(end)),
            )
            for i in range(first, last + 1)
        ]
        yield from _Paragraph(self._body, lines, ALT, cell=self._cell).slots()

    def _quoted(self, inner: Inner) -> Iterator[Slot]:
        """A title or an attribute, unless there is more between its lines than line breaks."""
        body, content = self._body, self._content[inner.start : inner.end]
        start, end = self._place(inner.start), self._place(inner.end)
        if body.text[start:end].split() != content.split():
            if any(map(str.isalpha, content)):
                body.parted.append(start)
        elif inner.kind == "title":
            yield from body.title(start, end, cell=self._cell)
        else:
            quote = body.text[end]
            start, end = bare(body.source, body.at(start), body.at(end))
            text = decoded(body.source[start:end])
            if any(map(str.isalpha, text)):
                yield AttributeSlot(start, end, text, quote=quote)
