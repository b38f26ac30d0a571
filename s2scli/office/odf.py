"""OpenDocument (ISO/IEC 26300): texts, slides and tables, as packages or flat in one file.

A paragraph has its text within itself, in spans where it looks different. White space in it is one
space; more of it, a tab and a line break are elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from heapq import merge
from operator import attrgetter

from s2scli.data import Span
from s2scli.documents.base import Edit, Format, FormatOptions, Raw, Slot, Source, Target
from s2scli.documents.filling import Document
from s2scli.documents.package import Archive, Package
from s2scli.documents.reading import Compound
from s2scli.documents.xmltokens import (
    CLOSE,
    EMPTY,
    OPEN,
    Token,
    Value,
    attribute,
    attribute_text,
    characters,
    escaped,
    text_slot,
    tokens,
    xml_source,
)
from s2scli.errors import BadInputError
from s2scli.office.grids import outside
from s2scli.office.inline import Node, Point, Text, grouped, is_code, paired
from s2scli.office.literals import (
    FOREIGN,
    ForeignTexts,
    equation_remark,
    formula_texts,
    number_remark,
    remark,
)
from s2scli.office.odfgrids import RepeatedCell, kept_texts
from s2scli.office.odfschemas import EXTENDED, GROUPS, NAMESPACES, NUMBERED, PLAIN, WORDED
from s2scli.office.paragraphs import slots, with_spaces, without_spaces
from s2scli.office.proofing import odf_edits
from s2scli.office.spoken import odf_remarks

__all__ = ["Odf", "OdfXml"]

PARAGRAPHS = frozenset({"text:p", "text:h"})
DELETED = frozenset({"text:tracked-changes", "table:tracked-changes"})
# Of these elements of a paragraph the text is none of the sentence's.
POINTS = frozenset({"text:note", "text:number", "text:ruby-text", "text:script"})
BREAKS = frozenset({"text:tab", "text:line-break"})
VOID = frozenset({"text:soft-page-break"})
WHOLE = POINTS | BREAKS | VOID | {"text:s"}
# Fields with names and data that a computer fills in.
_KEPT = re.compile(
    r"text:(?:author|creator|initial-creator|printed-by|sender|user-field|variable|database|file"
    r"|template|user-defined|bibliography)(?:-.*)?"
)
# Fields that say what the document says elsewhere: texts of their own, so that both are equal.
_OWN = frozenset(
    {"text:conditional-text", "text:hidden-text"}
    | {"text:title", "text:subject", "text:description", "text:keywords"}
)
_KEYS = ("name", "change-id", "id")  # of the two ends of a range
_LETTERS = re.compile(r"<(?:[\w.-]+:)?(?:p|h|span)(?:\s[^<>]*)?>([^<]*)")
# What says nothing about how a text looks.
_NO_LOOK = re.compile(
    r"<style:text-properties(?:\s+(?:officeooo:(?:paragraph-)?rsid|fo:language|fo:country)"
    r"=\"[^\"<>]*\")*\s*/>"
)
_FORMULA = re.compile(r""":(?:formula|condition|expression)=(?:"([^"<]*)"|'([^'<]*)')""")
_NUMBER_TEXT = re.compile(r"<number:text>([^<]+)</")
_DISPLAY = re.compile(r"<style:text-properties\s[^<>]*text:display=\"([\w-]+)\"")
MOST_PARENTS = 20  # of a style; more are a ring
_LINE_BREAK = re.compile(r"\n|&#(?:10|x0*[aA]);")
_LABEL = re.compile(r"(&quot;)?((?:(?!&quot;)[^\"<>])*)(?(1)&quot;)")  # of a chart's series
_LEVEL = re.compile(r"%\d+%")  # the number of a level in a list's number
_WORD = re.compile(r"[^\W\d_]{2}")
MANIFEST = "META-INF/manifest.xml"


