"""Markup of forums in strings, ``[b]so[/b]``, and shortcodes of WordPress: ``[button text="So"]``.

Tags in square brackets are such where they are closed, or have texts in their attributes; others
may be words (``[Your name]``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.documents.inlinetags import TagAttribute, has_pairs
from s2scli.documents.pieces import CLOSE, KEPT, OPEN, POINT, MarkupPiece
from s2scli.documents.remarks import named
from s2scli.text.spans import has_letters
from s2scli.text.wording import reads_like_text

__all__ = ["bracket_attributes", "bracket_remarks", "bracketed", "has_brackets", "has_markup"]

_NAME = r"[A-Za-z][\w-]{0,30}"
_TAG = re.compile(rf"\[(/?)({_NAME})(?:(?:=|\s+[\w-]+=)[^\[\]\n]*)?\](?!\()")
_END = re.compile(rf"\[/({_NAME})\]")
_OPAQUE = frozenset(("code", "img", "pre", "youtube"))  # what they hold is no text
# Attributes, and those that are shown as texts.
_ATTRIBUTE = re.compile(
    r"(?<=\s)([A-Za-z][\w-]{0,60})=(?P<quote>[\"'])((?:(?!(?P=quote))[^\[\]\n]){1,2000})(?P=quote)"
)
_SHOWN = re.compile(
    r"(?:[\w-]*[_-])?(?:title|text|label|heading|headline|subheading|caption|alt|placeholder|content|"
    r"description|desc|subtitle|message|tooltip|summary|question|answer|quote|cta|excerpt)",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:[\w-]*[_-])?(?:class|classes|style|css|id|ids|font|family|url|href|src|link|target|rel|icon|"
    r"size|colou?r|animation|data|align|format|query|author|tag|tags|category|categories|name|slug)",
    re.IGNORECASE,
)


def has_brackets(text: str) -> bool:
    """Whether there is such markup in a text."""
    return ("[/" in text and _END.search(text) is not None) or any(_texts(text))


def has_markup(text: str) -> bool:
    """Whether there is such markup in a text of prose, or an element with words in it."""
    return has_pairs(text) or has_brackets(text)


def _texts(text: str) -> Iterator[re.Match[str]]:
    """The attributes of tags that read like texts."""
    for tag in _TAG.finditer(text) if "[" in text and "=" in text else ():
        yield from _worded(text, tag)


def _worded(text: str, tag: re.Match[str]) -> Iterator[re.Match[str]]:
    """Those of one tag."""
    return (one for one in _ATTRIBUTE.finditer(text, *tag.span()) if reads_like_text(one[3]))


def bracket_attributes(text: str, piece: MarkupPiece) -> Iterator[TagAttribute]:
    """The texts in the attributes of what may be a tag."""
    if piece.kind in (OPEN, POINT) and text.startswith("[", piece.start):
        for found in _texts(text[piece.start : piece.end]):
            if _SHOWN.fullmatch(found[1]) and has_letters(found[3], ()):
                first, last = (piece.start + place for place in found.span(3))
                yield _Attribute(first, last, found[3], quote=found["quote"])


def bracket_remarks(text: str) -> list[str]:
    """What is said of attributes that read like texts, though nobody knows whether they are."""
    stay = [
        repr(found[3])
        for found in _texts(text)
        if " " in found[3] and not _SHOWN.fullmatch(found[1]) and not _NAMES.fullmatch(found[1])
    ]
    return [f"Texts in attributes of shortcodes stay: {named(stay)}."] if stay else []


class _Attribute(TagAttribute):
    """A value in quotes, for which nothing can stand within."""

    def written(self, text: str) -> str:
        """Another value, with other quotes in it."""
        return text.replace(self.quote, "”" if self.quote == '"' else "’")


def bracketed(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """The tags in square brackets in a stretch of a text."""
    closed = set(_END.findall(text, start, end)) if text.find("[/", start, end) >= 0 else set()
    opaque, begun = "", 0  # the name of what is open and holds no text, and where it begins
    has_values = text.find("=", start, end) >= 0
    for tag in _TAG.finditer(text, start, end) if closed or has_values else ():
        name = tag[2]
        if opaque:
            if tag[1] and name == opaque:
                yield MarkupPiece(KEPT, begun, tag.end(), text[begun : tag.end()])
                opaque = ""
        elif name.lower() in _OPAQUE and name in closed and not tag[1]:
            opaque, begun = name, tag.start()
        elif name in closed:
            yield MarkupPiece(CLOSE if tag[1] else OPEN, *tag.span(), name=f"[{name}")
        elif has_values and any(_worded(text, tag)):
            yield MarkupPiece(POINT, *tag.span())
