"""What of a page's tags and of what stands as characters in it is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

from s2scli.data import Span
from s2scli.documents import htmlnames as names
from s2scli.documents.base import Slot
from s2scli.markup.html.text import decoded, encoder, exact, trimmed
from s2scli.markup.html.tokens import TEMPLATE, AttributeSpan, Token
from s2scli.text.wording import reads_like_text

__all__ = [
    "AttributeSlot",
    "HeldSlot",
    "attribute_slots",
    "conditional",
    "held",
    "is_sending",
    "said",
    "written",
]

_TO_ENCODE = re.compile(r"&#?[A-Za-z0-9]*;?|[^\w ]|[^\0-\x7f]")
_NO_CONTENT = re.compile(r"\s*(?:</?(?:option|datalist)\b|\Z)", re.IGNORECASE)
_WORDED = re.compile(r"[^<]*[^\W\d_]")
_LESS = re.compile(r"&lt;(?!/textarea)", re.IGNORECASE)
_CONDITIONAL = re.compile(r"<!--\[if [^\]>]*\]>(.*)<!\[endif\]-->", re.DOTALL | re.IGNORECASE)
# What has no text in most of them: styles, settings, and tags without attributes that have some.
_WORDLESS = re.compile(
    r"<(style|script|xml)\b.*?</\1\s*>|<!--.*?-->|<(?![^<>]*\s(?:alt|title|value)\s*=)[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_QUOTES = {'"': "&quot;", "'": "&#39;"}


@dataclass(frozen=True, slots=True)
class AttributeSlot(Slot):
    """An attribute's value.

    Attributes:
        quote: what is around it: ``"``, ``'`` or nothing.
    """

    quote: str = ""


@dataclass(frozen=True, slots=True)
class HeldSlot(Slot):
    """A page, data, or a text with line breaks, that stands as characters in a page.

    Attributes:
        is_page: whether it is a page.
        is_data: whether it is linked data.
        is_raw: whether an entity in it is of that page, and not of the one around.
        quote: what is around it if it is an attribute's value; otherwise nothing.
    """

    is_page: bool = False
    is_data: bool = False
    is_raw: bool = False
    quote: str = ""


def said(text: str, value: AttributeSpan) -> str:
    """What an attribute says that is no text: in lower case, without white space around it."""
    return decoded(text[value.start : value.end]).strip().lower()


def attribute_slots(
    text: str, name: str, token: Token, *, drawn: bool, listed: bool = False
) -> Iterator[Slot]:
    """The texts of a tag's attributes.

    Args:
        text: the page's characters.
        name: what the element is.
        token: its start tag.
        drawn: whether it is a part of a picture, where other attributes are no text.
        listed: whether it is in a list of suggestions.
    """
    for attribute, value in token.values.items():
        if attribute == names.FRAME_PAGE and name == "iframe":
            page = exact(text[value.start : value.end])
            if value.quote and any(map(str.isalpha, page)):
                yield HeldSlot(value.start, value.end, page, is_page=True, quote=value.quote)
        elif _is_text(text, name, attribute, token) and (
            not drawn or attribute.startswith(("aria-", "xlink:"))
        ):
            start, end = trimmed(text, value.start, value.end)
            says = decoded(text[start:end])
            if attribute == "value" and name == "option" and not listed:
                continue
            if any(map(str.isalpha, says)) and not TEMPLATE.search(text, start, end):
                yield AttributeSlot(start, end, says, quote=value.quote)


def _is_text(text: str, name: str, attribute: str, token: Token) -> bool:
    wanted = names.ATTRIBUTES.get(attribute)
    if wanted is None or (wanted and name not in wanted and "-" not in name):
        return False

    def says(key: str, those: frozenset[str]) -> bool:
        return key in token.values and said(text, token.values[key]) in those

    if attribute == "alttext":
        value = token.values[attribute]
        spoken = decoded(text[value.start : value.end])
        return "\\" not in spoken and reads_like_text(spoken)
    if attribute == "value":
        value = token.values[attribute]
        if name == "option":  # of a list of suggestions, which shows it if there is nothing else
            shown = "label" not in token.values and _NO_CONTENT.match(text, token.end)
            return bool(shown) and reads_like_text(decoded(text[value.start : value.end]))
        if says("type", names.WORDED_INPUTS):
            return True
        is_line = name == "input" and (
            "type" not in token.values or says("type", names.LINE_INPUTS)
        )
        return is_line and reads_like_text(decoded(text[value.start : value.end]))
    if attribute == "content":
        is_meta = says("name", names.META_NAMES) or says("property", names.META_NAMES)
        return is_meta or says("itemprop", names.META_ITEMS)
    return True


def is_sending(text: str, token: Token) -> bool:
    """Whether an option of a form sends what it says, for it has no value of its own."""
    return "value" not in token.values and _WORDED.match(text, token.end) is not None


def held(text: str, name: str, token: Token) -> Callable[[Span], Iterator[Slot]] | None:
    """How the texts of what stands as characters in an element are found; None if it has none.

    Args:
        text: the page's characters.
        name: what the element is.
        token: its start tag.
    """
    if name == "textarea":
        return lambda span: _lines(text, span)
    kind = token.values.get("type") if name == "script" else None
    says = said(text, kind).partition(";")[0].rstrip() if kind is not None else ""
    if says == names.LINKED_DATA:
        return lambda span: _page(text, span, is_data=True)
    is_template = says in names.TEMPLATES
    return (lambda span: _page(text, span)) if is_template or name in names.PAGES else None


def conditional(text: str, comment: Span) -> Iterator[Slot]:
    """The page in a conditional comment, which Outlook reads (downlevel-hidden ones of Microsoft).

    Args:
        text: the page's characters.
        comment: where a comment is in them.
    """
    found = _CONDITIONAL.fullmatch(text, *comment)
    if found and any(map(str.isalpha, _WORDLESS.sub("", found[1]))):
        yield from _page(text, found.span(1))


def _lines(text: str, span: Span) -> Iterator[Slot]:
    start, end = trimmed(text, *span)
    says = exact(text[start:end])
    if any(map(str.isalpha, says)) and not TEMPLATE.search(text, start, end):
        yield HeldSlot(start, end, says)


def _page(text: str, span: Span, *, is_data: bool = False) -> Iterator[Slot]:
    says = text[slice(*span)]
    if any(map(str.isalpha, says)):
        yield HeldSlot(*span, says, is_page=not is_data, is_data=is_data, is_raw=True)


def written(raw: str, slot: Slot) -> Callable[[str], str]:
    """How texts are written instead of a slot.

    Args:
        raw: what stands there.
        slot: the slot.
    """
    if isinstance(slot, AttributeSlot):
        encode = encoder(raw, slot.text, slot.quote or '"')
        return encode if slot.quote else lambda text: f'"{encode(text)}"'
    if not isinstance(slot, HeldSlot):
        return encoder(raw, slot.text)
    if not (slot.is_page or slot.is_data):
        encode = encoder(raw, slot.text)
        # What looks like a tag is none there, but for the end tag.
        is_bare = "<" in raw and "&lt;" not in raw
        return lambda text: _LESS.sub("<", encode(text)) if is_bare else encode(text)
    return str if slot.is_raw else _page_encoder(raw, slot.quote)


def _page_encoder(raw: str, quote: str) -> Callable[[str], str]:
    """How a page is written as an attribute's value: its own markup as it was written there."""
    entities: dict[str, str] = {
        unescape(entity): entity for entity in re.findall(r"&#?\w{1,32};", raw)
    }
    entities.setdefault(quote, _QUOTES[quote])

    def encode(match: re.Match[str]) -> str:
        found: str = match[0]
        if found[0] != "&":
            return entities.get(found, found)
        if "&" in entities or unescape(found) != found:
            return entities.get("&", "&amp;") + found[1:]
        return found

    return lambda text: _TO_ENCODE.sub(encode, text)
