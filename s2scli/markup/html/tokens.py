"""HTML cut into text, tags and what else there is, as browsers cut it.

https://html.spec.whatwg.org/#tokenization, with the tags of template languages (PHP, ERB and ASP,
Jinja) besides. Each character is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from s2scli.documents.htmlnames import RAW, READ

__all__ = [
    "END",
    "HEAD",
    "OTHER",
    "REST",
    "START",
    "TEMPLATE",
    "TEXT",
    "AttributeSpan",
    "Token",
    "tokens",
]

TEXT, START, END, OTHER, REST = range(5)

# A tag of Mustache is no text either if there are signs of HTML in it.
_OPENING = re.compile(
    r"<(?=[a-zA-Z/!?%])|\{(?=[%#])|\{(?=\{[^{}\n<]{0,500}<[a-zA-Z/][^{}\n]{0,500}\}\})"
)
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*(?:(>)|(<[?%]|\{[%{])|([^\s/>][^\s/>={<]*)(\s*=\s*)?)")
_UNQUOTED = re.compile(r"[^\s>]*")
_QUOTED = {quote: re.compile(rf"{quote}|<[?%]|\{{[%{{]") for quote in ('"', "'")}
_DOCTYPE = re.compile(r"<!doctype[^>\[]*(\[)?", re.IGNORECASE)
_MUSTACHE = re.compile(r"\{\{[^{}\n]*\}\}")
_RAW_ENDS = {name: re.compile(rf"</(?:\w+:)?{name}(?=[\s/>])", re.IGNORECASE) for name in RAW}
_XHTML = re.compile(r"xmlns:([\w.-]+)\s*=\s*[\"']http://www\.w3\.org/1999/xhtml[\"']")
HEAD = 10_000  # characters in which the namespaces of XHTML are declared
# What a template's tag begins with.
TEMPLATE = re.compile(r"<[?%]|\{%")
_CLOSERS = {"<%": "%>", "{%": "%}", "{#": "#}"}


class AttributeSpan(NamedTuple):
    """Where an attribute's value is, without its quotes.

    Attributes:
        start, end: in the characters.
        quote: ``"``, ``'`` or nothing.
    """

    start: int
    end: int
    quote: str


_NO_VALUES: Mapping[str, AttributeSpan] = {}


class Token(NamedTuple):
    """A piece of a document; all together are the document.

    Attributes:
        kind: ``TEXT``; ``START`` or ``END`` for a tag; ``OTHER`` for a comment, a template's tag,
            or what is not text in an element; ``REST`` for all from where something is not closed.
        start, end: in the characters.
        name: of a tag, in lower case, without the prefix of XHTML.
        values: the attributes of a tag that are read; of several of one name, the first.
        empty: whether a tag is an element without content (``<br/>``).
    """

    kind: int
    start: int
    end: int
    name: str = ""
    values: Mapping[str, AttributeSpan] = _NO_VALUES
    empty: bool = False


def tokens(text: str, read: Set[str] = READ, flags: Set[str] = frozenset()) -> Iterator[Token]:
    """The pieces of a document, in order.

    Args:
        text: the document's characters.
        read: the names of the attributes that tokens keep.
        flags: the names of those that they keep even without a value.
    """
    return _Tokenizer(text, read, flags).tokens()


class _Tokenizer:
    def __init__(self, text: str, read: Set[str], flags: Set[str]) -> None:
        self._text = text
        self._read = read
        self._flags = flags
        self._found: dict[str, int] = {}
        declared = _XHTML.search(text, 0, HEAD)
        self._prefix = f"{declared[1].lower()}:" if declared else ""

    def tokens(self) -> Iterator[Token]:
        text = self._text
        reached = position = 0
        while found := _OPENING.search(text, position):
            start = found.start()
            token = self._token(start)
            if token is None:
                position = start + 1
                continue
            if reached < start:
                yield Token(TEXT, reached, start)
            yield token
            reached = position = token.end
            if token.kind == START and token.name in RAW and not token.empty:
                end = _RAW_ENDS[token.name].search(text, position)
                if end is None:
                    yield Token(REST, reached, len(text))
                    return
                reached = position = end.start()
                kind = TEXT if token.name == "title" else OTHER
                if token.end < reached:
                    yield Token(kind, token.end, reached)
        if reached < len(text):
            yield Token(TEXT, reached, len(text))

    def _token(self, start: int) -> Token | None:
        """What begins at a ``<`` or ``{``; None if it is text."""
        text = self._text
        two = text[start : start + 2]
        if two in _CLOSERS:
            end = self._template_end(start, two)
            return None if end < 0 else Token(OTHER, start, end)
        if two == "{{":
            end = self._template_end(start, two)
            return None if end < 0 else Token(OTHER, start, end)
        if two == "<!":
            return self._declaration(start)
        if two == "<?":
            end = self._template_end(start, two)
            return Token(OTHER, start, end) if end >= 0 else self._until(">", start)
        if name := _NAME.match(text, start):
            return self._tag(start, name)
        return self._until(">", start)  # </ without a name is read as a comment

    def _tag(self, start: int, name: re.Match[str]) -> Token:
        text, position = self._text, name.end()
        values: dict[str, AttributeSpan] = {}
        while step := _ATTRIBUTE.match(text, position):
            begin, position = position, step.end()
            end, template, attribute, has_value = step.groups()
            if end:
                kind = END if text[start + 1] == "/" else START
                tag = name[1].lower().removeprefix(self._prefix)
                empty = position - 2 >= begin and text[position - 2] == "/"
                return Token(kind, start, position, tag, values or _NO_VALUES, empty)
            if template:
                position = max(position, self._template_end(position - 2, template))
            elif has_value:
                value, position = self._value(position)
                attribute = attribute.lower()
                if attribute in self._read:
                    values.setdefault(attribute, value)
            elif attribute.lower() in self._flags:
                values.setdefault(attribute.lower(), AttributeSpan(position, position, ""))
        return Token(REST, start, len(text))

    def _value(self, start: int) -> tuple[AttributeSpan, int]:
        """The value that begins after a ``=``, and where it is over with its quotes."""
        text = self._text
        quote = text[start : start + 1]
        if quote not in _QUOTED:
            template = self._template_end(start, text[start : start + 2])
            match = _UNQUOTED.match(text, max(start, template))
            end = match.end() if match else start
            return AttributeSpan(start, end, ""), end
        position = start + 1
        while found := _QUOTED[quote].search(text, position):
            if found[0] == quote:
                return AttributeSpan(start + 1, found.start(), quote), found.end()
            position = max(found.end(), self._template_end(found.start(), found[0]))
        return AttributeSpan(start + 1, len(text), quote), len(text)

    def _template_end(self, start: int, opening: str) -> int:
        """Where a template's tag or a processing instruction is over; -1 if it is none."""
        text = self._text
        if opening == "{{":
            mustache = _MUSTACHE.match(text, start)
            return mustache.end() if mustache else -1
        if opening in _CLOSERS:
            end = self._find(_CLOSERS[opening], start + 2)
            return end + 2 if end >= 0 else -1
        if opening != "<?" or text.startswith("<?xml", start):
            return -1  # an XML declaration, or Word's <?xml:namespace … />, ends with the next >
        end = self._find("?>", start + 2)
        # PHP that ends a file need not be closed.
        return end + 2 if end >= 0 else len(text) if text.startswith("<?php", start) else -1

    def _declaration(self, start: int) -> Token:
        """A comment, a document type or a CDATA section."""
        text = self._text
        if text.startswith("<!--", start):
            if text.startswith((">", "->"), start + 4):  # an empty one
                return self._until(">", start)
            ends = [(self._find(end, start + 4), len(end)) for end in ("-->", "--!>")]
            end = min((place + size for place, size in ends if place >= 0), default=-1)
            return Token(OTHER, start, end) if end >= 0 else Token(REST, start, len(text))
        if text.startswith("<![CDATA[", start) and self._find("]]>", start) >= 0:
            return self._until("]]>", start)
        doctype = _DOCTYPE.match(text, start)
        if doctype and doctype[1] and self._find("]", start) >= 0:
            return self._until(">", self._find("]", start), start)
        return self._until(">", start)

    def _until(self, closer: str, start: int, begin: int | None = None) -> Token:
        """All up to the next of some characters, with them."""
        begin = start if begin is None else begin
        end = self._find(closer, start)
        if end < 0:
            return Token(REST, begin, len(self._text))
        return Token(OTHER, begin, end + len(closer))

    def _find(self, what: str, start: int) -> int:
        """Where something is next; -1 if nowhere. What was searched is not searched again.

        ``start`` never goes back.
        """
        found = self._found.get(what, -2)
        if found == -1 or found >= start:
            return found
        self._found[what] = found = self._text.find(what, start)
        return found
