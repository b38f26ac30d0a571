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

__all__ = [
    "CodeParagraph",
    "CodeValue",
    "FieldCodes",
    "Stories",
    "coded",
    "field_kind",
    "value_slots",
]

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
    "GREETINGLINE": _Texts((), "ef"),
    "ADDRESSBLOCK": _Texts((), "f"),
    "TA": _Texts((), "l"),
    "INDEX": _Texts((), "egkl"),  # what stands between entries and their pages
    **dict.fromkeys(("QUOTE", "TITLE", "SUBJECT", "KEYWORDS", "COMMENTS"), _Texts((0,))),
    **dict.fromkeys(("MACROBUTTON", "GOTOBUTTON"), _Texts(rest=1)),
}
_NAME = re.compile(r"\s*(?:INFO\s+)?([A-Za-z]+)\b", re.IGNORECASE)
_CODE = re.compile(rf"\binstr\s*=\s*[\"']{_NAME.pattern}", re.IGNORECASE)
_QUOTE = '(?:["“”]|&quot;|&#34;|&#x22;)'
_WORD = re.compile(
    rf"{_QUOTE}(?P<quoted>(?:\\.|(?!{_QUOTE}).)*){_QUOTE}"
    r"|\\(?P<switch>[A-Za-z*@#!])"
    rf"|(?P<plain>(?:(?!{_QUOTE})\S)+)",
    re.DOTALL,
)
# A format of numbers or dates; of the latter, only what is in quotes stands as it is.
_PICTURE = re.compile(
    rf"\\([@#])\s*({_QUOTE}(?:\\.|(?!{_QUOTE}).)*|(?:'[^']*'|(?!{_QUOTE})[^\s'\\])+)", re.DOTALL
)
_QUOTED = re.compile(r"['‘’]([^'‘’]+)")
# What parts the texts of how to greet: <<_BEFORE_ Dear >><<_FIRST0_>>.
_GREETED = re.compile(r"(?:<|&lt;){2}|(?:>|&gt;){2}|\b_[A-Z]+\d*_")
_COMPARISON = frozenset({"=", "<>", "<", ">", "<=", ">="})
_ESCAPE = re.compile(r"\\([\\\"])")
_NEXT_LEVEL = re.compile(r"(?<!\\):")
_NOTHING = re.compile(r"(?!)")
_PARTED = {"XE": _NEXT_LEVEL, "GREETINGLINE": _GREETED, "ADDRESSBLOCK": _GREETED}
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
    """What becomes of a simple field's result, by the tag with its code: KEPT, OWN or nothing."""
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

    def picture_texts(self) -> Iterator[str]:
        """The texts within the formats of numbers and dates, such as ``d 'of' MMMM``."""
        for picture in _PICTURE.finditer(self._raw):
            says = characters(picture[2]).strip('"“”')
            yield from [says] if picture[1] == "#" else _QUOTED.findall(says)

    @property
    def name(self) -> str:
        """What the field is called."""
        name = _NAME.match(self._raw)
        return name[1].upper() if name else ""

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
    found = _NAME.match(raw)
    name = found[1].upper() if found else ""
    texts = _TEXTS.get(name)
    if not (found and texts):
        return
    words = list(_WORD.finditer(raw, found.start(1)))
    switch = next((number for number, word in enumerate(words) if word["switch"]), len(words))
    arguments = words[1:switch]
    wanted = [arguments[number] for number in texts.arguments if number < len(arguments)]
    if name == "IF":
        signs = (n for n, word in enumerate(arguments) if characters(word[0]) in _COMPARISON)
        wanted = arguments[next(signs, len(arguments)) + 2 :][:2]
    for number, word in enumerate(words[switch:-1], switch):
        if word["switch"] and word["switch"].lower() in texts.switches:
            wanted.append(words[number + 1])
    parting = _PARTED.get(name, _NOTHING)
    for word in wanted:
        span = word.span("quoted" if word["quoted"] is not None else "plain")
        yield from _parted(raw, span, parting)
    if 0 <= texts.rest < len(arguments):
        yield arguments[texts.rest].start(), len(raw)


def _parted(raw: str, span: Span, border: re.Pattern[str]) -> Iterator[Span]:
    """The texts between borders."""
    start, end = span
    for match in border.finditer(raw, *span):
        yield start, match.start()
        start = match.end()
    yield start, end


@dataclass(slots=True)
class _Field:
    """A field that is open.

    Attributes:
        start: where it begins.
        is_whole: whether its runs hold nothing else, so that it may move within a text.
        pieces: what its code is made of.
        is_code: whether what follows is its code, not its result.
    """

    start: int
    is_whole: bool
    pieces: list[Node | None] = field(default_factory=list)
    is_code: bool = True


