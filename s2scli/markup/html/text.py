"""Text as HTML shows it, and as it is written in HTML."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from html import escape, unescape

from s2scli.documents.xmltokens import escaped, escaped_section

__all__ = ["SECTION", "SPACE", "decoded", "encoder", "exact", "trimmed"]

SECTION, SECTION_END = "<![CDATA[", "]]>"  # of XML: what is between them has no entities

# Digits are limited so that no number is huge.
_ENTITY = re.compile(r"&(?:#[0-9]{1,8};?|#[xX][0-9a-fA-F]{1,8};?|[A-Za-z][A-Za-z0-9]{0,31};?)")
SPACE = re.compile(r"[ \t\n\f\r]+")
_SECTION = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_UNEVEN_SPACE = re.compile(r"[\t\n\f\r][ \t\n\f\r]*| [ \t\n\f\r]+")
SOFT_HYPHEN = "\xad"
_BLANKS = ("&nbsp;", "&#160;", "&ensp;", "&emsp;", "&thinsp;")
_BLANK = re.compile(rf"(?:\s+|{'|'.join(_BLANKS)})+")
# What stands for itself if it is an entity that HTML does not know.
_TO_ENCODE = re.compile(r"&[A-Za-z][A-Za-z0-9]*;|[&<>\"']")
_ANY = re.compile(r"&[A-Za-z][A-Za-z0-9]*;|[^\w ]|[^\0-\x7f]")
_MARKUP = {"&": re.compile("[A-Za-z#]"), "<": re.compile("[A-Za-z/!?%]")}
_ALWAYS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_QUOTES = {'"': "&quot;", "'": "&#39;"}


def decoded(raw: str) -> str:
    """Characters as they are shown: entities decoded, each run of white space one space.

    Soft hyphens are left out: another text is broken at other places.
    """
    if SECTION in raw:
        raw = _SECTION.sub(lambda section: escape(section[1], quote=False), raw)
    text = exact(_UNEVEN_SPACE.sub(" ", raw))
    if SOFT_HYPHEN in text:
        text = _UNEVEN_SPACE.sub(" ", text.replace(SOFT_HYPHEN, ""))
    return text


def exact(raw: str) -> str:
    """Characters with their entities decoded; white space stays."""
    return _ENTITY.sub(lambda match: unescape(match[0]), raw) if "&" in raw else raw


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of a document without the white space at its ends."""
    if leading := _BLANK.match(text, start, end):
        start = leading.end()
    end = start + len(text[start:end].rstrip())
    if text.endswith(_BLANKS, start, end):
        end = deque(_BLANK.finditer(text, start, end), maxlen=1)[0].start()
    return start, end


def encoder(raw: str, shown: str, quote: str | None = None) -> Callable[[str], str]:
    """How texts are written instead of another.

    A character that stood there as an entity is written so again, and one that stood there as
    itself is not made an entity where it need not be.

    Args:
        raw: what stood there, as it was written; may have tags.
        shown: the text of it.
        quote: of an attribute's value, what is around it; None for text between tags.
    """
    if SECTION in raw and quote is None:
        return _section_encoder(raw)
    entities: dict[str, str] = {unescape(entity): entity for entity in _ENTITY.findall(raw)}
    bare = {char for char in _ALWAYS if char in shown and char not in entities}

    def encode(match: re.Match[str]) -> str:
        found: str = match[0]
        rest = match.string[match.start() + 1 : match.start() + 2]
        if found in entities:
            return entities[found]
        first = found[0]
        if first == quote:
            return _QUOTES[first]
        if first in bare and not (first in _MARKUP and _MARKUP[first].match(rest)):
            return found
        return _ALWAYS.get(first, first) + found[1:]

    pattern = _TO_ENCODE if entities.keys() <= _ALWAYS.keys() | _QUOTES.keys() else _ANY
    return lambda text: pattern.sub(encode, text)


def _section_encoder(raw: str) -> Callable[[str], str]:
    """How texts are written instead of one with a section of XML: in one if there was nothing else.

    Beside tags, and beside other text, it is not the section that has a meaning.
    """
    section = _SECTION.fullmatch(raw)
    if not section:
        return escaped
    inside = section[1]
    head = inside[: len(inside) - len(inside.lstrip())]
    tail = inside[len(inside.rstrip()) :]
    return lambda text: f"{SECTION}{head}{escaped_section(text)}{tail}{SECTION_END}"
