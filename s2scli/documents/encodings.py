"""Documents that say themselves in which encoding they are."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from s2scli.documents.base import BOMS, Source
from s2scli.errors import BadInputError
from s2scli.text.reading import iconv, likely_encoding

__all__ = ["ASCII", "DeclaredSource", "decoded", "legacy_encoding", "source_as_declared"]

ASCII = "ascii"
_LEGACY = re.compile(r"ascii|big5|cp\d|euc|gb|iso2022|iso8859|koi8|mac|shift_ji|tis")


@dataclass(frozen=True, slots=True)
class DeclaredSource(Source):
    """Characters of a document that names its encoding.

    Where that does not have a character of another text, the document becomes UTF-8 and says so.

    Attributes:
        declared: the encoding that it names.
        declaration: finds that name; its first group that is met is the name.
    """

    declared: str = ASCII
    declaration: re.Pattern[str] = re.compile("(?!)")

    def encode(self, parts: Iterable[str]) -> Iterator[bytes]:
        """Text as the document says, or as UTF-8."""
        text = "".join(parts)
        try:
            yield text.encode(self.encoding if text == self.text else self.declared)
        except UnicodeEncodeError:
            yield self._renamed(text).encode()

    def _renamed(self, text: str) -> str:
        found = self.declaration.search(text)
        if not found or not found.lastindex:
            return text
        start, end = found.span(found.lastindex)
        return f"{text[:start]}UTF-8{text[end:]}"


def legacy_encoding(said: str) -> str:
    """Python's name of an encoding other than Unicode's; empty for those and for unknown ones."""
    name = _codec(said)
    return name if _LEGACY.match(name) else ""


def decoded(name: str, data: bytes, encoding: str) -> str:
    """The characters of bytes that are said to be in an encoding.

    Args:
        name: the document's name, for messages.
        data: the bytes.
        encoding: as ``legacy_encoding`` returns it.

    Raises:
        BadInputError: they are not, or could not be written as they were.
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInputError(
            f"{name}, line {line} is not in {encoding}, as the file says",
            _advice(name, data, encoding),
        ) from None
    if text.encode(encoding, "replace") != data:
        raise BadInputError(
            f"{name} cannot be written as it was in {encoding}", _advice(name, data, encoding)
        )
    return text


def _advice(name: str, data: bytes, said: str) -> str:
    """What makes UTF-8 of bytes: of what they are likely to be, if they are not what is said."""
    for encoding in ("utf-8", said, likely_encoding(data)):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8":
            break
        return f"Convert it with: {iconv(encoding, name)} > NEW, and have NEW say that it is UTF-8."
    return "It is UTF-8: have it say so."


def source_as_declared(name: str, data: bytes, declaration: re.Pattern[str]) -> Source:
    """Read bytes in the encoding that they name.

    What has a byte order mark is what that says. An encoding that nobody knows, such as
    ``CHARSET`` in gettext's templates, is read as UTF-8 and can hold ASCII.

    Args:
        name: the document's name, for messages.
        data: its bytes.
        declaration: finds the name of the encoding; its first group that is met is the name.

    Raises:
        BadInputError: they are not in that encoding, or binary.
    """
    found = None if data.startswith(tuple(BOMS)) else declaration.search(data.decode("latin-1"))
    if not found or not found.lastindex:
        return Source.decode(name, data)
    said = found[found.lastindex]
    encoding = legacy_encoding(said) if _codec(said) else ASCII
    if not encoding:
        return Source.decode(name, data)
    if encoding == ASCII:
        text = Source.decode(name, data).text
        return DeclaredSource(name, text, declared=ASCII, declaration=declaration)
    text = decoded(name, data, encoding)
    return DeclaredSource(name, text, encoding, declared=encoding, declaration=declaration)


def _codec(said: str) -> str:
    """Python's name of an encoding; empty if nobody knows it."""
    try:
        return codecs.lookup(said).name
    except (LookupError, ValueError):
        return ""
