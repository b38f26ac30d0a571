"""Tags in the texts of strings: real ones, and those that are escaped (``&lt;b&gt;``).

Where a program decodes a string once more before it shows it, as Android, feeds and much of the web
do, escaped tags are the markup.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from operator import attrgetter

from s2scli.data import Span
from s2scli.documents.base import Slot
from s2scli.documents.borders import BLOCK, BLOCKS, LOOKS
from s2scli.documents.htmlnames import (
    ATTRIBUTES,
    CHOICE_INPUTS,
    FOREIGN,
    LINKS,
    META_NAMES,
    OPAQUE,
    VOID,
    WORDED_INPUTS,
)
from s2scli.documents.htmlnames import BLOCKS as PAGE_BLOCKS
from s2scli.documents.pieces import CLOSE, OPEN, POINT, MarkupPiece
from s2scli.text.oneline import one_line
from s2scli.text.placeholders import ARGUMENT, LITERAL
from s2scli.text.spans import Stretch, has_letters, stripped, table

__all__ = ["TAG", "TagAttribute", "has_pairs", "outside", "said", "tag_attributes", "tags"]

# Elements, numbered ones (i18next) too, and the times within the cues of WebVTT.
_NAME = r"[A-Za-z][\w.-]*(?::\w+)?(?=[\s/>&=])|\d+(?=/?(?:>|&))|\d\d:[\d:.]+(?=>)"
TAG = re.compile(
    r"(?:<|&(?P<escaped>(?:amp;)*)lt;)(?P<slash>/?)"
    rf"(?P<name>{_NAME})(?P<rest>"
    r"(?(escaped)(?:\s+[\w:.@-]+\s*=(?:(?!&(?:amp;)*[lg]t;)[^<>\n]){1,500})?\s*/?|"
    # One on several lines has nothing but attributes.
    r"(?:[^<>\n]*|(?:\s+[\w:.@-]+(?:=(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+)))*\s*/?)))"
    r"(?(escaped)(?:&(?P=escaped)gt;|>)|>)"
)
_PAIR = re.compile(
    r"<([A-Za-z]\w*)(?:[\s=][^<>\n]*)?>(?=[^<>]*[^\W\d_])[^<>\n]*</\1>|"
    r"&((?:amp;)*)lt;([A-Za-z]\w*)(?:\s[\w:.@-]+=(?:(?!&\2[lg]t;)[^<>\n]){1,500})?(?:&\2gt;|>)"
    r"(?:(?!&\2[lg]t;)[^<>\n]){1,5000}&\2lt;/\3(?:&\2gt;|>)"
)
# Attributes that may be text, and what an input is.
_WORDED = re.compile(
    rf"(?<=\s)({'|'.join(ATTRIBUTES)})\s*=\s*(&(?:amp;)*(?:quot|#39|apos);|[\"'])(.*?)\2",
    re.IGNORECASE | re.DOTALL,
)
_TYPE = re.compile(r"\stype\s*=\s*(?:&(?:amp;)*\w+;|[\"'])?(\w+)", re.IGNORECASE)
_META = re.compile(
    r"\s(?:name|property)\s*=\s*(?:&(?:amp;)*(?:quot|#39|apos);|[\"'])?([\w:.-]+)", re.IGNORECASE
)
# Words in angle brackets, which are no element with attributes: ``<not available>``.
_WORDS = re.compile(
    r"(?:\s+(?!(?:disabled|checked|hidden|required|selected|readonly|async|defer|controls|open|"
    r"(?:v|x|ng|data|aria)-[\w:.-]+|[@:#][A-Za-z][\w:.-]*)(?:\s|$))[^\s=]+)+\s*"
)
_SAID = re.compile(r"\s*<(?P<words>(?P<name>[A-Za-z][a-z']*)(?P<rest>(?: [^<>=/:@{}\n]+)?))>\s*")
_CLOSING = re.compile(r"</([A-Za-z]\w*)")
_SPEAKING = ("v", "lang")  # elements of WebVTT with a name behind theirs
_QUOTES = {'"': "&quot;", "'": "&#39;"}
ELEMENTS = PAGE_BLOCKS | LOOKS | LINKS | FOREIGN | OPAQUE | VOID | {"span", "slot", "picture"}
BREAKS = BLOCKS | {"br", "nl"}  # between words, so that a space is too; nl is KDE's


@dataclass(frozen=True, slots=True)
class TagAttribute(Slot):
    """An attribute's value.

    Attributes:
        quote: what is around it.
        depth: how often the tag is escaped.
    """

    quote: str = '"'
    depth: int = 0

    def written(self, text: str) -> str:
        """Another value, with entities where they are needed."""
        sign = unescape(unescape(self.quote))
        text = escape(text, quote=False).replace(sign, _QUOTES[sign])
        for _ in range(self.depth):
            text = escape(text, quote=False)
        return text


def has_pairs(text: str) -> bool:
    """Whether an element has words in it."""
    return ("</" in text or "lt;/" in text) and _PAIR.search(text) is not None


def tags(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """The tags in a stretch of a text, but none that is a part of a role, of code and the like."""
    closed: set[str] | None = None  # names of elements that end somewhere
    for tag in outside(TAG, text, start, end):
        if not tag["slash"] and _are_words(tag["name"], tag["rest"]):
            closed = set(_CLOSING.findall(text)) if closed is None else closed
            is_code = text[tag.start() - 1 : tag.start()].isalnum()  # a type with a parameter
            if tag["name"] not in closed and not is_code:
                continue
        name = tag["name"].lower().partition(".")[0]  # without WebVTT's classes
        alone = tag["rest"].endswith("/") or ":" in name or name in BREAKS
        if name == "input" and _is_input(tag["rest"], CHOICE_INPUTS):
            name, alone = BLOCK, True
        kind = CLOSE if tag["slash"] else POINT if alone else OPEN
        yield MarkupPiece(kind, *tag.span(), " " if name in BREAKS else "", name)


def _are_words(name: str, rest: str) -> bool:
    """Whether what follows a name in angle brackets is words; a voice's is a name."""
    return name.isalpha() and name.lower() not in _SPEAKING and bool(_WORDS.fullmatch(rest))


