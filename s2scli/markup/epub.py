"""EPUB books (https://www.w3.org/TR/epub-33/): the pages, the table of contents, the title."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from html import escape
from operator import attrgetter
from urllib.parse import unquote

from s2scli.data import Span
from s2scli.documents.base import Edit, Format, FormatOptions, Slot, Source
from s2scli.documents.filling import Document
from s2scli.documents.languages import check_source, is_other
from s2scli.documents.package import Archive, Package
from s2scli.documents.reading import Compound
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import Value, escaped, text_slot
from s2scli.errors import BadInputError
from s2scli.markup.html.format import Html
from s2scli.markup.html.text import SECTION, decoded, encoder, trimmed
from s2scli.markup.html.tokens import END, START, TEXT, AttributeSpan, Token, tokens
from s2scli.markup.html.unread import texts_in_styles

__all__ = ["Epub"]

CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
PACKAGE = frozenset({"application/oebps-package+xml"})
# What books of old, and those that were made carelessly, call their pages too.
PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "image/svg+xml"})
NCX = frozenset({"application/x-dtbncx+xml"})
_MEDIA = ("image/", "audio/", "video/")
_TITLES = frozenset({"title", "description"})  # of a package
_SUMMARY = "schema:accessibilitySummary"  # https://www.w3.org/TR/epub-a11y-11/#accessibilitySummary
_LABELS = frozenset({"doctitle", "navinfo", "navlabel"})  # of a table of contents
_LANGUAGES = frozenset({"language"})


class _Elements(Format):
    """XML with text in some elements.

    Args:
        options: how documents are read.
        names: the elements whose text is to be translated.
    """

    def __init__(self, options: FormatOptions, names: frozenset[str]) -> None:
        super().__init__(options)
        self._names = names

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts of the elements, and the names of what a guide of EPUB 2 points to."""
        yield from sorted(self._found(source), key=attrgetter("start"))

    def _found(self, source: Source) -> Iterator[Slot]:
        for start, end in self._contents(source.text, self._names):
            text = decoded(source.text[start:end])
            if any(map(str.isalpha, text)):
                yield Slot(start, end, text)
        for token in tokens(source.text, {"content", "name", "property", "title"}):
            yield from self._summary(source.text, token)
            said = token.values.get("title")
            if token.kind == START and said and _local(token) == "reference":
                yield from text_slot(source.text, (said.start, said.end), Value)

    def _summary(self, text: str, token: Token) -> Iterator[Slot]:
        """What a book says to who cannot see it, or hear it."""
        said = token.values.get("property") or token.values.get("name")
        if not said or text[said.start : said.end] != _SUMMARY or _local(token) != "meta":
            return
        if value := token.values.get("content"):
            yield from text_slot(text, (value.start, value.end), Value)
        elif token.kind == START:
            yield from text_slot(text, (token.end, text.find("<", token.end)))

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """With entities where they are needed."""
        if isinstance(slot, Value):
            return escaped(text, quoted=True)
        return encoder(source.text[slot.start : slot.end], slot.text)(text)

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language of the book, and of what is translated of this."""
        language = escape(self.options.target_language)
        for start, end in _languages(source.text) if language else ():
            if not is_other(source.text[start:end], self.options.source_language):
                yield Edit(start, end, language)
        for token in tokens(source.text) if language else ():
            said = token.values.get("xml:lang") if token.kind == START else None
            if said and not self._is_foreign(source.text, said):
                yield Edit(said.start, said.end, language)

    def has_text(self, source: Source) -> bool:
        """Never: a book may well be without a title."""
        return False

    def _contents(self, text: str, names: frozenset[str]) -> Iterator[Span]:
        """Where the texts inside of elements of some names are, but for other languages."""
        for span, said in _contents(text, names):
            if not (said and self._is_foreign(text, said)):
                yield trimmed(text, *span)

    def _is_foreign(self, text: str, said: AttributeSpan) -> bool:
        return is_other(text[said.start : said.end], self.options.source_language)


class Epub(Html, Compound):
    """A book; its pages are XHTML. Those in another language than the book's stay as they are."""

    is_whole = False

    def opened(self, name: str, data: bytes) -> Document:
        """Read a book.

        Raises:
            BadInputError: it is not a book, or a part of it is missing or encrypted.
        """
        archive = Archive(name, data)
        if CONTAINER not in archive:
            raise BadInputError(f"{name} is not an EPUB book: it has no {CONTAINER}")
        forms: dict[str, Format] = {}
        for package in _items(archive, CONTAINER, "full-path", PACKAGE):
            self._check_language(name, archive.source(package).text)
            forms[package] = titles = _Elements(self.options, _TITLES)
            for kinds, form in ((PAGES, self), (NCX, _Elements(self.options, _LABELS))):
                items = _items(archive, package, "href", kinds)
                forms |= {item: form for item in items if item in archive}
            if unread := [item for item in _unread(archive, package) if item not in forms]:
                said = f"Pages of a kind that is not known stay as they are: {named(unread)}."
                titles.remarks.append(said)
        if not forms:
            raise BadInputError(f"{name} is not an EPUB book: it names no package")
        if styled := list(_styled(archive)):
            said = f"Texts in style sheets stay: {named(map(repr, styled))}."
            next(iter(forms.values())).remarks.append(said)
        if ENCRYPTION in archive:
            locked = forms.keys() & set(_items(archive, ENCRYPTION, "uri"))
            if locked:
                raise BadInputError(f"{name}: {min(locked)} is encrypted")
        return Package(archive, forms.items())

    def _check_language(self, name: str, package: str) -> None:
        """Refuse a book if none of its languages is the one that the model reads."""
        said = [package[start:end] for start, end in _languages(package)]
        if said and all(is_other(one, self.options.source_language) for one in said):
            check_source(name, said[0], self.options.source_language)


