"""HTML and XHTML pages (https://html.spec.whatwg.org/).

A paragraph, a heading, a cell is a text; what stands in it (a link, a bold word, an image) is
markup on it. Some attributes are texts too. Code, scripts and what a page says not to translate
stay as they are, and so do the tags of template languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

from s2scli.documents.base import Edit, Format, Raw, Slot, Source, Target, composed
from s2scli.documents.html.elements import AttributeSlot, Elements
from s2scli.documents.html.encoding import source_of
from s2scli.documents.html.text import encoder
from s2scli.documents.html.tokens import REST, START, Token, tokens

__all__ = ["Html"]

_TAG_NAME = re.compile(r"<[^\s/>]+")


class Html(Format):
    """A page, or a part of one."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts of blocks, the title, and the attributes that are read."""
        return Elements(source).slots()

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """With entities where they are needed or were used."""
        return _encoder(source, slot)(text)

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same between the marks."""
        return composed(slot, target, raw, _encoder(source, slot))

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language that the page says it is in."""
        language = escape(self.options.target_language)
        first = next((token for token in tokens(source.text) if token.kind == START), None)
        if not language or first is None or first.name != "html":
            return
        for attribute in ("lang", "xml:lang"):
            if value := first.values.get(attribute):
                quoted = language if value.quote else f'"{language}"'
                yield Edit(value.start, value.end, quoted)
        if missing := _missing_languages(first):
            name = _TAG_NAME.match(source.text, first.start)
            end = name.end() if name else first.start
            yield Edit(end, end, "".join(f' {attribute}="{language}"' for attribute in missing))

    def has_text(self, source: Source) -> bool:
        """Whether something is not closed, so that text may be in it."""
        rest = (token for token in tokens(source.text) if token.kind == REST)
        return any(any(map(str.isalpha, source.text[token.start :])) for token in rest)

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a page, in the encoding that it names."""
        return source_of(name, data)


def _missing_languages(tag: Token) -> tuple[str, ...]:
    """The attributes that are to be added so that a page says its language."""
    if "lang" in tag.values or "xml:lang" in tag.values:
        return ()
    return ("lang", "xml:lang") if "xmlns" in tag.values else ("lang",)


def _encoder(source: Source, slot: Slot) -> Callable[[str], str]:
    """How texts are written in the place of a slot."""
    raw = source.text[slot.start : slot.end]
    if not isinstance(slot, AttributeSlot):
        return encoder(raw, slot.text)
    encode = encoder(raw, slot.text, slot.quote or '"')
    return encode if slot.quote else lambda text: f'"{encode(text)}"'
