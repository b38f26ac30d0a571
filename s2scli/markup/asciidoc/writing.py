"""Text written as AsciiDoc, so that it is read back as the same text with the same markup.

As little is escaped as can be: what was written is read again, and what is markup there and should
not be is written as a reference to its character. Formatting within words has two signs for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Raw, Slot, Target, composed
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, TEXT, MarkupPiece, joined, paired
from s2scli.markup.asciidoc.inline import inline
from s2scli.text.held import HELD, held
from s2scli.text.oneline import one_line
from s2scli.text.spans import stripped

__all__ = ["BREAK", "Written", "written"]

BREAK = "\4"  # where a line break within a text stands, until its own is put there
ATTEMPTS = 4
_TEXT, _LITERAL, _OPEN, _CLOSE, _POINT = range(5)
_CONTROLS = re.compile("[\0-\4]")
_FORMATTING = re.compile(r"(\[[^\[\]]*\])?([*_#`])\2?|(\[[^\[\]]*\])?([\^~])")
_TERM = re.compile(r"(?::{2,4}|;;)(?=\s|$)")
_SPECIAL = re.compile(r"[*_`#^~+{}\[\]<>&\\()$:\"'/@-]")
_ADDRESS = re.compile(r"[\\<]*\w+://|[^\[]*@")
_BLANK = re.compile(r"[\s`+]")
_BEFORE = re.compile(r"[\w;:}<>&`\"']")
_BEHIND = re.compile(r"[\w`\"']")
_WIDE = re.compile(r"((?:\[[^\[\]]*\])?)([`+])(.+)\2")


@cache
def _careful(banned: str, *, is_raised: bool) -> re.Pattern[str]:
    """What finds the characters that may have to be written in another way, or not at all."""
    space = " " if is_raised else "(?:^|(?<= )) "
    return re.compile(rf"{space}|[;\\{re.escape(banned)}]")


class Written(NamedTuple):
    """A text as it is written, on one line.

    Attributes:
        text: its characters; spaces at which no line may be broken are ``HELD``.
        breaks: what each ``BREAK`` stands for.
    """

    text: str
    breaks: Sequence[str]


class _Token(NamedTuple):
    kind: int
    text: str
    at: int = 0  # in the target's text
    mark: int = -1


def written(
    source: str, slot: Slot, always: str, target: Target, raw: Raw, *, verse: bool
) -> Written:
    """Write a text with its markup.

    Args:
        source: the document's characters.
        slot: its slot.
        always: characters that are never written as they are.
        target: the text, and where marks are in it.
        raw: returns the characters of markup.
        verse: whether each line break is one.
    """
    opens = [raw(mark.opens) for mark in slot.marks]
    spans = [
        stripped(target.text, *span) if _FORMATTING.fullmatch(opening) else span
        for span, opening in zip(target.spans, opens, strict=True)
    ]
    gone = {
        number
        for number, (start, end) in enumerate(spans)
        if start == end and _FORMATTING.fullmatch(opens[number])
    }
    target = Target(_CONTROLS.sub(" ", one_line(target.text)), tuple(spans))
    writer = _Writer(source, slot, always, _tokens(slot, target, raw, gone))
    literals = [token.text for token in writer.tokens if token.kind == _LITERAL]
    spans = [span for number, span in enumerate(spans) if number not in gone]
    wanted = _fingerprint(target.text, spans, literals)
    for _ in range(ATTEMPTS + 1):
        found = writer.attempt()
        content = _shown(found)
        pieces = inline(content, verse=verse).pieces
        if _read(pieces) == wanted:
            return found
        if not writer.escape(content, pieces):
            break
    writer.escape_all()
    return writer.attempt()


def _tokens(slot: Slot, target: Target, raw: Raw, gone: set[int]) -> list[_Token]:
    """What is written, in order."""
    found: list[_Token] = []
    starts = {mark.opens: number for number, mark in enumerate(slot.marks)}
    ends = {m.closes: n for n, m in enumerate(slot.marks) if m.closes[0] < m.closes[1]}
    reached = 0

    def mark(span: Span) -> str:
        number = starts.get(span, ends.get(span, -1))
        if span[0] < span[1] and number not in gone:
            is_point = slot.marks[number].closes[0] == slot.marks[number].closes[1]
            kind = _POINT if is_point else _OPEN if span in starts else _CLOSE
            found.append(_Token(kind, raw(span), reached, number))
        return ""

    def text(part: str) -> str:
        nonlocal reached
        for first, last, is_literal in _divided(part, literals):
            kind = _LITERAL if is_literal else _TEXT
            shown = part[first:last] if is_literal else held(part[first:last])
            found.append(_Token(kind, shown, reached + first))
        reached += len(part)
        return ""

    kept = sorted({slot.text[start:end] for start, end in slot.kept}, key=len, reverse=True)
    literals = re.compile("|".join(map(re.escape, kept)) or r"(?!)")
    composed(slot, target, mark, text)
    return found


def _divided(text: str, literals: re.Pattern[str]) -> Iterator[tuple[int, int, bool]]:
    """The stretches of a text that are literals, and those between."""
    reached = 0
    for literal in literals.finditer(text):
        if reached < literal.start():
            yield reached, literal.start(), False
        yield *literal.span(), True
        reached = literal.end()
    if reached < len(text):
        yield reached, len(text), False


class _Writer:
    def __init__(self, source: str, slot: Slot, always: str, tokens: Sequence[_Token]) -> None:
        self._source = source
        self._slot = slot
        self._always = always
        self.tokens = tokens
        self._escaped: set[int] = set()  # places in the target's text
        self._wide = False
        self._origins: list[int] = []  # for each character written, its place there, or -1
        self._parts: list[str] = []
        for token in tokens:
            if token.kind == _TEXT:
                for sign in _TERM.finditer(token.text):
                    self._escaped |= {*range(token.at + sign.start(), token.at + sign.end())}

    def escape(self, content: str, pieces: Sequence[MarkupPiece]) -> bool:
        """Escape what was read as markup and is text; whether there is any.

        Args:
            content: what was written.
            pieces: what was read in it.
        """
        before = len(self._escaped)
        opened: list[tuple[str, bool]] = []  # what is open, and whether it will be no more
        for piece in pieces:
            raw = content[piece.start : piece.end]
            place = piece.start + len(raw) - len(raw.lstrip())
            is_text = place < len(self._origins) and self._origins[place] >= 0
            is_plain = piece.kind == TEXT and len(piece.text) == piece.end - piece.start
            is_plain |= piece.kind == KEPT and bool(_ADDRESS.match(piece.text))
            if piece.kind == CLOSE:
                while opened and opened[-1][0] != piece.name:
                    opened.pop()
                is_plain = opened.pop()[1] if opened else is_plain
            elif piece.kind == OPEN:
                opened.append((piece.name, is_text))
            if is_text and not is_plain:
                self._escaped.add(self._origins[place])
        return len(self._escaped) > before

    def escape_all(self) -> None:
        """Escape all that may be markup, and format as within words."""
        self._wide = True
        for token in self.tokens:
            if token.kind == _TEXT:
                self._escaped |= {token.at + m.start() for m in _SPECIAL.finditer(token.text)}

    def attempt(self) -> Written:
        """The text with what is known to be escaped."""
        self._parts, self._origins = [], []
        breaks: list[str] = []
        around: list[tuple[str, str]] = []  # delimiters and what must not be within
        for number, token in enumerate(self.tokens):
            if token.kind == _TEXT:
                self._put_text(token, around)
            elif token.kind == _LITERAL:
                self._put(self._literal(token.text, self._behind(number)))
            elif token.kind == _OPEN:
                around.append(self._opening(number, token))
                self._put(token.text.removesuffix(_sign(token.text)) + around[-1][0])
            elif token.kind == _CLOSE:
                sign, _ = around.pop()
                self._put(sign or token.text)
            elif "\n" in token.text:
                breaks.append(token.text)
                self._put_break(token.text)
            else:
                self._put_point(token, self._behind(number))
        return Written("".join(self._parts), breaks)

    def _last(self) -> str:
        return next((part[-1] for part in reversed(self._parts) if part), "")

    def _behind(self, number: int) -> str:
        """The character after a token."""
        following = (self.tokens[place].text for place in range(number + 1, len(self.tokens)))
        return next(filter(None, following), "")[:1]

    def _put(self, text: str) -> None:
        self._parts.append(text.replace(" ", HELD))
        self._origins += [-1] * len(text)

    def _put_break(self, raw: str) -> None:
        self._parts.append(BREAK)
        self._origins += [-1] * len(_break(raw))

    def _put_point(self, token: _Token, behind: str) -> None:
        """What is on no text, apart from words on either side if it was."""
        mark = self._slot.marks[token.mark]
        before = self._source[mark.opens[0] - 1 : mark.opens[0]].isspace()
        if before and self._last() not in ("", " ", BREAK):
            self._put_space()
        self._put(token.text)
        after = self._source[mark.opens[1] : mark.opens[1] + 1].isspace()
        if before and after and behind not in ("", " "):
            self._put_space()

    def _put_space(self) -> None:
        self._parts.append(" ")
        self._origins.append(-1)

    def _put_text(self, token: _Token, around: Sequence[tuple[str, str]]) -> None:
        banned = self._always + "".join(chars for _, chars in around)
        is_raised = any(sign and sign in "^~" for sign, _ in around)
        stops = {
            token.at + stop.start()
            for stop in _careful(banned, is_raised=is_raised).finditer(token.text)
        }
        stops |= self._escaped.intersection(range(token.at, token.at + len(token.text)))
        reached = token.at
        for place in sorted(stops):
            self._put_plain(token, reached, place)
            self._put_sign(token, place, banned, is_raised=is_raised)
            reached = place + 1
        self._put_plain(token, reached, token.at + len(token.text))

    def _put_plain(self, token: _Token, start: int, end: int) -> None:
        """What of a text is written as it is."""
        if start < end:
            self._parts.append(token.text[start - token.at : end - token.at])
            self._origins += range(start, end)

    def _put_sign(self, token: _Token, place: int, banned: str, *, is_raised: bool) -> None:
        """A character of a text that may have to be written in another way."""
        char, last = token.text[place - token.at], self._last()
        if char == " " and last in ("", " ", BREAK):
            return
        is_second = char == ";" and last == ";"  # two would make a term
        if char == "\\":  # it must not stand before a reference
            following = token.text[place + 1 - token.at :][:1]
            is_second = place + 1 in self._escaped or bool(following and following in banned)
        if place in self._escaped or char in banned or is_second:
            char = f"&#{ord(char)};"
        elif char == " " and is_raised:
            char = "{sp}"
        self._parts.append(char)
        self._origins += [place] * len(char)

    def _opening(self, number: int, token: _Token) -> tuple[str, str]:
        """The delimiter that opens, and what must not be in what it is around."""
        sign = _sign(token.text)
        if not sign:
            return "", self._banned(number, token)
        if len(sign) == 1 and sign not in "^~":
            closing = next(
                place
                for place in range(number + 1, len(self.tokens))
                if self.tokens[place].kind == _CLOSE and self.tokens[place].mark == token.mark
            )
            is_inside = _BEFORE.match(self._last()) or _BEHIND.match(self._behind(closing))
            if self._wide or is_inside:
                sign *= 2
        return sign, ""

    def _banned(self, number: int, token: _Token) -> str:
        """What ends a link, or makes other attributes of it."""
        if token.text.startswith("<<"):
            return ">"
        if token.text.startswith("(("):
            return "()"
        mark = self._slot.marks[token.mark]
        closing = next(
            (t.text for t in self.tokens[number:] if t.kind == _CLOSE and t.mark == token.mark), ""
        )
        quoted = token.text.endswith('["')
        has_more = "," in closing and mark.closes[0] < mark.closes[1]
        return "]" + ('"' if quoted else "=\"'" + (",^" if has_more else "^"))

    def _literal(self, text: str, behind: str) -> str:
        """Code beside a letter has two signs too."""
        found = _WIDE.fullmatch(text)
        if not found or found[3].startswith(found[2]) or found[3].endswith("+"):
            return text
        if _BEFORE.match(self._last()) or _BEHIND.match(behind):
            return f"{found[1]}{found[2] * 2}{found[3]}{found[2] * 2}"
        return text


def _sign(opening: str) -> str:
    """The delimiter of formatting; nothing for what is none."""
    found = _FORMATTING.fullmatch(opening)
    return opening[len(found[1] or found[3] or "") :] if found else ""


def _shown(found: Written) -> str:
    """What a reader would see."""
    breaks = iter(found.breaks)
    return re.sub(BREAK, lambda _: _break(next(breaks)), found.text.replace(HELD, " "))


def _break(raw: str) -> str:
    """A line break, whatever is before the line after it."""
    return " +\n" if "+" in raw else "\n"


def _read(pieces: Sequence[MarkupPiece]) -> object:
    """What the pieces of a text say."""
    stretch = joined(paired(pieces))
    spans = [(mark.start, mark.end) for mark in stretch.marks]
    return _fingerprint(stretch.text, spans, [stretch.text[a:b] for a, b in stretch.kept])


def _fingerprint(text: str, spans: Sequence[Span], literals: Sequence[str]) -> object:
    """A text, the places of marks in it, and its literals.

    Spaces do not count, nor how many signs there are around code.
    """
    counts = [0, *accumulate(not _BLANK.match(char) for char in text)] if spans else []
    bare = _BLANK.sub("", text)
    kept = sorted(_BLANK.sub("", text) for text in literals if not _ADDRESS.match(text))
    return bare, sorted((counts[start], counts[end]) for start, end in spans), kept
