"""Texts of string tables, subtitles and the like: plain text, with tags or links on some words.

A message's argument with branches (ICU's plurals and choices) is a point in the text around it, and
each of its branches is a text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from s2scli.documents.base import Edit, Raw, Slot, Source, Target, composed
from s2scli.documents.borders import apart
from s2scli.documents.bracketed import bracket_attributes, bracketed, has_brackets
from s2scli.documents.codetags import whole_elements
from s2scli.documents.colourcodes import has_looks, looks_of
from s2scli.documents.enclosing import encloses, enclosing
from s2scli.documents.entities import encoded, shown
from s2scli.documents.fontcodes import fonts, has_fonts, quotations
from s2scli.documents.foreign import foreign, languages
from s2scli.documents.holes import holes
from s2scli.documents.icu import Argument
from s2scli.documents.inlinemacros import has_macros, macro_texts, macros_of
from s2scli.documents.inlinetags import TagAttribute, outside, said, tag_attributes, tags
from s2scli.documents.messages import FILLER, Message, broken
from s2scli.documents.mnemonics import mnemonics
from s2scli.documents.ornaments import ornaments
from s2scli.documents.pieces import (
    CLOSE,
    KEPT,
    OPEN,
    POINT,
    TEXT,
    Finder,
    MarkupPiece,
    absorbed,
    joined,
    paired,
    trimmed,
)
from s2scli.documents.ruby import without_readings
from s2scli.documents.stringremarks import string_remarks
from s2scli.languages.plurals import OTHER, added
from s2scli.text.fillers import MARKUP, fillers, has_fillers
from s2scli.text.placeholders import BREAK, PICTURE_OPTION
from s2scli.text.spans import stripped, table
from s2scli.text.synopses import is_synopsis
from s2scli.text.verbatim import verbatim

__all__ = ["Strings", "between", "has_parts"]

# The two ends of a link of Markdown, or of a wiki, and of words that Apple's programs bend.
_ADDRESS = r"\]\((?:(?:[^()\s]|\([^()\s]*\))+|(?:inflect|morphology)\w*:[^()\n]*)\)"
_WIKI = (
    rf"\[\[[^\[\]|\n]{{1,200}}\|(?:{PICTURE_OPTION}\|){{0,20}}"
    rf"(?!{PICTURE_OPTION})(?=[^\[\]|\n]{{1,500}}\]\])"
)
_LINK = re.compile(rf"(\^?\[(?=[^\[\]\n]*{_ADDRESS})|{_WIKI})|{_ADDRESS}|\]\]")
# Words that Markdown sets off, which many programs show as such; one word between two underscores
# each is a name of code or a placeholder.
_BEFORE, _BEHIND = r"(?<![^\s([{\"'“‘>*_~—–-])", r"(?=[^\w\s]{0,4}(?:\s|<|\Z))"
_EMPHASIS = re.compile(
    r"(?<!`)(`{1,3})(?!`)[^`\n]+\1|"
    r"(?<!\*)(\*\*)(?=[^\s*])[^*\n]{1,500}(?<=[^\s*])(\*\*)(?!\*)|"
    r"(?<!~)(~~)(?=[^\s~])[^~\n]{1,500}(?<=[^\s~])(~~)(?!~)|"
    rf"{_BEFORE}(\*)(?=[\w{{%])[^*\n]{{1,500}}(?<=[^\s*])(\*){_BEHIND}|"
    rf"{_BEFORE}(__)(?=[^\s_])(?=[^_\n]* )[^_\n]{{1,500}}(?<=[^\s_])(__){_BEHIND}|"
    rf"{_BEFORE}(_)(?=[^\W\d_]{{3}}|[^_\n]* )[^\s_][^_\n]{{0,500}}(?<=[^\s_])(_){_BEHIND}"
)
FILTERS = ";;"  # parts Qt's filters of files: Images (*.png);;All files (*)
# Items as desktop entries have them: house;garden;
_SEMICOLONS = re.compile(r"[^\W_][\w '’-]{0,60}(?:;[^\W_][\w '’-]{0,60})+;?")
BAR = "\x1e"  # what parts texts within a line, instead of a bar
_SHOWN = re.compile(r"[^\n]")
_WHOLE_LINE = re.compile(r"[^\n]+")
_ONLY_WORDS = re.compile(r"[^\W_]+(?: [^\W_]+)*[.!?]?")
_BREAK, _ANYTHING = re.compile(r"\n"), re.compile(r"(?s).")
_ONE_BAR = re.compile(r"[^|\n]\|[^|\n]")
_PARTS = re.compile(
    r"\{\{\s{0,9}(?i:plural|gender)\s{0,9}:|\{\w[^{}|\n:]{0,60}:[^\n|]{0,200}\||"
    r"<|&#?\w{2,31};|\]\(|\]\]|,\s{0,9}(?:plural|select)|\*\*|~~|"
    r"(?<![^\W_])[*_](?=[\w{%])|\*\Z|\\[nrtfvux]|%0[AaDd]|[^|\n]\|[^|\n]|"
    r"(?:\A|\n) *[->]|(?<!\S)([*=~#+-])\1+(?!\S)|\[-|\besac\b|;\s*(?:do|then)\b|;;|;[^\W\d_]"
)
# What says for which numbers a choice of Laravel or Symfony is, at its beginning.
_CHOICE = re.compile(
    r"\s*(\{\d+(?:,\d+)*\}|[\[\]](?:-?\d+|-Inf),\s?(?:-?\d+|\*|\+?Inf)[\[\]])(?=\s)"
)
MOST_PIECES = 100_000  # of a text whose tags are marks
MOST_NESTED = 8  # arguments in each other


def has_parts(text: str) -> bool:
    """Whether there may be tags, links or branches in a text."""
    return _PARTS.search(text) is not None or _has_codes(text)


def _has_codes(text: str) -> bool:
    return any(has(text) for has in (encloses, has_brackets, has_looks, has_macros, has_fonts))


@dataclass(frozen=True, slots=True)
class _Form(Slot):
    """A branch of a plural that only the target language has.

    Attributes:
        lead, tail: what is written before it, and after it.
    """

    lead: str = ""
    tail: str = ""

    @property
    def is_joined(self) -> bool:
        """Whether it is put in: always."""
        return True


class _Reading(NamedTuple):
    """How a text is read.

    Attributes:
        wanted: the categories that each plural is to have.
        language: the code of the language that it is in; empty if not known.
        mnemonics: what stands before the letter of a label's key; nothing if labels have none.
        finders: of the kinds of markup that only some texts have.
        is_tagged: whether there may be tags in it.
    """

    wanted: Sequence[str]
    language: str
    mnemonics: str
    finders: Sequence[Finder]
    is_tagged: bool


class Strings(Message):
    """A text that another format holds."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """Its lines, with the branches in them; their tags are marks."""
        target = self.options.target_language
        found = string_remarks(source.text, self._wanted, target)
        self.remarks += (remark for remark in found if remark not in self.remarks)
        if words := said(source.text):
            yield Slot(*words, source.text[slice(*words)])
            return
        reading = self._reading(source.text)
        for slot in super().slots(replace(source, text=_filled(source.text))):
            yield from _slots(source.text, slot, MOST_NESTED, reading)

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language that elements say they are in."""
        target = self.options.target_language
        for start, end in languages(source.text, self._language) if target else ():
            yield Edit(start, end, target)

    @property
    def _language(self) -> str:
        return self.options.source_language

    def _reading(self, text: str) -> _Reading:
        """How a text is read, which is found once for all its lines."""
        finders = [find for find in (looks_of(text), macros_of(text)) if find]
        is_tagged = "<" in text or "lt;" in text
        return _Reading(self._wanted, self._language, self.mnemonics, finders, is_tagged)

    @property
    def _wanted(self) -> Sequence[str]:
        """The categories of plurals that only the target language has."""
        return added(self.options.source_language, self.options.target_language)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """On as many lines as it was; in an attribute with entities where they are needed."""
        if isinstance(slot, _Form):
            return f"{slot.lead}{text}{slot.tail}"
        if isinstance(slot, TagAttribute):
            return slot.written(text)
        return super().written(source, slot, encoded(source.text[slot.start : slot.end], text))

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with its tags."""
        stood = source.text[slot.start : slot.end]
        text = composed(slot, target, raw, partial(encoded, stood))
        if isinstance(slot, _Form):
            return f"{slot.lead}{text}{slot.tail}"
        return broken(_filled(stood), text)


def _filled(text: str) -> str:
    """A text in whose holes no line ends, and in whose tags there is no filler."""
    parts, reached = [], 0
    for argument in holes(text, 0, len(text)):
        parts += [text[reached : argument.start], FILLER * (argument.end - argument.start)]
        reached = argument.end
    text = "".join([*parts, text[reached:]])
    lines = (line.span() for line in _WHOLE_LINE.finditer(text) if is_synopsis(line[0]))
    whole = (piece[1:3] for piece in whole_elements(text, 0, len(text)))
    listings = (span for span in whole if "\n" in text[slice(*span)])
    for start, end in (*verbatim(text), *lines, *listings):
        text = text[:start] + _SHOWN.sub(BAR, text[start:end]) + text[end:]
    if "\\" in text or "|" in text or "%0" in text:
        text = _parted(text)
    text = text.replace(FILTERS, BAR * len(FILTERS))
    if ";" in text and _SEMICOLONS.fullmatch(text):
        text = text.replace(";", BAR)
    if "\n" in text and "<" in text:
        text = _hidden(text, tags(text, 0, len(text)), _BREAK)
    if has_fillers(text):
        text = _hidden(text, tags(text, 0, len(text)), _ANYTHING)
        text = _hidden(text, _links(text, 0, len(text)), _ANYTHING)
    return text


def _hidden(text: str, pieces: Iterator[MarkupPiece], what: re.Pattern[str]) -> str:
    """A text with a sign for what is found in pieces of markup."""
    parts, reached = [], 0
    for _, start, end, *_ in list(pieces):
        parts += [text[reached:start], what.sub(MARKUP, text[start:end])]
        reached = end
    return "".join([*parts, text[reached:]])


def _parted(text: str) -> str:
    """A text with line ends for those that are escaped, and for bars, which part texts."""
    parts, reached, depth = [], 0, 0  # of braces, in which a bar parts nothing
    for start, end, kind in table().stretches(text):
        depth += text.count("{", reached, start) - text.count("}", reached, start)
        parts.append(text[reached:start])
        is_bar = depth <= 0 and end - start == 1 and _ONE_BAR.match(text, max(0, start - 1))
        border = "\n" if kind == BREAK else BAR if is_bar else ""
        parts.append(border * (end - start) or text[start:end])
        reached = end
    return "".join([*parts, text[reached:]])


def _slots(text: str, slot: Slot, depth: int, reading: _Reading) -> Iterator[Slot]:
    """A slot with its tags as marks, and the branches in it.

    Args:
        text: the document's characters.
        slot: the slot as plain text.
        depth: how many arguments may be in each other in it.
        reading: how it is read.
    """
    if not reading.is_tagged and _ONLY_WORDS.fullmatch(text, slot.start, slot.end):
        yield slot  # there is nothing to look for
        return
    found = holes(text, slot.start, slot.end) if depth else []
    markup = merge(
        _points(text, found, slot),
        _foreign(text, slot, reading.language),
        whole_elements(text, slot.start, slot.end),
        _emphasis(text, slot),
        bracketed(text, slot.start, slot.end),
        *(find(text, slot.start, slot.end) for find in reading.finders),
        fonts(text, slot.start, slot.end),
        quotations(text, slot.start, slot.end),
        enclosing(text, slot.start, slot.end),
        _numbers(text, slot),
        ornaments(text, slot.start, slot.end),
        mnemonics(text, slot.start, slot.end, reading.mnemonics),
        tags(text, slot.start, slot.end),
        _links(text, slot.start, slot.end),
        _fillers(text, slot),
        key=attrgetter("start"),
    )
    found_pieces = without_readings(between(text, slot.start, slot.end, markup), text)
    signs = list(islice(found_pieces, MOST_PIECES + 1))
    signs = signs if len(signs) <= MOST_PIECES else []
    pieces = paired(signs)
    if not found and all(piece.kind == TEXT for piece in pieces):
        yield replace(slot, text=shown(slot.text))
        return
    slots = list(_branches(text, found, depth - 1, reading))
    for part in map(trimmed, apart(absorbed(text, pieces))):
        stretch = joined(part)
        if stretch.has_letters:
            slots.append(Slot(part[0].start, part[-1].end, stretch.text, None, *stretch[1:]))
    for piece in signs:  # one that holds no text, as a picture's link, is one piece when paired
        slots += [*tag_attributes(text, piece), *macro_texts(text, piece)]
        slots += bracket_attributes(text, piece)
    yield from sorted(slots, key=lambda slot: (slot.start, -slot.end))


def _points(text: str, found: Sequence[Argument], slot: Slot) -> Iterator[MarkupPiece]:
    """Arguments, each with white space beside it, as if what is left had never had them."""
    reached = slot.start
    for start, end, *_ in found:
        is_apart = start == reached or text[start - 1].isspace()
        if is_apart and text[end : end + 1].isspace():
            while end < slot.end and text[end].isspace():
                end += 1
        elif is_apart and not text[end : end + 1].isalnum():
            while start > reached and text[start - 1].isspace():
                start -= 1
        yield MarkupPiece(POINT, start, end)
        reached = end


def _branches(
    text: str, found: Sequence[Argument], depth: int, reading: _Reading
) -> Iterator[Slot]:
    for argument in found:
        for (start, end), (name, name_end) in zip(argument.branches, argument.names, strict=True):
            first, last = stripped(text, start, end)
            if not any(map(str.isalpha, text[first:last])):
                continue
            slots = list(_slots(text, Slot(first, last, text[first:last]), depth, reading))
            yield from slots
            if argument.is_plural and text[name:name_end] == OTHER and len(slots) == 1:
                yield from _forms(text, argument, slots[0], reading.wanted)


def _forms(text: str, argument: Argument, model: Slot, wanted: Sequence[str]) -> Iterator[Slot]:
    """The branches that a plural lacks, each made of its last one."""
    names = [text[slice(*name)] for name in argument.names]
    number = names.index(OTHER)
    (start, end), (name, name_end) = argument.branches[number], argument.names[number]
    blank = re.search(r"\s*\Z", text[argument.start : name])
    for category in wanted:
        if category not in names:
            lead = (blank[0] if blank and blank[0] else " ") + category
            lead += text[name_end:start] + text[start : model.start]
            common = (model.text, None, model.marks, model.kept)
            yield _Form(end + 1, end + 1, *common, lead, text[model.end : end + 1])


def between(
    text: str, start: int, end: int, markup: Iterator[MarkupPiece]
) -> Iterator[MarkupPiece]:
    """Markup, and the text between."""
    reached = start
    for piece in markup:
        if piece.start < reached:
            continue  # within another
        if piece.start > reached:
            yield MarkupPiece(TEXT, reached, piece.start, shown(text[reached : piece.start]))
        yield piece
        reached = piece.end
    if reached < end:
        yield MarkupPiece(TEXT, reached, end, shown(text[reached:end]))


def _foreign(text: str, slot: Slot, language: str) -> Iterator[MarkupPiece]:
    """Elements that stay as they are."""
    for start, end in foreign(text, slot.start, slot.end, language):
        yield MarkupPiece(KEPT, start, end, text[start:end])


def _emphasis(text: str, slot: Slot) -> Iterator[MarkupPiece]:
    """Signs of Markdown around words; none is within a placeholder or a template's tag."""
    all_found = [*_EMPHASIS.finditer(text, slot.start, slot.end)]
    inside = [*table().stretches(text[slot.start : slot.end])] if all_found else []
    starts = [slot.start + stretch.start for stretch in inside]
    for found in all_found:
        places = [found.span(n) for n in range(2, _EMPHASIS.groups + 1) if found[n]]
        before = [bisect_right(starts, start) - 1 for start, _ in places]
        if any(
            n >= 0 and start < slot.start + inside[n].end
            for n, (start, _) in zip(before, places, strict=True)
        ):
            continue
        for kind, (start, end) in zip((OPEN, CLOSE), places, strict=False):
            yield MarkupPiece(kind, start, end, name=text[start:end])


def _numbers(text: str, slot: Slot) -> Iterator[MarkupPiece]:
    """For which numbers a choice is, if it is one of several."""
    choice = _CHOICE.match(text, slot.start, slot.end) if "|" in text else None
    if choice and not text[text.rfind("|", 0, slot.start) + 1 : slot.start].strip():
        yield MarkupPiece(POINT, *choice.span(1))


def _fillers(text: str, slot: Slot) -> Iterator[MarkupPiece]:
    for filler in fillers(text[slot.start : slot.end]):
        start, end = slot.start + filler.start, slot.start + filler.end
        yield MarkupPiece(KEPT, start, end, text[start:end])


def _links(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    for link in outside(_LINK, text, start, end):
        yield MarkupPiece(OPEN if link[1] else CLOSE, *link.span(), name="[")
