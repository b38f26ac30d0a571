"""Documents as text with slots: everything outside the slots stays as it is, byte for byte.

A format says where the translatable text of a document stands and how text is written there. The
document is the original with some slots filled again; a slot whose text does not change keeps the
very characters that it had, so that a document that is not changed is not changed at all.

Markup within a sentence (a bold word, a link, a footnote's number) is not part of the slot's text:
a ``Mark`` says on which stretch of it the markup is, and where its characters stand.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.fields import FieldChooser
from s2scli.errors import BadInputError
from s2scli.text.reading import conversion

__all__ = [
    "BOMS",
    "Edit",
    "Format",
    "FormatOptions",
    "Mark",
    "Raw",
    "Slot",
    "Source",
    "Target",
    "composed",
    "line_end",
    "parents",
    "tightened",
    "unix",
    "unix_lines",
]

PARTS_AT_ONCE = 1024  # bytes of a few characters would take much more memory than these
_LINE_END = re.compile(r"\r\n?|\n")
_LONE_RETURN = re.compile(r"\r(?!\n)")
BOM = "\ufeff"
BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """How documents are read.

    Attributes:
        unit: of plain text: ``line``, ``sentence`` or ``paragraph``.
        columns: of tables, the columns with text, by name or number (from 1); empty for all.
        fields: of JSON and YAML, the paths of the values with text, such as ``items.*.title``;
            empty for all strings.
        overwrite: whether translations that a document has already are made again.
        subtitle_width: most characters a line of a subtitle.
        sheet_names: whether the names of a workbook's sheets are text.
        anchors: of Markdown and AsciiDoc, whether headings keep the anchors that links name.
        linked: of Markdown and AsciiDoc, the anchors that links of other pages name.
        source_language: code of the language that the texts are in; empty if not known.
        target_language: code of the language that they will be in; empty if not known.
    """

    unit: str = "paragraph"
    columns: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    overwrite: bool = False
    subtitle_width: int = 42
    sheet_names: bool = False
    anchors: bool = True
    linked: tuple[str, ...] = ()
    source_language: str = ""
    target_language: str = ""

    def without_fields(self) -> FormatOptions:
        """The options of a document in a text of this one, whose fields nobody has named."""
        return replace(self, fields=())

    def with_linked(self, anchors: Iterable[str]) -> FormatOptions:
        """The options of a document in which more anchors are named by links."""
        return replace(self, linked=(*self.linked, *anchors))


@dataclass(frozen=True, slots=True)
class Mark:
    """Markup within a slot's text; the marks of a slot are well nested.

    Attributes:
        start, end: the stretch of the slot's text that it is on; equal if it is on none (a line
            break, an image, a footnote's number).
        opens: where what stands before the stretch is, in the document's characters.
        closes: where what stands after it is; an empty span at the end of ``opens`` if nothing
            is.
    """

    start: int
    end: int
    opens: Span
    closes: Span


def parents(marks: Sequence[Mark]) -> list[int]:
    """For each mark of a slot the number of the innermost one that it is inside; -1 for none."""
    found: list[int] = []
    around: list[int] = []
    for number, mark in enumerate(marks):
        while around and not _is_around(marks[around[-1]], mark):
            around.pop()
        found.append(around[-1] if around else -1)
        around.append(number)
    return found


def _is_around(outer: Mark, inner: Mark) -> bool:
    return outer.opens[1] <= inner.opens[0] and inner.closes[1] <= outer.closes[0]


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for text.

    A slot may stand inside the markup of another (a link's title, a picture's description).

    Attributes:
        start, end: where it stands in the document's characters, markup included.
        text: what is to be translated.
        says: what stands there; None for ``text`` itself.
        marks: the markup in it, in the order in which it is opened.
        kept: stretches of the text that must come out as they are, such as code; in order.
    """

    start: int
    end: int
    text: str
    says: str | None = None
    marks: tuple[Mark, ...] = ()
    kept: tuple[Span, ...] = ()

    @property
    def is_joined(self) -> bool:
        """Whether it is a part of what is put in as a whole: it is written whatever it says."""
        return False


class Target(NamedTuple):
    """The new text of a slot.

    Attributes:
        text: the text.
        spans: for each of the slot's marks the stretch of the text that it is to be on; well
            nested, as the marks are.
    """

    text: str
    spans: tuple[Span, ...] = ()


class Edit(NamedTuple):
    """A change of a document that goes with new texts, such as of the language it says it is in."""

    start: int
    end: int
    text: str


# The document's characters of a span, with the new texts of the slots there.
Raw = Callable[[Span], str]


