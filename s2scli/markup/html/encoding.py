"""How the bytes of an HTML page are characters.

https://html.spec.whatwg.org/#determining-the-character-encoding
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from s2scli.documents.base import Source
from s2scli.documents.encodings import ASCII, decoded, legacy_encoding

__all__ = ["source_of"]

HEAD = 4096  # bytes in which an encoding is declared
_DECLARED = re.compile(
    rb"^\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)|"
    rb"<meta\s[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)",
    re.IGNORECASE,
)
# What a declared encoding is in truth (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {
    ASCII: "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}


@dataclass(frozen=True, slots=True)
class _LegacySource(Source):
    """Characters in an encoding that does not have all."""

    def encode(self, parts: Iterable[str]) -> Iterator[bytes]:
        """Text as it was encoded; characters that the encoding lacks are numbers (``&#8364;``)."""
        for part in parts:
            yield part.encode(self.encoding, "xmlcharrefreplace")


def source_of(name: str, data: bytes) -> Source:
    """Read bytes: in Unicode, or as they say themselves.

    What is UTF-8, and is not if it is anything else, is UTF-8 whatever it says.

    Raises:
        BadInputError: they are not what they say, or binary.
    """
    encoding = _declared(data)
    if not encoding or (not data.isascii() and _is_utf8(data)):
        return Source.decode(name, data)
    if encoding == ASCII and not data.isascii():
        encoding = _MEANT[ASCII]
    return _LegacySource(name, decoded(name, data, encoding), encoding)


def _declared(data: bytes) -> str:
    """The encoding other than Unicode's that a page says it is in; empty for none."""
    found = _DECLARED.search(data, 0, HEAD)
    if not found or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    encoding = legacy_encoding((found[1] or found[2]).decode("ascii"))
    return encoding if encoding == ASCII else _MEANT.get(encoding, encoding)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
