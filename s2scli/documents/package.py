"""Documents that are zip archives (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).

Nothing is ever extracted to disk. Of the members only those that have text are inflated; the bytes
of all others are copied as they are. An archive is checked before anything of it is used: a zip
bomb, names that lead out of it, or members that lie on each other are refused.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import chain, islice
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Format, Source, Target
from s2scli.documents.drawings import drawn_texts
from s2scli.documents.filling import Document, Part
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import xml_source
from s2scli.errors import BadInputError

__all__ = ["Archive", "Package"]

MOST_MEMBERS = 10_000
MOST_BYTES = 1 << 30  # of all members, inflated
MOST_RATIO, RATIO_FLOOR = 200, 32 << 20  # what is small may be packed as tightly as it likes
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED, DESCRIPTOR = 0x2041, 0x8  # flags: also strong encryption and hidden headers
# Headers of members and entries of the directory, without names and extra fields.
LOCAL, LOCAL_SIZE, RECORD_SIZE, END = b"PK\3\4", 30, 46, b"PK\5\6"
ZIP64 = 1  # the extra field for sizes of more than four bytes
RAW_DEFLATE = -zlib.MAX_WBITS
_SIGNATURE = re.compile(r"_xmlsignatures/|META-INF/(?:document)?signatures\.xml$")
_SLASH = re.compile(r"[/\\]")
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")


@dataclass(slots=True)
class _Member:
    """A file of an archive.

    Attributes:
        start: where its header is.
        content: where its packed bytes are.
        end: where what belongs to it ends: its numbers may stand after the packed bytes.
        record: where the directory's entry for it is.
        method: how it is packed.
        size: how many bytes it has when inflated.
        checksum: the CRC-32 of these.
        flags: its flags.
    """

    start: int
    content: Span
    end: int
    record: Span
    method: int
    size: int
    checksum: int
    flags: int


class MemberContent(NamedTuple):
    """What is in a member.

    Attributes:
        data: its bytes, packed.
        size: how many it has when inflated.
        checksum: the CRC-32 of these.
    """

    data: bytes
    size: int
    checksum: int

    @classmethod
    def packed(cls, parts: Iterable[bytes], method: int) -> MemberContent:
        """Pack bytes."""
        deflater = None if method == zipfile.ZIP_STORED else zlib.compressobj(wbits=RAW_DEFLATE)
        data, size, checksum = bytearray(), 0, 0
        for part in parts:
            size += len(part)
            checksum = zlib.crc32(part, checksum)
            data += deflater.compress(part) if deflater else part
        if deflater:
            data += deflater.flush()
        return cls(bytes(data), size, checksum)

    def inflated(self, method: int) -> bytes:
        """The bytes, unpacked.

        Raises:
            zlib.error: they are damaged, or more than they should be.
        """
        if method == zipfile.ZIP_STORED:
            return self.data
        return zlib.decompressobj(RAW_DEFLATE).decompress(self.data, self.size + 1)


class Archive:
    """A zip archive.

    Args:
        name: what it is called, for messages.
        data: its bytes.

    Raises:
        BadInputError: it is invalid, is damaged or encrypted, or not to be trusted.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._data = data
        try:
            with zipfile.ZipFile(BytesIO(data)) as file:
                infos = file.infolist()
                self._directory, self._comment = file.start_dir, file.comment
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
            advice = ""
            if data.startswith(OLE):
                advice = "It is encrypted or of an old kind: save it again without a password."
            raise BadInputError(f"{name} is not a zip archive, or is damaged", advice) from None
        if len(infos) > MOST_MEMBERS:
            raise BadInputError(f"{name} has more than {MOST_MEMBERS:,} members")
        size = sum(info.file_size for info in infos)
        if size > MOST_BYTES or size > max(RATIO_FLOOR, MOST_RATIO * len(data)):
            raise BadInputError(f"{name} is a zip bomb: {len(data):,} bytes become {size:,}")
        self._members = self._checked(infos)

    @property
    def names(self) -> list[str]:
        """The names of its members, in their order."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """A member, inflated.

        Raises:
            BadInputError: there is none of that name, or it is damaged.
        """
        if name not in self:
            raise BadInputError(f"{self.name} has no {name}")
        member = self._members[name]
        if member.method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadInputError(f"{self.name}: {name} is compressed with an unknown method")
        packed = MemberContent(self._data[slice(*member.content)], member.size, member.checksum)
        try:
            content = packed.inflated(member.method)
        except zlib.error:
            content = b""
        if (len(content), zlib.crc32(content)) != (member.size, member.checksum):
            raise BadInputError(f"{self.name}: {name} is damaged")
        return content

    def source(self, name: str) -> Source:
        """The characters of a member.

        Raises:
            BadInputError: there is none of that name, it is damaged, or no text.
        """
        return xml_source(f"{self.name}: {name}", self.read(name))

    def repacked(self, name: str, parts: Iterable[bytes]) -> MemberContent | None:
        """Another content of a member, packed in the way of the old; None if it is the same.

        Args:
            name: of the member.
            parts: the content, never held as a whole.
        """
        member = self._members[name]
        content = MemberContent.packed(parts, member.method)
        if (content.size, content.checksum) != (member.size, member.checksum):
            return content
        return None if content.inflated(member.method) == self.read(name) else content

    def written(self, contents: Mapping[str, MemberContent]) -> Iterator[bytes]:
        """Its bytes with other contents of some members; names, dates and everything else stay.

        Args:
            contents: by name.
        """
        if not contents:
            yield self._data
            return
        shift = reached = 0
        records: dict[Span, bytes] = {}
        for name, member in sorted(self._members.items(), key=lambda item: item[1].start):
            begin, flags = member.start + shift, member.flags
            numbers = (member.checksum, member.content[1] - member.content[0], member.size)
            yield self._data[reached : member.start]  # what is of no member
            if name in contents:
                content = contents[name]
                flags &= ~DESCRIPTOR  # the numbers are in the header, not after the bytes
                numbers = (content.checksum, len(content.data), content.size)
                old = self._data[member.start : member.content[0]]
                yield (header := _header(old, flags, numbers))
                yield content.data
                shift = begin + len(header) + len(content.data) - member.end
            else:
                yield self._data[member.start : member.end]
            record = self._data[slice(*member.record)]
            records[member.record] = _header(record, flags, numbers, begin)
            reached = member.end
        yield self._data[reached : self._directory]
        directory = b"".join(records[place] for place in sorted(records))
        yield directory
        counts = (len(records), len(records), len(directory), self._directory + shift)
        yield struct.pack("<4s4H2LH", END, 0, 0, *counts, len(self._comment)) + self._comment

    def _checked(self, infos: Sequence[zipfile.ZipInfo]) -> dict[str, _Member]:
        """The members, if they are what they should be."""
        members: dict[str, _Member] = {}
        data, place = self._data, self._directory
        for info in infos:
            name = info.filename
            if "\0" in info.orig_filename or _ABSOLUTE.match(name) or ".." in _SLASH.split(name):
                raise BadInputError(f"{self.name} has a member of the name {info.orig_filename!r}")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise BadInputError(f"{self.name}: {name} is a link")
            if info.flag_bits & ENCRYPTED:
                raise BadInputError(f"{self.name}: {name} is encrypted")
            if name in members:
                raise BadInputError(f"{self.name} has more than one {name}")
            start = info.header_offset
            lengths = sum(struct.unpack_from("<3H", data, place + 28))
            record = (place, place + RECORD_SIZE + lengths)
            place = record[1]
            header = data[start : start + LOCAL_SIZE] if start >= 0 else b""
            if len(header) < LOCAL_SIZE or not header.startswith(LOCAL) or place > len(data):
                raise BadInputError(f"{self.name}: {name} is damaged")
            first = start + LOCAL_SIZE + sum(struct.unpack_from("<2H", header, 26))
            content = (first, first + info.compress_size)
            numbers = (info.compress_type, info.file_size, info.CRC, info.flag_bits)
            members[name] = _Member(start, content, content[1], record, *numbers)
        bound = self._directory
        for member in sorted(members.values(), key=lambda member: member.start, reverse=True):
            if member.end > bound:
                raise BadInputError(f"{self.name} is damaged: its members overlap")
            if member.flags & DESCRIPTOR:
                member.end = bound
            bound = member.start
        return members


class Package(Document):
    """A document that is an archive, some of whose members have text.

    Args:
        archive: the archive.
        forms: the members with text and the form of each.
        inside: members that are documents themselves, such as the workbook of a chart.

    Raises:
        BadInputError: a member is missing, is damaged, or does not have that form.
    """

    def __init__(
        self,
        archive: Archive,
        forms: Iterable[tuple[str, Format]],
        inside: Mapping[str, Document] | None = None,
    ) -> None:
        found = {name: Part.of(form, archive.source(name)) for name, form in forms}
        self._inside = inside or {}
        self._own = Document(list(found.values()))
        parts = [part for document in self._inside.values() for part in document.parts]
        super().__init__([*self._own.parts, *parts])
        self._archive = archive
        self._names = list(found)

    @property
    def remarks(self) -> list[str]:
        """What else whoever uses the result must know."""
        found = super().remarks
        if any(map(_SIGNATURE.match, self._archive.names)):
            found.append("It is digitally signed, but the signature is invalid for another text.")
        return found + self._drawn

    @cached_property
    def _drawn(self) -> list[str]:
        """What is to be said of its pictures with words: these stay."""
        found: dict[str, int] = {}
        for name in self._archive.names:
            if name.lower().endswith(".svg") and name not in self._names:
                with suppress(BadInputError):  # a picture that nobody can read has no words
                    found[name] = drawn_texts(self._archive.source(name).text)
        pictures = named(name for name, count in found.items() if count)
        count = sum(found.values())
        return [f"Texts in pictures (SVG) stay: {count}, in {pictures}."] if count else []

    def written(self, targets: Iterable[Target]) -> Iterator[bytes]:
        """Its bytes with other texts in its slots; without a change, the very bytes it had."""
        contents: dict[str, MemberContent] = {}
        reached = len(self._own.slots)
        own = self._own.rewritten(_Stretch(targets, 0, reached))
        inside: list[Iterable[bytes]] = []
        for document in self._inside.values():
            start, reached = reached, reached + len(document.slots)
            inside.append(document.written(_Stretch(targets, start, reached)))
        for name, part in zip([*self._names, *self._inside], chain(own, inside), strict=True):
            if content := self._archive.repacked(name, part):
                contents[name] = content
        yield from self._archive.written(contents)


class _Stretch:
    """Some of several targets, which may be gone through several times."""

    def __init__(self, targets: Iterable[Target], start: int, end: int) -> None:
        self._targets = targets
        self._span = (start, end)

    def __iter__(self) -> Iterator[Target]:
        return islice(self._targets, *self._span)


def _header(old: bytes, flags: int, numbers: Sequence[int], start: int | None = None) -> bytes:
    """A header with other numbers, each of four bytes.

    Args:
        old: a local header, or an entry of the directory.
        flags: its flags.
        numbers: checksum, packed size and size.
        start: for an entry of the directory, where the member begins.
    """
    # In both kinds everything else is as far from the flags.
    size, place = (LOCAL_SIZE, 6) if start is None else (RECORD_SIZE, 8)
    parts = bytearray(old[:size])
    name_size, extra_size = struct.unpack_from("<2H", parts, place + 20)
    bounds = (size + name_size, size + name_size + extra_size)
    extra = _without_zip64(old[slice(*bounds)])
    struct.pack_into("<H", parts, place, flags)
    struct.pack_into("<3L2H", parts, place + 8, *numbers, name_size, len(extra))
    if start is not None:
        struct.pack_into("<L", parts, 42, start)
    return bytes(parts) + old[size : bounds[0]] + extra + old[bounds[1] :]


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields without the one for long numbers."""
    kept, place = b"", 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind != ZIP64:
            kept += extra[place : place + 4 + length]
        place += 4 + length
    return kept + extra[place:]
