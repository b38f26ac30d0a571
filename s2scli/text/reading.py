"""Text as it comes in, with one rule for all inputs: files, pipes, JSON, callers of the library.

Text is UTF-8. A byte order mark before it is dropped, gzip is unpacked. What is anything else
is refused by its name. NUL and halves of characters (lone surrogates, which JSON can spell) are not
text, wherever they stand.
"""

from __future__ import annotations

import json
import re
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable, Iterator
from typing import Any

from s2scli.errors import BadInputError

__all__ = [
    "GZIP_NAME",
    "NOT_UTF_8",
    "STANDARD_INPUT",
    "STDIN",
    "Digits",
    "Read",
    "Replaced",
    "called",
    "checked",
    "conversion",
    "decode",
    "iconv",
    "json_object",
    "likely_encoding",
    "opened",
    "read_text",
    "text_of",
    "unpacked",
]

Read = Callable[[], bytes]
Replaced = Callable[[str, str], None]  # the place, and what was replaced there

# What is no text.
NOT_UTF_8, NUL, HALF = "not UTF-8", "NUL", "half of a character"
STDIN, STANDARD_INPUT = "-", "standard input"
LONGEST_WHOLE = 1000  # digits
GZIP = b"\x1f\x8b"
GZIP_NAME = ".gz"
# What other kinds of files begin with → what they are, and what to do.
PACKED = {
    b"BZh": ("compressed by bzip2", "bzip2 -dc"),
    b"\xfd7zXZ\0": ("compressed by xz", "xz -dc"),
    b"\x28\xb5\x2f\xfd": ("compressed by zstd", "zstd -dc"),
    b"\x04\x22\x4d\x18": ("compressed by lz4", "lz4 -dc"),
    b"\x1f\x9d": ("compressed by compress", "uncompress -c"),
    b"]\0\0": ("compressed by lzma", "xz --format=lzma -dc"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", ""),
    b"Rar!\x1a\x07": ("a RAR archive", ""),
    b"\x89PNG\r\n": ("a PNG image", ""),
    b"\xff\xd8\xff": ("a JPEG image", ""),
    b"GIF8": ("a GIF image", ""),
    b"PK\x03\x04": ("a ZIP archive or an office document", ""),
    b"%PDF-": ("a PDF", ""),
}
# What to do with those that some commands read as documents.
AS_DOCUMENT = dict.fromkeys(
    (b"PK\x03\x04", b"%PDF-"),
    "Give its text as UTF-8; documents are read with -o NEW-FILE or --suffix.",
)
# Longer ones first: one of them begins with another.
ENCODINGS = {
    BOM_UTF32_LE: "UTF-32",
    BOM_UTF32_BE: "UTF-32",
    BOM_UTF16_LE: "UTF-16",
    BOM_UTF16_BE: "UTF-16",
}
# Which of four bytes are NUL as a rule, in texts of few letters beyond the first 256 of Unicode.
BY_NULS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "UTF-16LE",
    (True, False, True, False): "UTF-16BE",
    (False, True, True, True): "UTF-32LE",
    (True, True, True, False): "UTF-32BE",
}
GZIP_WINDOW = 16 + zlib.MAX_WBITS
_NO_TEXT = "[\0\ud800-\udfff]"
# What is in no text, whatever its encoding.
_CONTROL = rb"[\0-\x08\x0e-\x1a\x1c-\x1f]"
REPLACEMENT = "\ufffd"


def unpacked(name: str, read: Read) -> Read:
    """The bytes of an input, those inside if it is gzip.

    Args:
        name: for messages.
        read: returns the next bytes as soon as there are any, and none at the end.

    Raises:
        BadInputError: when read, it is packed in another way or damaged.
    """
    return _reader(_unpacked(name, read))


def opened(name: str, read: Read) -> Read:
    """The bytes of an input of text: unpacked, without byte order mark.

    Raises:
        BadInputError: when read, it is packed in another way or damaged, or in UTF-16.
    """
    return _reader(_unmarked(name, unpacked(name, read)))


def called(name: str) -> str:
    """What an input is called in messages."""
    return STANDARD_INPUT if name == STDIN else name