def _styled(archive: Archive) -> Iterator[str]:
    """What style sheets put in front of elements, such as ``Chapter``."""
    for name in archive.names:
        if name.lower().endswith(".css"):
            yield from texts_in_styles(archive.read(name).decode(errors="replace"))


def _languages(text: str) -> list[Span]:
    """Where a package says which languages its book is in."""
    return [trimmed(text, *span) for span, _ in _contents(text, _LANGUAGES)]


def _items(
    archive: Archive, name: str, attribute: str, kinds: Collection[str] = ()
) -> Iterator[str]:
    """The members that another names.

    Args:
        archive: the book.
        name: the member that names them.
        attribute: in which it does.
        kinds: the media types that it may say they have; empty for any.
    """
    for said in _said(archive, name, (attribute, "media-type")):
        if attribute in said and (not kinds or said.get("media-type") in kinds):
            yield _member(name, said[attribute])


def _unread(archive: Archive, package: str) -> Iterator[str]:
    """The members in the order of reading, but for pictures and the like."""
    names = ("id", "href", "media-type", "idref")
    said = list(_said(archive, package, names))
    order = {one["idref"] for one in said if "idref" in one}
    for one in said:
        if one.get("id") in order and not one.get("media-type", "").startswith(_MEDIA):
            item = _member(package, one.get("href", ""))
            if item in archive:
                yield item


def _said(archive: Archive, name: str, names: Collection[str]) -> Iterator[dict[str, str]]:
    """What each tag of a member says in some attributes."""
    text = archive.source(name).text
    for token in tokens(text, set(names)):
        yield {key: text[value.start : value.end] for key, value in token.values.items()}


def _member(name: str, said: str) -> str:
    """The member that another names, by its path in the archive."""
    folder = "" if name in (CONTAINER, ENCRYPTION) else posixpath.dirname(name)
    path = unquote(decoded(said).strip())
    return posixpath.normpath(posixpath.join(folder, path))


def _contents(text: str, names: frozenset[str]) -> Iterator[tuple[Span, AttributeSpan | None]]:
    """Where the texts inside of elements of some names are, whatever their prefixes.

    With each comes where its element says which language it is in, if it does.
    """
    inside, said = False, None
    for token in tokens(text):
        is_section = text.startswith(SECTION, token.start)
        if inside and (token.kind == TEXT or is_section):
            yield (token.start, token.end), said
        elif token.kind in (START, END) and _local(token) in names:
            inside = token.kind == START and not token.empty
            said = token.values.get("xml:lang")


def _local(token: Token) -> str:
    return token.name.rpartition(":")[2]
