"""Fluent (https://projectfluent.org/fluent/guide): ``.ftl``.

The values of messages and terms are texts, the attributes of messages, and each variant of a
selector. Placeables stay as they are, and so do comments, keys, the attributes of terms, which
selectors read, and attributes that are not text (``.accesskey``). Other entries stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from operator import attrgetter
from typing import NamedTuple

from s2scli.catalogues.placeables import Placeable, whole
from s2scli.documents.base import Format, Raw, Slot, Source, Target, composed, unix
from s2scli.documents.codetags import whole_elements
from s2scli.documents.inlinetags import tags
from s2scli.documents.messages import FILLER, broken, wrapped_lines
from s2scli.documents.pieces import KEPT, POINT, MarkupPiece, absorbed, joined, paired, trimmed
from s2scli.documents.remarks import lines_named
from s2scli.documents.strings import between
from s2scli.errors import BadInputError
from s2scli.languages.plurals import CATEGORIES, OTHER, added
from s2scli.text.fillers import fillers
from s2scli.text.oneline import one_line

__all__ = ["Fluent"]

MOST_NESTED = 128  # selectors in each other
NO_TEXTS = ("accesskey", "commandkey", "key", "keycode", "style")  # attributes
_ENTRY = re.compile(r"^(-?)[a-zA-Z][\w-]*[ ]*=[ ]*", re.MULTILINE)
_ATTRIBUTE = re.compile(r"\r?\n\s*\.([a-zA-Z][\w-]*)[ ]*=[ ]*")
_VARIANT = re.compile(r"\*?\[\s*[^\[\]{}\n]+?\s*\][ ]*")
# A line that begins nothing.
_JUNK = re.compile(r"^[^\s#\[}]", re.MULTILINE)
_TEXT = re.compile(r"[^{}\r\n]+|\r(?!\n)")
# The end of a line, and what is before the next that belongs to the same pattern.
_NEXT_LINE = re.compile(r"(?:[ ]*\r?\n)+(?:[ ]+(?![ \[*.}\r\n])|(?=\{))")
_BLANK = re.compile(r"\s*")
_FOLDED = re.compile(r"[ ]*\r?\n\s*")
# What may stand in a placeable.
_INSIDE = re.compile(r'"(?:[^"\\\n]|\\.)*"|->|[{}]|[^"{}-]+|-')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_UNSAFE = re.compile(r"[{}]")
_NO_LINE = re.compile(r"(\n[ ]*)([\[*.])")
# A line of a value that begins without a blank must begin with a brace; else it is none.
INDENT = "    "
_AT_MARGIN = re.compile(r"\n(?=[^\s{}])")
EMPTY = '{""}'
HELD = "\0"  # a space within what stays


class _NoFluent(Exception):
    """An entry is not Fluent."""


@dataclass(frozen=True, slots=True)
class _Text(Slot):
    """A text of a pattern.

    Attributes:
        begins_line: whether there are only blanks before it on its line.
    """

    begins_line: bool = False


@dataclass(frozen=True, slots=True)
class _Form(_Text):
    """A variant of a plural that the document lacks.

    Attributes:
        lead: what is written before its text.
    """

    lead: str = ""

    @property
    def is_joined(self) -> bool:
        """Whether it is put in: always."""
        return True


@dataclass(slots=True)
class _Pattern:
    """A value as it is read.

    Attributes:
        start, end: where it is.
        placeables: those in it, without those in its variants.
        selectors: the variants of each of those that have some.
    """

    start: int
    end: int = 0
    placeables: list[Placeable] = field(default_factory=list)
    selectors: list[list[_Variant]] = field(default_factory=list)


class _Variant(NamedTuple):
    """A variant of a selector.

    Attributes:
        start: where it is.
        key: what it is for.
        pattern: its value.
    """

    start: int
    key: str
    pattern: _Pattern


class Fluent(Format):
    """A file of Fluent's messages."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts of its patterns, and of variants that only the target language has."""
        wanted = added(self.options.source_language, self.options.target_language)
        unmade: list[int] = []  # where plurals stand whose variants are not made
        junk: list[int] = []
        for pattern in _patterns(source, junk):
            found = list(_slots(source.text, pattern))
            for selector in _selectors(pattern) if wanted else ():
                if missing := _missing(source.text, selector, wanted):
                    forms = list(_forms(source.text, selector, missing))
                    unmade += [] if forms else [selector[0].start]
                    found += forms
            yield from sorted(found, key=lambda s: (s.start, -s.end))
        if junk:
            lines = lines_named(unix(source.text), junk)
            self.remarks.append(f"Entries that are not valid Fluent stay as they are: {lines}.")
        if unmade:
            self.remarks.append(
                f"Variants that only {self.options.target_language} has ({', '.join(wanted)}) are "
                f"not made: {lines_named(unix(source.text), unmade)}."
            )

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """On as many lines as it was."""
        if isinstance(slot, _Form):
            return f"{slot.lead}{_escaped(slot, text)}".replace(HELD, " ")
        return self._laid_out(source, slot, _escaped(slot, text))

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with its tags and selectors."""
        text = composed(slot, target, raw, lambda text: _escaped(slot, text))
        return self._laid_out(source, slot, text)

    def has_text(self, source: Source) -> bool:
        """Never: what is in no pattern is not text."""
        return False

    def _laid_out(self, source: Source, slot: Slot, text: str) -> str:
        original = source.text[slot.start : slot.end]
        if "\n" not in text:
            text = _NO_LINE.sub(r'\1{"\2"}', broken(original, text))
        text = text.replace(HELD, " ")
        if isinstance(slot, _Text) and slot.begins_line and text[:1] in ("[", "*", "."):
            text = f'{{"{text[0]}"}}{text[1:]}'
        if source.text[slot.start - 1 : slot.start] == "\n" and text[:1] not in ("", "{"):
            text = f"{INDENT}{text}"
        return _AT_MARGIN.sub(f"\n{INDENT}", text) or EMPTY


def _patterns(source: Source, junk: list[int]) -> Iterator[_Pattern]:
    """The values of messages, of their attributes and of terms.

    Args:
        source: the document.
        junk: takes the places of entries that are none.

    Raises:
        BadInputError: selectors are nested too deeply.
    """
    text = unix(source.text)
    reached = 0
    while entry := _ENTRY.search(text, reached):
        junk += (other.start() for other in _JUNK.finditer(text, reached, entry.start()))
        reached = entry.end()
        found: list[_Pattern] = []
        reader = _Reader(source.name, text)
        try:
            found.append(reader.pattern(entry.end(), 0))
            reached = found[-1].end
            while attribute := _ATTRIBUTE.match(text, reached):
                value = reader.pattern(attribute.end(), 0)
                reached = value.end
                if not entry[1] and attribute[1] not in NO_TEXTS:
                    found.append(value)
            if text[reached : reached + 1] not in ("", "\n", "\r"):
                raise _NoFluent
        except _NoFluent:
            junk.append(entry.start())
            continue
        yield from found
    junk += (other.start() for other in _JUNK.finditer(text, reached))


class _Reader:
    """What reads patterns.

    Args:
        name: the document's name, for messages.
        text: its characters.
    """

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text

    def pattern(self, start: int, depth: int) -> _Pattern:
        """The pattern that begins at a place; it may be empty."""
        if depth > MOST_NESTED:
            raise BadInputError(f"{self._name} is nested more than {MOST_NESTED} deep")
        found = _Pattern(start)
        at, text = start, self._text
        while True:
            if piece := _TEXT.match(text, at):
                at = piece.end()
            elif text.startswith("{", at):
                found.placeables.append(self._placeable(at, found, depth))
                at = found.placeables[-1].end
            elif line := _NEXT_LINE.match(text, at):
                at = line.end()
            else:
                found.end = at
                return found

    def _placeable(self, start: int, pattern: _Pattern, depth: int) -> Placeable:
        """What begins with a brace; its variants become those of the pattern.

        Raises:
            _NoFluent: it has no end.
        """
        text, around, at = self._text, 1, start + 1
        while token := _INSIDE.match(text, at):
            at = token.end()
            if token[0] == "->" and around == 1:
                return Placeable(start, self._variants(at, pattern, depth), True)
            around += (token[0] == "{") - (token[0] == "}")
            if not around:
                return Placeable(start, at, False)
        raise _NoFluent

    def _variants(self, at: int, pattern: _Pattern, depth: int) -> int:
        """Variants up to the brace after them; after that.

        Raises:
            _NoFluent: there is something else.
        """
        found: list[_Variant] = []
        pattern.selectors.append(found)
        while True:
            blank = _BLANK.match(self._text, at)
            at = blank.end() if blank else at
            if self._text.startswith("}", at):
                return at + 1
            variant = _VARIANT.match(self._text, at)
            if not variant:
                raise _NoFluent
            value = self.pattern(variant.end(), depth + 1)
            found.append(_Variant(at, variant[0].strip("*[ ]\t\r\n"), value))
            at = value.end


def _slots(text: str, pattern: _Pattern) -> Iterator[Slot]:
    """The texts of a pattern: lines that were wrapped are one; those of its variants."""
    shadow = list(unix(text[pattern.start : pattern.end]))
    for start, end, selects in pattern.placeables:
        shade = FILLER if selects else "x"
        shadow[start - pattern.start : end - pattern.start] = shade * (end - start)
    shown = "".join(shadow).replace("\r", " ")
    placeables = whole(text, (pattern.start, pattern.end), pattern.placeables)
    for first, last in wrapped_lines(shown):
        reached, kept = first + pattern.start, placeables
        for filler in fillers(shown[first:last]):
            start, end = (pattern.start + first + at for at in (filler.start, filler.end))
            if filler.apart:
                yield from _stretch(text, reached, start, kept)
                reached = end
            else:
                kept = sorted([*kept, Placeable(start, end, False)])
        yield from _stretch(text, reached, last + pattern.start, kept)
    for variants in pattern.selectors:
        for variant in variants:
            yield from _slots(text, variant.pattern)


def _selectors(pattern: _Pattern) -> Iterator[list[_Variant]]:
    """The variants of each selector in a pattern, of those in variants too."""
    for variants in pattern.selectors:
        if variants:
            yield variants
        for variant in variants:
            yield from _selectors(variant.pattern)


def _missing(text: str, variants: Sequence[_Variant], wanted: Sequence[str]) -> list[str]:
    """Which of some categories a selector lacks; none if it is not one of cardinal numbers."""
    keys = {variant.key for variant in variants}
    is_plural = all(key in CATEGORIES or _NUMBER.fullmatch(key) for key in keys) and len(keys) > 1
    selects = text.rfind("{", 0, variants[0].start)
    if not is_plural or OTHER not in keys or "ordinal" in text[selects : variants[0].start]:
        return []
    return [category for category in wanted if category not in keys]


def _forms(text: str, variants: Sequence[_Variant], missing: Sequence[str]) -> Iterator[_Form]:
    """Variants made of the one for all other numbers; none if its text has markup or lines."""
    other = next(variant for variant in variants if variant.key == OTHER)
    found = list(_slots(text, other.pattern))
    begin = text.rfind("\n", 0, other.start) + 1
    if len(found) != 1 or found[0].marks or "\n" in text[other.pattern.start : other.pattern.end]:
        return
    (slot,) = found
    before, behind = text[other.pattern.start : slot.start], text[slot.end : other.pattern.end]
    if text[begin : other.start].strip(" ") or before.strip() or behind.strip():
        return
    newline = "\r\n" if text[begin - 2 : begin] == "\r\n" else "\n"
    indent = text[begin : other.start] + (" " if text[other.start] == "*" else "")
    for category in missing:
        place = other.pattern.end
        lead = f"{newline}{indent}[{category}] "
        yield _Form(place, place, slot.text, kept=slot.kept, lead=lead)


def _stretch(text: str, start: int, end: int, placeables: Sequence[Placeable]) -> Iterator[Slot]:
    """The text of a stretch."""
    inside = (
        MarkupPiece(
            POINT if selects or "\n" in text[a:b] else KEPT, a, b, _held(text[a:b], selects)
        )
        for a, b, selects in placeables
        if start <= a and b <= end
    )
    code = (
        each for each in whole_elements(text, start, end) if "->" not in text[slice(*each[1:3])]
    )
    markup = merge(inside, code, tags(text, start, end), key=attrgetter("start"))
    pieces = trimmed(absorbed(text, paired(list(between(text, start, end, markup)))))
    # Blanks within a line are part of the value.
    folded = (each._replace(text=_FOLDED.sub(" ", each.text)) for each in pieces)
    stretch = joined(list(folded), verbatim=True)
    if stretch.has_letters:
        first, last = pieces[0].start, pieces[-1].end
        line = text[text.rfind("\n", 0, first) + 1 : first]
        begins = not line.strip(" ")
        yield _Text(first, last, stretch.text, None, stretch.marks, stretch.kept, begins)


def _held(raw: str, selects: bool) -> str:
    return "" if selects or "\n" in raw else raw


def _escaped(slot: Slot, text: str) -> str:
    """A text between placeables that stay, with its braces in placeables."""
    literals = sorted({slot.text[a:b] for a, b in slot.kept}, key=len, reverse=True)
    kept = re.compile("|".join(map(re.escape, literals)) or r"(?!)")
    parts, reached = [], 0
    text = one_line(text)
    for literal in kept.finditer(text):
        parts.append(_bare(text[reached : literal.start()]))
        parts.append(literal[0].replace(" ", HELD))
        reached = literal.end()
    return "".join([*parts, _bare(text[reached:])])


def _bare(text: str) -> str:
    return _UNSAFE.sub(lambda found: f'{{"{found[0]}"}}', text)