def read_text(
    name: str, data: bytes, errors: str = "strict", replaced: Replaced | None = None
) -> str:
    """The whole text of an input.

    Args:
        name: for messages.
        data: its bytes, as they are in the file.
        errors: ``strict``, or ``replace`` for U+FFFD instead of what is not UTF-8.
        replaced: told of the first place in which something was replaced.

    Raises:
        BadInputError: it is not text, or not UTF-8.
    """
    return text_of(called(name), iter((data, b"")).__next__, errors, replaced)


def text_of(name: str, read: Read, errors: str = "strict", replaced: Replaced | None = None) -> str:
    """As ``read_text``, of an input that is still to be read.

    Where NUL is refused, it is not read to its end: it might have none.
    """
    parts: list[bytes] = []
    for part in iter(opened(name, read), b""):
        parts.append(part)
        if errors == "strict" and 0 in part:
            break
    data = b"".join(parts)

    def place(offset: int) -> str:
        line_start = data.rfind(b"\n", 0, offset) + 1
        line = data.count(b"\n", 0, offset) + 1
        return f"{name}: line {line}, byte {offset - line_start + 1}"

    return decode(data, name, place, errors, replaced)


def decode(
    data: bytes,
    name: str,
    place: Callable[[int], str],
    errors: str = "strict",
    replaced: Replaced | None = None,
) -> str:
    """Bytes as text.

    Args:
        data: some bytes of an input.
        name: the input's name.
        place: what an offset in these bytes is called in messages.
        errors: as for ``read_text``.
        replaced: as for ``read_text``.

    Raises:
        BadInputError: they are not UTF-8, or hold NUL.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        offset, reason = error.start, f"is {NOT_UTF_8} (0x{data[error.start]:02x})"
        what = NOT_UTF_8
    else:
        if "\0" not in text:
            return text
        offset, reason = data.index(0), f"is {NUL}: {name} is a binary file or UTF-16"
        what = NUL
    if errors == "strict":
        # Whoever counts what is replaced has the option that allows it.
        option = "Use --encoding-errors replace" if replaced else ""
        raise BadInputError(f"{place(offset)} {reason}", conversion(data, name, option))
    if replaced:
        replaced(place(offset), what)
    return data.decode(errors="replace").replace("\0", REPLACEMENT)


def checked(text: str, place: str, errors: str = "strict", replaced: Replaced | None = None) -> str:
    """A string of JSON or of a caller, if it is text.

    Args:
        text: the string.
        place: where it stands, for messages.
        errors: as for ``read_text``.
        replaced: as for ``read_text``.

    Raises:
        BadInputError: it holds NUL or half of a character.
    """
    match = re.search(_NO_TEXT, text)
    if not match:
        return text
    what = NUL if match[0] == "\0" else HALF
    if errors == "strict":
        raise BadInputError(
            f"{place}: character {match.start() + 1} is {what} (U+{ord(match[0]):04X})",
            "Repair what wrote it.",
        )
    if replaced:
        replaced(place, what)
    return re.sub(_NO_TEXT, REPLACEMENT, text)


class Digits:
    """A number of somebody's JSON that Python would write in another way (``1.10``, ``NaN``).

    Attributes:
        literal: the number as it was read.
    """

    __slots__ = ("literal",)

    def __init__(self, literal: str) -> None:
        self.literal = literal

    def __str__(self) -> str:
        """Its digits."""
        return self.literal


def _number(text: str) -> float | Digits:
    found = float(text)
    return found if repr(found) == text else Digits(text)


def _whole(text: str) -> int | Digits:
    # Python itself refuses to read very long ones, and writes -0 as 0.
    return Digits(text) if len(text) > LONGEST_WHOLE or text == "-0" else int(text)


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON.

    Raises:
        ValueError: a key stands in it twice, so that a value would be lost.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands in it twice")
    return found


def json_object(text: str, place: str) -> dict[str, Any] | None:
    """The object on a line of JSON lines; None for a blank line.

    Raises:
        BadInputError: it is something else.
    """
    if not text.strip():
        return None
    try:
        values = json.loads(
            text,
            parse_constant=Digits,
            parse_float=_number,
            parse_int=_whole,
            object_pairs_hook=_single,
        )
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{place} is not valid JSON: {error}") from None
    if not isinstance(values, dict):
        raise BadInputError(f"{place} is not a JSON object")
    return values


def _reader(chunks: Iterator[bytes]) -> Read:
    return lambda: next(chunks, b"")


def _unpacked(name: str, read: Read) -> Iterator[bytes]:
    head = _head(read, (GZIP, *PACKED))
    if head.startswith(GZIP):
        yield from _gunzipped(name, head, read)
        return
    for magic, (kind, tool) in PACKED.items():
        if head.startswith(magic):
            raise BadInputError(
                f"{name} is {kind}, not text",
                f"Unpack it first: {tool}{_in_a_shell(name)}."
                if tool
                else AS_DOCUMENT.get(magic, "Give its text as UTF-8."),
            )
    if head:
        yield head
    yield from iter(read, b"")


def _unmarked(name: str, read: Read) -> Iterator[bytes]:
    head = _head(read, (BOM_UTF8, *ENCODINGS))
    for mark, encoding in ENCODINGS.items():
        if head.startswith(mark):
            advice = f"Convert it with: {iconv(encoding, name)}"
            raise BadInputError(f"{name} is {encoding}, not UTF-8", advice)
    # Some programs put a mark before another.
    while head.startswith(BOM_UTF8):
        head = _head(read, (BOM_UTF8,), head.removeprefix(BOM_UTF8))
    if head:
        yield head
    yield from iter(read, b"")


def _head(read: Read, marks: tuple[bytes, ...], head: bytes = b"") -> bytes:
    """The next bytes: as many as there are, more only if they may begin one of the marks."""
    head = head or read()
    while any(len(head) < len(mark) and mark.startswith(head) for mark in marks):
        more = read() if head else b""
        if not more:
            break
        head += more
    return head


def _gunzipped(name: str, data: bytes, read: Read) -> Iterator[bytes]:
    """What is in gzip: one or several packs, one after the other (RFC 1952)."""
    unpacker = zlib.decompressobj(GZIP_WINDOW)
    while True:
        try:
            found = unpacker.decompress(data)
        except zlib.error as error:
            raise BadInputError(f"{name} is damaged: it is not what gzip wrote ({error})") from None
        if found:
            yield found
        if not unpacker.eof:
            data = read()
        else:
            data = unpacker.unused_data.lstrip(b"\0")  # some pad it
            while not data and (data := read()):
                data = data.lstrip(b"\0")
            if not data:
                return
            unpacker = zlib.decompressobj(GZIP_WINDOW)
        if not data:
            raise BadInputError(f"{name} is damaged: its end is missing", "Fetch or pack it again.")


def conversion(data: bytes, name: str, option: str = "") -> str:
    """How to make UTF-8 of bytes that are not; empty if they do not look like text.

    Args:
        data: the bytes.
        name: the file's name.
        option: what can be done instead, as half a sentence.
    """
    encoding = likely_encoding(data)
    if encoding.startswith("UTF"):
        return f"If it is text, convert it with: {iconv(encoding, name)}"
    if re.search(_CONTROL, data):
        return ""
    first = f"{option}, or convert" if option else "Convert"
    return f"{first} it, if it is Western European, with: {iconv(encoding, name)}"


def likely_encoding(data: bytes) -> str:
    """What bytes that are not UTF-8 may be in: by where the NULs are, UTF-16 or UTF-32."""
    quarter = len(data) // 4
    if quarter:
        nuls = tuple(data[place::4].count(0) > quarter // 2 for place in range(4))
        if nuls in BY_NULS:
            return BY_NULS[nuls]
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "ISO-8859-1"
    return "WINDOWS-1252"


def iconv(encoding: str, name: str) -> str:
    """The command that makes UTF-8 of a file in another encoding."""
    return f"iconv -f {encoding} -t UTF-8{_in_a_shell(name)}"


def _in_a_shell(name: str) -> str:
    """A file as an argument of a command; nothing for standard input."""
    from shlex import quote

    return "" if name == STANDARD_INPUT else f" {quote(name)}"
