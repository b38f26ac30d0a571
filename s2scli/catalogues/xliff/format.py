"""XLIFF 1.1 to 2.1: what has no translation gets one; everything else stays byte for byte.

A target that is missing is put after its source. What has a translation keeps it, unless its
state says it is none (``new``, ``needs-translation``, ``initial``) or all are made again. Where
a state is said, it becomes that of a text which was translated and not reviewed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from s2scli.catalogues.xliff.coded import Codes, coded, decoded, is_safe
from s2scli.catalogues.xliff.inline import Content, content, is_break, parts, segments
from s2scli.catalogues.xliff.units import Element, Limit, Reader, Unit, value
from s2scli.documents.base import (
    Edit,
    Format,
    FormatOptions,
    Raw,
    Slot,
    Source,
    Target,
    composed,
    tightened,
)
from s2scli.documents.icu import arguments
from s2scli.documents.languages import check_source, check_target
from s2scli.documents.pieces import JoinedPieces
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import attribute, escaped, xml_source

__all__ = ["Xliff"]

UNDONE = ("new", "needs-translation", "initial")
DONE_FIRST, DONE = "needs-review-translation", "translated"  # in XLIFF 1, in XLIFF 2
UNSAFE = "Units with inline elements in branches of plurals or choices stay as they are"
WITHIN = "Texts within codes (<sub>) stay in the source language"
TOO_LONG = "Targets that are longer than allowed, or may be"
_SPACE = re.compile(r"\sxml:space\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_LANGUAGE = re.compile(r"\sxml:lang\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_NAME = re.compile(r"<([^\s/>]+)")


@dataclass(frozen=True, slots=True)
class _Place(Slot):
    """A target.

    Attributes:
        lead, tail: what is written before its text, and after it.
        codes: what the tags in its text stand for.
        most: how long its text may be; 0 if nothing is said.
        measure: in what; see ``Limit``.
        name: what its unit is called.
        is_part: whether the target has other texts too.
    """

    lead: str = ""
    tail: str = ""
    codes: Codes = ()
    most: int = 0
    measure: str = ""
    name: str = ""
    is_part: bool = False

    @property
    def is_joined(self) -> bool:
        return self.is_part


class Xliff(Format):
    """An XLIFF document."""

    has_strings = True
    mnemonics = "&_"

    def __init__(self, options: FormatOptions) -> None:
        super().__init__(options)
        self._unsafe: dict[int, str] = {}  # where units are that stay → what they are called
        self._lengths: dict[int, str] = {}  # where a target is too long, and of what it is
        self._within: dict[int, str] = {}  # where texts are within codes, and of what they are

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a document, in the encoding that it names."""
        return xml_source(name, data)

    def slots(self, source: Source) -> Iterator[Slot]:
        """The missing targets."""
        reader = Reader(source)
        for unit in reader.units():
            yield from self._unit(source.text, unit, reader.is_first)
        for head in reader.heads:
            said = value(source.text, head, reader.target_language)
            check_target(source.name, said, self.options.target_language)
            said = value(source.text, head, reader.source_language)
            check_source(source.name, said, self.options.source_language)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """With what belongs around it."""
        if not isinstance(slot, _Place):
            return _written(source, text)
        self._measure(slot, text)
        text = decoded(text, slot.codes, lambda text: _written(source, text))
        return f"{slot.lead}{text}{slot.tail}"

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same, with the inline elements of the source."""
        breaks = [n for n, mark in enumerate(slot.marks) if is_break(source.text, mark.opens)]
        target = tightened(target, breaks)
        if isinstance(slot, _Place):
            self._measure(slot, target.text)
        text = composed(slot, target, raw, lambda text: _written(source, text))
        return f"{slot.lead}{text}{slot.tail}" if isinstance(slot, _Place) else text

    def edits(self, source: Source) -> Iterator[Edit]:
        """The target language, if it is not said; the states of what is translated."""
        text = source.text
        reader = Reader(source)
        for unit in reader.units():
            if any(True for _ in self._unit(text, unit, reader.is_first)):
                yield from self._unit_edits(text, unit, reader.is_first)
        for head in reader.heads if self.options.target_language else ():
            language = escaped(self.options.target_language, quoted=True)
            if not (place := attribute(text, head, reader.target_language)):
                end = head[1] - 1 - (text[head[1] - 2] == "/")
                yield Edit(end, end, f' {reader.target_language}="{language}"')
            elif place[0] == place[1]:
                yield Edit(*place, language)

    def _measure(self, slot: _Place, text: str) -> None:
        """Say that a target is too long, or that nobody knows."""
        if not slot.most:
            return
        length = Limit(slot.most, slot.measure).length(text)
        if length is None:
            said = f"{slot.name!r} ({slot.most} {slot.measure}, not measured)"
        elif length > slot.most:
            said = f"{slot.name!r} ({length} of {slot.most} {slot.measure})"
        else:
            return
        self._lengths[slot.start] = said

    def late_remarks(self) -> list[str]:
        """Which targets are too long, which have texts in codes, and which units stay."""
        found = ((TOO_LONG, self._lengths), (WITHIN, self._within), (UNSAFE, self._unsafe))
        return [f"{what}: {named(places.values())}." for what, places in found if places]

    def _unit_edits(self, text: str, unit: Unit, is_first: bool) -> Iterator[Edit]:
        """What says of a unit that it is translated, and what else belongs to its target."""
        target = unit.elements.get("target")
        there = target is not None and not target.is_empty
        carried = _carried(text, unit, self.options.target_language)
        if target and there and carried:
            yield Edit(target.tag[1] - 1, target.tag[1] - 1, carried)
        holder, done = (target if is_first else unit), DONE_FIRST if is_first else DONE
        if holder and (there or not is_first) and (place := attribute(text, holder.tag, "state")):
            yield Edit(*place, done)

    def has_text(self, source: Source) -> bool:
        """Never: what has no slot is translated already."""
        return False

    def _unit(self, text: str, unit: Unit, is_first: bool) -> Iterator[Slot]:
        elements = unit.elements
        if not unit.wanted or "source" not in elements:
            return
        target = elements.get("target")
        origin = elements.get("seg-source") or elements["source"]
        redo = self.options.overwrite or _is_undone(text, unit, is_first)
        sources = segments(text, origin) if target else {}
        targets = segments(text, target) if target else {}
        if sources and sources.keys() <= targets.keys():
            for mid, place in targets.items():
                if one := sources.get(mid):
                    yield from self._slot(text, unit, one, place, redo)
        else:
            yield from self._slot(text, unit, origin, target, redo)

    def _slot(
        self, text: str, unit: Unit, origin: Element, target: Element | None, redo: bool
    ) -> Iterator[Slot]:
        """The slots of a target, if it is to be translated."""
        preserved, elements = unit.preserved, unit.elements
        stretch, lead, tail, pieces = content(text, origin, preserved=preserved)
        if any(tag.name == "sub" for tag in origin.tags) and (redo or not target):
            self._within[origin.end] = repr(unit.name)
        if not stretch.has_letters:
            return
        codes: Codes = ()
        if stretch.marks and any(True for _ in arguments(stretch.text, 0, len(stretch.text))):
            shown, codes = coded(text, pieces)
            stretch = JoinedPieces(shown, (), ())
        there = content(text, target, preserved=preserved) if target else None
        says = "" if not there else coded(text, there.pieces)[0] if codes else there.stretch.text
        if says and not redo:
            return
        if codes and not is_safe(stretch.text):
            self._unsafe[origin.end] = repr(unit.name)
            self.left = len(self._unsafe)
            return
        found = [Content(stretch, lead, tail, pieces)]
        if stretch.marks and not codes and not unit.limit:
            found = parts(text, origin, preserved=preserved) or found
        opens = closes = ""
        if target is None:
            start = end = origin.end
            name = _name(text, origin.tag[0])
            name = name.replace("seg-source", "target").replace("source", "target")
            carried = _carried(text, unit, self.options.target_language)
            opens, closes = f"{_indentation(text, origin.tag[0])}<{name}{carried}>", f"</{name}>"
        elif target.is_empty:
            start, end = target.tag
            tag = text[start : end - 2].rstrip()
            if place := attribute(text, target.tag, "state"):
                tag = f"{text[start : place[0]]}{DONE_FIRST}{text[place[1] : end - 2].rstrip()}"
            if target is elements.get("target"):
                tag += _carried(text, unit, self.options.target_language)
            opens, closes = f"{tag}>", f"</{_name(text, start)}>"
        else:
            start, end = target.content
        for number, (one, lead, tail, _) in enumerate(found, 1):
            yield _Place(
                *(start, end, one.text, says, one.marks, one.kept),
                lead=(opens if number == 1 else "") + lead,
                tail=tail + (closes if number == len(found) else ""),
                codes=codes,
                most=unit.limit.most if unit.limit else 0,
                measure=unit.limit.unit if unit.limit else "",
                name=unit.name,
                is_part=len(found) > 1,
            )
            start = end


def _carried(text: str, unit: Unit, language: str) -> str:
    """Attributes of a source that its target is to have too, and lacks.

    Args:
        text: the document's characters.
        unit: the source, and the target if there is one.
        language: the target language; empty if it is not known.
    """
    origin, target = unit.elements["source"], unit.elements.get("target")
    space, said = (found.search(text, *origin.tag) for found in (_SPACE, _LANGUAGE))
    there = [found.search(text, *target.tag) if target else None for found in (_SPACE, _LANGUAGE)]
    carried = space[0] if space and not there[0] else ""
    if said and language and not there[1]:
        carried += f' xml:lang="{escaped(language, quoted=True)}"'
    return carried


def _is_undone(text: str, unit: Unit, is_first: bool) -> bool:
    """Whether what a target says is not a translation."""
    if not is_first:
        return value(text, unit.tag, "state") in UNDONE
    target = unit.elements.get("target")
    if target is None or value(text, unit.tag, "approved") == "yes":
        return False
    return value(text, target.tag, "state") in UNDONE


def _written(source: Source, text: str) -> str:
    text = escaped(text)
    return text.replace("\n", "\r\n") if "\r\n" in source.text[:4096] else text


def _name(text: str, tag: int) -> str:
    """An element's name as the document has it."""
    name = _NAME.match(text, tag)
    return name[1] if name else ""


def _indentation(text: str, tag: int) -> str:
    """The line break and the white space before a tag, if it begins a line."""
    start = tag
    while start and text[start - 1].isspace():
        start -= 1
    return text[start:tag] if "\n" in text[start:tag] else ""
