"""Elements of XML that hold a string of a program: every character counts, line breaks too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span
from s2scli.documents.base import Format, Raw, Slot, Source, Target, tightened
from s2scli.documents.pieces import POINT, TEXT, MarkupPiece, absorbed, joined, paired, trimmed
from s2scli.documents.tagpieces import tagged
from s2scli.documents.xmltokens import characters, escaped, escaped_section, xml_source
from s2scli.text.spans import stripped

__all__ = ["XmlStrings", "said", "string_slot"]

HEAD = 4096  # characters that say how lines end
_SECTION = re.compile(r"\s*<!\[CDATA\[((?:(?!\]\]>).)*)\]\]>\s*", re.DOTALL)
_MARKUP = re.compile(r"<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<\?.*?\?>|<[^<>]*>", re.DOTALL)
_LAYOUT = re.compile(
    r"(?<!\s)\s*(?:[\t\r\n]|&#(?:9|10|13|x[9aAdD]);)(?:\s|&#(?:9|10|13|32|x[9aAdD]|x20);)*"
)
_BLANKS = re.compile(r"(?:\s|&#(?:9|10|13|32|x[9aAdD]|x20);)+")
_BLANKS_REVERSED = re.compile(r"(?:\s|;(?:9|01|31|23|[9aAdD]x|02x)#&)+")


class _Section(Slot):
    """A slot within ``<![CDATA[`` and ``]]>``."""


class XmlStrings(Format):
    """XML with such elements."""

    has_strings = True
    mnemonics = "&_"

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a file, in the encoding that it names."""
        return xml_source(name, data)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """In a section of characters if the original is, else with entities."""
        if isinstance(slot, _Section):
            text = escaped_section(text)
        else:
            text = escaped(text).replace("\r", "&#13;")
        return text.replace("\n", "\r\n") if "\r\n" in source.text[:HEAD] else text

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with its elements, and its line breaks without blanks beside them."""
        breaks = [
            number
            for number, mark in enumerate(slot.marks)
            if _LAYOUT.fullmatch(source.text, *mark.opens)
        ]
        return super().composed(source, slot, tightened(target, breaks), raw)

    def has_text(self, source: Source) -> bool:
        """Never: only a string is text."""
        return False


def said(raw: str) -> str:
    """What the content of an element says to a program."""
    return characters(raw.replace("\r\n", "\n"))


def string_slot(text: str, span: Span) -> Iterator[Slot]:
    """The slot of an element's content, without the blanks at its ends, if it has a letter.

    Comments, and elements that are for themselves, are points in its text.

    Args:
        text: the document's characters.
        span: where the content is.
    """
    start, end = span
    if section := _SECTION.fullmatch(text, start, end):
        start, end = stripped(text, *section.span(1))
        slot: Slot = _Section(start, end, text[start:end].replace("\r\n", "\n"))
    else:
        start, end = _bare(text, start, end)
        if text.find("<", start, end) >= 0:
            yield from _marked(text, start, end)
            return
        slot = Slot(start, end, said(text[start:end]))
    if any(map(str.isalpha, slot.text)):
        yield slot


def _marked(text: str, start: int, end: int) -> Iterator[Slot]:
    pieces: list[MarkupPiece] = []
    reached = start
    for markup in _MARKUP.finditer(text, start, end):
        first, last = markup.span()
        pieces += _texts(text, reached, first)
        is_text = markup[1] is not None
        pieces.append(MarkupPiece(TEXT if is_text else POINT, first, last, markup[1] or ""))
        reached = last
    pieces += _texts(text, reached, end)
    pieces = trimmed(absorbed(text, paired(tagged(text, pieces, said))))
    stretch = joined(pieces)
    if stretch.has_letters:
        yield Slot(pieces[0].start, pieces[-1].end, stretch.text, None, stretch.marks)


def _texts(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """Text, with the line breaks and tabs in it, which stay."""
    for found in _LAYOUT.finditer(text, start, end):
        if start < found.start():
            yield MarkupPiece(TEXT, start, found.start(), said(text[start : found.start()]))
        yield MarkupPiece(POINT, *found.span(), " ")
        start = found.end()
    if start < end:
        yield MarkupPiece(TEXT, start, end, said(text[start:end]))


def _bare(text: str, start: int, end: int) -> Span:
    """A stretch without the blanks at its ends, whether characters or references."""
    blank = _BLANKS.match(text, start, end)
    start = blank.end() if blank else start
    blank = _BLANKS_REVERSED.match(text[start:end][::-1])
    return start, end - blank.end() if blank else end
