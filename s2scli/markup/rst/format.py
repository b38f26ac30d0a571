"""reStructuredText (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html).

Paragraphs, titles, items, cells, and the content of admonitions and the like are texts. Code,
comments, targets, options, and directives that are not known stay. A title's line is made as long
as the new title is; one that is referred to keeps its name by a target before it. Drawn tables
are drawn again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from s2scli.data import Span
from s2scli.documents.base import Format, Raw, Slot, Source, Target, composed, line_end, unix
from s2scli.documents.pieces import TEXT, MarkupPiece, joined, paired, trimmed
from s2scli.documents.rawmarkup import raw_words
from s2scli.documents.remarks import lines_named, named, terms_renamed
from s2scli.errors import BadInputError
from s2scli.markup.rst.blocks import (
    BARE,
    BROKEN,
    ENTRY,
    FIELD,
    LINE_BEGIN,
    PARAGRAPH,
    PLAIN,
    QUOTED,
    TABLE,
    TITLE,
    UNKNOWN,
    RstBlock,
    blocks,
)
from s2scli.markup.rst.drawn import drawn, text_of
from s2scli.markup.rst.indexes import role_entries
from s2scli.markup.rst.inline import attribution, left_texts, pieces
from s2scli.markup.rst.names import entry_named, references, shown_name, targets
from s2scli.markup.rst.terms import columns
from s2scli.markup.templates import TAG
from s2scli.markup.values import Dialect
from s2scli.markup.wrapping import Lines, readable, wrapped
from s2scli.text.held import HELD, held
from s2scli.text.oneline import one_line

__all__ = ["Rst"]

# Around markup while a text is put together: it begins, it ends, it is a point.
USUAL = Dialect()
BEGIN, END, POINT = "\1", "\2", "\3"
SPACED = "\4"  # behind a point: white space stands on both sides of it
_TAG = re.compile(TAG)  # no markup, so nothing has to be around it
_UNSAFE = re.compile(r"[\\*`|]|(?<=[^\W_])_+(?!\w)")


@dataclass(frozen=True, slots=True)
class _Text(Slot):
    """A paragraph or a title.

    Attributes:
        prefix: what is between two lines, from the line break on; of one line, nothing.
        width: most characters a line.
        first, last: of a title, where it stands between its lines of punctuation.
        kind: that of its block.
        quote, escape: of a value, the signs that it is written with.
    """

    prefix: str = ""
    width: int = 0
    first: int = -1
    last: int = -1
    kind: int = PARAGRAPH
    quote: str = USUAL.quote
    escape: str = USUAL.escape


@dataclass(frozen=True, slots=True)
class _Table(Slot):
    """A drawn table; its text is a document of its cells.

    Attributes:
        indent: what is before each line but the first.
    """

    indent: str = ""


class Rst(Format):
    """A document of reStructuredText.

    Attributes:
        draws: whether its drawn tables are texts.
    """

    draws = True

    def slots(self, source: Source) -> Iterator[Slot]:
        """Paragraphs and titles."""
        text = unix(source.text).replace("\r\n", " \n")  # each at its place
        broken: list[int] = []  # where values stand that cannot be read
        unknown: list[str] = []  # directives that are not known, by their names and lines
        said: list[str] = []  # texts in roles
        fields, terms = list[str](), list[str]()  # names of fields, terms of a glossary
        names = references(source.text)
        for block in _blocks(source.name, text):
            if block.kind == TABLE:
                if self.draws:
                    yield from self._tables(text, block)
            elif block.kind == BROKEN:
                broken += [block.lines[0][0]] if _is_worded(text, block.lines) else []
            elif block.kind == UNKNOWN:
                content = text[block.lines[0][0] : block.lines[-1][1]] if block.lines else ""
                if raw_words(content) if block.name == "raw" else _is_worded(text, block.lines):
                    line = text.count("\n", 0, block.start) + 1
                    unknown.append(f"{block.name} (line {line})")
            elif block.kind == FIELD:
                fields += shown_name(text[slice(*block.lines[0])])
            elif stays := attribution(text, block.lines) or entry_named(text, block):
                said.append(stays)
            elif block.lines:
                terms += [text[slice(*block.lines[0])].strip()] if block.name == "glossary" else []
                said += left_texts(text[block.lines[0][0] : block.lines[-1][1]], names)
                for lines in readable(text, block.lines):
                    yield from _slots(source.text, text, block._replace(lines=tuple(lines)))
        if unknown:
            self.remarks.append(
                f"Directives that are raw or not known stay as they are: {named(unknown)}."
            )
        if fields:
            self.remarks.append(f"Names of fields stay as they are: {named(fields)}.")
        if said:
            self.remarks.append(f"Roles, targets, attributions and terms stay: {named(said)}.")
        if terms:
            self.remarks.append(terms_renamed(terms))
        if broken:
            self.left += len(broken)
            self.remarks.append(
                "Values of tables that cannot be read for sure stay in the source language: "
                f"{lines_named(text, broken)}."
            )

    def inner(self, slot: Slot) -> Format | None:
        """The cells of a drawn table."""
        return _Cells(self.options) if isinstance(slot, _Table) else None

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """Escaped where it would be markup; wrapped if it was."""
        if isinstance(slot, _Table):
            table = source.text[slot.start : slot.end]
            return _redrawn(table, slot.indent, text) or self._undrawn(source, slot)
        return self.composed(source, slot, Target(text), lambda span: source.text[slice(*span)])

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with its markup."""
        assert isinstance(slot, _Text)
        if slot.kind == PLAIN:
            return wrapped(one_line(target.text), slot.prefix, slot.width, 0, str)
        if slot.kind == ENTRY:
            return _entry(target.text, slot.text)
        closes = {mark.closes for mark in slot.marks if mark.closes[0] < mark.closes[1]}
        opens = {mark.opens for mark in slot.marks if mark.closes in closes}

        def marked(span: Span) -> str:
            if span[0] == span[1]:
                return ""
            inner = _one_line(raw(span)).replace(" ", HELD)
            if inner == "`_" and span in closes and target.text != slot.text:
                # A name that others are referred by stays, below the new text.
                name = next(
                    source.text[m.opens[1] : span[0]] for m in slot.marks if m.closes == span
                )
                inner = f" <{_one_line(name)}_>`__".replace(" ", HELD)
            if slot.kind == QUOTED:
                inner = inner.replace(slot.quote * 2, slot.quote)
            if span in closes:
                return f"{inner}{END}"
            if span in opens:
                return f"{BEGIN}{inner}"
            around = source.text[span[0] - 1 : span[0]] + source.text[span[1] : span[1] + 1]
            is_spaced = len(around) == 2 and not around.strip()
            return f"{POINT}{inner}{POINT}{SPACED if is_spaced else ''}"

        text = composed(slot, target, marked, lambda text: _escaped(slot, text))
        text = _bordered(" ".join(text.split(" ")).strip())
        if slot.first >= 0:
            return _title(source.text, slot, text.replace(HELD, " "))
        return _wrapped(slot, text)

    def _tables(self, text: str, block: RstBlock) -> Iterator[Slot]:
        """A drawn table, if it has text; that one cannot be read is said."""
        cells = text_of("\n".join(text[start:end] for start, end in block.lines))
        if any(map(str.isalpha, cells)):
            yield _table(text, block, cells)
        elif not cells and any(map(str.isalpha, text[block.lines[0][0] : block.lines[-1][1]])):
            self._stays(text, block.lines[0][0], 1, "cannot be read")

    def _undrawn(self, source: Source, slot: Slot) -> str:
        """A table as it was; that is said."""
        cells = _Cells(self.options).slots(Source(source.name, slot.text))
        count = sum(1 for _ in cells)
        self._stays(source.text, slot.start, count, "would be read otherwise with its new texts")
        return source.text[slot.start : slot.end]

    def _stays(self, text: str, start: int, count: int, why: str) -> None:
        line = text.count("\n", 0, start) + 1
        self.left += count
        self.remarks.append(f"A drawn table {why}, and stays in the source language: line {line}.")

    def has_text(self, source: Source) -> bool:
        """Never: all of it has slots, but for what stays as it is."""
        return False


