"""What people have translated, as the texts of documents are: without the markup in them.

``Open <b>the door</b>`` is the text ``Open the door`` in a document, with markup on two of its
words. So that an entry with markup is found for it, its texts are read as strings are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s2scli.data import Link
from s2scli.documents.base import FormatOptions, Slot, Source
from s2scli.documents.strings import Strings, has_parts
from s2scli.memory.entries import TranslationUnit

__all__ = ["with_markup"]


def with_markup(units: Iterable[TranslationUnit]) -> Iterator[TranslationUnit]:
    """Units, and after each with markup the texts in it, if both sides have the same markup."""
    for unit in units:
        yield unit
        if has_parts(unit.source) and has_parts(unit.target):
            yield from _texts(unit)


def _texts(unit: TranslationUnit) -> Iterator[TranslationUnit]:
    sources, targets = _slots(unit.source), _slots(unit.target)
    if len(sources) != len(targets):
        return
    found: list[TranslationUnit] = []
    for source, target in zip(sources, targets, strict=True):
        links = _links(unit, source, target)
        if links is None:
            return
        if source.text != unit.source:
            found.append(unit._replace(source=source.text, target=target.text, links=links))
    yield from found


def _slots(text: str) -> list[Slot]:
    return list(Strings(FormatOptions()).slots(Source("", text)))


def _links(unit: TranslationUnit, source: Slot, target: Slot) -> tuple[Link, ...] | None:
    """The stretches with the same markup; None if one side has some that the other has not."""
    ours, theirs = _marks(unit.source, source), _marks(unit.target, target)
    if sorted(signs for signs, _ in ours) != sorted(signs for signs, _ in theirs):
        return None
    found: list[Link] = []
    for signs, (start, end) in ours:
        place = next(n for n, (other, _) in enumerate(theirs) if other == signs)
        _, (first, last) = theirs.pop(place)
        if start < end and first < last:
            found.append((start, end, first, last))
    return tuple(found)


def _marks(text: str, slot: Slot) -> list[tuple[str, tuple[int, int]]]:
    """The markup of a text, each with where it is on it."""
    return [
        (f"{text[slice(*mark.opens)]}\0{text[slice(*mark.closes)]}", (mark.start, mark.end))
        for mark in slot.marks
    ]
