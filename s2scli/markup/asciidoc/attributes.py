"""Lists of attributes: ``[quote,Author]``, ``[cols="1,a"]``, what is in a macro's brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from s2scli.data import Span
from s2scli.text.spans import stripped

__all__ = ["Attribute", "attributes", "attributions", "banned", "label_spans", "texts"]

_ATTRIBUTE = re.compile(
    r"\s*(?:(?P<name>[\w%.-]+)\s*=\s*)?"
    r"(?:\"(?P<double>(?:[^\"\\]|\\.)*)\"\s*(?=,|\Z)|'(?P<single>(?:[^'\\]|\\.)*)'\s*(?=,|\Z)|"
    r"(?P<bare>[^,]*))(?:,|\Z)",
    re.DOTALL,
)
_LABEL = re.compile(
    r"(?<!\[)\[\[[\w:][^\[\],\n]*,[ ]*([^\[\]\n]*[^\W\d_][^\[\]\n]*?)[ ]*\]\](?!\])"
)
_TEXTS = ("alt", "title", "caption", "reftext")
_ATTRIBUTIONS = ("2", "3", "attribution", "citetitle")


class Attribute(NamedTuple):
    """One of a list.

    Attributes:
        name: its name; of a positional one, its number (from 1).
        start, end: where its value is, without quotes.
        quote: what it is quoted with; nothing if it is not.
    """

    name: str
    start: int
    end: int
    quote: str = ""


def attributes(text: str, start: int, end: int) -> Iterator[Attribute]:
    """The attributes in a stretch of a text."""
    number = 0
    place = start
    while place < end:
        found = _ATTRIBUTE.match(text, place, end)
        if not found:
            return
        place = found.end()
        name = found["name"] or ""
        if not name:
            number += 1
            name = str(number)
        for group, quote in (("double", '"'), ("single", "'"), ("bare", "")):
            if found[group] is not None:
                yield Attribute(name, *stripped(text, *found.span(group)), quote)


def texts(text: str, start: int, end: int, *, is_image: bool) -> Iterator[Attribute]:
    """Those that a person reads: titles, captions, the description of an image."""
    for one in attributes(text, start, end):
        if one.name in _TEXTS or (is_image and one.name == "1"):
            yield one


def banned(one: Attribute) -> str:
    """The characters that must not be in an attribute's value as they are."""
    return one.quote + "]" if one.quote else "],=\"'"


def label_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Where anchors say how links to them read: ``[[id,label]]``; not in a bibliography."""
    for found in _LABEL.finditer(text, start, end):
        yield found.span(1)


def attributions(text: str, start: int, end: int) -> Iterator[Attribute]:
    """Those of a quote that say who wrote it, and where."""
    for one in attributes(text, start, end):
        if one.name in _ATTRIBUTIONS and any(map(str.isalpha, text[one.start : one.end])):
            yield one
