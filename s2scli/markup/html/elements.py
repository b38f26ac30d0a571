"""The elements of a page, opened and closed as browsers do it, and the texts in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents import htmlnames as names
from s2scli.documents.base import Slot, Source
from s2scli.documents.languages import is_other
from s2scli.errors import BadInputError
from s2scli.markup.html.items import OpenElement
from s2scli.markup.html.runs import InlineRun
from s2scli.markup.html.text import decoded, trimmed
from s2scli.markup.html.tokens import (
    END,
    OTHER,
    START,
    TEMPLATE,
    TEXT,
    AttributeSpan,
    Token,
    tokens,
)

__all__ = ["AttributeSlot", "Elements"]

_TAG = re.compile(r"[a-z]{2,8}(?:[-_]\w{1,8})*")  # of a language
MOST_OPEN = 100_000  # elements; browsers stop at 512


@dataclass(frozen=True, slots=True)
class AttributeSlot(Slot):
    """An attribute's value.

    Attributes:
        quote: what is around it: ``"``, ``'`` or nothing.
    """

    quote: str = ""


class _Element(NamedTuple):
    """An element that is open.

    Attributes:
        name: what it is.
        start: where its start tag is.
        kept: whether what is in it stays as it is.
        foreign: whether it does as it is in another language.
        run: the run in which it was opened; None if it stands in none.
        opened: what that run needs to close it.
    """

    name: str
    start: int
    kept: bool
    foreign: bool
    run: InlineRun | None = None
    opened: OpenElement | None = None


class Elements:
    """A walk through a page.

    Args:
        source: the page.
        language: the one that its texts are in; empty if it is not known.

    Attributes:
        languages: where what is translated says which language it is in; empty until ``slots``
            was gone through.
    """

    def __init__(self, source: Source, language: str = "") -> None:
        self.languages: list[AttributeSpan] = []
        self._language = language
        self._name = source.name
        self._text = source.text
        self._run = InlineRun(source.text)
        self._attributes: list[Slot] = []  # since the last border
        self._stack: list[_Element] = []
        self._where: dict[str, list[int]] = {}  # name → where in the stack such elements are
        self._blocks: list[int] = []  # where in the stack blocks are
        self._hidden = -1  # where in the stack the outermost opaque element is

    def slots(self) -> Iterator[Slot]:
        """Its texts; those of attributes too.

        Raises:
            BadInputError: too many elements are in one another.
        """
        for token in tokens(self._text):
            if token.kind == START:
                yield from self._start(token)
            elif token.kind == END:
                yield from self._end(token)
            elif self._hidden >= 0:
                pass
            elif token.kind == TEXT:
                self._run.text(token.start, token.end, self._is_kept)
            elif token.kind == OTHER:
                self._run.point(token.start, token.end)
        yield from self._border()

    @property
    def _is_kept(self) -> bool:
        return bool(self._stack) and (self._stack[-1].kept or self._stack[-1].foreign)

    def _border(self) -> Iterator[Slot]:
        """A block begins or ends: so does its text."""
        if self._hidden >= 0:
            return
        found = [*self._run.slots(), *self._attributes]
        if self._attributes:
            found.sort(key=lambda slot: (slot.start, -slot.end))
            self._attributes = []
        self._run = InlineRun(self._text)
        yield from found

    def _start(self, token: Token) -> Iterator[Slot]:
        name = _name(token)
        self._close_implied(name, token.start)
        block, hidden = name in names.BLOCKS, self._hidden >= 0
        if block or (name == "br" and self._run.ends_with_break):  # an empty line
            yield from self._border()
        kept, foreign = self._keeps(name, token), self._is_foreign(token)
        if token.values and not hidden and not (kept or foreign):
            self._attributes += self._worded(name, token)
            values = map(token.values.get, names.LANGUAGES)
            self.languages += [v for v in values if v and _TAG.fullmatch(self._said(v))]
        if token.empty or name in names.VOID:
            if not block and not hidden:
                self._run.point(token.start, token.end, breaks=name == "br")
            return
        place = len(self._stack)
        self._where.setdefault(name, []).append(place)
        run, opened = None, None
        if block:
            self._blocks.append(place)
        elif name in names.OPAQUE:
            self._hidden = self._hidden if hidden else place
        elif not hidden:
            run = self._run
            opened = run.open(token.start, token.end, name)
        self._stack.append(_Element(name, token.start, kept, foreign, run, opened))
        if len(self._stack) > MOST_OPEN:
            raise BadInputError(f"{self._name} is nested more than {MOST_OPEN:,} deep")

    def _end(self, token: Token) -> Iterator[Slot]:
        name = _name(token)
        block = name in names.BLOCKS
        place = self._innermost((name,))
        if place < 0 or place < self._bound(name):  # it closes nothing
            if not block and self._hidden < 0:
                self._run.point(token.start, token.end)
        else:
            self._close(place, token.start, (token.start, token.end))
        if block:
            yield from self._border()

    def _bound(self, name: str) -> int:
        """Where in the stack an element must be at least that an end tag closes."""
        if name in names.TABLE:
            return -1 if name == "table" else self._innermost(("table",))
        if name in names.BLOCKS:
            return self._innermost(names.SCOPES)
        return self._blocks[-1] if self._blocks and name not in names.OPAQUE else -1

    def _innermost(self, wanted: frozenset[str] | tuple[str, ...]) -> int:
        """Where in the stack the last element of some names is; -1 for nowhere."""
        last = -1
        for name in wanted:
            places = self._where.get(name)
            if places and places[-1] > last:
                last = places[-1]
        return last

    def _close_implied(self, name: str, at: int) -> None:
        """Close what cannot hold an element that begins."""
        if self._hidden >= 0 and self._stack[self._hidden].name in names.FOREIGN:
            if name in names.FOREIGN_ENDS and self._innermost(names.HTML_WITHIN) < 0:
                self._close(self._hidden, at)
            else:
                return
        if name in names.CLOSED_BY:
            closed, bounds = names.CLOSED_BY[name]
            found = [place for name in closed if (place := self._innermost((name,))) >= 0]
            if found:
                bound = self._innermost(bounds)
                if found := [place for place in found if place > bound]:
                    self._close(min(found), at)

    def _close(self, place: int, at: int, tag: Span | None = None) -> None:
        """Close elements from a place in the stack on.

        Args:
            place: the place.
            at: where in the document they end.
            tag: the end tag of the one at that place, if it has one.
        """
        while len(self._stack) > place:
            element = self._stack.pop()
            own = tag if len(self._stack) == place else None
            self._where[element.name].pop()
            if self._blocks and self._blocks[-1] == len(self._stack):
                self._blocks.pop()
            elif self._hidden == len(self._stack):
                self._hidden = -1
                self._run.point(element.start, own[1] if own else at)
            elif self._hidden >= 0:
                pass
            elif element.opened and element.run is self._run:
                self._run.close(element.opened, own)
            elif own:  # there are blocks in it, and it is as these are
                self._run.point(*own, apart=True)

    def _keeps(self, name: str, token: Token) -> bool:
        """Whether what is in an element stays as it is."""
        values = token.values
        if "translate" in values:
            says = self._said(values["translate"])
            if says in ("", "yes", "no"):
                return says == "no"
        if "class" in values and names.KEPT_CLASSES & set(self._said(values["class"]).split()):
            return True
        return name in names.KEPT or (bool(self._stack) and self._stack[-1].kept)

    def _is_foreign(self, token: Token) -> bool:
        """Whether what is in an element is in another language than the texts are."""
        for name in names.LANGUAGES:
            if name in token.values and (said := self._said(token.values[name])):
                return is_other(said, self._language)
        return bool(self._stack) and self._stack[-1].foreign

    def _worded(self, name: str, token: Token) -> Iterator[Slot]:
        """The attributes with text."""
        for attribute, value in token.values.items():
            wanted = names.ATTRIBUTES.get(attribute)
            if wanted is None or (wanted and name not in wanted):
                continue
            if attribute == "value" and not self._says(token, "type", names.WORDED_INPUTS):
                continue
            if attribute == "content" and not (
                self._says(token, "name", names.META_NAMES)
                or self._says(token, "property", names.META_NAMES)
            ):
                continue
            start, end = trimmed(self._text, value.start, value.end)
            text = decoded(self._text[start:end])
            template = TEMPLATE.search(self._text, start, end)
            if any(map(str.isalpha, text)) and not template:
                yield AttributeSlot(start, end, text, quote=value.quote)

    def _says(self, token: Token, attribute: str, wanted: frozenset[str]) -> bool:
        value = token.values.get(attribute)
        return value is not None and self._said(value) in wanted

    def _said(self, value: AttributeSpan) -> str:
        return decoded(self._text[value.start : value.end]).strip().lower()


def _name(token: Token) -> str:
    """What an element is; pictures and formulas whatever their prefix."""
    if ":" not in token.name:
        return token.name
    local = token.name.rpartition(":")[2]
    return local if local in names.FOREIGN else token.name
