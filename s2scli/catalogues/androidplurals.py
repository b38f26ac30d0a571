"""Plurals of Android's resources that lack forms which another language has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from s2scli.data import Span
from s2scli.documents.base import Source
from s2scli.documents.xmltokens import CLOSE, OPEN, attribute, tokens
from s2scli.languages.plurals import OTHER

__all__ = ["gaps"]


def gaps(
    source: Source, wanted: Sequence[str]
) -> Iterator[tuple[Span, tuple[Span, tuple[str, ...]]]]:
    """Where plurals lack forms: the content of the last form, its item, and what is missing.

    Args:
        source: the document.
        wanted: the quantities that each has to have.
    """
    text = source.text
    items: dict[str, tuple[Span, Span]] = {}  # by quantity, the content and the item
    quantity, begin, content = "", 0, 0
    for kind, name, start, end, depth in tokens(source, {}, typed=True):
        if name == ":plurals" and kind == OPEN:
            items = {}
        elif name == ":item" and kind == OPEN and depth == 2:
            place = attribute(text, (start, end), "quantity")
            quantity = text[slice(*place)] if place else ""
            begin, content = start, end
        elif name == ":item" and kind == CLOSE and depth == 2:
            items[quantity] = (content, start), (begin, end)
        elif name == ":plurals" and kind == CLOSE and OTHER in items:
            missing = tuple(one for one in wanted if one not in items)
            if missing:
                yield items[OTHER][0], (items[OTHER][1], missing)
