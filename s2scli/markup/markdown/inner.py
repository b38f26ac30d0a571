"""Texts that stand inside the markup of a paragraph of Markdown: descriptions, titles, notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from s2scli.data import Span
from s2scli.documents.base import Source
from s2scli.markup.html.attributes import AttributeSlot
from s2scli.markup.html.elements import Elements
from s2scli.markup.markdown.jsx import tag_texts
from s2scli.markup.markdown.tags import label, values

__all__ = ["NOTE", "Inner", "attribute_texts", "inner_texts", "note"]

NOTE = "note"


class Inner(NamedTuple):
    """A text that stands inside markup.

    Attributes:
        kind: ``alt``, ``title``, or ``attribute`` of a tag.
        start, end: in the paragraph's characters, without what is around it.
    """

    kind: str
    start: int
    end: int


def note(state: StateInline, silent: bool) -> bool:
    """A rule for notes within a paragraph, whose text is one of its own: ``^[This one.]``.

    https://pandoc.org/MANUAL.html#extension-inline_notes
    """
    start = state.pos
    known = state.env["closable"]
    is_note = state.src.startswith("^[", start) and (known is None or start + 1 in known)
    if not is_note or not state.env["links"]:
        return False
    end = state.md.helpers.parseLinkLabel(state, start + 1, False)
    if end < start + 2:
        return False
    if not silent:
        token = state.push(NOTE, "", 0)
        token.map, token.meta = [start, end + 1], {"label": (start + 2, end)}
    state.pos = end + 1
    return True


def inner_texts(content: str, token: Token, parser: MarkdownIt) -> Iterator[Inner]:
    """The texts in a link's or an image's markup, and in tags of template languages."""
    if token.type in ("point", "span_close") and token.map and content[token.map[0]] in "{]":
        yield from (Inner("title", *span) for span in values(content, *token.map))
    elif token.type == "point" and token.map:
        find = label if content.startswith("[=", token.map[0]) else values
        yield from (Inner("title", *span) for span in find(content, *token.map))
    if not token.meta or not token.map:
        return
    start, end = token.meta["label"]
    stop = token.map[1]
    if token.type == NOTE:
        yield Inner("alt", start, end)
        return
    if token.type == "image" and content[end + 1 : stop] not in ("", "[]"):
        yield Inner("alt", start, end)
    if not content.startswith("(", end + 1):
        return
    helpers = parser.helpers
    position = _behind_space(content, end + 2)
    position = _behind_space(content, helpers.parseLinkDestination(content, position, stop).pos)
    title = helpers.parseLinkTitle(content, position, stop)
    if title.ok:
        yield Inner("title", position + 1, title.pos - 1)


def attribute_texts(content: str, start: int, end: int, jsx: bool) -> Iterator[Inner]:
    """The texts in a tag's attributes."""
    spans: Iterator[Span]
    if jsx:
        spans = ((first + 1, last - 1) for first, last in tag_texts(content, start, end))
    elif content[start + 1 : start + 2].isupper():  # a component of Vue, or the like
        spans = values(content, start, end)
    else:
        found = (
            Elements(Source("", content[start:end])).slots() if "=" in content[start:end] else ()
        )
        spans = (
            (start + one.start, start + one.end)
            for one in found
            if isinstance(one, AttributeSlot) and one.quote
        )
    yield from (Inner("attribute", *span) for span in spans)


def _behind_space(content: str, position: int) -> int:
    while content[position : position + 1] in (" ", "\t", "\n"):
        position += 1
    return position
