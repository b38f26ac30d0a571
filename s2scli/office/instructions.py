"""Texts in the codes of Word's fields (ECMA-376, part 1, 17.16), such as ``IF x = 1 "Yes" "No"``.

A code may be in several runs, and other fields may be in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Slot
from s2scli.documents.xmltokens import Value, characters
from s2scli.office.inline import KEPT, OWN, Node, Point, Text
from s2scli.office.paragraphs import Paragraph, slots

__all__ = ["CodeParagraph", "CodeValue", "FieldCodes", "coded", "field_kind", "value_slots"]

_KINDS = {
    **dict.fromkeys(("MERGEFIELD", "DOCVARIABLE", "DOCPROPERTY", "CITATION"), KEPT),
    **dict.fromkeys(("AUTHOR", "LASTSAVEDBY", "FILENAME", "TEMPLATE"), KEPT),
    **dict.fromkeys(("USERNAME", "USERINITIALS", "USERADDRESS"), KEPT),
    **dict.fromkeys(("IF", "FILLIN", "QUOTE", "TITLE", "SUBJECT", "KEYWORDS", "COMMENTS"), OWN),
}


class _Texts(NamedTuple):
    """What of a field's code is text.

    Attributes:
        arguments: by number, of those before any switch.
        switches: those with an argument that is text.
        rest: from which argument on all is one text; -1 for none.
    """

    arguments: tuple[int, ...] = ()
    switches: str = ""
    rest: int = -1


_TEXTS = {
    "IF": _Texts(),  # behind a comparison
    "FILLIN": _Texts((0,), "d"),
    "ASK": _Texts((1,), "d"),
    "SET": _Texts((1,)),
    "XE": _Texts((0,), "t"),
    "TC": _Texts((0,)),
    "HYPERLINK": _Texts((), "o"),
    "MERGEFIELD": _Texts((), "bf"),
    "AUTOTEXTLIST": _Texts((0,), "t"),
    "GREETINGLINE": _Texts((), "e"),
    **dict.fromkeys(("QUOTE", "TITLE", "SUBJECT", "KEYWORDS", "COMMENTS"), _Texts((0,))),
    **dict.fromkeys(("MACROBUTTON", "GOTOBUTTON"), _Texts(rest=1)),
}
_CODE = re.compile(r"(?:instrText[^>]*>|\binstr\s*=\s*[\"'])\s*([A-Za-z]+)\b")
_QUOTE = '(?:["“”]|&quot;|&#34;|&#x22;)'
_WORD = re.compile(
    rf"{_QUOTE}(?P<quoted>(?:\\.|(?!{_QUOTE}).)*){_QUOTE}"
    r"|\\(?P<switch>[A-Za-z*@#!])"
    rf"|(?P<plain>(?:(?!{_QUOTE})\S)+)",
    re.DOTALL,
)
_COMPARISON = frozenset({"=", "<>", "<", ">", "<=", ">="})
_ESCAPE = re.compile(r"\\([\\\"])")
_NEXT_LEVEL = re.compile(r"(?<!\\):")
_ELEMENT, _BORDER = "\ufffc", "\ufffd"


@dataclass(frozen=True, slots=True)
class CodeParagraph(Paragraph):
    """A text in the code of a field."""


class CodeValue(Value):
    """A text in the code of a field that is an attribute."""


def coded(text: str) -> str:
    """A text as it stands between quotes in a field's code."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def field_kind(text: str, span: Span) -> str:
    """What becomes of the result of a field, by the tag with its code: KEPT, OWN or nothing."""
    found = _CODE.search(text, *span)
    return _KINDS.get(found[1].upper(), "") if found else ""


def value_slots(text: str, span: Span) -> Iterator[Slot]:
    """The texts of a field's code that is an attribute.

    Args:
        text: the document's characters.
        span: where the attribute's value is.
    """
    for nodes in _Code(text, [Text(*span, text[slice(*span)])]).texts():
        for slot in slots(text, nodes or ()):
            yield CodeValue(slot.start, slot.end, slot.text, None, (), slot.kept)


class _Code:
    """A field's code.

    Args:
        text: the document's characters.
        pieces: its texts and what is between them; None where something must not be replaced.
    """

    def __init__(self, text: str, pieces: Sequence[Node | None]) -> None:
        self._text = text
        self._pieces = pieces
        self._raw = "".join(
            text[piece.start : piece.end] if isinstance(piece, Text) else _hole(piece)
            for piece in pieces
        )

    def texts(self) -> Iterator[list[Node] | None]:
        """What each text in it is made of; None for one that cannot be replaced."""
        for span in _text_spans(self._raw):
            nodes = list(self._nodes(span))
            if any(map(str.isalpha, self._raw[slice(*span)])):
                yield [node for node in nodes if node] if all(nodes) else None

    @property
    def name(self) -> str:
        """What the field is called."""
        return next(iter(self._raw.split()), "").upper()

    def _nodes(self, span: Span) -> Iterator[Node | None]:
        place = 0
        for piece in self._pieces:
            size = piece.end - piece.start if isinstance(piece, Text) else 1
            start, end = max(span[0] - place, 0), min(span[1] - place, size)
            place += size
            if start >= end:
                continue
            if isinstance(piece, Text):
                first, last = piece.start + start, piece.start + end
                says = _ESCAPE.sub(r"\1", characters(self._text[first:last]))
                yield Text(first, last, says, piece.run)
            else:
                yield piece


