"""Documents with other texts in their slots."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from s2scli.documents.base import Edit, Format, Raw, Slot, Source, Target, parents
from s2scli.text.oneline import one_line
from s2scli.text.sentences import Span

__all__ = ["Document", "Part", "composed", "filled"]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document that has a form of its own: a file of an archive, or all of it.

    Attributes:
        format: its form.
        source: its characters.
        slots: where it has text.
    """

    format: Format
    source: Source
    slots: tuple[Slot, ...]

    @classmethod
    def of(cls, format_: Format, source: Source) -> Part:
        """Find the text of a part.

        Raises:
            BadInputError: it does not have that form.
        """
        return cls(format_, source, tuple(format_.slots(source)))

    @property
    def has_text(self) -> bool:
        """Whether there is text in it."""
        return bool(self.slots) or self.format.has_text(self.source)

    def written(self, targets: Sequence[Target], *, edited: bool) -> bytes:
        """Its bytes with other texts in its slots.

        Args:
            targets: what each slot shall say.
            edited: whether a text of the document changes, here or in another part.
        """
        text = filled(self.format, self.source, self.slots, targets, edited=edited)
        return b"".join(self.source.encode(text))

    def changes(self, targets: Sequence[Target]) -> bool:
        """Whether other texts are other texts."""
        pairs = zip(self.slots, targets, strict=True)
        return not all(_is_same(slot, target) for slot, target in pairs)