class _Cells(Rst):
    """The cells of a drawn table, one below the other."""

    draws = False


def _is_worded(text: str, lines: Sequence[Span]) -> bool:
    return bool(lines) and any(map(str.isalpha, text[lines[0][0] : lines[-1][1]]))


def _table(text: str, block: RstBlock, cells: str) -> _Table:
    start, end = block.lines[0][0], block.lines[-1][1]
    column = start - text.rfind("\n", 0, start) - 1
    return _Table(start, end, cells, indent=text[start - column : start])


def _redrawn(original: str, indent: str, cells: str) -> str:
    """A table around other texts; nothing if that cannot be drawn."""
    newline = line_end(original)
    lines = original.split(newline)
    table = "\n".join([lines[0], *(line[len(indent) :] for line in lines[1:])])
    new = drawn(table, cells)
    if new is None:
        return ""
    blank = " " * len(indent) if indent.strip() else indent
    return newline.join(
        line if not number or not line else f"{blank}{line}"
        for number, line in enumerate(new.split("\n"))
    )


def _blocks(name: str, text: str) -> Iterator[RstBlock]:
    """The texts of a document.

    Raises:
        BadInputError: lists in it are nested too deeply.
    """
    try:
        yield from blocks(text)
    except RecursionError:
        raise BadInputError(f"{name} nests lists too deeply") from None