@dataclass(slots=True)
class _Styles:
    """What a document's own styles say."""

    parents: dict[tuple[str, str], str] = field(default_factory=dict)
    void: set[str] = field(default_factory=set)  # of text, without a look of their own
    display: dict[str, str] = field(default_factory=dict)  # whether a reader sees text of it
    _open: tuple[str, str, int] = ("", "", 0)

    def read(self, kind: str, text: str, span: Span) -> None:
        """Read the begin or the end of a style."""
        if kind == CLOSE:
            name, family, start = self._open
            if family == "text" and _NO_LOOK.fullmatch(text[start : span[0]].strip()):
                self.void.add(name)
            if display := _DISPLAY.search(text, start, span[0]):
                self.display[name] = display[1]
            return
        name, family = attribute_text(text, span, "name"), attribute_text(text, span, "family")
        if parent := attribute_text(text, span, "parent-style-name"):
            self.parents[family, name] = parent
            family = ""  # has the look of that
        self._open = (name, family, span[1])

    def hides(self, name: str) -> bool:
        """Whether a reader does not see text of a style."""
        for _ in range(MOST_PARENTS):
            if name in self.display:
                return self.display[name] == "none"
            name = self.parents.get(("text", name), "")
        return False

    def is_code(self, family: str, name: str) -> bool:
        """Whether a style is for code."""
        return is_code(name) or is_code(self.parents.get((family, name), ""))


class OdfXml(Format):
    """A part of a document, or a flat document."""

    def __init__(self, options: FormatOptions) -> None:
        super().__init__(options)
        self._common = _Styles()  # that all parts have

    def read_styles(self, source: Source) -> None:
        """Read the styles that other parts have too.

        Args:
            source: the part with them.
        """
        for kind, name, start, end, _ in tokens(source, NAMESPACES):
            if name == "style:style":
                self._common.read(kind, source.text, (start, end))
        self._common.void.clear()  # who gives a style a name means something by it

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a flat document, in the encoding that it names."""
        return xml_source(name, data)

    def slots(self, source: Source) -> Iterator[Slot]:
        """The paragraphs, but for code; titles and descriptions."""
        quoted = formula_texts(
            characters(one or other) for one, other in _FORMULA.findall(source.text)
        )
        texts = set()
        kept = kept_texts(source, self.options)
        others = outside(self._slots(source, code=False), kept.spans)
        for slot in merge(others, kept.slots, key=attrgetter("start")) if kept.slots else others:
            if quoted:
                texts.add(slot.text)
            yield slot
        self.remarks += kept.remarks
        self.remarks += remark(quoted, texts)
        self.remarks += equation_remark(source.text) + odf_remarks(source, self.options)
        self.remarks += number_remark(map(characters, _NUMBER_TEXT.findall(source.text)))

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As an element's content, an attribute's value, or several cells."""
        if isinstance(slot, RepeatedCell):
            return slot.written(source.text, text)
        return escaped(text, quoted=isinstance(slot, Value))

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """A tab or a line break needs no space beside it; what stands between two keeps both."""
        target = with_spaces(slot, without_spaces(slot, target))
        return super().composed(source, slot, target, raw)

    def edits(self, source: Source) -> Iterator[Edit]:
        """The languages of the document and of its styles; cells of which a part stays."""
        yield from odf_edits(source, self.options)
        yield from kept_texts(source, self.options).edits

    def has_text(self, source: Source) -> bool:
        """Whether there is text that is not code."""
        if not any(any(map(str.isalpha, match[1])) for match in _LETTERS.finditer(source.text)):
            return False
        return next(self._slots(source, code=True), None) is None

    def _slots(self, source: Source, *, code: bool) -> Iterator[Slot]:
        text, styles = source.text, deepcopy(self._common)
        open_: list[_Reading] = []
        reached = plain = 0
        skipping, foreign = _Skipping(text), ForeignTexts(text)
        for token in tokens(source, NAMESPACES):
            kind, name, start, end, depth = token
            if skipping.skips(token):
                reached = end
                continue
            if open_ and reached < start:
                open_[-1].say((reached, start))
            reached = end
            found: list[Slot] = []
            if name in PARAGRAPHS and kind == OPEN:
                style = attribute_text(text, (start, end), "style-name")
                is_code = styles.is_code("paragraph", style)
                open_.append(_Reading(text, styles, foreign, is_code=is_code))
            elif name in PARAGRAPHS and kind == CLOSE:
                found = open_.pop().slots(code=code)
            elif name in PLAIN and kind == OPEN:
                plain = end
            elif name in PLAIN and kind == CLOSE:
                found = list(text_slot(text, (plain, start)))
            elif name == "style:style":
                styles.read(kind, text, (start, end))
            elif open_:
                open_[-1].tag(kind, name, (start, end), depth)
            elif name.removeprefix(EXTENDED) in FOREIGN:
                foreign.read(kind, (start, end))
            if kind != CLOSE and name in WORDED and _is_worded(text, name, (start, end)):
                values = (attribute(text, (start, end), key) for key in WORDED[name])
                for value in sorted(filter(None, values)):
                    label = _LABEL.fullmatch(text, *value) if name == "chart:series" else None
                    found += _value(text, name, label.span(2) if label else value)
            if open_:
                open_[-1].inner += found
            else:
                yield from found
        self.left += len(foreign.texts)
        self.remarks += foreign.remarks()


