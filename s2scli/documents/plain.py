"""Plain text, by lines, sentences or paragraphs; text that was wrapped by hand is wrapped again."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from s2scli.data import Span
from s2scli.documents.base import (
    Format,
    Mark,
    Raw,
    Slot,
    Source,
    Target,
    composed,
    line_end,
    unix,
    unix_lines,
)
from s2scli.documents.emphasis import between_slashes, emphases
from s2scli.documents.inlinetags import has_pairs
from s2scli.documents.remarks import named
from s2scli.text.blocks import FRAME, QUOTE, blocks
from s2scli.text.fillers import fillers
from s2scli.text.held import HELD, held
from s2scli.text.segmenter import sentence_splitter
from s2scli.text.spans import stripped
from s2scli.text.verbatim import has_cards, is_signed, outside

__all__ = ["PlainText", "bare_slots"]

WIDEST_INDENT = 1000  # characters before a text; who looks further looks at all of a document
_LINE = re.compile(r"[^\n]+")
# What stands before a heading's or a list item's text: ``1. (a)``.
_MARK = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]+|[-*+•–·][ \t]+|\d{1,3}[.)][ \t]+|"
    r"(?:o|\[\d[\d:.]{0,14}\]|\^\d{1,3}|[IVX]{1,5}\.)[ \t]+(?=[A-Z])|"
    r"\[[ xX]\][ \t]+(?![^\n]*\s\[[ xX]\])|"  # of several boxes each parts texts
    # Numbers of sections: before a figure's unit is no capital letter.
    r"(?:\d{1,3}(?:\.\d{1,3}){1,4}\.?|\u00a7{1,2} ?\d{1,4}[a-z]?)[ \t]+(?=[\"'(“]?[A-Z][a-z]|I )|"
    r"\(?(?:[a-zA-Z]|[ivxlc]{1,6}|\d{1,3})\)[ \t]+){0,3}"
)
_PAGE = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]+")  # what ends lines beside line ends
_BREAK = re.compile(r"(?<![ \t\r])[ \t\r]*\n[ \t]*")
_QUOTED = re.compile(rf"^{QUOTE}", re.MULTILINE)
_INDENT = re.compile(rf"(?:{QUOTE})?[ \t]*")


class PlainText(Format):
    """Text without markup."""

    has_markup = False

    def slots(self, source: Source) -> Iterator[Slot]:
        """Lines, or the sentences or paragraphs of the text's blocks."""
        text = unix_lines(source).text
        bare = _QUOTED.sub(lambda quote: " " * len(quote[0]), text) if ">" in text else text
        if is_signed(text):
            self.remarks.append("It is signed, and the signature is invalid for another text.")
        if has_cards(text):
            self.remarks.append("Contacts and calendars in it (vCard, iCalendar) stay as they are.")
        if slashed := between_slashes(text):
            self.remarks.append(
                f"Words between slashes stay, for they may be folders: {named(slashed)}."
            )
        for start, end in outside(text):
            if self.options.unit == "line":
                for match in _LINE.finditer(bare, start, end):
                    yield from map(partial(_marked, bare), bare_slots(bare, *match.span()))
            else:
                yield from self._prose(text, bare, (start, end))

    def _prose(self, text: str, bare: str, span: Span) -> Iterator[Slot]:
        """The texts of the blocks of a stretch; ``bare`` is the text without marks of quotes."""
        split = sentence_splitter()
        for block in blocks(text[slice(*span)]):
            ends = [*block.gaps, (block.end, block.end)]
            begins = [block.start, *(end for _, end in block.gaps)]
            for begin, (stop, _) in zip(begins, ends, strict=True):
                units = [(span[0] + begin, span[0] + stop)]
                if self.options.unit != "paragraph":
                    units = list(split(bare, *units[0]))
                for start, end in units:
                    slots = bare_slots(bare, start, end, prose=True)
                    yield from map(partial(_marked, bare), slots)

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with the signs around words."""
        spans = tuple(_words(target.text, *span) for span in target.spans)
        target = Target(target.text, spans)
        return self.written(source, slot, composed(slot, target, raw, str))

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """On one line, or wrapped as the original was."""
        original = source.text[slot.start : slot.end]
        newline = line_end(original)
        lines = unix(original).split("\n")
        if len(lines) < 2:
            return text
        before = unix(source.text[max(0, slot.start - WIDEST_INDENT) : slot.start])
        hanging = " " * len(before[before.rfind("\n") + 1 :])
        found = _INDENT.match(lines[1])
        indent = found[0] if found else ""
        width = max(len(hanging) + len(lines[0]), *(len(line.rstrip()) for line in lines[1:]))
        is_held = HELD not in text
        wrapped = textwrap.wrap(
            held(text) if is_held else text,
            width,
            initial_indent=hanging,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        new = newline.join(wrapped)[len(hanging) :] if wrapped else ""
        return new.replace(HELD, " ") if is_held else new


def bare_slots(text: str, start: int, end: int, *, prose: bool = False) -> Iterator[Slot]:
    """The texts of a stretch, without its mark, fillers, and the white space around them.

    Args:
        text: the document's characters.
        start, end: the stretch.
        prose: whether blanks in mid-sentence have no meaning.
    """
    mark = _MARK.match(text, start, end)
    start = mark.end() if mark else start
    reached = start
    for first, last in _borders(text, start, end):
        yield from _slot(text, reached, first, prose)
        reached = last
    yield from _slot(text, reached, end, prose)


def _borders(text: str, start: int, end: int) -> Iterator[Span]:
    """Where fillers stand that part texts, what is around a title, page breaks and the like."""
    parting = {(start + f.start, start + f.end) for f in fillers(text[start:end]) if f.apart}
    if not text[start:end].isprintable():
        parting |= {found.span() for found in _PAGE.finditer(text, start, end)}
    if frame := FRAME.fullmatch(text, *stripped(text, start, end)):
        parting |= {frame.span(1), frame.span(3)}
    yield from sorted(parting)


def _slot(text: str, start: int, end: int, prose: bool) -> Iterator[Slot]:
    start, end = stripped(text, start, end)
    if start < end and any(map(str.isalpha, text[start:end])):
        shown = _BREAK.sub(" ", text[start:end])
        kept = tuple((f.start, f.end) for f in fillers(shown) if not (prose and f.blank))
        yield Slot(start, end, shown, kept=kept)


def _words(text: str, start: int, end: int) -> Span:
    """A stretch without the stops before its first word, as of a clause that begins there."""
    words = text[start:end].lstrip(" ,;:.!?\u2013\u2014")
    return (end - len(words), end) if words else (start, end)


def _marked(text: str, slot: Slot) -> Slot:
    """A slot with the signs around its words as markup; tags are markup already."""
    found = emphases(text[slot.start : slot.end])
    if not found or slot.kept or has_pairs(slot.text):
        return slot
    marks, shown, reached = list[Mark](), "", slot.start
    for span, inner in found:
        start, first, last, end = (slot.start + place for place in (span[0], *inner, span[1]))
        shown += _BREAK.sub(" ", text[reached:start])
        words = _BREAK.sub(" ", text[first:last])
        marks.append(Mark(len(shown), len(shown + words), (start, first), (last, end)))
        shown, reached = shown + words, end
    shown += _BREAK.sub(" ", text[reached : slot.end])
    return replace(slot, text=shown, marks=tuple(marks))
