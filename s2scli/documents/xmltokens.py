"""The tags of an XML document (https://www.w3.org/TR/xml/), and where they stand in it.

A document is checked by expat first; then what a regular expression finds are its tags. Nothing is
ever expanded or fetched: a document type is refused, and one with declarations of its own, which
may be entities, always.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html import unescape
from typing import TYPE_CHECKING

from s2scli.data import Span
from s2scli.documents.base import Format, Slot, Source
from s2scli.documents.encodings import source_as_declared
from s2scli.errors import BadInputError
from s2scli.text.spans import stripped

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

__all__ = [
    "CLOSE",
    "EMPTY",
    "OPEN",
    "Texts",
    "Token",
    "Value",
    "attribute",
    "attribute_text",
    "characters",
    "escaped",
    "escaped_section",
    "shown",
    "text_slot",
    "tokens",
    "xml_source",
]

OPEN, CLOSE, EMPTY = "open", "close", "empty"
MOST_DEPTH = 256  # as libxml2 has it
CHUNK = 1 << 20

_TAG = re.compile(
    r"<(?:!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>|"
    r"!DOCTYPE[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*>"
    r"|(/?)([^\s/>]+)[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*>)",
    re.DOTALL,
)
_NAMESPACE = re.compile(r"\sxmlns(?::([^\s=]+))?\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ATTRIBUTE = re.compile(r"\s(?:[^\s=:]+:)?([^\s=:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([^\"'>]+)")
_NO_TEXT = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>|([^<]+)", re.DOTALL)
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTES = str.maketrans({'"': "&quot;", "'": "&apos;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})

# Kind, name, start, end, and how many elements are around the element.
Token = tuple[str, str, int, int, int]


def xml_source(name: str, data: bytes) -> Source:
    """The characters of a document, in the encoding that its declaration names.

    Raises:
        BadInputError: they are not in that encoding, or binary.
    """
    return source_as_declared(name, data, _DECLARATION)


def tokens(
    source: Source, namespaces: Mapping[str, str], *, typed: bool = False
) -> Iterator[Token]:
    """The tags of a document.

    Args:
        source: the document.
        namespaces: URI → the prefix that a name of it gets, whatever the document's own is; names
            of others begin with a colon.
        typed: whether it may have a document type; what that refers to is not read.

    Raises:
        BadInputError: it is not XML, has a document type that it may not have, or is nested too
            deeply.
    """
    _check(source, typed=typed)
    text = source.text
    depth = 0
    prefixes: dict[str, str] = {}  # of the document → ours
    names: dict[str, str] = {}  # as the document has them → with our prefixes
    around: list[tuple[int, dict[str, str], dict[str, str]]] = []
    for match in _TAG.finditer(text):
        closing, raw = match.groups()
        if raw is None:
            continue
        start, end = match.span()
        if closing:
            depth -= 1
            yield CLOSE, names[raw], start, end, depth
            if around and around[-1][0] == depth:
                _, prefixes, names = around.pop()
            continue
        outer = None
        if text.find("xmlns", start, end) >= 0:
            outer = (depth, prefixes, names)
            prefixes = prefixes | {
                prefix: namespaces.get(unescape(one or other), "")
                for prefix, one, other in _NAMESPACE.findall(text, start, end)
            }
            names = {}
        name = names.get(raw)
        if name is None:
            prefix, _, local = raw.rpartition(":")
            name = names[raw] = f"{prefixes.get(prefix, '')}:{local}"
        if text[end - 2] == "/":
            yield EMPTY, name, start, end, depth
            if outer:
                _, prefixes, names = outer
            continue
        yield OPEN, name, start, end, depth
        if outer:
            around.append(outer)
        depth += 1
        if depth > MOST_DEPTH:
            raise BadInputError(f"{source.name} is nested more than {MOST_DEPTH} deep")


def shown(
    source: Source,
    namespaces: Mapping[str, str],
    hidden: Collection[str],
    hiding: Mapping[str, int],
) -> Iterator[Token]:
    """The tags of a document, without those of what is hidden.

    Args:
        source: the document.
        namespaces: URI → the prefix that a name of it gets.
        hidden: elements of which nothing is shown.
        hiding: elements that say that one around them is such → how far out that is.

    Raises:
        BadInputError: as for ``tokens``.
    """
    skipped = -1  # how deep what is skipped is
    for token in tokens(source, namespaces):
        kind, name, _, _, depth = token
        if skipped >= 0:
            skipped = -1 if kind == CLOSE and depth == skipped else skipped
        elif kind == OPEN and name in hidden:
            skipped = depth
        elif kind != CLOSE and name in hiding:
            skipped = max(0, depth - hiding[name])
        else:
            yield token


def attribute(text: str, span: Span, name: str) -> Span | None:
    """Where the value of a tag's attribute is; None if it has no such.

    Args:
        text: the document's characters.
        span: where the tag is.
        name: the attribute's name, without prefix.
    """
    if text.find(name, *span) < 0:  # which most tags need no more than
        return None
    for match in _ATTRIBUTE.finditer(text, *span):
        if match[1] == name:
            return match.span(2 if match[2] is not None else 3)
    return None


def attribute_text(text: str, span: Span, name: str) -> str:
    """What a tag's attribute says; empty if it has no such. The arguments are as above."""
    place = attribute(text, span, name)
    return characters(text[slice(*place)]) if place else ""


