"""Documents with other texts in their slots."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain

from s2scli.data import Span
from s2scli.documents.base import Edit, Format, Slot, Source, Target, unix
from s2scli.documents.bracketed import has_markup
from s2scli.documents.embedded import is_json, is_program_data
from s2scli.documents.jsontext import Json
from s2scli.documents.messages import Message
from s2scli.documents.mnemonics import has_mnemonic, is_shortcut
from s2scli.documents.remarks import lines_named, named
from s2scli.documents.ruby import readings
from s2scli.documents.slots import Slots
from s2scli.documents.strings import Strings, has_parts
from s2scli.documents.wordbrackets import bracketed, has_word_brackets, without_word_brackets
from s2scli.errors import BadInputError
from s2scli.text.fillers import has_fillers
from s2scli.text.oneline import one_line

__all__ = ["Document", "Part", "filled"]

NEAR = 8  # changes before another that are still known
VALUES = ("true", "false", "null", "nil", "undefined")  # no text of prose if they stand alone
_SURROGATE = re.compile("[\ud800-\udfff]")


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
    slots: Slots

    @classmethod
    def of(cls, format_: Format, source: Source) -> Part:
        """Find the text of a part.

        Raises:
            BadInputError: it does not have that form.
        """
        return cls(format_, source, Slots(_whole(format_, source)))

    @property
    def has_text(self) -> bool:
        """Whether there is text in it."""
        return len(self.slots) > 0 or self.format.has_text(self.source)

    @property
    def readings(self) -> int:
        """How many readings stay beside its texts."""
        return readings(self.source.text, self.slots)

    def written(self, targets: Iterable[Target]) -> Iterator[bytes]:
        """Its bytes with other texts in its slots.

        Args:
            targets: the new text of each slot.
        """
        text = _changed(self.format, self.source, zip(self.slots, targets, strict=True))
        return self.source.encode(text)


def _whole(format_: Format, source: Source) -> Iterator[Slot]:
    """The slots of a part; what cannot be another text stays as it is, and that is said."""
    halves, data = [], []
    has_strings = format_.has_strings or isinstance(format_, Strings)
    for slot in format_.slots(source):
        if is_shortcut(slot.text) if has_strings else slot.text in VALUES:
            continue
        if _SURROGATE.search(slot.text):
            halves.append(slot.start)
        elif has_strings and is_program_data(slot.text):
            if isinstance(format_, Message):  # whose lines have other numbers than the document's
                format_.left += 1
                format_.kept_lines.append(repr(slot.text.strip()))
            else:
                data.append(slot.start)
        else:
            yield slot
    for starts, what in (
        (halves, "Texts with half of a character (a lone surrogate)"),
        (data, "Texts that are data of a program"),
    ):
        if starts:
            format_.left += len(starts)
            lines = lines_named(unix(source.text), starts)
            format_.remarks.append(f"{what} stay in the source language: {lines}.")
            if starts is halves:
                format_.halves.append(lines)


class Document:
    """A document that was read.

    A slot whose text has line breaks, or tags of its own, is a small document itself: these stay.

    Attributes:
        parts: its parts, each with the slots that it has itself.
        slots: where it has text, in all its parts.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self.slots = Slots.joined(map(_slots, parts))

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
    def formats(self) -> list[Format]:
        """The formats of its parts, each once."""
        return list({id(part.format): part.format for part in self.parts}.values())

    @property
    def left(self) -> int:
        """How many texts stay, for others could not be written there safely."""
        return sum(format_.left for format_ in self.formats)

    @property
    def unmet(self) -> frozenset[str] | None:
        """The fields in which there is no text; None if it has no fields."""
        choosers = [part.format.wanted for part in self.parts if "wanted" in vars(part.format)]
        asked = [chooser.unmet for chooser in choosers if chooser.asked]
        return frozenset.intersection(*map(frozenset, asked)) if asked else None

    @property
    def remarks(self) -> list[str]:
        """What else whoever uses the result must know."""
        each = ([*format_.remarks, *format_.late_remarks()] for format_ in self.formats)
        found = list(dict.fromkeys(chain.from_iterable(each)))
        if lines := [line for format_ in self.formats for line in format_.kept_lines]:
            said = "Lines of texts that are data of a program stay in the source language"
            found.append(f"{said}: {named(lines)}.")
        if count := sum(part.readings for part in self.parts):
            found.append(f"Readings beside translated texts (ruby) stay as they are: {count}.")
        return found

    @property
    def text(self) -> str:
        """Its text, an empty line between any two slots; text without markup as it is."""
        if len(self.parts) == 1 and not self.parts[0].format.has_markup:
            return self.parts[0].source.text
        return "\n\n".join(slot.text for part in self.parts for slot in part.slots)

    def read_whole(self, name: str) -> str:
        """Its text for who reads all of it, and writes it nowhere.

        Args:
            name: what it is called, for messages.

        Raises:
            BadInputError: a text of it holds half of a character, and would be missing.
        """
        if halves := [lines for format_ in self.formats for lines in format_.halves]:
            raise BadInputError(
                f"{name}, {halves[0]}: a text holds half of a character (a lone surrogate)",
                "Repair what wrote it.",
            )
        return self.text

    def written(self, targets: Iterable[Target]) -> Iterator[bytes]:
        """Its bytes with other texts in its slots.

        Args:
            targets: the new text of each slot; gone through twice.
        """
        for part in self.rewritten(targets):
            yield from part

    def rewritten(self, targets: Iterable[Target]) -> Iterator[Iterator[bytes]]:
        """The bytes of each part with other texts in its slots; one is read before the next."""
        reached = iter(targets)
        edited = any(
            not _is_same(slot, _target(part, slot, reached))
            for part in self.parts
            for slot in part.slots
        )
        reached = iter(targets)
        for part in self.parts:
            if edited or part.format.is_named:
                yield part.written(_target(part, slot, reached) for slot in part.slots)
            else:
                yield part.source.encode([part.source.text])


