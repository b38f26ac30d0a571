"""Entries of Sphinx's index, in its directive and its role.

https://www.sphinx-doc.org/en/master/usage/restructuredtext/directives.html#directive-index
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span

__all__ = ["index_texts", "role_entries"]

_TYPED = re.compile(
    r"\s*!?\s*(?:(?P<text>single|pair|double|triple|see|seealso)"
    r"|(?P<name>module|keyword|operator|object|exception|statement|builtin))\s*:\s*"
)
_PART = re.compile(r"[^;]+")
_TERM = re.compile(r"\s*!?\s*([^,]+)")
_ROLE = re.compile(r":index:`[^`<]*<([^`<>]+)>`")


def index_texts(text: str, span: Span) -> Iterator[Span]:
    """The words of a line of entries, such as ``pair: loop; statement``.

    Args:
        text: the document's characters.
        span: the line.
    """
    typed = _TYPED.match(text, *span)
    if typed and typed["name"]:
        return  # of a thing of a language, under a heading that Sphinx translates
    terms = _PART.finditer(text, typed.end(), span[1]) if typed else _TERM.finditer(text, *span)
    for term in terms:
        start, end = term.span(0 if typed else 1)
        said = text[start:end]
        yield start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())


def role_entries(content: str) -> Iterator[Span]:
    """The words of entries that stand behind what a role shows: ``:index:`loops <pair: a; b>```.

    Args:
        content: a paragraph's characters.
    """
    for role in _ROLE.finditer(content) if ":index:`" in content else ():
        yield from index_texts(content, role.span(1))