def characters(raw: str) -> str:
    """The text that the content of an element, or the value of an attribute, stands for."""
    if "<" not in raw:
        return unescape(raw) if "&" in raw else raw
    return "".join(
        match[1] or unescape(match[2] or "") for match in _NO_TEXT.finditer(raw) if match.lastindex
    )


def escaped(text: str, *, quoted: bool = False) -> str:
    """A text as the content of an element; without the characters that XML does not have.

    Args:
        text: the text.
        quoted: whether as the value of an attribute.
    """
    text = _NO_CHARACTER.sub("", text).translate(_ESCAPES)
    return text.translate(_QUOTES) if quoted else text


def escaped_section(text: str) -> str:
    """A text as it stands between ``<![CDATA[`` and ``]]>``."""
    return _NO_CHARACTER.sub("", text).replace("]]>", "]]]]><![CDATA[>")


class Value(Slot):
    """A slot that is the value of an attribute."""


class Texts(Format):
    """XML in which some elements have only text, and all of it is to be translated.

    Attributes:
        namespaces: URI → prefix.
        names: of the elements.
    """

    namespaces: Mapping[str, str] = {}
    names: frozenset[str] = frozenset()

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts of the elements."""
        begin = None
        for kind, name, start, end, _ in tokens(source, self.namespaces):
            if kind == CLOSE and name in self.names and begin is not None:
                yield from text_slot(source.text, (begin, start))
            begin = end if kind == OPEN and name in self.names else None

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As an element's content."""
        return escaped(text)

    def has_text(self, source: Source) -> bool:
        """Never: such a part may well be without."""
        return False


def text_slot(text: str, span: Span, kind: type[Slot] = Slot) -> Iterator[Slot]:
    """The slot of a stretch that is only text, if it has a letter.

    Args:
        text: the document's characters.
        span: the stretch.
        kind: of the slot.
    """
    start, end = stripped(text, *span)
    says = " ".join(characters(text[start:end]).split())
    if any(map(str.isalpha, says)):
        yield kind(start, end, says)


def _check(source: Source, *, typed: bool) -> None:
    """Refuse what is not XML that may be read."""
    from xml.parsers import expat

    def refuse(_name: str, _system: str | None, _public: str | None, internal: bool) -> None:
        if internal:
            raise BadInputError(f"{source.name} has declarations in its document type")
        if not typed:
            raise BadInputError(f"{source.name} has a document type")

    parser: XMLParserType = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = refuse
    try:
        for start in range(0, len(source.text), CHUNK):
            parser.Parse(source.text[start : start + CHUNK].encode())
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadInputError(f"{source.name} is not XML: {error}") from None
