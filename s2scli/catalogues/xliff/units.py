"""The units of an XLIFF document: where sources and targets stand in its characters.

XLIFF 1.1 and 1.2 (https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html), 2.0 and 2.1
(https://docs.oasis-open.org/xliff/xliff-core/v2.1/xliff-core-v2.1.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Source
from s2scli.documents.xmltokens import CLOSE, EMPTY, OPEN, attribute, characters, tokens
from s2scli.errors import BadInputError

__all__ = ["Element", "Limit", "Reader", "Tag", "Unit", "value"]

_NAMESPACES = {
    f"urn:oasis:names:tc:xliff:document:{version}": "x" for version in ("1.1", "1.2", "2.0", "2.2")
}
HOLDERS = ("trans-unit", "segment")  # of a source and a target
MOST_DIGITS = 9  # of a length
TEXTS = ("source", "seg-source", "target")


class Tag(NamedTuple):
    """A tag within a source or a target.

    Attributes:
        kind: ``open``, ``close`` or ``empty``.
        name: of the element; empty for one that is not of XLIFF.
        start, end: where it is.
    """

    kind: str
    name: str
    start: int
    end: int


@dataclass(slots=True)
class Element:
    """A source or a target.

    Attributes:
        tag: where its start tag is.
        content: where its content is; an empty span after an empty element.
        end: where it is over.
        tags: those in it.
    """

    tag: Span
    content: Span
    end: int
    tags: list[Tag] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether its start tag is all of it."""
        return self.tag[1] == self.end


class Limit(NamedTuple):
    """How long a target may be.

    Attributes:
        most: so much.
        unit: of what: ``char``, ``byte``, or another that only who draws the text can measure.
    """

    most: int
    unit: str

    def length(self, text: str) -> int | None:
        """How long a text is; None if that cannot be said."""
        if self.unit == "byte":
            return len(text.encode())
        return len(text) if self.unit in ("char", "glyph") else None


@dataclass(slots=True)
class Unit:
    """A source with its target.

    Attributes:
        tag: where the start tag of the element that holds them is.
        wanted: whether it is to be translated.
        preserved: whether white space in it is to stay.
        limit: how long its target may be; None if nothing is said.
        name: its identifier.
        elements: ``source``, ``seg-source`` and ``target``, those that there are.
    """

    tag: Span
    wanted: bool
    preserved: bool
    limit: Limit | None = None
    name: str = ""
    elements: dict[str, Element] = field(default_factory=dict)


class _Frame(NamedTuple):
    """An element around what is read."""

    name: str
    wanted: bool
    preserved: bool
    limit: Limit | None = None
    id: str = ""


class Reader:
    """A document.

    Args:
        source: its characters.

    Raises:
        BadInputError: it is not XLIFF.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.heads: list[Span] = []  # tags that say what the target language is
        self.version = ""
        self._has_limits = re.search(r"max(?:width|bytes)|sizeRestriction", source.text) is not None

    @property
    def is_first(self) -> bool:
        """Whether it is XLIFF 1."""
        return self.version.startswith("1.")

    @property
    def target_language(self) -> str:
        """The attribute of a head that says it."""
        return "target-language" if self.is_first else "trgLang"

    @property
    def source_language(self) -> str:
        """The attribute of a head that says what language the sources are in."""
        return "source-language" if self.is_first else "srcLang"

    def units(self) -> Iterator[Unit]:
        """Its units, in order.

        Raises:
            BadInputError: it is not XLIFF.
        """
        stack: list[_Frame] = []
        unit: Unit | None = None
        element: Element | None = None
        for kind, full, start, end, depth in tokens(self._source, _NAMESPACES, typed=True):
            if not self.version:
                core = self._root(full, (start, end))
            name = full.removeprefix(core) if full.startswith(core) else ""
            if element is not None:
                if depth >= len(stack):
                    element.tags.append(Tag(kind, name, start, end))
                    continue
                element.content, element.end = (element.content[0], start), end
                element = None
            if kind == CLOSE:
                stack.pop()
                if unit is not None and name in HOLDERS:
                    yield unit
                    unit = None
                continue
            frame = self._frame(name, (start, end), stack[-1] if stack else None)
            if name == "file" and self.is_first:
                self.heads.append((start, end))
            elif name in HOLDERS and kind == OPEN:
                unit = Unit((start, end), frame.wanted, frame.preserved, frame.limit, frame.id)
            elif unit is not None and stack[-1].name in HOLDERS and name in TEXTS:
                found = Element((start, end), (end, end), end)
                unit.elements[name] = found
                unit.preserved = unit.preserved or frame.preserved
                element = None if kind == EMPTY else found
            if kind == OPEN:
                stack.append(frame)

    def _root(self, name: str, span: Span) -> str:
        """What the names of XLIFF's elements begin with."""
        core, _, local = name.rpartition(":")
        self.version = value(self._source.text, span, "version")
        if not self.version:  # some programs forget it
            self.version = "2.0" if attribute(self._source.text, span, "srcLang") else "1.2"
        if local != "xliff" or not self.version.startswith(("1.", "2.")):
            raise BadInputError(f"{self._source.name} is not XLIFF 1 or 2")
        if not self.is_first:
            self.heads.append(span)
        return f"{core}:"

    def _frame(self, name: str, span: Span, around: _Frame | None) -> _Frame:
        text = self._source.text
        translate, space = value(text, span, "translate"), value(text, span, "space")
        wanted = around.wanted if around else True
        preserved = around.preserved if around else False
        return _Frame(
            name,
            translate == "yes" if translate in ("yes", "no") else wanted,
            space == "preserve" if space else preserved,
            self._limit(span) or (around.limit if around else None),
            value(text, span, "id") or (around.id if around else ""),
        )

    def _limit(self, span: Span) -> Limit | None:
        """What a tag says of the length of targets."""
        if not self._has_limits:
            return None
        text = self._source.text
        most, unit = value(text, span, "maxwidth"), value(text, span, "size-unit") or "pixel"
        if bytes_ := value(text, span, "maxbytes"):
            most, unit = bytes_, "byte"
        if restricted := value(text, span, "sizeRestriction"):  # XLIFF 2: "most" or "least,most"
            most, unit = restricted.rpartition(",")[2].strip(), "char"
        return Limit(int(most), unit) if most.isdecimal() and len(most) < MOST_DIGITS else None


def value(text: str, span: Span, name: str) -> str:
    """What an attribute of a tag says; nothing if the tag has none.

    Args:
        text: the document's characters.
        span: where the tag is.
        name: the attribute's, without prefix.
    """
    place = attribute(text, span, name)
    return characters(text[slice(*place)]) if place else ""
