"""The parts of a workbook (SpreadsheetML, ECMA-376, part 1) and what of them is text.

Numbers, dates, formulas and what these result in stay. A line of a cell is a text of its own, for
only who writes a cell breaks a line in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from heapq import merge
from operator import attrgetter

from s2scli.data import Span
from s2scli.documents.base import Edit, Format, FormatOptions, Slot, Source
from s2scli.documents.pieces import KEPT, POINT, MarkupPiece, absorbed, joined, paired, trimmed
from s2scli.documents.pieces import TEXT as WORDS
from s2scli.documents.remarks import named, renew
from s2scli.documents.xmltokens import (
    CLOSE,
    EMPTY,
    OPEN,
    Texts,
    Value,
    attribute,
    attribute_text,
    characters,
    escaped,
    text_slot,
    tokens,
)
from s2scli.errors import BadInputError
from s2scli.office.grids import outside
from s2scli.office.ooxml import DocumentProperties, DrawingPart
from s2scli.office.roles import LOOK, PARAGRAPH, RUN, TEXT, VOID
from s2scli.office.runs import RunText
from s2scli.office.schemas import NAMESPACES, WORDED
from s2scli.office.sheets.readings import Readings
from s2scli.office.sheets.references import Renames
from s2scli.office.values import Values

__all__ = [
    "Captions",
    "Comments",
    "Drawing",
    "OldDrawing",
    "References",
    "SharedStrings",
    "Sheet",
    "SheetNames",
    "Threads",
    "WorkbookPart",
    "WorkbookProperties",
    "said",
]

_LINE_BREAK = re.compile(r"(?:\r|\n|(?<!_x005[fF])_x000[aAdD]_|&#(?:10|13|x0*[aAdD]);)+")
# Characters that XML does not have, as Excel writes them, and what only looks so.
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CODED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# Fonts, sizes, the page's number and the like in headers: &"Arial,Bold", &12, &P.
_LAYOUT = re.compile(
    r"&amp;(?:(?:\"|&quot;)[^\"&<]*(?:\"|&quot;)|K[\dA-F]{6}|K\d\d[+-]\d{3}|\d{1,3}|[A-Z])", re.I
)
_SECTION = re.compile(r"&amp;[LCR]", re.I)
# What stands for the page's number, how many there are, a date and the like, and how it is shown.
_VALUE = re.compile(r"&amp;([PNDTFAZ])", re.I)
_SHOWN = re.compile(r"\{([PNDTFAZ])\}", re.I)
_HEADERS = {
    f"x:{place}{what}" for place in ("odd", "even", "first") for what in ("Header", "Footer")
}
_OTHERS = re.compile(r"""t\s*=\s*["']str["']|Header>|Footer>|[pP]rompt|error|tooltip|display""")
_ADDRESS = re.compile(r"^\S*(?:://|@|!\$?[A-Z]+\$?\d)\S*$|!\$?[A-Z]+\$?\d+$")
_KEY = re.compile(r"(\w+)\s*=\s*[\"']$")
# Attributes with text, and the most characters that Excel takes there.
SHORTENED = "Texts that are longer than Excel takes were shortened"
_LIMITS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255, "tooltip": 255}
_HELD: dict[str, tuple[str, ...]] = dict.fromkeys(
    ("x:dataValidation", "x14:dataValidation"), ("promptTitle", "prompt", "errorTitle", "error")
)
# The same in parts without other text.
_LABELS = {
    "x14:table": ("altText", "altTextSummary"),
    "x14:item": ("val",),
    **dict.fromkeys(("x14:slicer", "x15:timeline"), ("caption",)),
}
_BOX_TEXT = re.compile(r"<v:textbox\b(?:(?!</v:textbox).)*?>[^<]*[^\W\d_][^<]*<", re.DOTALL)
_HELD |= {"x:hyperlink": ("tooltip", "display")}


THREADS = {"http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments": "tc"}


class _Header(Slot):
    """A text in a page's header or footer."""


class WorkbookPart(Format):
    """A part.

    Args:
        options: how documents are read.
        renames: the new names in the workbook.
        name: the part's.

    Attributes:
        kept: where what stays in the source language is, in order.
    """

    kept: Sequence[Span] = ()

    def __init__(
        self, options: FormatOptions, renames: Renames | None = None, name: str = ""
    ) -> None:
        super().__init__(options)
        self._renames = renames or Renames()
        self._name = name

    def edits(self, source: Source) -> Iterator[Edit]:
        """The references to what gets another name."""
        yield from self._renames.of_part(self._name, source.text)

    def has_text(self, source: Source) -> bool:
        """Never: a workbook may well have only numbers."""
        return False


