r"""Apple's strings files: ``"key" = "value";``, as ``NSLocalizedString`` reads them.

Values are texts; keys and comments stay. Escapes (``\"``, ``\n``, ``\U2026``) are read, and
written where they are needed or stood before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from s2scli.data import Span
from s2scli.documents.base import Format, Slot, Source
from s2scli.documents.inlinetags import said
from s2scli.errors import BadInputError
from s2scli.text.spans import Protection, has_letters

__all__ = ["AppleStrings", "has_text", "variables"]

BINARY, XML = b"bplist", "<?xml"
ADVICE = "Convert it with 'plutil', or in Xcode, to a strings file of text."
_TOKEN = re.compile(
    r"\s+|//[^\n\r]*|/\*.*?\*/|(?P<string>\"(?:[^\"\\]|\\.)*\")|(?P<word>[\w.$/:-]+)|(?P<sign>[=;])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:[Uu]([0-9A-Fa-f]{4})|([0-7]{1,3})|(.))", re.DOTALL)
_NAMES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_BLANKS = re.compile(r"(?:\s|\\[ntr])*")
_BODY = re.compile(r"\\[^ntr]|[^\\\s]", re.DOTALL)
_VARIABLE = re.compile(r"%(?:\d+\$)?#@\w+@|%arg\b")
_SPECIAL = re.compile(r"[\"\\\n\t\r\x00-\x08\x0b\x0c\x0e-\x1f]")
_SIGNS = {character: f"\\{name}" for name, character in _NAMES.items()}


class AppleStrings(Format):
    """A file of strings, in UTF-8 or UTF-16."""

    has_strings = True

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a file.

        Raises:
            BadInputError: it is invalid, or compiled.
        """
        if data.startswith(BINARY):
            raise BadInputError(f"{name} is a binary property list", ADVICE)
        return super().source(name, data)

    def slots(self, source: Source) -> Iterator[Slot]:
        """The values."""
        text = source.text
        if text.lstrip().startswith(XML):
            raise BadInputError(f"{source.name} is a property list in XML", ADVICE)
        for start, end in _values(source):
            blank = _BLANKS.match(text, start, end)
            first = last = blank.end() if blank else start
            for part in _BODY.finditer(text, first, end):
                last = part.end()
            says = _said(text[first:last])
            if has_text(says):
                says = says.replace("\r\n", "\n")
                yield Slot(first, last, says, kept=variables(says))

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """With the escapes that it needs, and those that the original has."""
        raw = source.text[slot.start : slot.end]
        spelled = {_said(found[0]): found[0] for found in _ESCAPE.finditer(raw)}
        if "\n" in raw and "\\n" not in raw:
            spelled["\n"] = "\r\n" if "\r\n" in raw else "\n"

        def character(match: re.Match[str]) -> str:
            found = match[0]
            code = f"\\U{ord(found):04x}" if found < " " else f"\\{found}"
            return spelled.get(found) or _SIGNS.get(found, code)

        special = "".join(key for key in spelled if key == "'" or (len(key) == 1 and key > "~"))
        pattern = re.compile(f"{_SPECIAL.pattern}|[{re.escape(special)}]") if special else _SPECIAL
        return pattern.sub(character, text)

    def has_text(self, source: Source) -> bool:
        """Never: only a value is text."""
        return False


def variables(text: str) -> tuple[Span, ...]:
    """Where a text names others of its dictionary, such as ``%#@files@``."""
    return tuple(found.span() for found in _VARIABLE.finditer(text))


def has_text(text: str) -> bool:
    """Whether there is something to translate beside variables and other placeholders."""
    plain = _VARIABLE.sub(" ", text)
    return has_letters(plain, _protection().spans(plain)) or said(text) is not None


@cache
def _protection() -> Protection:
    return Protection()


def _values(source: Source) -> Iterator[Span]:
    """Where values in quotes stand, without these.

    Raises:
        BadInputError: the document is not a file of strings.
    """
    text, place = source.text, 0
    key = value = False
    equals = False
    while token := _TOKEN.match(text, place):
        start, place = token.span()
        is_part = token["string"] is not None or token["word"] is not None
        if is_part and not value and key == equals:
            if equals and token["string"] is not None:
                yield start + 1, place - 1
            key, value = True, equals
        elif token["sign"] == "=" and key and not equals:
            equals = True
        elif token["sign"] == ";" and key and (value or not equals):
            key = value = equals = False
        elif is_part or token["sign"]:
            place = start
            break
    if place < len(text) or key:
        line = text.count("\n", 0, place) + 1
        raise BadInputError(f"{source.name}, line {line} is not valid in a strings file")


def _said(raw: str) -> str:
    """A text whose escapes are read."""
    if "\\" not in raw:
        return raw
    text = _ESCAPE.sub(_character, raw)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _character(escape: re.Match[str]) -> str:
    if escape[1]:
        return chr(int(escape[1], 16))
    if escape[2]:
        return chr(int(escape[2], 8))
    return _NAMES.get(escape[3], escape[3])
