"""Text written as Markdown, so that it is read back as the same text with the same markup.

As little is escaped as can be: what was written is read again, and if it is not the same, more is
escaped, and emphasis becomes HTML where its delimiters would not work.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Mark, Target, parents
from s2scli.documents.pieces import TEXT, WHITE, joined, paired
from s2scli.markup.markdown.blocks import LINE_BEGIN, Page
from s2scli.markup.markdown.inline import DENSE, EMPHASIS, inline
from s2scli.text.held import held
from s2scli.text.spans import stripped

__all__ = ["Markup", "WrittenText", "escaped_title", "laid_out", "normal", "written"]

BREAK = "\\\n"  # what a line break within a text is written as, until its own is put there
_BREAK = re.compile(r" *(?:\\| {2})\r?\n")
_IRREGULAR = re.compile(r"[\t\r\n]| {2}|^ | $")
_TOKEN = re.compile(rf"[{WHITE}]+|[^{WHITE}]+")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
# What may be markup where it stands: between the characters before and after the text.
_LIKELY = re.compile(
    r"`|\\(?=[!-/:-@\[-`{-~\s])|\\\Z|\*(?=\S)|(?<=\S)\*|_(?!(?<=[^\W_]_)[^\W_])|~(?=~)|(?<=~)~|"
    r"\[(?=[\^!\[@]|[xX ]\])|\](?=[(\[:{])|<(?=[a-zA-Z/!?])|&(?=#?\w+;)|!(?=\[)"
)
_ALL = re.compile(r"[\\`*_{}\[\]<>!|~$&:^@=]")
_NUMBER = re.compile(r"(\d{1,9})(?=[.)](?:[ \t]|$))")
_TITLE = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)|&(?=#?\w+;)")


class Markup(NamedTuple):
    """The markup of a text.

    Attributes:
        marks: its marks.
        opens, closes: the characters of each.
        spaced: for each whether white space stands before it, and whether after it too.
        kept: literals that are written as they are.
        always: characters that are escaped in any case.
    """

    marks: Sequence[Mark]
    opens: Sequence[str]
    closes: Sequence[str]
    spaced: Sequence[tuple[bool, bool]]
    kept: Sequence[str]
    always: str = ""


class WrittenText(NamedTuple):
    """A text as it is written, on one line.

    Attributes:
        text: its characters.
        spaces: where in them a line may be broken.
        breaks: where line breaks are, and how each is written.
        placed: where the characters of its marks are, by number.
        fixed: where what begins is not text to escape.
    """

    text: str
    spaces: list[int]
    breaks: list[tuple[int, str]]
    placed: dict[int, tuple[Span, Span]]
    fixed: set[int]


def normal(target: Target, kept: Sequence[str] = ()) -> Target:
    """A text without white space at its ends, and one space for each run of it.

    Args:
        target: the text.
        kept: what stays in it with its white space, such as code.
    """
    if not _IRREGULAR.search(target.text):
        return target
    irregular = [re.escape(literal) for literal in kept if _IRREGULAR.search(literal)]
    tokens = re.compile("|".join([*irregular, _TOKEN.pattern])) if irregular else _TOKEN
    places: list[int] = []
    parts: list[str] = []
    length = 0
    for token in tokens.finditer(target.text):
        text = token[0]
        if text[0] in WHITE:
            places += [length] * len(text)
            text = " " if token.start() > 0 and token.end() < len(target.text) else ""
        else:
            places += range(length, length + len(text))
        parts.append(text)
        length += len(text)
    places.append(length)
    spans = tuple((places[start], places[end]) for start, end in target.spans)
    return Target("".join(parts), spans)


def written(page: Page, markup: Markup, target: Target) -> WrittenText:
    """Write a text with its markup.

    Args:
        page: the document that it is for.
        markup: its markup.
        target: the text, with regular white space.
    """
    writer = _Writer(markup, target)
    wanted = _fingerprint(target.text, writer.spans)
    content = writer.content(_LIKELY, {})
    for attempt in (1, 2, 3):
        if _read(page, _outside_holes(page, markup, content)) == wanted:
            break
        styles = _failing(content, markup) if attempt == 1 else _as_html(markup)
        content = writer.content(_ALL if attempt == 3 else _LIKELY, styles)
    return content


def laid_out(content: WrittenText, prefix: str, width: int, used: int, *, guard: bool) -> str:
    """A text as it stands in the document.

    Args:
        content: the text.
        prefix: what is between two of its lines, from the line break on.
        width: most characters a line; 0 if it is not to be wrapped.
        used: how many stand before it.
        guard: whether a line must not begin as a block does.
    """
    parts: list[str] = []
    start = 0
    indent = len(prefix.lstrip("\r\n"))
    spaces = [space for space in content.spaces if _may_break(content, space)] if width else ()
    for end, raw in [*content.breaks, (len(content.text), "")]:
        wrapped = _wrapped(spaces, start, end, width, used, indent)
        for number, (first, last) in enumerate(wrapped):
            line = content.text[first:last]
            guards = guard and first not in content.fixed
            parts += [prefix if number else "", _guarded(line) if guards else line]
        parts.append(raw)
        start, used = end + len(BREAK), indent
    return "".join(parts)


def escaped_title(text: str, quote: str, always: str) -> str:
    """A title, without its quotes."""
    special = f"{quote}{'(' if quote == ')' else ''}{always}"
    text = _TITLE.sub(r"\\\g<0>", text)
    return re.sub(f"[{re.escape(special)}]", r"\\\g<0>", text)


class _Line:
    """A line as it is written."""

    def __init__(self) -> None:
        self.last = ""  # its last character
        self._parts: list[str] = []
        self._length = 0
        self._spaces: list[int] = []
        self._breaks: list[tuple[int, str]] = []
        self._placed: dict[int, tuple[Span, Span]] = {}
        self._fixed: set[int] = set()

    def put_text(self, text: str) -> None:
        """Text, which may be wrapped."""
        self._spaces += (self._length + place.start() for place in re.finditer(" ", held(text)))
        self._put(text)

    def put(self, text: str) -> None:
        """What must stay as it is."""
        self._fixed.add(self._length)
        self._put(text)

    def put_break(self, raw: str) -> None:
        """A line break that is not white space."""
        self._breaks.append((self._length, raw))
        self.put(BREAK)

    def put_mark(self, text: str, number: int) -> None:
        """What opens or closes a mark, or a point."""
        place = self._length, self._length + len(text)
        self._placed[number] = self._placed.get(number, (place, place))[0], place
        self.put(text)

    def content(self) -> WrittenText:
        """All that was put."""
        text = "".join(self._parts)
        return WrittenText(text, self._spaces, self._breaks, self._placed, self._fixed)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self.last = text[-1:] or self.last


class _Item(NamedTuple):
    """A stretch of text, or the characters of a mark (its number) before it or after it."""

    text: str
    mark: int = -1
    closes: bool = False


class _Writer:
    def __init__(self, markup: Markup, target: Target) -> None:
        self._markup = markup
        self._text = target.text
        self._all = [
            stripped(target.text, *span) if opens in EMPHASIS else span
            for span, opens in zip(target.spans, markup.opens, strict=True)
        ]
        self._gone = {
            number
            for number, (start, end) in enumerate(self._all)
            if start == end and markup.opens[number] in EMPHASIS
        }
        self._inside: dict[int, list[int]] = {}
        for number, parent in enumerate(parents(markup.marks)):
            self._inside.setdefault(parent, []).append(number)
        self._literals = _literals(markup.kept)
        self._always = f"|[{re.escape(markup.always)}]" if markup.always else ""

    @property
    def spans(self) -> list[Span]:
        """Where the marks are that are written."""
        return [span for number, span in enumerate(self._all) if number not in self._gone]

    def content(self, special: re.Pattern[str], styles: Mapping[int, str]) -> WrittenText:
        """The text with its markup.

        Args:
            special: which characters are escaped.
            styles: for emphasis that is not written as it was, its delimiter or the name of an
                element.
        """
        items = [item for item in self._items((0, len(self._text)), -1, styles) if item.text]
        line = _Line()
        for item, following in zip(items, [*items, _Item("")][1:], strict=True):
            if item.mark < 0:
                self._put_text(line, item.text, following.text, special)
            elif _BREAK.match(item.text):
                line.put_break(item.text)
            else:
                self._put_markup(line, item, following.text)
        return line.content()

    def _put_text(self, line: _Line, text: str, following: str, special: re.Pattern[str]) -> None:
        if line.last == "\n":
            text = text.lstrip(" ")
        if _BREAK.match(following):
            text = text.rstrip(" ")
        reached = 0
        for literal in self._literals.finditer(text):
            plain = text[reached : literal.start()]
            line.put_text(self._escaped(plain, special, line.last, literal[0]))
            if line.last in ("`", "$") and literal[0].startswith(line.last):
                line.put_text(" ")  # two side by side would be read as one
            line.put(literal[0])
            reached = literal.end()
        line.put_text(self._escaped(text[reached:], special, line.last, following))

    def _put_markup(self, line: _Line, item: _Item, following: str) -> None:
        is_point = self._all[item.mark][0] == self._all[item.mark][1]
        before, behind = self._markup.spaced[item.mark]
        if is_point and before and not item.closes and line.last not in ("", " ", "\n"):
            line.put_text(" ")
        line.put_mark(item.text, item.mark)
        if is_point and before and behind and following[:1] not in ("", " "):
            line.put_text(" ")

    def _items(self, span: Span, parent: int, styles: Mapping[int, str]) -> Iterator[_Item]:
        reached, end = span
        numbers = self._inside.get(parent, ())
        for number in sorted(numbers, key=lambda number: (self._all[number], number)):
            first, last = self._all[number]
            yield _Item(self._text[reached:first])
            opens, closes = self._markup.opens[number], self._markup.closes[number]
            if number in self._gone:
                opens = closes = ""
            elif number in styles:
                style = styles[number]
                html = style[0] != "*"
                opens, closes = (f"<{style}>", f"</{style}>") if html else (style, style)
            yield _Item(opens, number)
            yield from self._items((first, last), number, styles)
            yield _Item(closes, number, True)
            reached = last
        yield _Item(self._text[reached:end])

    def _escaped(self, text: str, special: re.Pattern[str], before: str, behind: str) -> str:
        """A text as it is written between two others."""
        if not text:
            return ""
        around = f"{before or ' '}{text}{behind[:1] or ' '}"

        def escape(match: re.Match[str]) -> str:
            inside = 0 < match.start() < len(around) - 1
            return f"\\{match[0]}" if inside else match[0]

        return re.sub(special.pattern + self._always, escape, around)[1:-1]


def _outside_holes(page: Page, markup: Markup, content: WrittenText) -> str:
    """What is written, with a comment for each point that has texts of its own: the struck out."""
    text = content.text
    for number, (place, _) in sorted(content.placed.items(), key=lambda row: row[1], reverse=True):
        mark, raw = markup.marks[number], markup.opens[number]
        if mark.start == mark.end and len(raw) > len("~~~~"):
            pieces = inline(raw, page.parser, page.env).pieces
            hole = any(piece.kind == TEXT for piece in pieces)
            text = f"{text[: place[0]]}<!-- -->{text[place[1] :]}" if hole else text
    return text


def _read(page: Page, text: str) -> object:
    """What a text that is written says."""
    stretch = joined(paired(inline(text, page.parser, page.env).pieces, EMPHASIS))
    return _fingerprint(stretch.text, [(mark.start, mark.end) for mark in stretch.marks])


def _fingerprint(text: str, spans: Sequence[Span]) -> object:
    """A text and the places of marks in it, whatever spaces it has."""
    counts = [0, *accumulate(char != " " for char in text)] if spans else []
    return text.replace(" ", ""), sorted((counts[start], counts[end]) for start, end in spans)


def _failing(content: WrittenText, markup: Markup) -> dict[int, str]:
    """How emphasis is written whose delimiters do not open or close where they are."""
    found = {}
    for number, (first, last) in content.placed.items():
        raw = markup.opens[number]
        if raw not in EMPHASIS or _flanks(content.text, first, last, raw):
            continue
        star = "*" * len(raw)
        works = raw[0] == "_" and _flanks(content.text, first, last, star)
        found[number] = star if works else EMPHASIS[raw]
    return found


def _as_html(markup: Markup) -> dict[int, str]:
    return {i: EMPHASIS[raw] for i, raw in enumerate(markup.opens) if raw in EMPHASIS}


def _flanks(text: str, first: Span, last: Span, raw: str) -> bool:
    """Whether delimiters open and close (https://spec.commonmark.org/0.31.2/#left-flanking)."""
    before, opened = _kind(text[: first[0]][-1:]), _kind(text[first[1]])
    closed, behind = _kind(text[last[0] - 1]), _kind(text[last[1] : last[1] + 1])
    if (raw[0] == "_" and "word" in (before, behind)) or text[: first[0]][-1:] == raw[0]:
        return False
    return (opened == "word" or before != "word") and (closed == "word" or behind != "word")


def _kind(char: str) -> str:
    if not char or char.isspace():
        return "space"
    return "word" if char.isalnum() else "punctuation"


def _literals(kept: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(set(kept), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


def _wrapped(
    spaces: Sequence[int], start: int, end: int, width: int, used: int, indent: int
) -> Iterator[Span]:
    """The lines of a stretch."""
    reached = -1
    for space in [*spaces[bisect_left(spaces, start) : bisect_left(spaces, end)], end]:
        if reached >= 0 and used + space - start > width:
            yield start, reached
            start, used = reached + 1, indent
        reached = space
    yield start, end


def _may_break(content: WrittenText, space: int) -> bool:
    """Whether a line may end with a space."""
    text = content.text
    if DENSE.match(text, space - 1) and DENSE.match(text, space + 1):
        return False  # it would be none between two such characters
    # What would begin a block cannot be escaped in markup, nor in a formula.
    return not LINE_BEGIN.match(text, space + 1)


def _guarded(line: str) -> str:
    """A line that does not begin a block."""
    if number := _NUMBER.match(line):
        return f"{number[1]}\\{line[number.end() :]}"
    if not LINE_BEGIN.match(line):
        return line
    if _PUNCTUATION.match(line):
        return f"\\{line}"
    return f"&#{ord(line[0])};{line[1:]}"
