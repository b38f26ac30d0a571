"""Links of AsciiDoc pages to headings, of the same page and of others."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["includes", "links", "own_links"]

_OWN = re.compile(r"<<#?([^<>,#]+)[,>]|\bxref:#?([^\[\s#]+)\[|\blink:#([^\[\s]+)\[")
_OTHER = re.compile(
    r"<<([^<>,#\n]{1,500})#([^<>,\n]+)[,>]|"
    r"\bxref:([^\[\]\s#]{1,500})#([^\[\]\s]+)\[|"
    r"\blink:([^\[\]\s#:]{1,500})#([^\[\]\s]+)\["
)
_INCLUDE = re.compile(r"^include::([^\[\]\n:]{1,500})\[", re.MULTILINE)


def own_links(text: str) -> Iterator[str]:
    """What links to places of the same page name: an anchor, or the title of a heading."""
    for match in _OWN.finditer(text):
        yield next(filter(None, match.groups())).strip()


def links(text: str) -> Iterator[tuple[str, str]]:
    """The path and the anchor of each link to another page."""
    for match in _OTHER.finditer(text):
        path, anchor = filter(None, match.groups())
        yield path.strip(), anchor.strip()


def includes(text: str) -> Iterator[str]:
    """The paths of what becomes a part of the same page."""
    for match in _INCLUDE.finditer(text):
        yield match[1]
