"""The blocks of a document of reStructuredText: where its paragraphs and titles stand.

Code, comments, targets, tables, options of directives, and directives whose content is not known to
be text, are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.htmlnames import META_NAMES
from s2scli.markup.rst.dialects import dialect
from s2scli.markup.rst.directives import (
    DIRECTIVES,
    MARKED_OPTIONS,
    NAME,
    ONE_LINE,
    PLAIN_OPTIONS,
    SIGNATURE,
    SILENT,
    VERSION,
    VERSIONS,
)
from s2scli.markup.rst.indexes import index_texts
from s2scli.markup.rst.lines import LINE, RstLines
from s2scli.markup.rst.terms import columns, terms
from s2scli.markup.values import BARE_VALUE, BROKEN_VALUE, QUOTED_VALUE, Dialect, values

__all__ = [
    "BARE",
    "BROKEN",
    "ENTRY",
    "FIELD",
    "LINE_BEGIN",
    "PARAGRAPH",
    "PLAIN",
    "QUOTED",
    "TABLE",
    "TITLE",
    "UNKNOWN",
    "RstBlock",
    "blocks",
]

# Values of a table are bare or in quotes.
PARAGRAPH, TITLE, TABLE, BARE, QUOTED, BROKEN, PLAIN, ENTRY, UNKNOWN, FIELD = range(10)
_ENTRY = re.compile(r"[ \t]*(\S.*?)[ \t]*<[^<\n]*>[ \t]*")  # of a table of contents, with a title
_META = re.compile(r"(?:(?:name|property)=)?((?:[^\s\\]|\\.)+)")  # the name of a page's metadata
_RULE = re.compile(r"([!-/:-@\[-`{-~])\1*[ \t]*$")
_BORDER = re.compile(r"[ \t]*(?:\^{3,}|\+{3,})$")  # of a card's head or foot
_EXPLICIT = re.compile(r"\.\.(?:[ \t]+|$)")
_NOTE = re.compile(r"\[(?:[\w.-]+|#[\w.-]*|\*)\][ \t]*")
_DIRECTIVE = re.compile(r"(?:\|[^|\n]+\|[ \t]+)?([\w:+.-]+)::(?:[ \t]+|$)")
_BULLET = re.compile(r"[-*+•‣⁃](?:[ \t]+|$)")
_NUMBER = re.compile(r"\(?(?:\d{1,9}|#|[a-zA-Z]|[ivxlcdmIVXLCDM]{1,9})[.)](?:[ \t]+)(?=\S)")
_FIELD = re.compile(r":(?![: \t])((?:[^:\n\\`]|\\.|:(?!\s))+):(?:[ \t]+|$)")
_OPTION = re.compile(r"(?:-{1,2}|/)[\w?][^\n]*?(?:[ ]{2,}(?=\S)|$)")
_VERSE = re.compile(r"\|(?:[ \t]+|$)")
_GRID = re.compile(r"\+(?:-+\+)+$")
_COLUMNS = re.compile(r"=+(?: +=+)+$")
# Fields whose bodies are not text.
_DATA = re.compile(
    r"(?:author|authors|organization|contact|address|date|orphan|tocdepth|nocomments|nosearch|alt|"
    r"width|height|class|name|target)$|(?:r?type|vartype)\b",
    re.IGNORECASE,
)
# Fields whose bodies are a word or a number, or else a sentence about that.
_STATE = re.compile(r"(?:version|revision|status)$", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:\S*[^\W\d_]\S*\s+){3}\S")
_VALUES = {BARE_VALUE: BARE, QUOTED_VALUE: QUOTED, BROKEN_VALUE: BROKEN}
LINE_BEGIN = re.compile(
    rf"\.\.(?=\s|$)|{_BULLET.pattern}|{_NUMBER.pattern}|{_VERSE.pattern}|{_FIELD.pattern}|>>>|__\s|"
    r"-{1,2}[\w?]|(?P<rule>[!-/:-@\[-`{-~])(?P=rule)*[ \t]*$"
)


class RstBlock(NamedTuple):
    """A text.

    Attributes:
        kind: ``PARAGRAPH``, ``TITLE``, ``TABLE``, ``BARE``, ``QUOTED``, or ``BROKEN`` for a value
            that nobody can read for sure; ``PLAIN`` for text without markup, ``ENTRY`` for such
            text of an index; ``UNKNOWN``: of an unknown directive; ``FIELD``: a field's name.
        lines: where its lines stand, without what is before them.
        start, end: of a title with its lines of punctuation; the first of such a directive too.
        dialect: of a value, how it is written.
        name: of a directive that is not known, or ``glossary`` for a term of one.
    """

    kind: int
    lines: tuple[Span, ...]
    start: int = 0
    end: int = 0
    dialect: Dialect = Dialect()
    name: str = ""


def blocks(text: str) -> Iterator[RstBlock]:
    """The texts of a document whose line ends are ``\\\\n``, in order."""
    reader = _Reader(text)
    while reader.at < len(reader.lines):
        yield from reader.next()


def _stripped(line: re.Match[str]) -> Span:
    """Where a line is, without the blanks at its ends."""
    start = line.start() + len(line[0]) - len(line[0].lstrip())
    return start, max(start, line.start() + len(line[0].rstrip()))


class _Reader(RstLines):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._glossary_end = 0  # before it, lines above a definition are a term each

    def next(self) -> Iterator[RstBlock]:
        """What the present line begins."""
        said = self._said(self.at)
        if not said.strip():
            self.at += 1
            return
        if (title := self._title()) is not None:
            yield title
            return
        yield from self._content(self._indent(self.at), self._indent(self.at))

    def _content(self, column: int, base: int) -> Iterator[RstBlock]:
        """What stands in the present line from a column on, within a block of an indentation."""
        body = self._said(self.at)[column:]
        if not body:
            self.at += 1
        elif _EXPLICIT.match(body):
            yield from self._explicit(body, column, base)
        elif body.startswith(("__ ", ">>>")):
            self._skip_paragraph()
        elif _GRID.match(body) or _COLUMNS.match(body):
            yield self._table(column, is_grid=body[0] == "+")
        elif field := _FIELD.match(body):
            is_word = _STATE.match(field[1]) and not _SENTENCE.search(body, field.end())
            if is_word or _DATA.match(field[1]):
                self._skip_deeper(base)
            else:
                place = self.lines[self.at][0] + column
                yield RstBlock(FIELD, ((place + field.start(1), place + field.end(1)),))
                yield from self._content(column + field.end(), base)
        elif marker := _VERSE.match(body):
            yield from self._lines(self.at, column + marker.end(), base, alone=True)
        elif marker := _BULLET.match(body) or _NUMBER.match(body):
            yield from self._content(column + marker.end(), column + marker.end())
        elif marker := _OPTION.match(body):
            yield from self._content(column + marker.end(), base)
        elif _BORDER.match(body) or (_RULE.match(body) and (len(body) > 3 or body == "::")):
            self.at += 1
            if body.endswith("::"):
                self._skip_literal(base, base)
        else:
            yield from self._lines(self.at, column, base)

    def _lines(
        self, first: int, column: int, base: int, *, alone: bool = False, argument: bool = False
    ) -> Iterator[RstBlock]:
        """A paragraph, and the code that it may announce; options end an argument."""
        self.at = first + 1
        inner = self._indent(self.at) if self._said(self.at).strip() else -1
        goes_on = inner == column or (column > base and inner > base)
        while not alone and goes_on and self._said(self.at).strip():
            is_option = argument and self._option() is not None
            if self._indent(self.at) != inner or is_option or _BORDER.match(self._said(self.at)):
                break
            self.at += 1
        spans = []
        for number in range(first, self.at):
            start, end = self.lines[number][0], self.lines[number][0] + len(self._said(number))
            spans.append((start + (column if number == first else inner), end))
        start, end = spans[-1]
        is_literal = self._text.endswith("::", start, end) and not alone
        if is_literal:
            spans[-1] = start, start + len(self._text[start : end - 2].rstrip())
        other = alone or argument or is_literal or self._indent(self.at) <= max(column, base)
        if not other and (len(spans) == 1 or self.at < self._glossary_end):
            name = "glossary" if self.at < self._glossary_end else ""
            found = terms(self._text, spans)
            yield from (RstBlock(PARAGRAPH, (term,), name=name) for term in found)
        else:
            yield RstBlock(PARAGRAPH, tuple(span for span in spans if span[0] < span[1]))
        if is_literal:
            self._skip_literal(base, self._edge(column, base))

    def _explicit(self, body: str, column: int, base: int) -> Iterator[RstBlock]:
        mark = _EXPLICIT.match(body)
        rest = column + (mark.end() if mark else 0)
        said = self._said(self.at)
        if note := _NOTE.match(said, rest):
            yield from self._content(note.end(), base)
            return
        directive = _DIRECTIVE.match(said, rest)
        name = directive[1].rpartition(":")[2].lower() if directive else ""
        if directive and name == "index":
            yield from self._index(directive.end(), base)
            return
        holds = DIRECTIVES.get(name)
        if not directive or not holds:
            yield from self._unread(name, base)
            return
        first = self.at
        yield from self._argument(name, directive.end(), base)
        self.at = max(self.at, first + 1)
        options: dict[str, Span] = {}
        for option, span, text in self._options(base):
            options[option] = span
            yield from text
        if name == "csv-table":
            yield from self._values(base, options)
        if name == "glossary":
            self._glossary_end = self._rest_end(base)
        if not holds.body:
            self._skip_rest(base)

    def _argument(self, name: str, column: int, base: int) -> Iterator[RstBlock]:
        """What of a directive's argument, which begins in a column, is text."""
        first, kind = self.at, DIRECTIVES[name].argument
        if kind == VERSION:
            said = self._said(first)
            versions = re.compile(rf"(?:\S+[ \t]*){{0,{VERSIONS.get(name, 1)}}}").match(
                said, column
            )
            column = versions.end() if versions else column
        if kind == SIGNATURE:
            self.at += 1
            while self._said(self.at).strip() and self._indent(self.at) > base:
                if self._option():
                    break
                self.at += 1
        elif kind != NAME and column < len(self._said(first)):
            yield from self._lines(first, column, base, alone=kind == ONE_LINE, argument=True)

    def _index(self, column: int, base: int) -> Iterator[RstBlock]:
        """The entries of an index, the first of which begins in a column."""
        while not self._option():
            end = self.lines[self.at][0] + len(self._said(self.at))
            for span in index_texts(self._text, (self.lines[self.at][0] + column, end)):
                yield RstBlock(ENTRY, (span,))
            self.at += 1
            column = self._indent(self.at)
            if column <= base or not self._said(self.at).strip():
                break
        self._skip_rest(base)

    def _unread(self, name: str, base: int) -> Iterator[RstBlock]:
        """A comment, or a directive whose content is not known to be text."""
        start = self.lines[self.at][0]
        self.at += 1
        if name and name != "meta":
            for _, _, text in self._options(base):
                yield from text
        first = self.at
        self._skip_rest(base)
        spans = [
            (self.lines[number][0], self.lines[number][0] + len(self._said(number)))
            for number in range(first, self.at)
        ]
        if name == "toctree":
            for span in spans:
                if entry := _ENTRY.fullmatch(self._text, *span):
                    yield RstBlock(PLAIN, (entry.span(1),))
        elif name == "meta":
            yield from self._metadata(spans)
        elif name and name not in SILENT:
            lines = tuple(span for span in spans if span[0] < span[1])
            yield RstBlock(UNKNOWN, lines, start, name=name)

    def _metadata(self, spans: Sequence[Span]) -> Iterator[RstBlock]:
        """The texts among a page's metadata, each of which begins with its name."""
        found: list[list[Span]] = []
        reads = False
        for start, end in spans:
            said = self._text[start:end]
            if field := _FIELD.match(said, len(said) - len(said.lstrip())):
                name = _META.match(field[1])
                named = name[1].replace("\\", "").lower() if name else ""
                reads = named in META_NAMES and "lang=" not in field[1]
                found += [[(start + field.end(), end)]] if reads else []
            elif reads and said.strip():
                found[-1].append((start + len(said) - len(said.lstrip()), end))
        for lines in found:
            yield RstBlock(PLAIN, tuple(line for line in lines if line[0] < line[1]))

    def _options(self, base: int) -> Iterator[tuple[str, Span, Iterable[RstBlock]]]:
        """The options of a directive: name, where the value is, and that as a text if it is one."""
        while self._indent(self.at) > base and (option := self._option()):
            indent, lines = self._indent(self.at), [option[1]]
            self.at += 1
            while self._indent(self.at) > indent and self._said(self.at).strip():
                start = self.lines[self.at][0]
                lines.append((start + self._indent(self.at), start + len(self._said(self.at))))
                self.at += 1
            found = tuple(line for line in lines if line[0] < line[1])
            name = option[0].lower()
            kind = PLAIN if name in PLAIN_OPTIONS else PARAGRAPH
            is_text = found and (name in PLAIN_OPTIONS or name in MARKED_OPTIONS)
            yield *option, [RstBlock(kind, found)] if is_text else ()

    def _option(self) -> tuple[str, Span] | None:
        """The name of the option of a directive in the present line, and where its value is."""
        start, said = self.lines[self.at][0], self._said(self.at)
        found = _FIELD.match(said, self._indent(self.at))
        return (found[1], (start + found.end(), start + len(said))) if found else None

    def _values(self, base: int, options: Mapping[str, Span]) -> Iterator[RstBlock]:
        """The heads and the cells of a table of values that is not in a file of its own."""
        first = self.at
        self._skip_rest(base)
        style = dialect({name: self._text[slice(*span)] for name, span in options.items()})
        spans = [options["header"]] if "header" in options else []
        if first < self.at:
            spans.append((self.lines[first][0], self.lines[self.at - 1][1]))
        read = [value for span in spans for value in values(self._text, *span, style)]
        is_broken = any(value.kind == BROKEN_VALUE for value in read)
        for begin, end, kind in read:
            if is_broken or (style.escape and style.escape in self._text[begin:end]):
                kind = BROKEN_VALUE
            lines = (_stripped(line) for line in LINE.finditer(self._text, begin, end))
            found = tuple(line for line in lines if line[0] < line[1])
            if found and kind == BARE_VALUE and style.keeps_space and found[0][0] > begin:
                kind = BROKEN_VALUE  # a quote after a blank would be none
            yield RstBlock(_VALUES[kind], found, dialect=style)

    def _title(self) -> RstBlock | None:
        """The title that the present line begins, if it does."""
        first = self._said(self.at)
        over = _RULE.match(first) and len(self._said(self.at + 1).strip()) > 0
        if over and self._said(self.at + 2) == first and self._said(self.at + 1) != first:
            number, last = self.at + 1, self.at + 2
        else:
            number, last = self.at, self.at + 1
            under = self._said(last)
            fits = len(under) >= min(4, columns(first)) and _RULE.match(under)
            if not fits or self._indent(self.at) or _RULE.match(first) or under == "::":
                return None
        said = self._said(number)
        start = self.lines[number][0] + self._indent(number)
        line = start, self.lines[number][0] + len(said)
        begin, end = self.lines[self.at][0], self.lines[last][0] + len(self._said(last))
        self.at = last + 1
        return RstBlock(TITLE, (line,), begin, end)

    def _table(self, column: int, *, is_grid: bool) -> RstBlock:
        """A drawn table: a grid up to an empty line, another up to the last of its borders."""
        first = self.at
        length = len(self._said(first)) - column
        borders = 0
        self.at += 1
        while self.at < len(self.lines):
            said = self._said(self.at)[column if self._indent(self.at) >= column else 0 :]
            if is_grid and not said:
                break
            if self._said(self.at) and self._indent(self.at) < column:
                break
            self.at += 1
            if not is_grid and _COLUMNS.match(said) and len(said) == length:
                borders += 1
                if borders == 2 or not self._said(self.at):
                    break
        starts = [self.lines[number][0] for number in range(first, self.at)]
        ends = [start + len(self._said(number)) for number, start in enumerate(starts, first)]
        spans = ((min(start + column, end), end) for start, end in zip(starts, ends, strict=True))
        return RstBlock(TABLE, tuple(spans))
