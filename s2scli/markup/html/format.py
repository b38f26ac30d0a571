"""HTML and XHTML pages (https://html.spec.whatwg.org/).

A paragraph, a heading, a cell is a text; what stands in it (a link, a bold word, an image) is
markup on it. Some attributes are texts too. Code, scripts and what a page says not to translate
stay as they are, and so do the tags of template languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

from s2scli.documents.base import (
    Edit,
    Format,
    FormatOptions,
    Raw,
    Slot,
    Source,
    Target,
    composed,
    tightened,
    unix,
)
from s2scli.documents.htmlnames import LANGUAGES, LOCALE, META_LANGUAGES
from s2scli.documents.languages import check_source, is_other, locale
from s2scli.documents.remarks import lines_named, named
from s2scli.documents.strings import Strings, has_parts
from s2scli.errors import BadInputError
from s2scli.markup.html.attributes import AttributeSlot, HeldSlot, written
from s2scli.markup.html.elements import Elements
from s2scli.markup.html.encoding import source_of
from s2scli.markup.html.linkeddata import LinkedData
from s2scli.markup.html.tokens import REST, START, AttributeSpan, Token, tokens

__all__ = ["Html", "conditions_left", "remarks_on"]

BREAK = "<br"
MOST_PAGES = 8  # in one another
_TAG_NAME = re.compile(r"<[^\s/>]+")


class Html(Format):
    """A page, or a part of one.

    Attributes:
        is_whole: whether it is a document of its own, whose language must be the model's.
    """

    is_whole = True
    _depth = 0  # pages that this one stands in

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts of blocks, the title, and the attributes that are read."""
        if self.is_whole:
            check_source(source.name, _said(source), self.options.source_language)
        elements = self._elements(source)
        yield from elements.slots()
        self.left += len(elements.left) + len(elements.unread)
        self.remarks += remarks_on(source, elements)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """With entities where they are needed or were used."""
        return _encoder(source, slot)(text)

    def inner(self, slot: Slot) -> Format | None:
        """A page, data, or a text with line breaks or tags of its own, that stands in this one."""
        if isinstance(slot, HeldSlot):
            if slot.is_data:
                return LinkedData(self.options)
            return _Held(self.options, self._depth + 1) if slot.is_page else Strings(self.options)
        is_marked = isinstance(slot, AttributeSlot) and has_parts(slot.text)
        return Strings(self.options) if is_marked else None

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same between the marks."""
        text = source.text
        tight = [
            number
            for number, mark in enumerate(slot.marks)
            if text[mark.opens[0] : mark.opens[0] + 3].lower() == BREAK
            and not text[mark.opens[0] - 1 : mark.opens[0]].isspace()
            and not text[mark.closes[1] : mark.closes[1] + 1].isspace()
        ]
        return composed(slot, tightened(target, tight), raw, _encoder(source, slot))

    def edits(self, source: Source) -> Iterator[Edit]:
        """The languages that the page says it is in, and what is translated of it."""
        language = escape(self.options.target_language)
        if not language:
            return
        elements = self._elements(source)
        for _ in elements.slots():
            pass
        for value in elements.languages:
            yield _in_place(value, language)
        yield from self._metadata(source)
        root = _root(source)
        if root and (missing := _missing_languages(root)):
            name = _TAG_NAME.match(source.text, root.start)
            end = name.end() if name else root.start
            yield Edit(end, end, "".join(f' {attribute}="{language}"' for attribute in missing))

    def _elements(self, source: Source) -> Elements:
        return Elements(source, self.options.source_language or _said(source))

    def _metadata(self, source: Source) -> Iterator[Edit]:
        """What else says which language the page is in."""
        text, language = source.text, self.options.target_language
        for token in tokens(text) if "<meta" in text.lower() else ():
            if token.kind != START or token.name != "meta" or "content" not in token.values:
                continue
            said = {
                key: text[value.start : value.end].strip() for key, value in token.values.items()
            }
            kinds = {said.get(key, "").lower() for key in ("http-equiv", "name", "property")}
            known = said["content"] and not is_other(said["content"], self.options.source_language)
            if kinds & META_LANGUAGES and known:
                named = locale(language) if LOCALE in kinds else language
                yield _in_place(token.values["content"], escape(named))

    def has_text(self, source: Source) -> bool:
        """Whether something is not closed, so that text may be in it."""
        rest = (token for token in tokens(source.text) if token.kind == REST)
        return any(any(map(str.isalpha, source.text[token.start :])) for token in rest)

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a page, in the encoding that it names."""
        return source_of(name, data)


def remarks_on(source: Source, elements: Elements) -> list[str]:
    """That the rest of a page stays, if there is text in it; that options send other texts; which
    sentences stay.

    Args:
        source: the page.
        elements: its elements, which were gone through.
    """
    found, text = [], unix(source.text)
    if elements.rest >= 0 and any(map(str.isalpha, text[elements.rest :])):
        line = lines_named(text, [elements.rest])
        found.append(f"A tag or an element of HTML is not closed, so what follows stays: {line}.")
    if elements.sending:
        lines = lines_named(text, elements.sending)
        found.append(f"Options without a value send their text, which is another now: {lines}.")
    if elements.left:
        found.append(conditions_left(text, elements.left))
    if elements.foreign:
        lines = lines_named(text, elements.foreign)
        found.append(f"Texts stay that the page says are in another language: {lines}.")
    if elements.unread:
        quoted = named(map(repr, elements.unread))
        found.append(f"Texts in styles, scripts, templates, addresses and data stay: {quoted}.")
    return found


def conditions_left(text: str, places: Iterable[int]) -> str:
    """That texts stay, for their conditions cannot be taken apart.

    Args:
        text: the document's characters.
        places: where they begin.
    """
    lines = lines_named(text, sorted(places))
    what = "within a word, crossed by other markup, or too many in each other"
    return f"Texts with conditions {what}, stay: {lines}."


class _Held(Html):
    """A page that stands in another.

    Args:
        options: how documents are read.
        depth: how many pages it stands in.
    """

    is_whole = False

    def __init__(self, options: FormatOptions, depth: int) -> None:
        super().__init__(options)
        self._depth = depth

    def slots(self, source: Source) -> Iterator[Slot]:
        """Its texts.

        Raises:
            BadInputError: it stands in too many others.
        """
        if self._depth > MOST_PAGES:
            raise BadInputError(f"{source.name} has pages nested more than {MOST_PAGES} deep")
        yield from super().slots(source)


def _root(source: Source) -> Token | None:
    """The tag of the page, if that is what comes first."""
    first = next((token for token in tokens(source.text) if token.kind == START), None)
    return first if first and first.name == "html" else None


def _said(source: Source) -> str:
    """The language that a page says it is in; empty if it does not."""
    root = _root(source)
    values = [root.values[name] for name in LANGUAGES if name in root.values] if root else []
    return source.text[values[0].start : values[0].end].strip() if values else ""


def _in_place(value: AttributeSpan, text: str) -> Edit:
    """Another value of an attribute."""
    return Edit(value.start, value.end, text if value.quote else f'"{text}"')


def _missing_languages(tag: Token) -> tuple[str, ...]:
    """The attributes that are to be added so that a page says its language."""
    if any(name in tag.values for name in LANGUAGES):
        return ()
    return ("lang", "xml:lang") if "xmlns" in tag.values else ("lang",)


def _encoder(source: Source, slot: Slot) -> Callable[[str], str]:
    """How texts are written instead of a slot."""
    return written(source.text[slot.start : slot.end], slot)