def said(text: str) -> Span | None:
    """Where the words are if a text is nothing but words in angle brackets: ``<none>``.

    What is or may be an element of HTML is none.
    """
    found = _SAID.fullmatch(text)
    if not found:
        return None
    name, rest = found["name"], found["rest"]
    is_text = _are_words(name, rest) if rest else name.lower() not in ELEMENTS
    return found.span("words") if is_text else None


def outside(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What a pattern finds, but within what is protected and more than that."""
    inside: list[Stretch] | None = None
    for match in pattern.finditer(text, start, end):
        if inside is None:
            whole = table().stretches(text[start:end])
            inside = [one for one in whole if one.kind in (ARGUMENT, LITERAL)]
        first, last = match.start() - start, match.end() - start
        place = bisect_right(inside, first, key=attrgetter("start")) - 1
        around = inside[place] if place >= 0 else None
        if not around or last > around.end or (first, last) == around[:2]:
            yield match


def tag_attributes(text: str, piece: MarkupPiece) -> Iterator[TagAttribute]:
    """The texts in the attributes of what may be a tag."""
    tag = TAG.match(text, piece.start, piece.end) if piece.kind in (OPEN, POINT) else None
    if not tag:
        return
    escaped = tag["escaped"]
    depth = 0 if escaped is None else 1 + escaped.count("amp;")
    for found in _WORDED.finditer(text, *tag.span("rest")):
        if not _is_text(found[1].lower(), tag["name"].lower(), tag["rest"]):
            continue
        first, last = stripped(text, *found.span(3))
        says = text[first:last]
        for _ in range(depth + 1):
            says = unescape(says)
        says = one_line(says)
        if has_letters(says, ()):
            yield TagAttribute(first, last, says, quote=found[2], depth=depth)


def _is_text(attribute: str, name: str, rest: str) -> bool:
    """Whether an attribute of an element is text."""
    on = ATTRIBUTES[attribute]
    if attribute == "value":  # of other inputs, and of options, it is what programs read
        return name == "input" and _is_input(rest, WORDED_INPUTS)
    if attribute == "content":
        said = _META.search(rest) if name == "meta" else None
        return said is not None and said[1].lower() in META_NAMES
    return not on or (name in on and name != "math")


def _is_input(rest: str, kinds: frozenset[str]) -> bool:
    """Whether an input is of some kind."""
    said = _TYPE.search(rest)
    return said is not None and said[1].lower() in kinds
