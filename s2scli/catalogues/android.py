r"""Resources of Android: the strings of ``res/values/strings.xml``, its arrays and plurals
(https://developer.android.com/guide/topics/resources/string-resource).

Escapes are read and written (``\'``, ``\n``, ``\u2026``, quotes around all of a text), within
``<![CDATA[`` too. Each line of a text is a text. Inline elements are markup, and what is in
``<xliff:g>`` stays as it is, with that around it. Plural forms of the target language that the
source language does not have are made from its ``other``. What is not to be translated, references
to other resources, and files called ``donottranslate`` stay.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from s2scli.catalogues.androidlines import ESCAPES, MARKUP, lines
from s2scli.catalogues.androidplurals import gaps
from s2scli.data import Span
from s2scli.documents.base import Edit, Format, Raw, Slot, Source, Target, composed, tightened
from s2scli.documents.languages import check_source
from s2scli.documents.pieces import joined
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import CLOSE as END
from s2scli.documents.xmltokens import OPEN as START
from s2scli.documents.xmltokens import (
    attribute,
    attribute_text,
    escaped,
    escaped_section,
    tokens,
    xml_source,
)
from s2scli.errors import BadInputError
from s2scli.languages.plurals import added
from s2scli.text.spans import Protection

__all__ = ["Android"]

HOLDERS = (":string", ":plurals", ":string-array")
UNTOUCHED = "donottranslate"  # begins the names of files that nobody translates
_SECTION = re.compile(r"\s*<!\[CDATA\[((?:(?!\]\]>).)*)\]\]>\s*", re.DOTALL)
_SPELLED = re.compile(r"\\u([0-9A-Fa-f]{4})|&#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));")
# Blanks and breaks that stay as they are; no white space of the text is needed beside them.
_SPELLED_BLANK = re.compile(r"(?<!\s)(?:\\(?:u0020|u000[9aAdD]|[nt]))+")
_REFERENCE = re.compile(r"\s*[@?](?:\+|\*|[\w.]+:)?\w+/[\w.:]+\s*")
_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)
_WORDS = re.compile(r"[^\W\d_]\S*\s+[^\W\d_]")
_QUOTE = re.compile(r"\\.|['\"]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _String(Slot):
    """A line of a string.

    Attributes:
        raws: for each stretch that is kept, the element that it is in.
        section: whether it is in a section of characters.
        bare: the quotes that need no escape there.
        first: whether it begins the string.
        origin: of a form that the source does not have, where what it is made of stands.
        lead, tail: what is written before it, and after it.
    """

    raws: tuple[Span, ...] = ()
    section: bool = False
    bare: str = ""
    first: bool = False
    origin: Span | None = None
    lead: str = ""
    tail: str = ""

    @property
    def is_joined(self) -> bool:
        """Whether it is a line of a form that is put in."""
        return self.origin is not None


class Android(Format):
    """A file of resources."""

    has_strings = True

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a file, in the encoding that it names."""
        return xml_source(name, data)

    def slots(self, source: Source) -> Iterator[Slot]:
        """The lines of strings."""
        if source.name.rpartition("/")[2].startswith(UNTOUCHED):
            return
        if place := _locale(source):
            check_source(source.name, source.text[slice(*place)], self.options.source_language)
        found = list(_contents(source))
        bare = "'" if _leaves_bare(source.text, found) else ""
        wanted = added(self.options.source_language, self.options.target_language)
        missing = dict(gaps(source, wanted)) if wanted else {}
        if stay := list(_typed(source)):
            self.remarks.append(
                "Items of typed arrays (<array>) stay, though they read like text; those of a "
                f"<string-array> do not: {named(stay)}."
            )
        for span in found:
            yield from _strings(source.text, span, bare)
            if gap := missing.get(span):
                item, quantities = gap
                lines = list(_strings(source.text, span, bare))
                for quantity in quantities:
                    yield from _copied(source.text, item, span, quantity, lines)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """With the escapes that it needs, and those that the original has."""
        writer = _Writer(source, slot)
        return writer.whole(writer.written(text))

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with its elements."""
        writer = _Writer(source, slot)
        blanks = [
            number
            for number, mark in enumerate(slot.marks)
            if _SPELLED_BLANK.fullmatch(source.text, *mark.opens)
            and not source.text[mark.opens[1]].isspace()
        ]
        return writer.whole(composed(slot, tightened(target, blanks), raw, writer.written))

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language that the file says it is in."""
        if self.options.target_language and (place := _locale(source)):
            yield Edit(*place, escaped(self.options.target_language, quoted=True))

    def has_text(self, source: Source) -> bool:
        """Never: only a string is text."""
        return False


def _locale(source: Source) -> Span | None:
    """Where a file says which language it is in."""
    first = next(iter(tokens(source, {}, typed=True)), None)
    return attribute(source.text, first[2:4], "locale") if first else None


def _contents(source: Source) -> Iterator[Span]:
    """Where the contents of strings and of the items of arrays and plurals are.

    Raises:
        BadInputError: the document is not a file of resources.
    """
    text = source.text
    begin, wanted, plain = 0, False, False
    for kind, name, start, end, depth in tokens(source, {}, typed=True):
        if depth == 0 and kind != END and name != ":resources":
            raise BadInputError(
                f"{source.name} has no Android resources: its root is not <resources>"
            )
        if depth == 1 and kind == START:
            is_string = name == ":item" and attribute_text(text, (start, end), "type") == "string"
            plain = is_string or name == ":string"
            wanted = plain or name in HOLDERS
            wanted = wanted and attribute_text(text, (start, end), "translatable") != "false"
        if wanted and depth == (1 if plain else 2) and (plain or name == ":item"):
            if kind == START:
                begin = end
            elif kind == END and not _REFERENCE.fullmatch(text, begin, start):
                yield begin, start


