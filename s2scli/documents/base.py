"""Documents as text with slots: everything outside the slots stays as it is, byte for byte.

A format says where the translatable text of a document stands and how text is written there. The
document is the original with some slots filled anew; a slot whose text does not change keeps the
very characters that it had, so that a document that is not changed is not changed at all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from s2scli.errors import BadInputError

__all__ = ["Format", "FormatOptions", "Slot", "Source", "filled"]

BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """How documents are read.

    Attributes:
        unit: of plain text: ``line``, ``sentence`` or ``paragraph``.
        columns: of tables, the columns with text, by name or number (from 1); empty for all.
        fields: of JSON, the paths of the values with text, such as ``items.*.title``; empty for
            all strings.
        overwrite: whether translations that a document has already are made anew.
        subtitle_width: most characters a line of a subtitle.
    """

    unit: str = "paragraph"
    columns: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    overwrite: bool = False
    subtitle_width: int = 42


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for text.

    Attributes:
        start, end: where it stands in the document's characters.
        text: what is to be translated.
        says: what stands there; None for ``text`` itself.
    """

    start: int
    end: int
    text: str
    says: str | None = None


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
            raise BadInputError(f"{name} is a binary file")
        try:
            return cls(name, data[len(mark) :].decode(encoding), encoding, mark)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise BadInputError(
                f"{name}, line {line} is not {encoding.upper()}", "Convert it with 'iconv'."
            ) from None

    def encode(self, parts: Iterable[str]) -> Iterator[bytes]:
        """Text as it was encoded."""
        yield self.mark
        for part in parts:
            yield part.encode(self.encoding)


class Format(ABC):
    """A kind of document."""

    def __init__(self, options: FormatOptions) -> None:
        self.options = options

    @abstractmethod
    def slots(self, source: Source) -> Iterator[Slot]:
        """Where a document has text, in its order.

        Raises:
            BadInputError: it is no document of this kind.
        """

    @abstractmethod
    def written(self, source: Source, slot: Slot, text: str) -> str:
        """How another text is written in the place of a slot."""


def filled(
    format_: Format, source: Source, slots: Sequence[Slot], texts: Iterable[str]
) -> Iterator[str]:
    """A document with other texts in its slots.

    Args:
        format_: the document's kind.
        source: the document.
        slots: what ``format_.slots`` gave.
        texts: a text for each.
    """
    reached = 0
    for slot, text in zip(slots, texts, strict=True):
        yield source.text[reached : slot.start]
        same = text == (slot.text if slot.says is None else slot.says)
        original = source.text[slot.start : slot.end]
        yield original if same else format_.written(source, slot, text)
        reached = slot.end
    yield source.text[reached:]