def _slots(original: str, text: str, block: RstBlock) -> Iterator[Slot]:
    """The text of a block, and entries of an index in its markup."""
    if slot := _slot(original, text, block):
        yield slot
    lines = Lines(text, block.lines)
    for start, end in role_entries(lines.content):
        entry = RstBlock(ENTRY, (lines.span((start, end)),))
        if block.kind == PARAGRAPH and "\n" not in lines.content[start:end]:
            yield from filter(None, [_slot(original, text, entry)])


def _slot(original: str, text: str, block: RstBlock) -> Slot | None:
    lines = Lines(text, block.lines)
    content = lines.content
    plain = [MarkupPiece(TEXT, 0, len(content), content)]
    parts = plain if block.kind in (PLAIN, ENTRY) else list(pieces(content, references(original)))
    if block.kind == QUOTED:
        parts = list(_with_quotes(parts, lines.content, block.dialect.quote))
    found = trimmed(paired(parts))
    stretch = joined(found)
    if not stretch.has_letters:
        return None
    start, end = lines.at(found[0].start), lines.at(found[-1].end - 1) + 1
    common = (stretch.text, None, lines.marks(stretch.marks), stretch.kept)
    if block.kind == TITLE:
        return _Text(block.start, block.end, *common, first=start, last=end)
    prefix, width = lines.layout(original, 0, len(lines.content))
    return _Text(
        start,
        end,
        *common,
        prefix=prefix,
        width=width,
        kind=block.kind,
        quote=block.dialect.quote,
        escape=block.dialect.escape,
    )


def _entry(text: str, original: str) -> str:
    """A word of an index, without the signs that would end it."""
    signs = ";`<>" if "," in original else ",;`<>"
    return one_line(text).translate(str.maketrans("", "", signs))


def _with_quotes(parts: Iterable[MarkupPiece], content: str, quote: str) -> Iterator[MarkupPiece]:
    """The pieces of a value in quotes, in which two of these stand for one."""
    for piece in parts:
        reached = piece.start
        if piece.kind == TEXT and piece.text == content[piece.start : piece.end]:
            for double in re.finditer(re.escape(quote * 2), piece.text):
                start, end = (piece.start + place for place in double.span())
                if reached < start:
                    yield MarkupPiece(TEXT, reached, start, content[reached:start])
                yield MarkupPiece(TEXT, start, end, quote)
                reached = end
            if reached < piece.end:
                yield MarkupPiece(TEXT, reached, piece.end, content[reached : piece.end])
        else:
            yield piece._replace(text=piece.text.replace(quote * 2, quote))


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", one_line(text) if "\n" not in text else text)