class References(WorkbookPart):
    """A part without text."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """None."""
        return iter(())

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As the value of an attribute."""
        return escaped(text, quoted=True)


class SheetNames(References):
    """The part that lists the sheets, whose names are text if that is wanted."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The names."""
        if self.options.sheet_names:
            for kind, name, start, end, _ in tokens(source, NAMESPACES):
                if kind != CLOSE and name == "x:sheet":
                    place = attribute(source.text, (start, end), "name")
                    yield from text_slot(source.text, place, Value) if place else ()


class WorkbookProperties(WorkbookPart, DocumentProperties):
    """What the workbook says of itself."""


class Captions(References):
    """A part without text, but for some attributes."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """Captions of slicers and timelines, items of lists, descriptions of tables."""
        values = Values(source.text, _LABELS)
        for kind, name, start, end, _ in tokens(source, NAMESPACES):
            yield from values.read(kind, name, (start, end))


class _LinkedValues(Values):
    """Those of a drawing, and texts that are taken from a cell."""

    heard = frozenset({"a:fld", "a:t"})

    def __init__(self, text: str, worded: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(text, worded)
        self._is_linked = False
        self._begin = 0

    def read(self, kind: str, name: str, span: Span) -> Iterator[Slot]:
        """The texts of a tag, or before it."""
        if name == "a:fld":
            self._is_linked = kind == OPEN and attribute_text(self._text, span, "type") == "TxLink"
        elif name == "a:t" and self._is_linked:
            if kind == CLOSE:
                yield from text_slot(self._text, (self._begin, span[0]))
            self._begin = span[1]
        yield from super().read(kind, name, span)


class Drawing(WorkbookPart, DrawingPart):
    """A drawing or a chart."""

    values = _LinkedValues

    def edits(self, source: Source) -> Iterator[Edit]:
        """The references to what gets another name, and the languages of runs."""
        yield from super().edits(source)
        yield from DrawingPart.edits(self, source)


class OldDrawing(WorkbookPart):
    """A drawing in VML: the labels of controls, and what shapes say. It may not be XML."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts in its boxes, and descriptions."""
        try:
            yield from self._slots(source)
        except BadInputError:
            if _BOX_TEXT.search(source.text):
                self.left += 1
                stay = "labels of controls in it stay in the source language"
                self.remarks.append(f"{self._name} is not XML: {stay}.")

    def _slots(self, source: Source) -> Iterator[Slot]:
        values, reached, is_box = Values(source.text, WORDED), 0, False
        for kind, name, start, end, _ in tokens(source, NAMESPACES):
            if is_box:
                yield from text_slot(source.text, (reached, start))
            if name == "v:textbox":
                is_box = kind == OPEN
            yield from values.read(kind, name, (start, end))
            reached = end

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As a box's text, or the value of an attribute."""
        return escaped(text, quoted=isinstance(slot, Value))


class Threads(WorkbookPart, Texts):
    """Comments with answers; one that mentions somebody says at which character, and stays."""

    namespaces = THREADS
    names = frozenset({"tc:text"})

    def slots(self, source: Source) -> Iterator[Slot]:
        """The comments."""
        mentioning = []
        for slot in super().slots(source):
            end = source.text.find("threadedComment>", slot.end)
            if "mentions>" not in source.text[slot.end : end]:
                yield slot
            else:
                mentioning.append(repr(slot.text))
        if mentioning:
            self.left += len(mentioning)
            self.remarks.append(
                f"Comments that mention people stay in the source language: {named(mentioning)}."
            )


class SharedStrings(WorkbookPart, RunText):
    """The strings that cells share."""

    has_strings = True
    namespaces = NAMESPACES
    roles = (
        {"x:si": PARAGRAPH, "x:is": PARAGRAPH, "x:text": PARAGRAPH}
        | {"x:r": RUN, "x:rPr": LOOK, "x:t": TEXT}
        | dict.fromkeys(("x:rPh", "x:phoneticPr"), VOID)
    )
    space = ' xml:space="preserve"'
    line_break = _LINE_BREAK
    _readings = Readings()

    def slots(self, source: Source) -> Iterator[Slot]:
        """The lines of strings."""
        self._readings = Readings(source.text)
        yield from self._readings.passed(outside(super().slots(source), self.kept))
        self.remarks += self._readings.remarks()

    def said(self, raw: str) -> str:
        """The text that a text's content stands for."""
        return said(raw)

    def put(self, text: str) -> str:
        """A text as a text's content."""
        return escaped(_CODED.sub(lambda found: f"_x{ord(found[0]):04X}_", text))

    def edits(self, source: Source) -> Iterator[Edit]:
        """The readings of texts, which are none of other texts; references."""
        found = (Edit(*span, "") for span in self._readings.going)
        return merge(found, super().edits(source))


