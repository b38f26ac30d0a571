"""Data that Word's content controls show (ECMA-376, part 1, 17.5.2.6).

When a document is opened, Word puts what the data says into the controls, whatever stands there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

from s2scli.documents.base import Format, FormatOptions, Slot, Source
from s2scli.documents.package import Archive
from s2scli.documents.xmltokens import (
    CLOSE,
    OPEN,
    Value,
    attribute,
    attribute_text,
    escaped,
    text_slot,
    tokens,
)

__all__ = ["BoundData", "bound_data"]

_CONTROL = re.compile(r"</?\w+:sdtPr\b")  # its properties begin or end
# Controls whose data are no words: the values of a list's items are for programs.
_NO_WORDS = re.compile(r"<\w+:(?:date|checkbox|picture|dropDownList|comboBox)\b")
_BINDING = re.compile(r"<\w+:dataBinding\b[^<>]*>")
_STEP = re.compile(r"/(@?)(?:[\w.-]+:)?([\w.-]+)(?:\[(\d+)\])?")
_TARGET = re.compile(r"\sTarget\s*=\s*[\"']([^\"'<>/]+)")
_WORD = re.compile(r"[^\W\d_]{2}")
_RELATIONS = re.compile(r"customXml/_rels/([^/]+)\.rels")
_ITEM = re.compile(r"[\s:]itemID\s*=\s*[\"']([^\"'<>]*)")

# From the root: the name of each element and its number among those of its name; an attribute at
# the end has none.
Path = tuple[tuple[str, int], ...]


class BoundData(Format):
    """A part with data.

    Args:
        options: how documents are read.
        paths: to what controls show of it.
    """

    def __init__(self, options: FormatOptions, paths: Collection[Path]) -> None:
        super().__init__(options)
        self._paths = paths

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts that controls show."""
        path: list[tuple[str, int]] = []
        counts: list[Counter[str]] = [Counter()]
        begin = -1  # where a text begins, if no element is in it
        for kind, name, start, end, _ in tokens(source, {}):
            name = name.removeprefix(":")
            if kind == CLOSE:
                if begin >= 0 and tuple(path) in self._paths:
                    yield from _words(text_slot(source.text, (begin, start)))
                path.pop()
                counts.pop()
                begin = -1
                continue
            counts[-1][name] += 1
            step = (name, counts[-1][name])
            for found in self._paths:
                is_here = found[-1][1] == 0 and found[:-1] == (*path, step)
                place = attribute(source.text, (start, end), found[-1][0]) if is_here else None
                yield from _words(text_slot(source.text, place, Value)) if place else ()
            begin = end if kind == OPEN else -1
            if kind == OPEN:
                path.append(step)
                counts.append(Counter())

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As an element's content, or an attribute's value."""
        return escaped(text, quoted=isinstance(slot, Value))

    def has_text(self, source: Source) -> bool:
        """Never: a document may well show none of it."""
        return False


def bound_data(archive: Archive, parts: Iterable[str], options: FormatOptions) -> dict[str, Format]:
    """The parts with data that controls show, by name.

    Args:
        archive: a document.
        parts: its parts with controls.
        options: how documents are read.
    """
    paths: defaultdict[str, set[Path]] = defaultdict(set)  # by the number of the data
    for part in parts:
        for control in _CONTROL.split(archive.source(part).text):
            binding = _BINDING.search(control)
            if not binding or _NO_WORDS.search(control):
                continue
            tag, span = binding[0], (0, len(binding[0]))
            path = attribute_text(tag, span, "xpath")
            if path and _STEP.sub("", path) == "":
                paths[attribute_text(tag, span, "storeItemID").upper()].add(_path(path))
    return {
        part: BoundData(options, paths[number])
        for part, number in (_numbers(archive) if paths else ())
        if number in paths
    }


def _path(path: str) -> Path:
    steps = _STEP.findall(path)
    return tuple((name, 0 if at else int((number or "1")[:9])) for at, name, number in steps)


def _numbers(archive: Archive) -> Iterator[tuple[str, str]]:
    """The parts with data, and the number of each."""
    for name in archive.names:
        relations = _RELATIONS.fullmatch(name)
        part = f"customXml/{relations[1]}" if relations else ""
        if part not in archive:
            continue
        for target in _TARGET.findall(archive.source(name).text):
            if f"customXml/{target}" in archive:
                source = archive.source(f"customXml/{target}")
                number = _ITEM.search(source.text)
                yield part, number[1].upper() if number else ""


def _words(slots: Iterable[Slot]) -> Iterator[Slot]:
    return (slot for slot in slots if _WORD.search(slot.text))