def _typed(source: Source) -> Iterator[str]:
    """The names of typed arrays with an item of several words: of others nobody knows."""
    text = source.text
    begin, name = 0, ""
    for kind, tag, start, end, depth in tokens(source, {}, typed=True) if "<array" in text else ():
        if depth == 1 and kind == START:
            is_typed = tag == ":array"
            is_typed = is_typed and attribute_text(text, (start, end), "translatable") != "false"
            name = attribute_text(text, (start, end), "name") or tag if is_typed else ""
        elif name and depth == 2 and kind == START:
            begin = end
        elif name and depth == 2 and kind == END and _WORDS.search(_plain(text[begin:start])):
            yield name


def _copied(
    text: str, item: Span, content: Span, quantity: str, lines: Sequence[Slot]
) -> Iterator[Slot]:
    """The lines of another form, which is put after the one that it is made of.

    Args:
        text: the document's characters.
        item: where that form is.
        content: where its content is.
        quantity: of the new form.
        lines: the slots of that content.
    """
    start, end = item
    before = text[text.rfind("\n", 0, start) : start] if "\n" in text[:start] else ""
    reached = content[0]
    lead = text[start:reached]
    if place := attribute(text, (start, reached), "quantity"):
        lead = f"{text[start : place[0]]}{quantity}{text[place[1] : reached]}"
    lead = f"{'' if before.strip() else before}{lead}"
    for number, line in enumerate(lines):
        assert isinstance(line, _String)
        lead += text[reached : line.start]
        reached = line.end
        tail = text[reached:end] if number == len(lines) - 1 else ""
        origin = (line.start, line.end)
        yield replace(line, start=end, end=end, origin=origin, lead=lead, tail=tail)
        lead = ""


def _strings(text: str, span: Span, bare: str) -> Iterator[Slot]:
    """The lines of a string.

    Args:
        text: the document's characters.
        span: where its content is.
        bare: the quotes that need no escape anywhere.
    """
    section = _SECTION.fullmatch(text, *span)
    plain = _plain(text[slice(*span)])
    span = section.span(1) if section else span
    quoted = _QUOTED.fullmatch(text, *span)
    if quoted:
        span = quoted.span(1)
        bare = "'"
    elif _has_bare(plain, '"'):
        bare += '"'
    begin = span[0]
    for pieces, raws in lines(text, span, markup=not section):
        stretch = joined(pieces, verbatim=bool(quoted))
        if stretch.has_letters:
            yield _String(
                pieces[0].start,
                pieces[-1].end,
                stretch.text,
                None,
                stretch.marks,
                stretch.kept,
                raws,
                bool(section),
                bare,
                not text[begin : pieces[0].start].strip(),
            )


def _leaves_bare(text: str, contents: Sequence[Span]) -> bool:
    """Whether apostrophes need no escape: there are some, and none has one."""
    plain = [_plain(text[slice(*span)]) for span in contents]
    return not any("\\'" in each for each in plain) and any(_has_bare(each, "'") for each in plain)


def _plain(raw: str) -> str:
    """A content without markup."""
    section = _SECTION.fullmatch(raw)
    return section[1] if section else MARKUP.sub("", raw)


def _has_bare(plain: str, quote: str) -> bool:
    """Whether there is a quote that is not escaped in a content without markup."""
    quotes = () if _QUOTED.fullmatch(plain) else _QUOTE.finditer(plain)
    return any(found[0] == quote for found in quotes)


class _Writer:
    """Writes a text instead of a string's.

    Args:
        source: the document.
        slot: what is there.
    """

    def __init__(self, source: Source, slot: Slot) -> None:
        text = source.text
        self._string = slot if isinstance(slot, _String) else _String(slot.start, slot.end, "")
        self._spelled: dict[str, str] = {}  # characters that are written as escapes
        for found in _SPELLED.finditer(text, *(self._string.origin or (slot.start, slot.end))):
            number = int(found[1] or found[2] or "0", 16) or int(found[3] or "0")
            character = chr(min(number, sys.maxunicode))
            is_escape = found[1] is not None or not self._string.section
            if is_escape and (character in "'\"" or not character.isascii()):
                self._spelled[character] = found[0]
        self._kept: dict[str, deque[str]] = {}
        for (start, end), raw in zip(slot.kept, self._string.raws, strict=True):
            self._kept.setdefault(slot.text[start:end], deque()).append(text[slice(*raw)])
        special = "".join(self._spelled) + "\\'\"\n\t"
        self._special = re.compile(f"[{re.escape(special)}]")
        self._is_first = self._string.first

    def whole(self, text: str) -> str:
        """All of what was written, with what belongs around it."""
        return f"{self._string.lead}{text}{self._string.tail}"

    def written(self, text: str) -> str:
        """A text, or the next part of it."""
        parts, reached = [], 0
        for start, end in Protection().spans(text, tuple(self._kept)) if self._kept else ():
            if raws := self._kept.get(text[start:end]):
                parts += [self._escaped(text[reached:start]), raws.popleft()]
                reached = end
        return "".join([*parts, self._escaped(text[reached:])])

    def _escaped(self, text: str) -> str:
        lead = "\\" if self._is_first and text.startswith(("@", "?")) else ""
        self._is_first = False
        safe = escaped_section(text) if self._string.section else escaped(text)
        return lead + self._special.sub(self._character, safe)

    def _character(self, match: re.Match[str]) -> str:
        character = match[0]
        if character in self._spelled:
            return self._spelled[character]
        if character in self._string.bare:
            return character
        return "\\" + ESCAPES.get(character, character)