def _slots(part: Part) -> Slots:
    """The slots of a part; instead of one that is a document itself, those of that."""
    if not any(_is_document(part, slot) for slot in part.slots):
        return part.slots
    return Slots(one for slot in part.slots for one in _slots_of(part, slot))


def _slots_of(part: Part, slot: Slot) -> Iterable[Slot]:
    inner = _inner(part, slot)
    if inner is None:
        return [slot if part.format.has_strings else without_word_brackets(slot)]
    found = _slots(inner) if _form(part, slot) else inner.slots
    part.format.left += inner.format.left
    return found


def _target(part: Part, slot: Slot, targets: Iterator[Target]) -> Target:
    """The new text of a part's slot, from those of the document's slots."""
    inner = _inner(part, slot)
    if inner is None:
        return next(targets) if part.format.has_strings else bracketed(slot, next(targets))
    if _form(part, slot):
        texts = [_target(inner, one, targets) for one in inner.slots]
    else:
        texts = [next(targets) for _ in inner.slots]
    return Target("".join(filled(inner.format, inner.source, inner.slots, texts)))


def _form(part: Part, slot: Slot) -> Format | None:
    """The form of a slot's text that is a document by itself, whatever it stands in."""
    form = part.format.inner(slot)
    if not form and part.format.has_strings and not slot.marks and is_json(slot.text):
        form = Json(part.format.options.without_fields())
    return form


def _is_document(part: Part, slot: Slot) -> bool:
    """Whether the text of a slot has a form, several lines, or tags, fillers and the like."""
    has_brackets = not part.format.has_strings and has_word_brackets(slot)
    return has_brackets or _form(part, slot) is not None or _has_more(part, slot)


