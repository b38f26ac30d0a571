"""OpenDocument (ISO/IEC 26300): texts, slides and tables, as packages or flat in one file.

A paragraph has its text within itself, in spans where it looks different. White space in it is one
space; more of it, a tab and a line break are elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from s2scli.data import Span
from s2scli.documents.base import Format, Raw, Slot, Source, Target
from s2scli.documents.filling import Document
from s2scli.documents.package import Archive, Package
from s2scli.documents.reading import Compound
from s2scli.documents.xmltokens import (
    CLOSE,
    EMPTY,
    OPEN,
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
from s2scli.office.inline import Node, Point, Text, grouped, is_code, paired
from s2scli.office.literals import formula_texts, remark
from s2scli.office.paragraphs import slots, without_spaces

__all__ = ["Odf", "OdfXml"]

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = {
    f"{_OASIS}text:1.0": "text",
    f"{_OASIS}office:1.0": "office",
    f"{_OASIS}style:1.0": "style",
    f"{_OASIS}svg-compatible:1.0": "svg",
    f"{_OASIS}meta:1.0": "meta",
    f"{_OASIS}form:1.0": "form",
    "http://purl.org/dc/elements/1.1/": "dc",
}
PARAGRAPHS = frozenset({"text:p", "text:h"})
# Elements with only text.
PLAIN = frozenset(
    {"svg:title", "svg:desc", "text:index-title-template"}
    | {"dc:title", "dc:subject", "dc:description", "meta:keyword"}
)
# Attributes that are texts: items of lists to choose from, and what controls of forms say.
_LABELS = ("button", "checkbox", "fixed-text", "frame", "radio")
WORDED = {
    "text:label": ("value",),
    **dict.fromkeys(("form:option", "form:item"), ("label",)),
    **dict.fromkeys((f"form:{name}" for name in _LABELS), ("label", "title")),
    **dict.fromkeys((f"form:{name}" for name in ("listbox", "combobox", "text")), ("title",)),
}
DELETED = "text:tracked-changes"
# Of these elements of a paragraph the text is none of the sentence's.
POINTS = frozenset({"text:note", "text:number", "text:ruby-text", "text:script"})
BREAKS = frozenset({"text:tab", "text:line-break"})
VOID = frozenset({"text:soft-page-break"})
WHOLE = POINTS | BREAKS | VOID | {"text:s"}
# Fields with names and data that a computer fills in.
_KEPT = re.compile(
    r"text:(?:author|creator|initial-creator|printed-by|sender|user-field|variable|database|file"
    r"|template|user-defined)(?:-.*)?"
)
_KEYS = ("name", "change-id", "id")  # of the two ends of a range
_LETTERS = re.compile(r"<(?:[\w.-]+:)?(?:p|h|span)(?:\s[^<>]*)?>([^<]*)")
# What says nothing about how a text looks.
_NO_LOOK = re.compile(
    r"<style:text-properties(?:\s+(?:officeooo:(?:paragraph-)?rsid|fo:language|fo:country)"
    r"=\"[^\"<>]*\")*\s*/>"
)
_FORMULA = re.compile(r':formula="([^"<]*)"')
MANIFEST = "META-INF/manifest.xml"


@dataclass(slots=True)
class _Styles:
    """What a document's own styles say."""

    parents: dict[tuple[str, str], str] = field(default_factory=dict)
    void: set[str] = field(default_factory=set)  # of text, without a look of their own
    _open: tuple[str, str, int] = ("", "", 0)

    def read(self, kind: str, text: str, span: Span) -> None:
        """Read the begin or the end of a style."""
        if kind == CLOSE:
            name, family, start = self._open
            if family == "text" and _NO_LOOK.fullmatch(text[start : span[0]].strip()):
                self.void.add(name)
            return
        name, family = attribute_text(text, span, "name"), attribute_text(text, span, "family")
        if parent := attribute_text(text, span, "parent-style-name"):
            self.parents[family, name] = parent
            family = ""  # has the look of that
        self._open = (name, family, span[1])

    def is_code(self, family: str, name: str) -> bool:
        """Whether a style is for code."""
        return is_code(name) or is_code(self.parents.get((family, name), ""))


class OdfXml(Format):
    """A part of a document, or a flat document."""

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a flat document, in the encoding that it names."""
        return xml_source(name, data)

    def slots(self, source: Source) -> Iterator[Slot]:
        """The paragraphs, but for code; titles and descriptions."""
        quoted = formula_texts(map(characters, _FORMULA.findall(source.text)))
        texts = set()
        for slot in self._slots(source, code=False):
            if quoted:
                texts.add(slot.text)
            yield slot
        self.remarks += remark(quoted, texts)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As an element's content, or an attribute's value."""
        return escaped(text, quoted=isinstance(slot, Value))

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """A tab or a line break needs no space beside it."""
        return super().composed(source, slot, without_spaces(slot, target), raw)

    def has_text(self, source: Source) -> bool:
        """Whether there is text that is not code."""
        if not any(any(map(str.isalpha, match[1])) for match in _LETTERS.finditer(source.text)):
            return False
        return next(self._slots(source, code=True), None) is None

    def _slots(self, source: Source, *, code: bool) -> Iterator[Slot]:
        text, styles = source.text, _Styles()
        open_: list[_Reading] = []
        reached = plain = 0
        skipped = -1  # how deep what is skipped is
        for kind, name, start, end, depth in tokens(source, NAMESPACES):
            if skipped >= 0:
                skipped = -1 if kind == CLOSE and depth == skipped else skipped
                reached = end
                continue
            if open_ and reached < start:
                open_[-1].say((reached, start))
            reached = end
            found: list[Slot] = []
            if name in PARAGRAPHS and kind == OPEN:
                style = attribute_text(text, (start, end), "style-name")
                open_.append(_Reading(text, styles, styles.is_code("paragraph", style)))
            elif name in PARAGRAPHS and kind == CLOSE:
                found = open_.pop().slots(code=code)
            elif name in PLAIN and kind == OPEN:
                plain = end
            elif name in PLAIN and kind == CLOSE:
                found = list(text_slot(text, (plain, start)))
            elif name == DELETED and kind == OPEN:
                skipped = depth
            elif name == "style:style":
                styles.read(kind, text, (start, end))
            elif open_:
                open_[-1].tag(kind, name, (start, end), depth)
            if kind != CLOSE and name in WORDED:
                values = (attribute(text, (start, end), key) for key in WORDED[name])
                for value in sorted(filter(None, values)):
                    found += text_slot(text, value, Value)
            if open_:
                open_[-1].inner += found
            else:
                yield from found


class _Reading:
    """A paragraph that is being read."""

    def __init__(self, text: str, styles: _Styles, is_code: bool) -> None:
        self.inner: list[Slot] = []  # those that stand inside its markup
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
            outer.append(grouped(tag, span, paired(self._nodes), kept=kept, void=void))
            self._nodes = outer
        elif name.startswith("text:") and name not in WHOLE:
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
        kind = archive.read("mimetype") if "mimetype" in archive else b""
        parts = ["content.xml", "styles.xml", "meta.xml"]
        if b"presentation" in kind:
            parts.remove("styles.xml")  # what its masters say is shown to who edits a slide
        parts += [part for part in archive.names if part.endswith("/content.xml")]
        form = OdfXml(self.options)
        return Package(archive, [(part, form) for part in parts if part in archive])
