"""Links and notes of AsciiDoc and reStructuredText in strings, as PO files of manuals have them.

``link:a.html[the text]``, ``<<a,the text>>`` and ``:ref:`the text <a>``` are markup on their text;
a note's text and a picture's (``footnote:[…]``, ``image:a.png[…]``) are texts of their own. What a
link of reStructuredText says is a name too, which others of the page may use
(```the text <a.html>`_``): it stays, and that is said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

from s2scli.documents.base import Slot
from s2scli.documents.inlinetags import outside
from s2scli.documents.pieces import CLOSE, OPEN, POINT, Finder, MarkupPiece
from s2scli.text.spans import stripped, table

__all__ = ["has_macros", "link_names", "macro_texts", "macros_of"]

# How a link is shown, which follows its text.
_SETTINGS = r"(?:\^?(?:,\s?[\w-]{1,40}=[^\[\]\n]{0,200}|,\d{1,5})?)"
_SAYS = r"(?P<{}>(?=[^\[\]\n]{{0,500}}[^\W\d_])[^\[\]\n]{{1,500}}?)"
_ADDRESS = (
    r"(?:https?|ftp|irc)://(?:[^\s\[\]<>\"'`?(){}]{1,500}\[(?![^\[\]\s]{0,99}\][\w=&/%\[.])|"
    r"[^\s\[\]<>\"'`(){}]{1,500}\[(?=[^\[\]\n\s]{1,99} ))"
)
_MACRO = re.compile(
    rf"(?P<link>(?<!\w)(?:(?:link|xref|mailto):(?:\+\+[^+\n]{{1,500}}\+\+|[^\s\[\]]{{1,500}})\[|{_ADDRESS}))"
    rf"{_SAYS.format('words')}(?P<end>{_SETTINGS}\])|"
    rf"(?P<part>(?<!\w)(?:image::?[^\s\[\]]{{1,500}}|footnote:[\w-]{{0,60}})\["
    rf"{_SAYS.format('note')}{_SETTINGS}\])|"
    r"(?P<reference><<[\w:.#/-]{1,200},\s?)(?P<text>[^<>\n]{1,300})(?P<close>>>)|"
    r"(?P<index>(?<!\()\(\()(?!\()[^()\n]{1,200}(?P<shown>\)\)(?!\)))"
)
_RST_LINK = re.compile(
    r"(?<![\w`:\\])(?P<open>:(?:std:)?(?:ref|doc|any|term|numref|download):`)"
    r"(?P<words>(?=[^`<\n]*[^\W\d_])(?=\S)[^`<>\n]{1,300}?)"
    r"(?P<end>\s?<[^`<>\n]{1,500}>`(?!\w))"
)
_RST_NAME = re.compile(
    r"(?<![\w`:\\])`(?=[^`<>\n]*[^\W\d_])(?=\S)[^`<>\n]{1,300}(?:<[^`<>\n]{1,500}>)?`__?(?!\w)"
)

_SIGNS = ("[", "<<", "((")


def has_macros(text: str) -> bool:
    """Whether there are such links and notes in a text."""
    return (
        any(sign in text for sign in ("`_", ":`", *_SIGNS))
        and (_RST_LINK.search(text) or _RST_NAME.search(text) or _MACRO.search(text)) is not None
    )


def link_names(text: str) -> str:
    """What is to be said of links by a name, which stays: it is the one of their target."""
    if "`_" not in text or not _RST_NAME.search(text):
        return ""
    return "Names of links of reStructuredText (`name`_, `name <address>`_) stay."


def macros_of(text: str) -> Finder | None:
    """What finds such links and notes, but for those within code; None if a text has none."""
    if "`_" in text or ":`" in text:
        return _rst_links
    return _macros if any(sign in text for sign in _SIGNS) else None


def _rst_links(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    for link in _begun(_RST_LINK.finditer(text, start, end), text):
        yield from _link(link, "open", "end")


def _macros(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    for macro in _begun(outside(_MACRO, text, start, end), text):
        if macro["part"]:
            yield MarkupPiece(POINT, *macro.span())
        elif macro["link"]:
            yield from _link(macro, "link", "end")
        elif macro["reference"]:
            yield from _link(macro, "reference", "close")
        else:
            yield from _link(macro, "index", "shown")


def macro_texts(text: str, piece: MarkupPiece) -> Iterator[Slot]:
    """The text of a note or a picture."""
    found = _MACRO.fullmatch(text, piece.start, piece.end) if piece.kind == POINT else None
    if found and found["part"]:
        first, last = stripped(text, *found.span("note"))
        yield Slot(first, last, text[first:last])


def _begun(found: Iterator[re.Match[str]], text: str) -> Iterator[re.Match[str]]:
    """What does not begin within something that is protected."""
    for one in found:
        inside = table().stretches(text)
        place = bisect_left(inside, one.start(), key=attrgetter("start")) - 1
        if place < 0 or one.start() >= inside[place].end:
            yield one


def _link(found: re.Match[str], opens: str, closes: str) -> Iterator[MarkupPiece]:
    yield MarkupPiece(OPEN, *found.span(opens), name="link:")
    yield MarkupPiece(CLOSE, *found.span(closes), name="link:")