def _is_worded(text: str, name: str, tag: Span) -> bool:
    """Whether attributes of an element are texts; of a parameter of a field, a list's items are."""
    return name != "field:param" or attribute_text(text, tag, "name") == "Dropdown_ListEntry"


def _value(text: str, name: str, span: Span) -> Iterator[Slot]:
    """The texts of an element's attribute: its lines; of a list's numbers, the words with them."""
    reached = span[0]
    for line_break in [*_LINE_BREAK.finditer(text, *span), None]:
        end = line_break.start() if line_break else span[1]
        for slot in text_slot(text, (reached, end), Value):
            if name not in NUMBERED:
                yield slot
            elif _WORD.search(slot.text):
                kept = tuple(match.span() for match in _LEVEL.finditer(slot.text))
                yield Value(slot.start, slot.end, slot.text, kept=kept)
        reached = line_break.end() if line_break else end


class _Skipping:
    """Knows which tags are of what is none of the text that a reader sees, or that a person wrote.

    That is what is gone, what is shown to who edits a master slide only, and how numbers look.

    Args:
        text: the document's characters.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._skipped = self._heard = self._master = self._number = -1  # how deep each is
        self._is_sheet = False

    def skips(self, token: Token) -> bool:
        """Whether a tag is; of what is gone, remarks on the change are there."""
        kind, name, start, end, depth = token
        if self._heard >= 0:
            self._heard = -1 if kind == CLOSE and depth == self._heard else self._heard
            return False
        if self._skipped >= 0:
            self._skipped = -1 if kind == CLOSE and depth == self._skipped else self._skipped
            self._heard = depth if kind == OPEN and name == "office:change-info" else -1
            return True
        if name == "style:master-page":
            self._master = depth if kind == OPEN else -1
        elif name == "office:spreadsheet":
            self._is_sheet = kind == OPEN
        elif name == "table:table-cell" and self._is_sheet:
            type_ = attribute_text(self._text, (start, end), "value-type")
            self._number = depth if kind == OPEN and type_ not in ("", "string") else -1
        hides = name in DELETED or (name in PARAGRAPHS and depth - 1 == self._number >= 0)
        if self._master >= 0 and name.startswith("draw:"):
            hides = bool(attribute(self._text, (start, end), "class"))
        if kind == OPEN and hides:
            self._skipped = depth
        return kind == OPEN and hides


class _Reading:
    """A paragraph that is being read."""

    def __init__(self, text: str, styles: _Styles, foreign: ForeignTexts, *, is_code: bool) -> None:
        self.inner: list[Slot] = []  # those that stand inside its markup
        self._foreign = foreign
        self._text = text
        self._styles = styles
        self._is_code = is_code
        self._nodes: list[Node] = []
        self._groups: list[tuple[Span, list[Node]]] = []  # tags, and what is before them
        self._whole: tuple[str, Span, int] | None = None  # an element that is read as one

    def slots(self, *, code: bool) -> list[Slot]:
        """Its slots, and those inside its markup.

        Args:
            code: whether of paragraphs of code only, or of all others.
        """
        found = slots(self._text, paired(self._nodes)) if self._is_code == code else iter(())
        return sorted([*found, *self.inner], key=lambda slot: (slot.start, -slot.end))

    def say(self, span: Span) -> None:
        """Read characters."""
        if not self._whole and (says := characters(self._text[slice(*span)])):
            self._nodes.append(Text(*span, says))
        elif self._whole and self._whole[0].removeprefix(EXTENDED).startswith(":"):
            self._foreign.texts += [slot.text for slot in text_slot(self._text, span)]

    def tag(self, kind: str, name: str, span: Span, depth: int) -> None:
        """Read a tag."""
        if self._whole:
            if kind == CLOSE and depth == self._whole[2]:
                name, tag, _ = self._whole
                self._whole = None
                self._element(name, tag, span[1])
        elif kind == EMPTY:
            self._element(name, span, span[1])
        elif kind == CLOSE:
            tag, outer = self._groups.pop()
            style = attribute_text(self._text, tag, "style-name")
            kept = bool(_KEPT.fullmatch(name)) or self._styles.is_code("text", style)
            void = name == "text:span" and (not style or style in self._styles.void)
            own = name in _OWN or self._styles.hides(style)
            outer.append(grouped(tag, span, paired(self._nodes), kept=kept, void=void, own=own))
            self._nodes = outer
        elif name in GROUPS or (name.startswith("text:") and name not in WHOLE):
            self._groups.append((span, self._nodes))
            self._nodes = []
        else:
            self._whole = (name, span, depth)

    def _element(self, name: str, tag: Span, end: int) -> None:
        """Read an element whose text, if it has any, is none of the sentence's."""
        if name == "text:s":
            count = attribute_text(self._text, tag, "c")
            several = count.isdigit() and int(count[:9]) > 1  # a filler
            blank = Point(tag[0], end, splits=True) if several else None
            self._nodes.append(blank or Text(tag[0], end, " ", loose=True))
            return
        if name in VOID:
            return
        point = Point(tag[0], end, breaks=name in BREAKS)
        keys = (attribute_text(self._text, tag, key) for key in _KEYS)
        key = next(filter(None, keys), "")
        if name.endswith("-start") or (name == "office:annotation" and key):
            point.opens = name.removesuffix("-start") + key
        elif name.endswith("-end"):
            point.closes = (name.removesuffix("-end") + key,)
        self._nodes.append(point)


class Odf(OdfXml, Compound):
    """A package."""

    def opened(self, name: str, data: bytes) -> Document:
        """Read a document.

        Raises:
            BadInputError: it is not a document of this kind.
        """
        archive = Archive(name, data)
        if MANIFEST in archive and b"encryption-data" in archive.read(MANIFEST):
            raise BadInputError(f"{name} is encrypted", "Save it again without a password.")
        if "content.xml" not in archive:
            raise BadInputError(f"{name} is not an OpenDocument file: it has no content.xml")
        parts = ["content.xml", "styles.xml", "meta.xml"]
        parts += [part for part in archive.names if part.endswith("/content.xml")]
        form = OdfXml(self.options)
        if "styles.xml" in archive:
            form.read_styles(archive.source("styles.xml"))
        return Package(archive, [(part, form) for part in parts if part in archive])