def _hole(piece: Node | None) -> str:
    return _ELEMENT if piece else _BORDER


def _text_spans(raw: str) -> Iterator[Span]:
    """Where the texts of a code are."""
    words = list(_WORD.finditer(raw))
    name = words[0]["plain"] if words else None
    texts = _TEXTS.get(name.upper()) if name else None
    if not texts:
        return
    switch = next((number for number, word in enumerate(words) if word["switch"]), len(words))
    arguments = words[1:switch]
    wanted = [arguments[number] for number in texts.arguments if number < len(arguments)]
    if name and name.upper() == "IF":
        signs = (n for n, word in enumerate(arguments) if characters(word[0]) in _COMPARISON)
        wanted = arguments[next(signs, len(arguments)) + 2 :][:2]
    for number, word in enumerate(words[switch:-1], switch):
        if word["switch"] and word["switch"].lower() in texts.switches:
            wanted.append(words[number + 1])
    for word in wanted:
        span = word.span("quoted" if word["quoted"] is not None else "plain")
        yield from _levels(raw, span) if name and name.upper() == "XE" else [span]
    if 0 <= texts.rest < len(arguments):
        yield arguments[texts.rest].start(), len(raw)


def _levels(raw: str, span: Span) -> Iterator[Span]:
    """The entry and the entries below it."""
    start, end = span
    for colon in _NEXT_LEVEL.finditer(raw, *span):
        yield start, colon.start()
        start = colon.end()
    yield start, end


@dataclass(slots=True)
class _Field:
    """A field that is open.

    Attributes:
        start: where its first run begins; -1 if something else is in that too.
        pieces: what its code is made of.
        is_code: whether what follows is its code, not its result.
    """

    start: int
    pieces: list[Node | None] = field(default_factory=list)
    is_code: bool = True


class FieldCodes:
    """The codes of the fields of a paragraph, as its elements are read.

    Args:
        text: the document's characters.

    Attributes:
        slots: the texts in them.
        left: codes with texts that cannot be replaced.
    """

    def __init__(self, text: str) -> None:
        self.slots: list[Slot] = []
        self.left: list[str] = []
        self._text = text
        self._open: list[_Field] = []
        self._run: list[tuple[str, Text | None]] = []

    def element(self, mark: str, code: Text | None = None) -> None:
        """Read an element in a run.

        Args:
            mark: ``begin``, ``separate`` or ``end`` of a field; nothing for another element.
            code: if it is code, this.
        """
        if self._open or self._run or mark == "begin":
            self._run.append((mark, code))

    def end_run(self, span: Span) -> None:
        """Read the end of a run, which has a place."""
        run, self._run = self._run, []
        alone = len(run) == 1
        for mark, code in run:
            if mark == "begin":
                self._open.append(_Field(span[0] if alone else -1))
            elif mark and self._open:
                self._end(mark, span[1] if alone else -1)
            elif self._open and self._open[-1].is_code:
                self._open[-1].pieces.append(code)

    def outside(self, span: Span | None) -> None:
        """Read what stands between runs; None for the tag of something that is around runs."""
        if self._open and self._open[-1].is_code:
            self._open[-1].pieces.append(Point(*span) if span else None)

    def end(self) -> None:
        """Read the end of the paragraph, in which fields may be open."""
        for open_ in self._open:
            code = _Code(self._text, open_.pieces)
            if open_.is_code and code.name in _TEXTS:
                self.left.append(code.name)
        self._open.clear()

    def _end(self, mark: str, end: int) -> None:
        open_ = self._open[-1]
        if open_.is_code:
            self._read(_Code(self._text, open_.pieces))
        open_.is_code = False
        if mark == "end":
            self._open.pop()
            self.outside((open_.start, end) if open_.start >= 0 <= end else None)

    def _read(self, code: _Code) -> None:
        for nodes in code.texts():
            if nodes is None:
                self.left.append(code.name)
                continue
            for slot in slots(self._text, nodes):
                runs = (slot.run, slot.first, slot.last) if isinstance(slot, Paragraph) else ()
                fields = (slot.start, slot.end, slot.text, None, slot.marks, slot.kept)
                self.slots.append(CodeParagraph(*fields, *runs))