def _has_more(part: Part, slot: Slot) -> bool:
    """Whether a text without a form has several lines, or tags, fillers and the like of its own."""
    if slot.marks or slot.kept:
        return False
    if "\n" in slot.text or _is_string(part, slot):
        return True
    if part.format.mnemonics and has_mnemonic(slot.text, part.format.mnemonics):
        return True
    return part.format.has_markup and has_fillers(slot.text)


def _is_string(part: Part, slot: Slot) -> bool:
    """Whether a text may have tags, links or branches of its own; of prose, whether it has tags."""
    return has_parts(slot.text) if part.format.has_strings else has_markup(slot.text)


def _inner(part: Part, slot: Slot) -> Part | None:
    """A text of several lines, or with tags, as a document of its own; None if it is neither."""
    form = _form(part, slot)
    if form is None:
        if not _has_more(part, slot):
            return None
        is_string = part.format.has_strings or has_markup(slot.text)
        form = (Strings if is_string else Message)(part.format.options)
    if isinstance(form, Strings):
        form.mnemonics = part.format.mnemonics
    form.kept_lines = part.format.kept_lines
    form.remarks = part.format.remarks  # what is to be said of it is said of the document
    return Part.of(form, Source(part.source.name, slot.text))


def filled(
    format_: Format, source: Source, slots: Iterable[Slot], targets: Sequence[Target]
) -> Iterator[str]:
    """The characters of a document with other texts in its slots.

    Args:
        format_: the document's form.
        source: the document.
        slots: what ``format_.slots`` gave; gone through twice.
        targets: the new text of each.
    """
    if all(_is_same(slot, target) for slot, target in zip(slots, targets, strict=True)):
        return iter([source.text])
    return _changed(format_, source, zip(slots, targets, strict=True))


def _changed(
    format_: Format, source: Source, texts: Iterable[tuple[Slot, Target]]
) -> Iterator[str]:
    """The same, with the edits too, of a document in which something changes."""
    edits = sorted(_Change(edit.start, edit.end, edit) for edit in format_.edits(source))
    filling = (_Change(slot.start, slot.end, slot, target) for slot, target in texts)
    reached = 0
    before: deque[_Change] = deque(maxlen=NEAR)
    for group in _groups(merge(edits, filling)):
        outer = group[0]
        yield source.text[reached : outer.start]
        yield from _Filling(format_, source, [*before, *group]).made(len(before))
        reached = outer.end
        before.append(outer)
    yield source.text[reached:]


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


def _groups(changes: Iterable[_Change]) -> Iterator[list[_Change]]:
    """Changes, each with those that are inside it."""
    group: list[_Change] = []
    for change in changes:
        if group and change.start >= group[0].end:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _is_same(slot: Slot, target: Target) -> bool:
    says = slot.text if slot.says is None else slot.says
    # What ends a line for some program is a space to all models.
    return not slot.is_joined and target.text in (says, one_line(says))


class _Filling:
    """Writes a stretch of a document with its new texts.

    Args:
        format_: the document's form.
        source: the document.
        changes: a change, and those inside it; in front of it some that stand before it, for the
            opening of its first run may be written again.
    """

    def __init__(self, format_: Format, source: Source, changes: Sequence[_Change]) -> None:
        self._format = format_
        self._source = source
        self._changes = changes
        self._starts = [change.start for change in changes]

    def made(self, number: int) -> Iterator[str]:
        """What stands instead of a change."""
        change = self._changes[number]
        what = change.what
        if isinstance(what, Edit):
            yield what.text
        elif change.target is None or _is_same(what, change.target):
            yield from self._raw((what.start, what.end), number + 1)
        elif what.marks:

            def raw(span: Span) -> str:
                return "".join(self._raw(span, number + 1 if span[0] >= what.start else 0))

            yield self._format.composed(self._source, what, change.target, raw)
        else:
            yield self._format.written(self._source, what, change.target.text)

    def _raw(self, span: Span, first: int) -> Iterator[str]:
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
            yield from self.made(number)
            reached = change.end
        yield text[reached:end]
