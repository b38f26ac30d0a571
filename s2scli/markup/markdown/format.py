"""Markdown (https://spec.commonmark.org), and what GitHub and static site generators add to it.

A paragraph, a heading, a cell of a table is a text, and so are the titles of links, the
descriptions of images, and some of what stands before the document. Code, formulas, addresses
and the tags of template languages stay as they are. What is wrapped is wrapped again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

from s2scli.data import Span
from s2scli.documents.base import Edit, Format, FormatOptions, Raw, Slot, Source, Target, unix
from s2scli.documents.foreign import foreign, foreign_divisions
from s2scli.documents.languages import check_source, is_other
from s2scli.documents.pieces import WHITE
from s2scli.documents.remarks import lines_named, named, terms_renamed
from s2scli.documents.strings import Strings, has_parts
from s2scli.markup.html.attributes import AttributeSlot
from s2scli.markup.html.elements import Elements
from s2scli.markup.html.format import Html, conditions_left, remarks_on
from s2scli.markup.html.text import decoded, trimmed
from s2scli.markup.markdown.anchors import anchored, with_anchors
from s2scli.markup.markdown.blocks import Page
from s2scli.markup.markdown.frontleft import metadata
from s2scli.markup.markdown.frontmatter import FrontSlot, front_end, language_span
from s2scli.markup.markdown.jsx import attribute_texts, flow_tags, left_texts
from s2scli.markup.markdown.kinds import HEADING, TEXT
from s2scli.markup.markdown.texts import ALT, Body, Prose, Title
from s2scli.markup.markdown.writing import Markup, escaped_title, laid_out, normal, written

__all__ = ["Markdown", "Mdx"]

_Place = TypeVar("_Place", Slot, Edit)
RULE = "<hr>"  # ends a text of HTML
_LINE_BREAK = re.compile(r"(?<!\s)\s*\n[\s>]*")


class Markdown(Format):
    """A Markdown document.

    Attributes:
        has_front: whether metadata may stand before it.
        jsx: whether it is MDX.
    """

    has_front = True
    jsx = False

    def __init__(self, options: FormatOptions) -> None:
        super().__init__(options)
        self._last: tuple[Source, Page] | None = None  # what was read last, without its blocks

    def slots(self, source: Source) -> Iterator[Slot]:
        """Paragraphs, headings, cells, titles, descriptions; the texts of HTML too."""
        body = self._body(source)
        if place := language_span(source.text, body.start):
            check_source(source.name, source.text[slice(*place)], self.options.source_language)
        within = ((body.at(start), body.at(end)) for start, end in body.page.metadata)
        found, said = metadata(source.text, [(0, body.start), *within])
        self.remarks += said
        found += body.slots()
        found += self._html(source, list(body.html()))
        self._say_left(body)
        if self.jsx:
            found += _attributes(source.text, body)
        self._keep(source, body)
        found.sort(key=lambda slot: (slot.start, -slot.end))
        found = list(_in_language(source.text, found, self.options.source_language))
        if self.options.anchors:
            found = with_anchors(source.text, found, self.options.linked, is_site=body.start > 0)
        yield from found

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """Escaped where it would be markup."""
        if isinstance(slot, FrontSlot):
            return slot.written(text)
        if isinstance(slot, Title):
            return escaped_title(" ".join(text.split()), slot.quote, "|" if slot.cell else "")
        if isinstance(slot, Prose):
            return self.composed(source, slot, Target(text), lambda span: source.text[slice(*span)])
        return Html(self.options).written(source, slot, text)

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with its markup."""
        if isinstance(slot, Prose):
            return _prose(source, self._page(source), slot, target, raw)
        return Html(self.options).composed(source, slot, target, raw)

    def inner(self, slot: Slot) -> Format | None:
        """What stands in HTML as characters, and titles and metadata with markup of their own."""
        if isinstance(slot, Title | FrontSlot):
            return Strings(self.options) if has_parts(slot.text) else None
        return Html(self.options).inner(slot)

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language that the document and what is translated of it say they are in."""
        if not self.options.target_language:
            return
        end = front_end(source.text, lines=not self.jsx) if self.has_front else 0
        place = language_span(source.text, end)
        places = [place] if place else []
        if "lang" in source.text[end:]:
            places += self._languages(source)
        for start, end in sorted(set(places)):
            yield Edit(start, end, self.options.target_language)

    def has_text(self, source: Source) -> bool:
        """Never: all of it has slots, but for what stays as it is."""
        return False

    def _languages(self, source: Source) -> Iterator[Span]:
        """Where elements and attributes in braces say that they are in the source language."""
        body = self._body(source)
        if self.jsx:
            for first, last in flow_tags(body.text):
                body.note_languages(body.text[first:last], first)
        for _ in body.slots():
            pass
        spans = list(body.html())
        elements = self._elements(source, spans)
        for _ in elements.slots():
            pass
        language, text = self.options.source_language, source.text
        found = [Edit(*span, "") for span in body.languages]
        for value in elements.languages:
            if language and not is_other(text[value.start : value.end], language):
                found.append(Edit(value.start, value.end, ""))
        for start, end, _ in _in_language(text, sorted(found), language):
            yield start, end

    def _say_left(self, body: Body) -> None:
        """Say which texts in markup stay, and which tables."""
        if drawn := body.page.drawn:
            self.left += len(drawn)
            lines = lines_named(unix(body.source), map(body.at, drawn))
            self.remarks.append(
                f"Tables that are drawn with dashes stay in the source language: {lines}."
            )
        if body.said:
            quoted = named(f"{text!r}" for text in body.said)
            self.remarks.append(
                f"Texts in code, shortcodes, roles, addresses, proposals and labels stay: {quoted}."
            )
        if body.page.env["terms"]:
            self.remarks.append(terms_renamed(body.page.env["terms"]))
        if self.jsx and (code := list(left_texts(body.text))):
            quoted = named(map(repr, code))
            self.remarks.append(f"Texts in expressions and attributes stay: {quoted}.")
        if body.left:
            self.left += len(body.left)
            self.remarks.append(conditions_left(unix(body.source), body.left))
        if body.parted:
            self.left += len(body.parted)
            lines = lines_named(unix(body.source), map(body.at, body.parted))
            self.remarks.append(
                "Titles and attributes on several lines of a quotation or a list stay in the "
                f"source language: {lines}."
            )

    def _page(self, source: Source) -> Page:
        """What a document defines that its texts may refer to."""
        if self._last is None or self._last[0] is not source:
            return self._keep(source, self._body(source))
        return self._last[1]

    def _body(self, source: Source) -> Body:
        language = self.options.source_language
        return Body(source, has_front=self.has_front, jsx=self.jsx, language=language)

    def _keep(self, source: Source, body: Body) -> Page:
        body.page.blocks.clear()
        # What is written says that it is in the other language.
        body.page.env["language"] = self.options.target_language or self.options.source_language
        self._last = source, body.page
        return body.page

    def _html(self, source: Source, spans: list[Span]) -> Iterator[Slot]:
        """The texts of HTML among the Markdown."""
        starts = [start for start, _ in spans]
        elements = self._elements(source, spans)
        for slot in elements.slots():
            # One that continues beyond Markdown would take that with it.
            if slot.end <= spans[bisect_right(starts, slot.start) - 1][1]:
                yield slot
        self.left += len(elements.left) + len(elements.unread)
        self.remarks += remarks_on(source, elements)

    def _elements(self, source: Source, spans: list[Span]) -> Elements:
        """The elements of HTML among the Markdown."""
        parts: list[str] = []
        reached = 0
        for start, end in spans:
            gap = start - reached
            parts += [RULE.ljust(gap) if gap >= len(RULE) else " " * gap, source.text[start:end]]
            reached = end
        return Elements(Source(source.name, "".join(parts)), self.options.source_language)


class Mdx(Markdown):
    """A document of MDX: JavaScript stays, and so do the tags of JSX; the text between is text."""

    jsx = True


def _in_language(text: str, slots: Sequence[_Place], language: str) -> Iterator[_Place]:
    """The slots or edits that are not within an element or a division in another language."""
    places = [*foreign(text, 0, len(text), language), *foreign_divisions(text, language)]
    ends = sorted(places)
    starts = [start for start, _ in ends]
    reached = list(accumulate((end for _, end in ends), max))  # of all up to each
    for slot in slots:
        number = bisect_right(starts, slot.start)
        if not number or slot.end > reached[number - 1]:
            yield slot


def _attributes(source: str, body: Body) -> Iterator[Slot]:
    """The texts in attributes of components."""
    for first, last in attribute_texts(body.text):
        start, end = trimmed(source, body.at(first) + 1, body.at(last - 1))
        says = decoded(source[start:end])
        if any(map(str.isalpha, says)):
            yield AttributeSlot(start, end, says, quote=body.text[first])


# Signs of formulas, attributes, emoji, mentions and the like, which only some programs read. Who
# wrote a backslash before one has such a program.
_EXTENDED = "$~^=:@{+"


def _on_one_line(markup: str) -> str:
    """A tag without its line breaks, after which other lines might begin a block."""
    is_tag = markup[:1] == "<" and markup[1:2].isalpha() and "{" not in markup
    return _LINE_BREAK.sub(" ", markup) if is_tag and "\n" in markup else markup


def _prose(source: Source, page: Page, slot: Prose, target: Target, raw: Raw) -> str:
    """Another text instead of one with markup."""
    opens = [_on_one_line(raw(mark.opens)) for mark in slot.marks]
    closes = []
    for mark, opening in zip(slot.marks, opens, strict=True):
        closing = raw(mark.closes)
        if opening == "[" and closing in ("]", "][]"):
            # What is named by its own text is named by its old text.
            label = source.text[mark.opens[1] : mark.closes[0]]
            closing = f"][{_LINE_BREAK.sub(' ', label)}]"
        closes.append(closing)
    spaced = [
        (
            source.text[mark.opens[0] - 1 : mark.opens[0]] in WHITE,
            source.text[mark.closes[1] : mark.closes[1] + 1] in WHITE,
        )
        for mark in slot.marks
    ]
    kept = [slot.text[start:end] for start, end in slot.kept]
    always = (
        ("|" if slot.cell else "")
        + ("{<" if page.has_jsx else "")
        + ("[]" if slot.kind == ALT else "")
        + "".join(sign for sign in _EXTENDED if f"\\{sign}" in source.text[slot.start : slot.end])
    )
    markup = Markup(slot.marks, opens, closes, spaced, kept, always)
    content = written(page, markup, normal(target, kept))
    if slot.kind == HEADING:
        # A marker at the end would be of the heading.
        body = content.text.rstrip("#")
        text = body if body == content.text else f"{body}\\{content.text[len(body) :]}"
        return anchored(slot, target.text, text)
    used = slot.start - source.text.rfind("\n", 0, slot.start) - 1 if slot.width else 0
    text = laid_out(content, slot.prefix, slot.width, used, guard=slot.kind == TEXT)
    return anchored(slot, target.text, text)