class Document:
    """A document that was read.

    A slot whose text has line breaks, or tags of its own, is a small document itself: these stay.

    Attributes:
        slots: where it has text, in all its parts.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self.slots: list[Slot] = []
        self._inner: list[Part | None] = []  # for each slot of the parts
        for part in parts:
            for slot in part.slots:
                inner = _inner(part, slot)
                self._inner.append(inner)
                self.slots += inner.slots if inner else [slot]

    @classmethod
    def of(cls, format_: Format, source: Source) -> Document:
        """A document of one part.

        Raises:
            BadInputError: it does not have that form.
        """
        return cls([Part.of(format_, source)])

    @property
    def has_text(self) -> bool:
        """Whether there is text in it, whether or not that is to be translated."""
        return any(part.has_text for part in self.parts)

    @property
    def text(self) -> str:
        """Its text, an empty line between any two slots; text without markup as it is."""
        if len(self.parts) == 1 and not self.parts[0].format.has_markup:
            return self.parts[0].source.text
        return "\n\n".join(slot.text for part in self.parts for slot in part.slots)

    def written(self, targets: Sequence[Target]) -> Iterator[bytes]:
        """Its bytes with other texts in its slots.

        Args:
            targets: what each slot shall say.
        """
        return self.rewritten(targets)

    def rewritten(self, targets: Sequence[Target]) -> Iterator[bytes]:
        """The bytes of each part with other texts in its slots."""
        reached, inner = iter(targets), iter(self._inner)
        texts = [[_target(next(inner), reached) for _ in part.slots] for part in self.parts]
        edited = any(map(Part.changes, self.parts, texts))
        for part, own in zip(self.parts, texts, strict=True):
            yield part.written(own, edited=edited)


def _target(inner: Part | None, targets: Iterator[Target]) -> Target:
    if inner is None:
        return next(targets)
    texts = [next(targets) for _ in inner.slots]
    return Target("".join(filled(inner.format, inner.source, inner.slots, texts)))


def _inner(part: Part, slot: Slot) -> Part | None:
    """A text of several lines, or with tags, as a document of its own; None if it is neither."""
    tagged = part.format.has_strings and "<" in slot.text
    if slot.marks or slot.kept or not (tagged or "\n" in slot.text):
        return None
    from s2scli.documents.plain import PlainText
    from s2scli.documents.strings import Strings

    kind = Strings if part.format.has_strings else PlainText
    options = replace(part.format.options, unit="paragraph")
    return Part.of(kind(options), Source(part.source.name, slot.text))


def filled(
    format_: Format,
    source: Source,
    slots: Sequence[Slot],
    targets: Sequence[Target],
    *,
    edited: bool = False,
) -> Iterator[str]:
    """The characters of a document with other texts in its slots.

    Args:
        format_: the document's form.
        source: the document.
        slots: what ``format_.slots`` gave.
        targets: what each shall say.
        edited: whether there is a change elsewhere, so that the edits are to be made.
    """
    if not edited and all(_is_same(*pair) for pair in zip(slots, targets, strict=True)):
        yield source.text
        return
    changes = [_Change(edit.start, edit.end, edit) for edit in format_.edits(source)]
    for slot, target in zip(slots, targets, strict=True):
        changes.append(_Change(slot.start, slot.end, slot, target))
    changes.sort()
    yield from _Filling(format_, source, changes).raw((0, len(source.text)), 0)


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    what: Slot | Edit
    target: Target | None = None

    def __lt__(self, other: _Change) -> bool:
        """Of those that begin at one place, what is put between characters, then the outermost."""
        return self._order() < other._order()

    def _order(self) -> tuple[int, bool, int]:
        return self.start, self.end > self.start, -self.end


def _is_same(slot: Slot, target: Target) -> bool:
    says = slot.text if slot.says is None else slot.says
    # What ends a line for some program is a space to all models.
    return target.text in (says, one_line(says))


class _Filling:
    """Writes stretches of a document as they shall be."""

    def __init__(self, format_: Format, source: Source, changes: Sequence[_Change]) -> None:
        self._format = format_
        self._source = source
        self._changes = changes
        self._starts = [change.start for change in changes]

    def raw(self, span: Span, first: int) -> Iterator[str]:
        """The characters of a span, with the changes inside it made, from the ``first`` on."""
        start, end = span
        text = self._source.text
        reached = start
        for number in range(max(first, bisect_left(self._starts, start)), len(self._changes)):
            change = self._changes[number]
            if change.start > end or (change.start == end and end < len(text)):
                break
            if change.start < reached or change.end > end:
                continue  # inside one that is made already, or around all this
            yield text[reached : change.start]
            yield from self._made(change, number)
            reached = change.end
        yield text[reached:end]

    def _made(self, change: _Change, number: int) -> Iterator[str]:
        what = change.what
        if isinstance(what, Edit):
            yield what.text
        elif change.target is None or _is_same(what, change.target):
            yield from self.raw((what.start, what.end), number + 1)
        elif what.marks:
            inner: Raw = lambda span: "".join(self.raw(span, number + 1))  # noqa: E731
            yield self._format.composed(self._source, what, change.target, inner)
        else:
            yield self._format.written(self._source, what, change.target.text)


def composed(slot: Slot, target: Target, raw: Raw, written: Callable[[str], str]) -> str:
    """A text with marks: the characters of each around the stretch that it is on.

    Args:
        slot: the slot, which has the marks.
        target: the text and the stretches.
        raw: gives the characters of markup.
        written: how text is written between marks.
    """
    inside: dict[int, list[int]] = {}
    for number, parent in enumerate(parents(slot.marks)):
        inside.setdefault(parent, []).append(number)
    parts: list[str] = []

    def write(span: Span, numbers: Sequence[int]) -> None:
        """Write a stretch of text and the marks in it."""
        reached, end = span
        # Where several begin at one place, they stay in the order of the source.
        for number in sorted(numbers, key=lambda number: (target.spans[number], number)):
            mark, (first, last) = slot.marks[number], target.spans[number]
            between(reached, first)
            parts.append(raw(mark.opens))
            write((first, last), inside.get(number, ()))
            parts.append(raw(mark.closes))
            reached = last
        between(reached, end)

    def between(first: int, last: int) -> None:
        if first < last:
            parts.append(written(target.text[first:last]))

    write((0, len(target.text)), inside.get(-1, ()))
    return "".join(parts)