class FieldCodes:
    """The codes of the fields of paragraphs, as their elements are read.

    Args:
        text: the document's characters.

    Attributes:
        slots: the texts in them.
        left: codes with texts that cannot be replaced.
        pictures: texts in the formats of numbers and dates.
    """

    def __init__(self, text: str) -> None:
        self.slots: list[Slot] = []
        self.left: list[str] = []
        self.pictures: list[str] = []
        self._text = text
        self._open: list[_Field] = []
        self._run: list[tuple[Span, str, Text | None]] = []

    def element(self, span: Span, mark: str, code: Text | None = None) -> None:
        """Read an element in a run.

        Args:
            span: where it is.
            mark: ``begin``, ``separate`` or ``end`` of a field; nothing for another element.
            code: if it is code, this.
        """
        if self._open or self._run or mark == "begin":
            self._run.append((span, mark, code))

    def end_run(self, span: Span) -> None:
        """Read the end of a run, which has a place."""
        run, self._run = self._run, []
        alone = len(run) == 1
        for place, mark, code in run:
            whole = span if alone else place
            if mark == "begin":
                self._open.append(_Field(whole[0], alone))
            elif mark and self._open:
                self._end(mark, whole[1], alone=alone)
            elif self._open and self._open[-1].is_code:
                self._open[-1].pieces.append(code or Point(*place, splits=True))

    def outside(self, span: Span | None) -> None:
        """Read what stands between runs; None for the tag of something that is around runs."""
        if self._open and self._open[-1].is_code:
            self._open[-1].pieces.append(Point(*span) if span else None)

    @property
    def kind(self) -> str:
        """What becomes of the result of the field that was read last: KEPT, OWN or nothing."""
        return _KINDS.get(_Code(self._text, self._open[-1].pieces).name, "") if self._open else ""

    @property
    def is_open(self) -> bool:
        """Whether a field's code goes on."""
        return any(open_.is_code for open_ in self._open)

    def end_paragraph(self, place: int) -> None:
        """Read the end of a paragraph, where texts of fields that are open end too."""
        for open_ in self._open:
            open_.is_whole = False
        if self._open and self._open[-1].is_code:
            self._open[-1].pieces.append(Point(place, place, splits=True))

    def end(self) -> None:
        """Read the end of the document, in which fields may be open."""
        for open_ in self._open:
            code = _Code(self._text, open_.pieces)
            if open_.is_code and code.name in _TEXTS:
                self.left.append(code.name)
        self._open.clear()

    def taken(self) -> list[Slot]:
        """The texts of what was read since this was called last."""
        found, self.slots = self.slots, []
        return found

    def _end(self, mark: str, end: int, *, alone: bool) -> None:
        open_ = self._open[-1]
        if open_.is_code:
            self._read(_Code(self._text, open_.pieces))
        open_.is_code = False
        if mark == "end":
            self._open.pop()
            if self._open and self._open[-1].is_code:
                is_whole = open_.is_whole and alone  # else it stays where it is
                self._open[-1].pieces.append(Point(open_.start, end, splits=not is_whole))

    def _read(self, code: _Code) -> None:
        self.pictures += code.picture_texts()
        for nodes in code.texts():
            if nodes is None:
                self.left.append(code.name)
                continue
            for slot in slots(self._text, nodes):
                runs = (slot.run, slot.first, slot.last) if isinstance(slot, Paragraph) else ()
                fields = (slot.start, slot.end, slot.text, None, slot.marks, slot.kept)
                self.slots.append(CodeParagraph(*fields, *runs))


class Stories:
    """The codes of fields in each of the stories of a part: its body, and text boxes in that.

    Args:
        text: the part's characters.

    Attributes:
        left: codes with texts that cannot be replaced.
        pictures: texts in the formats of numbers and dates.
    """

    def __init__(self, text: str) -> None:
        self.left: list[str] = []
        self.pictures: list[str] = []
        self._text = text
        self._codes: list[FieldCodes] = []

    def at(self, depth: int) -> FieldCodes:
        """The codes of the paragraphs that are inside so many others."""
        while len(self._codes) <= depth:
            self._codes.append(FieldCodes(self._text))
        return self._codes[depth]

    def end(self, depth: int = 0) -> None:
        """Read the end of the stories that are inside so many paragraphs, or more."""
        for codes in self._codes[depth:]:
            codes.end()
            self.left += codes.left
            self.pictures += codes.pictures
        del self._codes[depth:]