@dataclass(frozen=True, slots=True)
class Source:
    """A document's characters, and how they were written.

    Attributes:
        name: the file's name, for messages.
        text: its characters, without byte order mark; line endings as they are.
        encoding: how they are encoded.
        mark: its byte order mark.
    """

    name: str
    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @classmethod
    def decode(cls, name: str, data: bytes) -> Source:
        """Read bytes: UTF-8, or UTF-16 with a byte order mark.

        Raises:
            BadInputError: they are neither, or binary.
        """
        mark = next((mark for mark in BOMS if data.startswith(mark)), b"")
        encoding = BOMS.get(mark, "utf-8")
        if not mark and b"\0" in data:
            raise BadInputError(f"{name} is a binary file", conversion(data, name))
        try:
            text = data[len(mark) :].decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise BadInputError(
                f"{name}, line {line} is not {encoding.upper()}", conversion(data, name)
            ) from None
        if "\0" in text:  # UTF-32 begins as UTF-16 does
            raise BadInputError(f"{name} is a binary file", conversion(data, name))
        # Some programs put a mark before another; some parsers do not count it.
        bare = text.lstrip(BOM)
        return cls(name, bare, encoding, mark + text[: len(text) - len(bare)].encode(encoding))

    def encode(self, parts: Iterable[str]) -> Iterator[bytes]:
        """Text as it was encoded.

        Raises:
            BadInputError: the encoding does not have a character.
        """
        yield self.mark
        parts = iter(parts)
        while some := list(islice(parts, PARTS_AT_ONCE)):
            part = "".join(some)
            try:
                yield part.encode(self.encoding)
            except UnicodeEncodeError as error:
                raise BadInputError(
                    f"{self.name} is in {self.encoding}, which has no "
                    f"{part[error.start : error.end]!r}",
                    "Convert it to UTF-8 first.",
                ) from None


def unix(text: str) -> str:
    """The same with a line feed for the line ends of old Macintoshes; all places stay."""
    return _LONE_RETURN.sub("\n", text) if "\r" in text else text


def unix_lines(source: Source) -> Source:
    """The same for a document."""
    return replace(source, text=unix(source.text))


def line_end(text: str) -> str:
    """How the first line of a text ends; like others if it does not."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def composed(slot: Slot, target: Target, raw: Raw, written: Callable[[str], str]) -> str:
    """A text with marks: the characters of each around the stretch that it is on.

    Args:
        slot: the slot, which has the marks.
        target: the text and the stretches.
        raw: returns the characters of markup.
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


def tightened(target: Target, breaks: Iterable[int]) -> Target:
    """A target without the spaces that stand beside line breaks.

    Args:
        target: the text, and where marks are in it.
        breaks: the numbers of the marks that are line breaks.
    """
    places = set()
    for number in breaks:
        start = target.spans[number][0]
        if target.text[start : start + 1] == " ":
            places.add(start)
        elif target.text[max(0, start - 1) : start] == " ":
            places.add(start - 1)
    if not places:
        return target
    text = "".join(char for place, char in enumerate(target.text) if place not in places)
    order = sorted(places)
    spans = (tuple(place - bisect_left(order, place) for place in span) for span in target.spans)
    return Target(text, tuple((start, end) for start, end in spans))


class Format(ABC):
    """A kind of document, which is text of some form.

    Attributes:
        has_markup: whether there is more in it than text that a person reads.
        has_strings: whether its texts may have tags of their own, such as ``<b>``.
        mnemonics: what stands before the letter of a key in labels: ``&``, ``_``, both, or nothing.
        is_named: whether a document says its language even if no text of it changes, for programs
            compare it with the file's name.
        left: how many texts have no slots, for another text could not be written there safely.
        halves: the lines of texts without slots that hold half of a character.
        kept_lines: lines of its texts that are data of a program.
        remarks: what else whoever uses the result must know; each a sentence.
    """

    has_markup = True
    has_strings = False
    mnemonics = ""
    is_named = False

    def __init__(self, options: FormatOptions) -> None:
        self.options = options
        self.left = 0
        self.halves: list[str] = []
        self.kept_lines: list[str] = []
        self.remarks: list[str] = []

    def late_remarks(self) -> list[str]:
        """What of ``remarks`` is known only when all texts are written."""
        return []

    @cached_property
    def wanted(self) -> FieldChooser:
        """What says which values are texts, by their paths; of formats whose values have one."""
        return FieldChooser(self.options.fields)

    @abstractmethod
    def slots(self, source: Source) -> Iterator[Slot]:
        """Where a document has text: in its order, a slot before those inside it.

        Raises:
            BadInputError: it is not a document of this kind.
        """

    @abstractmethod
    def written(self, source: Source, slot: Slot, text: str) -> str:
        """How another text is written instead of a slot, or between the marks in it."""

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """How another text with marks is written instead of a slot.

        Args:
            source: the document.
            slot: a slot that has marks.
            target: the text, and where the marks are in it.
            raw: returns the characters of markup.
        """
        return composed(slot, target, raw, lambda text: self.written(source, slot, text))

    def inner(self, slot: Slot) -> Format | None:
        """The form of a slot's text if that is a document of its own; None for any other text."""
        return None

    def edits(self, source: Source) -> Iterator[Edit]:
        """What else changes if a text does; none of it inside a slot."""
        return iter(())

    def has_text(self, source: Source) -> bool:
        """Whether a document without slots has text all the same."""
        return any(map(str.isalpha, source.text))

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a document.

        Args:
            name: what it is called, for messages.
            data: its bytes.

        Raises:
            BadInputError: they are not in an encoding that it may be in.
        """
        return Source.decode(name, data)
