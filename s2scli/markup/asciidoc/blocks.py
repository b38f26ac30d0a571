"""The blocks of a document of AsciiDoc: where its paragraphs, items, titles and cells stand.

Code, passthroughs, comments, names, the lines of the preprocessor and macros that are not known
are none (https://docs.asciidoctor.org/asciidoc/latest/blocks/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from s2scli.data import Span
from s2scli.markup.asciidoc import syntax
from s2scli.markup.asciidoc.attributes import attributes, attributions, banned, label_spans, texts
from s2scli.markup.asciidoc.kinds import (
    ATTRIBUTION,
    HEADING,
    LABEL,
    PARAGRAPH,
    UNDERLINED,
    VERSE,
    AsciiDocBlock,
)
from s2scli.markup.asciidoc.tables import Table, cells

__all__ = ["blocks"]

MOST_NESTED = 32  # cells within cells


def blocks(text: str, start: int = 0) -> Iterator[AsciiDocBlock]:
    """The texts of a document whose line ends are ``\\\\n``, in order.

    Args:
        text: its characters.
        start: where the document begins in them.
    """
    reader = _Reader(text, start, len(text))
    yield from reader.header()
    yield from reader.all()


class _Reader:
    """Reads blocks.

    Args:
        text: the characters of all of the document.
        start, end: the lines to read.
        depth: how many cells they stand in.
        always: characters that must not be in the texts as they are.
    """

    def __init__(self, text: str, start: int, end: int, depth: int = 0, always: str = "") -> None:
        self._text = text
        self._lines: Sequence[Span] = [
            line.span() for line in syntax.LINE.finditer(text, start, end)
        ]
        self._at = 0  # the line that is read
        self._depth = depth
        self._always = always
        self._open: list[str] = []  # the delimiters of what it stands in
        self._style = ""
        self._list = ""  # the lines of attributes before a block
        self._has_id = False
        self._joined = False  # whether a block belongs to an item

    def all(self) -> Iterator[AsciiDocBlock]:
        """All texts from the present line on."""
        while self._at < len(self._lines):
            yield from self._next()

    def header(self) -> Iterator[AsciiDocBlock]:
        """The title of the document, its attributes; who wrote it and when stays."""
        while self._at < len(self._lines):
            said = self._said(self._at)
            if not said or syntax.COMMENT.match(said):
                self._at += 1
            elif said.startswith("////"):
                self._skip_delimited(said)
            elif syntax.ENTRY.match(said):
                yield from self._entry()
            else:
                break
        title = self._heading(said) if syntax.TITLE.match(said := self._said(self._at)) else None
        if title is None and self._said(self._at + 1).startswith("=="):
            title = self._underlined()
        if title is None:
            return
        if not syntax.MANUAL.match(self._text, *title.lines[0]):
            yield title
        while said := self._said(self._at):
            if syntax.ENTRY.match(said):
                yield from self._entry()
            else:
                self._at += 1

    def _said(self, number: int) -> str:
        return self._text[slice(*self._lines[number])].rstrip() if number < len(self._lines) else ""

    def _next(self) -> Iterator[AsciiDocBlock]:
        """What the present line begins."""
        said = self._said(self._at)
        body = said.lstrip(" \t")
        if not said or said == "+" or syntax.RULE.match(said):
            self._joined |= said == "+"
            self._at += 1
        elif said.startswith("//") and not said.startswith("///"):
            self._at += 1
        elif syntax.PREPROCESSOR.match(said):
            yield from self._preprocessor(PARAGRAPH)
        elif syntax.ENTRY.match(said):
            yield from self._entry()
        elif syntax.ATTRIBUTES.match(said):
            yield from self._attributes(said)
        elif syntax.LABEL.match(said) and not syntax.DELIMITER.match(said):
            yield self._line(LABEL, 1)
        elif title := self._heading(said):
            yield title
        elif syntax.DELIMITER.match(said):
            yield from self._delimited(said)
        elif syntax.MACRO.match(said) and not syntax.TERM.match(said):
            yield from self._macro(said)
        elif title := self._underlined():
            yield title
        else:
            yield from self._words(said, body)

    def _words(self, said: str, body: str) -> Iterator[AsciiDocBlock]:
        """An item, or a paragraph."""
        indent = len(said) - len(body)
        if self._style in syntax.VERBATIM:
            self._skip_paragraph()
        elif marker := syntax.CALLOUT.match(body) or syntax.ITEM.match(body):
            box = syntax.BOX.match(body, marker.end())
            yield from self._text_lines(indent + (box or marker).end())
        elif term := syntax.TERM.match(body):
            start = self._lines[self._at][0] + indent
            yield AsciiDocBlock(LABEL, ((start, start + term.end("term")),), self._always)
            if term.end() < len(body):
                yield from self._text_lines(indent + term.end())
            else:
                yield from self._description()
                self._forget()
                self._joined = True
                return
        elif indent and self._style != "normal":
            self._skip_paragraph()
        elif said.startswith("> "):
            yield from self._markdown_quote()
        else:
            label = syntax.ADMONITION.match(body)
            yield from self._paragraph(indent + (label.end() if label else 0))
        self._forget()

    def _forget(self) -> None:
        """The attributes belonged to the block before."""
        self._style, self._list, self._has_id = "", "", False
        self._joined = False

    def _line(self, kind: int, column: int, end: int | None = None) -> AsciiDocBlock:
        """A text in the present line, from a column on."""
        start, said = self._lines[self._at][0], self._said(self._at)
        self._at += 1
        last = start + (len(said) if end is None else end)
        return AsciiDocBlock(kind, ((start + column, last),), self._always, has_id=self._has_id)

    def _heading(self, said: str) -> AsciiDocBlock | None:
        if not (marker := syntax.HEADING.match(said)):
            return None
        signs = marker[0].strip()
        end = len(said)
        if said.endswith(f" {signs}") and len(said) - len(signs) - 1 > marker.end():
            end = len(said[: -len(signs)].rstrip())
        title = self._line(HEADING, marker.end(), end)
        self._forget()
        return title

    def _underlined(self) -> AsciiDocBlock | None:
        said, line = self._said(self._at), self._said(self._at + 1)
        if self._open or self._depth or not syntax.UNDERLINE.match(line) or said[:1] in " \t.":
            return None
        if abs(len(said) - len(line)) > 1 or not re.search(r"\w", said):
            return None
        title = self._line(UNDERLINED, 0)
        title = title._replace(end=self._lines[self._at][0] + len(line))
        self._at += 1
        self._forget()
        return title

    def _preprocessor(self, kind: int) -> Iterator[AsciiDocBlock]:
        """A line that is about lines; what stands in the brackets of a condition is one itself."""
        said = self._said(self._at)
        found = syntax.PREPROCESSOR.match(said)
        start = self._lines[self._at][0]
        self._at += 1
        if found and said.startswith("if") and not said.startswith("ifeval"):
            first, last = found.span(1)
            begins = syntax.LINE_BEGIN.match(found[1]) or syntax.TERM.match(found[1])
            if first < last and not begins:
                yield AsciiDocBlock(kind, ((start + first, start + last),), f"]{self._always}")

    def _entry(self) -> Iterator[AsciiDocBlock]:
        """An attribute of the document; titles, captions, descriptions are texts."""
        found = syntax.ENTRY.match(self._said(self._at))
        column = found.end() if found else 0
        name = found[1] if found else ""
        lines: list[Span] = []
        goes_on = True
        while goes_on and self._at < len(self._lines):
            start, said = self._lines[self._at][0], self._said(self._at)
            goes_on = said.endswith(" \\")
            body = said[:-2].rstrip() if goes_on else said
            column = column or len(body) - len(body.lstrip())
            if column < len(body):
                lines.append((start + column, start + len(body)))
            column = 0
            self._at += 1
        if lines and syntax.READ.fullmatch(name):
            yield AsciiDocBlock(PARAGRAPH, tuple(lines), self._always)

    def _attributes(self, said: str) -> Iterator[AsciiDocBlock]:
        """A line of attributes for the block after it."""
        start = self._lines[self._at][0]
        if said.startswith("[["):
            self._has_id = True
            for span in label_spans(self._text, start, start + len(said)):
                yield AsciiDocBlock(LABEL, (span,), f"]{self._always}")
        else:
            style = syntax.STYLE.match(said)
            self._style = (style and style[1]) or self._style
            self._list += said[1:-1] + ","
            self._has_id |= bool(re.match(r"\[[^,\"']*#[\w]", said) or re.search(r"\bid\s*=", said))
            yield from self._inner(start + 1, start + len(said) - 1, is_image=False)
            is_quote = self._said(self._at + 1).startswith("____") and not self._style
            if is_quote or self._style in syntax.QUOTES:
                for one in attributions(self._text, start + 1, start + len(said) - 1):
                    yield AsciiDocBlock(ATTRIBUTION, ((one.start, one.end),))
        self._at += 1

    def _inner(self, start: int, end: int, *, is_image: bool) -> Iterator[AsciiDocBlock]:
        for one in texts(self._text, start, end, is_image=is_image):
            yield AsciiDocBlock(LABEL, ((one.start, one.end),), banned(one) + self._always)

    def _macro(self, said: str) -> Iterator[AsciiDocBlock]:
        if macro := syntax.MEDIA.match(said):
            yield from self._media(macro, self._lines[self._at][0])
        self._at += 1
        self._forget()

    def _media(self, macro: re.Match[str], start: int) -> Iterator[AsciiDocBlock]:
        """What is read of an image or film that stands on a line of its own."""
        first, last = start + macro.start(2), start + macro.end(2)
        yield from self._inner(first, last, is_image=macro[1] == "image")

    def _delimited(self, said: str) -> Iterator[AsciiDocBlock]:
        """What begins or ends with a line of signs."""
        style, sign = self._style, said[0]
        if said[1:2] == "=" and sign != "=":
            yield from self._table(said)
        elif sign in "+./`" or (sign == "-" and said != "--") or style in syntax.VERBATIM:
            self._skip_delimited("```" if sign == "`" else said)
        elif self._open and said in self._open:
            del self._open[self._open.index(said) :]
            self._at += 1
        elif style == "verse":
            yield from self._verse(said)
        else:
            self._open.append(said)
            self._at += 1
        self._forget()

    def _table(self, said: str) -> Iterator[AsciiDocBlock]:
        first = self._at + 1
        self._skip_delimited(said)
        last = self._at - (self._at > first and self._said(self._at - 1) == said)
        start = self._lines[first][0] if first < len(self._lines) else len(self._text)
        end = self._lines[last - 1][1] if last > first else start
        found = attributes(self._list, 0, len(self._list))
        named = {one.name: self._list[one.start : one.end] for one in found}
        kind, separator, columns = map(named.get, ("format", "separator", "cols"))
        table = Table(said[0], kind or "", separator or "", columns or "", self._list)
        for cell in cells(self._text, start, end, table):
            if cell.is_document and self._depth < MOST_NESTED:
                always = cell.always + self._always
                start = cell.end - len(self._text[cell.start : cell.end].lstrip())
                inner = _Reader(self._text, start, cell.end, self._depth + 1, always)
                yield from inner.all()
            elif not cell.is_verbatim:
                yield from self._cell(cell.start, cell.end, cell.always)

    def _cell(self, start: int, end: int, always: str) -> Iterator[AsciiDocBlock]:
        """The paragraphs of a cell."""
        lines: list[Span] = []
        for line in [*syntax.LINE.finditer(self._text, start, end), None]:
            said = line[0].strip() if line else ""
            is_apart = line and syntax.APART.match(line[0])
            if lines and (not said or is_apart):
                yield AsciiDocBlock(PARAGRAPH, tuple(lines), always + self._always)
                lines = []
            elif line and said and not is_apart:
                first = line.start() + len(line[0]) - len(line[0].lstrip())
                lines.append((first, first + len(said)))

    def _verse(self, said: str) -> Iterator[AsciiDocBlock]:
        first = self._at + 1
        self._skip_delimited(said)
        for number in range(first, self._at):
            start, line = self._lines[number][0], self._said(number)
            if line and line != said and not syntax.PREPROCESSOR.match(line):
                first_column = len(line) - len(line.lstrip())
                yield AsciiDocBlock(
                    LABEL, ((start + first_column, start + len(line)),), self._always
                )

    def _paragraph(self, column: int) -> Iterator[AsciiDocBlock]:
        is_verse = self._style == "verse" or "hardbreaks" in self._list
        yield from self._text_lines(column, VERSE if is_verse else PARAGRAPH, in_list=self._joined)

    def _description(self) -> Iterator[AsciiDocBlock]:
        """What stands below a term, indented or not."""
        self._at += 1
        number = self._at
        while number < len(self._lines) and not self._said(number):
            number += 1
        said = self._said(number)
        if said[:1] in (" ", "\t") and not self._begins(said.lstrip(), in_list=True):
            self._at = number
            yield from self._text_lines(len(said) - len(said.lstrip()))

    def _text_lines(
        self, column: int, kind: int = PARAGRAPH, *, in_list: bool = True
    ) -> Iterator[AsciiDocBlock]:
        """The lines of a paragraph, up to what begins another block."""
        lines: list[Span] = []
        first = self._at
        while said := self._said(self._at):
            body = said.lstrip() if self._at > first else said[column:]
            macro = syntax.MEDIA.match(body)
            is_apart = macro or (self._at > first and syntax.APART.match(said))
            if self._at > first and not is_apart and self._begins(body, in_list=in_list):
                break
            if is_apart:
                if lines:
                    yield AsciiDocBlock(kind, tuple(lines), self._always)
                    lines = []
                if macro:
                    yield from self._media(macro, self._lines[self._at][0] + len(said) - len(body))
                elif syntax.PREPROCESSOR.match(said):
                    yield from self._preprocessor(kind)
                    continue
            else:
                end = self._lines[self._at][0] + len(said)
                lines.append((end - len(body), end))
            self._at += 1
        who = lines.pop() if len(lines) > 1 and self._is_attribution(lines) else None
        if lines:
            yield AsciiDocBlock(kind, tuple(lines), self._always)
        if who:
            yield AsciiDocBlock(ATTRIBUTION, (who,))

    def _is_attribution(self, lines: Sequence[Span]) -> bool:
        """Whether the last line says who is quoted."""
        last = self._text[lines[-1][0] : lines[-1][0] + 3]
        return last == "-- " and self._text[lines[0][0]] == '"'

    def _begins(self, body: str, *, in_list: bool) -> bool:
        """Whether a line within a paragraph begins a block."""
        if syntax.ATTRIBUTES.match(body) or syntax.DELIMITER.match(body):
            return True
        return in_list and bool(syntax.IN_LIST.match(body))

    def _markdown_quote(self) -> Iterator[AsciiDocBlock]:
        """Lines after ``>``, as Markdown has them."""
        lines: list[Span] = []
        while said := self._said(self._at):
            marker = syntax.QUOTED.match(said)
            column = marker.end() if marker else 0
            is_who = said[column:].startswith("-- ")
            start = self._lines[self._at][0]
            if column < len(said) and not is_who:
                lines.append((start + column, start + len(said)))
            elif lines:
                yield AsciiDocBlock(PARAGRAPH, tuple(lines), self._always)
                lines = []
            if is_who:
                yield AsciiDocBlock(ATTRIBUTION, ((start + column, start + len(said)),))
            self._at += 1
        if lines:
            yield AsciiDocBlock(PARAGRAPH, tuple(lines), self._always)

    def _skip_paragraph(self) -> None:
        while self._said(self._at):
            self._at += 1

    def _skip_delimited(self, closing: str) -> None:
        """Pass by what ends with a line of its own, and by that."""
        self._at += 1
        while self._at < len(self._lines) and self._said(self._at) != closing:
            self._at += 1
        self._at = min(self._at + 1, len(self._lines))