def _escaped(slot: Slot, text: str) -> str:
    """A text between literals that stay."""
    literals = sorted({slot.text[a:b] for a, b in slot.kept}, key=len, reverse=True)
    kept = re.compile("|".join(map(re.escape, literals)) or r"(?!)")
    text = re.sub("[\0-\4]", "", one_line(text))
    parts: list[str] = []
    reached = 0
    for literal in kept.finditer(text):
        parts.append(_safe(text[reached : literal.start()]))
        border = "" if _TAG.fullmatch(literal[0]) else POINT
        parts.append(f"{border}{literal[0].replace(' ', HELD)}{border}")
        reached = literal.end()
    return "".join([*parts, _safe(text[reached:])])


def _safe(text: str) -> str:
    return _UNSAFE.sub(lambda found: "".join(f"\\{sign}" for sign in found[0]), held(text))


def _bordered(text: str) -> str:
    """Markup with what makes it markup: blanks or punctuation around it, none within."""
    text = re.sub(rf"{SPACED}(?=\w)", " ", text).replace(SPACED, "")
    text = re.sub(rf"{BEGIN}(\*+)( +)", r" " + BEGIN + r"\1", text)
    text = re.sub(rf"( +)(\*+){END}", r"\2" + END + " ", text)
    text = re.sub(rf"{BEGIN}(\*+)\1{END}", "", text)
    parts: list[str] = []
    inside = False
    for part in re.split(f"([{BEGIN}{END}{POINT}])", text):
        if part in (BEGIN, END, POINT) and part:
            opens = part == BEGIN or (part == POINT and not inside)
            inside = opens
            parts.append(BEGIN if opens else END)
        else:
            parts.append(part)
    text = re.sub(rf"(?<=[^\s\-:/'\"<(\[{{{HELD}{BEGIN}]){BEGIN}", r"\\ ", "".join(parts))
    text = re.sub(rf"{END}(?=[^\s\-.,:;!?\\/'\")\]}}>{HELD}{END}{BEGIN}])", r"\\ ", text)
    return text.replace(BEGIN, "").replace(END, "")


def _title(source: str, slot: _Text, text: str) -> str:
    """A title between lines as long as it is, or longer if they were."""
    before, behind = source[slot.start : slot.first], source[slot.last : slot.end]
    if not before.strip() and LINE_BEGIN.match(text):
        text = f"\\{text}"
    width = columns(text)
    rule = behind.strip()
    old = columns(source[slot.first : slot.last])
    length = max(width, 4) if len(rule) <= old else max(width, len(rule))
    if before.strip():
        length = max(length, width + 2 * (len(before) - len(before.rstrip(" "))))
        before = before.replace(before.strip(), rule[0] * length)
    behind = behind.replace(rule, rule[0] * length)
    wanted = " ".join(source[slot.first : slot.last].split()).lower()
    if wanted in references(source) - targets(source):
        name = " ".join(source[slot.first : slot.last].split()).replace(":", "\\:")
        newline = "\r\n" if "\r\n" in behind else "\n"
        before = f".. _{name}:{newline}{newline}{before}"
    return f"{before}{text}{behind}"


def _wrapped(slot: _Text, text: str) -> str:
    """A text on lines none of which begins a block; a value in quotes where it has to be."""
    used = len(slot.prefix.lstrip("\r\n"))
    new = wrapped(text, slot.prefix, slot.width, used, _guarded)
    if slot.kind not in (QUOTED, BARE):
        return new
    quote, escape = slot.quote, slot.escape
    if escape:
        inside = re.sub(f"[{re.escape(quote + escape)}]", lambda found: escape + found[0], new)
    else:
        inside = new.replace(quote, quote * 2)
    is_bare = slot.kind == BARE and new.isalnum() and quote not in new
    return new if is_bare else inside if slot.kind == QUOTED else f"{quote}{inside}{quote}"


def _guarded(line: str) -> str:
    return f"\\{line}" if LINE_BEGIN.match(line) else line
