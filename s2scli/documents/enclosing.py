"""Placeholders that stand around words, as a link's two ends: ``%1$sread it%2$s``.

A program puts tags in their places. They touch the words between them, and either nothing else, or
their names say what they are (``{link_start}``, ``%(endLink)s``). They are markup on these words.
So is one at the beginning or the end of a text that touches a whole word (``{gold}You win``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter

from s2scli.data import Span
from s2scli.documents.pieces import CLOSE, OPEN, POINT, MarkupPiece

__all__ = ["encloses", "enclosing"]

_NAME = r"[\w.-]{1,40}"
_ARGUMENT = re.compile(
    rf"%(?:(?P<number>\d{{1,2}})\$)?[s@]|%(?P<place>\d)|%\((?P<python>{_NAME})\)s|"
    rf"%\{{(?P<ruby>{_NAME})\}}|\{{\{{ ?(?P<double>{_NAME}) ?\}}\}}|"
    rf"[#$]?\{{ ?\$?(?P<name>{_NAME}) ?\}}|"
    rf"%(?P<signs>{_NAME})%"
)
_SIDE = re.compile(r"(?<![a-z])(?:(start|open|begin)|(end|close|stop))(?![a-z])", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ENDING = '.!?…:;,)"”’'  # of what is enclosed
_WORD = re.compile(r"[^\W\d_]{2}")
_BEFORE = re.compile(r"[\s(\[\"'“‘«>-]")
_BEHIND = re.compile(r"[\s)\]\"'”’».,:;!?<…-]")
_ENDED = re.compile(r"[^\W\d_A-Z]{3}")
_LETTERS = re.compile(r"[^\W\d_]+")
# Behind a number they are no words; and words that are as short as these.
_UNITS = frozenset(("Kbit", "Mbit", "Gbit", "Kbps", "Mbps", "Gbps", "Mpx", "Hertz", "Volt", "Watt"))
_SHORT = frozenset((
    "An", "As", "At", "By", "Do", "Go", "He", "If", "In", "Is", "It", "My", "No", "On", "So", "To",
    "We",
))  # fmt: skip


def encloses(text: str) -> bool:
    """Whether placeholders in a text stand around words."""
    return ("%" in text or "}" in text) and next(enclosing(text, 0, len(text)), None) is not None


def enclosing(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """Such placeholders, in order.

    Args:
        text: the characters.
        start, end: where the text stands.
    """
    opened: re.Match[str] | None = None
    found: list[MarkupPiece] = []
    edges: list[Span] = []
    for argument in _ARGUMENT.finditer(text, start, end):
        if opened and _is_pair(text, opened, argument, end):
            name = str(opened.start())
            found.append(MarkupPiece(OPEN, *opened.span(), name=name))
            found.append(MarkupPiece(CLOSE, *argument.span(), name=name))
            opened = None
        else:
            opened = argument if _opens(text, argument, start) else None
        if _is_edge(text, argument, start, end):
            edges.append(argument.span())
    paired = {piece[1:3] for piece in found}
    found += (MarkupPiece(POINT, *edge) for edge in edges if edge not in paired)
    yield from sorted(found, key=attrgetter("start"))


def _is_edge(text: str, argument: re.Match[str], start: int, end: int) -> bool:
    """Whether a placeholder begins or ends a text, and touches a word that is whole without it."""
    first, last = argument.span()
    if first == start and last < end:
        word = _LETTERS.match(text, last)
        if word is None or not word[0].istitle() or word[0] in _UNITS:
            return False
        return len(word[0]) > 2 or word[0] in _SHORT
    return last == end and _ENDED.fullmatch(text, max(start, first - 3), first) is not None


def _opens(text: str, argument: re.Match[str], start: int) -> bool:
    """Whether a placeholder may begin what is enclosed."""
    if _side(argument):
        return _side(argument)[0] == "1"
    is_apart = argument.start() == start or _BEFORE.match(text, argument.start() - 1)
    return bool(is_apart) and text[argument.end() : argument.end() + 1].isalpha()


def _is_pair(text: str, first: re.Match[str], last: re.Match[str], end: int) -> bool:
    """Whether two placeholders are the ends of what is between them."""
    between = text[first.end() : last.start()]
    if "\n" in between or not _WORD.search(between) or first.lastgroup != last.lastgroup:
        return False
    if between[0].isspace() or between[-1].isspace():
        return False
    if _side(first):
        return _side(last) == "2" + _side(first)[1:]
    name, other = first[first.lastgroup or 0], last[last.lastgroup or 0]
    follows = name.isdecimal() and other.isdecimal() and int(other) == int(name) + 1
    is_apart = last.end() == end or _BEHIND.match(text, last.end())
    touches = between[-1].isalpha() or between[-1] in _ENDING
    return (follows or (name == other and name.startswith("%"))) and touches and bool(is_apart)


def _side(argument: re.Match[str]) -> str:
    """Which end the name of a placeholder says it is, 1 or 2, and the rest of it; or nothing."""
    name = argument[argument.lastgroup or 0]
    found = _SIDE.search(_HUMP.sub("_", name)) if argument.lastgroup else None
    if not found:
        return ""
    words = _HUMP.sub("_", name)
    rest = f"{words[: found.start()]} {words[found.end() :]}"
    return f"{found.lastindex}{re.sub(r'[^a-z0-9]', '', rest.lower())}"