class Comments(SharedStrings):
    """Comments, each of which may begin with the name of who wrote it."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The lines of comments."""
        authors = set(re.findall(r"author>([^<>]+?):?</", source.text))
        for slot in super().slots(source):
            if escaped(slot.text).removesuffix(":") not in authors:
                yield slot


class Sheet(SharedStrings):
    """A sheet: its strings of its own, headers, tips and messages."""

    @cached_property
    def _shortened(self) -> dict[int, str]:
        """Where texts were shortened, and what they are now."""
        return {}

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts that stand in the sheet itself."""
        next(tokens(source, NAMESPACES), None)  # refuses what is not XML, with text or without
        strings = super().slots(source) if "inlineStr" in source.text else iter(())
        others = self._others(source) if _OTHERS.search(source.text) else iter(())
        yield from merge(strings, outside(others, self.kept), key=attrgetter("start"))

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As a cell's text, as a header, or as an attribute that Excel takes."""
        if isinstance(slot, _Header):
            return _SHOWN.sub(r"&amp;\1", escaped(text.replace("&", "&&")))
        if not isinstance(slot, Value):
            return self.put(text)
        key = _KEY.search(source.text, max(0, slot.start - 40), slot.start)
        limit = _LIMITS.get(key[1] if key else "", len(text))
        if len(text) > limit:
            text = f"{text[: limit - 1].rstrip()}…"
            self._shortened[slot.start] = text
            renew(self.remarks, SHORTENED, map(repr, self._shortened.values()))
        return escaped(text, quoted=True).replace("&#10;", "_x000a_")

    def _others(self, source: Source) -> Iterator[Slot]:
        text = source.text
        begin, is_text = 0, False
        for kind, name, start, end, _ in tokens(source, NAMESPACES):
            span = (start, end)
            if name == "x:c":
                type_ = attribute(text, span, "t") if kind == OPEN else None
                is_text = type_ is not None and text[slice(*type_)] == "str"
            elif name == "x:f":
                is_text = False  # what a formula results in
            elif name == "x:v" or name in _HEADERS:
                if kind == CLOSE:
                    stretch = (begin, start)
                    yield from (
                        self._lines(text, stretch, is_text)
                        if name == "x:v"
                        else _headers(text, stretch)
                    )
                begin = end
            elif name in _HELD and kind in (OPEN, EMPTY):
                places = (attribute(text, span, key) for key in _HELD[name])
                for place in sorted(filter(None, places)):
                    yield from _value(text, place)

    def _lines(self, text: str, span: Span, is_text: bool) -> Iterator[Slot]:
        """The lines of a string that a program wrote as if a formula had resulted in it."""
        start, last = span
        ends = [*_LINE_BREAK.finditer(text, *span), None]
        for line_break in ends if is_text else ():
            end = line_break.start() if line_break else last
            for slot in text_slot(text, (start, end)):
                yield Slot(slot.start, slot.end, said(text[slot.start : slot.end]))
            start = line_break.end() if line_break else last


def said(raw: str) -> str:
    """The text that is written in a part."""
    text = characters(raw)
    return _CODE.sub(_coded, text) if "_x" in text else text


def _coded(code: re.Match[str]) -> str:
    number = int(code[1], 16)
    return code[0] if 0xD800 <= number < 0xE000 else chr(number)


def _value(text: str, span: Span) -> Iterator[Slot]:
    """The slot of an attribute, with its line breaks, if it is not an address."""
    for slot in text_slot(text, span, Value):
        if _ADDRESS.search(slot.text):
            continue
        yield Value(slot.start, slot.end, said(text[slot.start : slot.end]).replace("\r\n", "\n"))


def _headers(text: str, span: Span) -> Iterator[Slot]:
    """The texts at the left, in the middle and at the right."""
    start, last = span
    for section in [*_SECTION.finditer(text, *span), None]:
        end = section.start() if section else last
        pieces, reached = [], start
        for code in [*_LAYOUT.finditer(text, start, end), None]:
            stop = code.start() if code else end
            if reached < stop:
                words = characters(text[reached:stop]).replace("&&", "&")
                pieces.append(MarkupPiece(WORDS, reached, stop, words))
            if code:
                value = _VALUE.fullmatch(code[0])
                shown = f"{{{value[1]}}}" if value else ""
                pieces.append(MarkupPiece(KEPT if value else POINT, *code.span(), shown))
                reached = code.end()
        pieces = absorbed(text, trimmed(paired(pieces)))
        stretch = joined(pieces)
        if stretch.has_letters:
            span = pieces[0].start, pieces[-1].end
            yield _Header(*span, stretch.text, None, stretch.marks, kept=stretch.kept)
        start = section.end() if section else last
