"""The elements of a page, opened and closed as browsers do it, and the texts in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents import htmlnames as names
from s2scli.documents.base import Slot, Source
from s2scli.documents.languages import is_other
from s2scli.errors import BadInputError
from s2scli.markup.html.attributes import attribute_slots, conditional, held, is_sending, said
from s2scli.markup.html.conditions import CONDITIONS, SLOTTED, is_condition
from s2scli.markup.html.items import OpenElement
from s2scli.markup.html.runs import InlineRun
from s2scli.markup.html.text import SECTION
from s2scli.markup.html.tokens import (
    END,
    HEAD,
    OTHER,
    REST,
    START,
    TEXT,
    AttributeSpan,
    Token,
    tokens,
)
from s2scli.markup.html.unread import HANDLERS, texts_in_styles, texts_in_tag, texts_in_templates

__all__ = ["Elements"]

_TAG = re.compile(r"[a-z]{2,8}(?:[-_]\w{1,8})*")  # of a language
# The declaration of XML, or the first tag if it names a namespace.
_XML = re.compile(r"\s*<\?xml\s|(?:[^<]|<[!?])*<[A-Za-z][^<>]*\sxmlns\s*[:=]")
_PLACES = frozenset({"dy", "x", "y"})  # of a line of a picture's text
_READ = names.READ | HANDLERS | CONDITIONS | {"href"}
SENTENCE = 3  # words without signs at them, of what is more than a name or a phrase
MOST_OPEN = 100_000  # elements; browsers stop at 512


class _Element(NamedTuple):
    """An element that is open.

    Attributes:
        name: what it is.
        start: where its start tag is.
        kept: whether what is in it stays as it is.
        foreign: whether it does as it is in another language.
        block: whether it begins and ends a text.
        run: the run in which it was opened; None if it stands in none.
        opened: what that run needs to close it.
    """

    name: str
    start: int
    kept: bool
    foreign: bool
    block: bool = False
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
        rest: from where on something is not closed, so that what follows is not read; -1 for
            nowhere.
        sending: where options of a form are that send what they say; empty as above.
        left: where texts begin that stay, for a template's condition is within a word of them;
            empty as above.
        foreign: where sentences begin that stay, for the page says that they are in another
            language; empty as above.
        unread: what styles, event handlers and addresses say, which stays; empty as above.
    """

    def __init__(self, source: Source, language: str = "") -> None:
        self.languages: list[AttributeSpan] = []
        self.rest = -1
        self.sending: list[int] = []
        self.left: list[int] = []
        self.foreign: list[int] = []
        self.unread: list[str] = []
        self._language = language
        self._name = source.name
        self._is_xml = bool(_XML.match(source.text, 0, HEAD))
        self._text = source.text
        self._run = InlineRun(source.text)
        self._inside: list[Slot] = []  # what stands in the run's markup: attributes, pictures
        self._outside: list[InlineRun] = []  # the runs in which the open pictures stand
        self._held: Callable[[Span], Iterator[Slot]] | None = None  # of the element that began last
        self._stack: list[_Element] = []
        self._where: dict[str, list[int]] = {}  # name → where in the stack such elements are
        self._blocks: list[int] = []  # where in the stack blocks are
        self._hidden = -1  # where in the stack the outermost opaque element is

    def slots(self) -> Iterator[Slot]:
        """Its texts; those of attributes too.

        Raises:
            BadInputError: too many elements are in one another.
        """
        for token in tokens(self._text, _READ, CONDITIONS):
            holds, self._held = self._held, None
            if token.kind == START:
                yield from self._start(token)
            elif token.kind == END:
                yield from self._end(token)
            elif token.kind == REST:
                self.rest = token.start
            elif holds and token.kind == OTHER:
                self._inside += holds((token.start, token.end))
            elif self._hidden < 0 and not self._is_drawn:
                self._show(token)
        self._close(0, len(self._text))
        yield from self._border()

    def _show(self, token: Token) -> None:
        self.unread += texts_in_templates(self._text, token.start, token.end)
        if token.kind == TEXT or self._is_section(token):
            self._run.text(token.start, token.end, self._is_kept)
            if self._stack and self._stack[-1].foreign and not self._stack[-1].kept:
                words = self._text[token.start : token.end].split()
                if sum(map(str.isalpha, words)) >= SENTENCE:
                    self.foreign.append(token.start)
        else:
            self._run.point(token.start, token.end)
            if not self._is_kept:
                self._inside += conditional(self._text, (token.start, token.end))

    def _is_box(self, token: Token) -> bool:
        """Whether an input is one to tick."""
        kind = token.values.get("type")
        return kind is not None and said(self._text, kind) in names.CHOICE_INPUTS

    def _is_section(self, token: Token) -> bool:
        """Whether it is text of XML without entities; in HTML, that is a comment."""
        is_xml = self._is_xml or self._is_foreign_markup
        return is_xml and self._text.startswith(SECTION, token.start)

    @property
    def _is_kept(self) -> bool:
        return bool(self._stack) and (self._stack[-1].kept or self._stack[-1].foreign)

    def _border(self) -> Iterator[Slot]:
        """A block begins or ends: so does its text."""
        if self._hidden >= 0:
            return
        found = self._found()
        self._run = InlineRun(self._text)
        if self._outside:  # they stand in the text that the picture stands in
            self._inside += found
            return
        if self._inside:
            found = sorted([*found, *self._inside], key=lambda slot: (slot.start, -slot.end))
            self._inside = []
        yield from found

    def _found(self) -> list[Slot]:
        """The texts of the run."""
        found = list(self._run.slots())
        self.left += self._run.left
        return found

    @property
    def _is_drawn(self) -> bool:
        """Whether what comes is in a picture, and not in what is text of that."""
        picture = self._innermost(names.FOREIGN) if self._outside else -1
        return picture > self._innermost(names.PICTURE_TEXTS)

    @property
    def _is_foreign_markup(self) -> bool:
        """Whether what comes is in a picture, and not in a page within that."""
        picture = self._innermost(names.FOREIGN) if self._outside else -1
        return picture > self._innermost(names.HTML_WITHIN)

    def _start(self, token: Token) -> Iterator[Slot]:
        name = self._element_name(token)
        self._close_implied(name, token.start)
        hidden, drawn = self._hidden >= 0, self._is_foreign_markup
        block = self._is_block(name, drawn) or SLOTTED in token.values
        if block or (name == "br" and self._run.ends_with_break):  # an empty line
            yield from self._border()
        if drawn and name in names.PICTURE_LINES and not _PLACES.isdisjoint(token.values):
            self._run.point(token.start, token.start, breaks=True)
        kept, foreign = self._keeps(name, token), self._is_foreign(token)
        if not hidden and not (kept or foreign):
            self._read(name, token, drawn)
        if token.empty or name in names.VOID:
            if not block and not hidden and not self._is_drawn:
                if name == "input" and self._is_box(token):
                    self._run.tick(token.start, token.end)
                else:
                    self._run.point(token.start, token.end, breaks=name == "br")
            return
        place = len(self._stack)
        shown = not hidden and not self._is_drawn
        self._where.setdefault(name, []).append(place)
        run, opened = None, None
        if name in names.FOREIGN and not hidden:
            self._outside.append(self._run)
            self._run = InlineRun(self._text)
            self._blocks.append(place)
        elif block:
            self._blocks.append(place)
        elif name in names.OPAQUE or self._is_icon(name, token):
            self._hidden = self._hidden if hidden else place
        elif shown:
            run = self._run
            opened = run.open(
                token.start, token.end, name, condition=is_condition(self._text, name, token)
            )
        self._stack.append(_Element(name, token.start, kept, foreign, block, run, opened))
        if len(self._stack) > MOST_OPEN:
            raise BadInputError(f"{self._name} is nested more than {MOST_OPEN:,} deep")

    def _is_block(self, name: str, drawn: bool) -> bool:
        """Whether an element begins and ends a text."""
        return name in names.BLOCKS or (drawn and name in names.PICTURE_TEXTS)

    def _read(self, name: str, token: Token, drawn: bool) -> None:
        """What a start tag says that is text, and where it says which language that is in."""
        listed = name == "option" and self._innermost(("datalist",)) >= 0
        if name == "option" and not listed and is_sending(self._text, token):
            self.sending.append(token.start)
        self.unread += texts_in_tag(self._text, token)
        if token.values:
            self._inside += attribute_slots(self._text, name, token, drawn=drawn, listed=listed)
            values = map(token.values.get, names.LANGUAGES)
            self.languages += [v for v in values if v and _TAG.fullmatch(said(self._text, v))]
        if not token.empty:
            self._held = self._style if name == "style" else held(self._text, name, token)

    def _style(self, span: Span) -> Iterator[Slot]:
        """A style sheet has no slots."""
        self.unread += texts_in_styles(self._text[slice(*span)])
        return iter(())

    def _end(self, token: Token) -> Iterator[Slot]:
        name = self._element_name(token)
        place = self._innermost((name,))
        closes = place >= 0 and place >= self._bound(name)
        block = self._is_block(name, bool(self._outside))
        block = block or (closes and self._stack[place].block)
        if closes:
            self._close(place, token.start, (token.start, token.end))
        elif not block and self._hidden < 0 and not self._is_drawn:
            self._run.point(token.start, token.end)
        if block:
            yield from self._border()

    def _bound(self, name: str) -> int:
        """Where in the stack an element must be at least that an end tag closes."""
        if name in names.TABLE:
            return -1 if name == "table" else self._innermost(("table",))
        if name in names.BLOCKS:
            return self._innermost(names.SCOPES)
        if self._outside and name in names.PICTURE_TEXTS:
            return self._innermost(names.FOREIGN)
        is_apart = name in names.OPAQUE or name in names.FOREIGN
        return self._blocks[-1] if self._blocks and not is_apart else -1

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
        foreign = self._innermost(names.FOREIGN)
        if foreign > self._innermost(names.HTML_WITHIN):
            if name not in names.FOREIGN_ENDS:
                return
            self._close(foreign, at)
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
            is_block = bool(self._blocks) and self._blocks[-1] == len(self._stack)
            if is_block:
                self._blocks.pop()
            if element.name in names.FOREIGN and self._hidden < 0:
                self._inside += self._found()
                self._run = self._outside.pop()
                self._run.point(element.start, own[1] if own else at)
            elif is_block:
                pass
            elif self._hidden == len(self._stack):
                self._hidden = -1
                self._run.point(element.start, own[1] if own else at)
            elif self._hidden >= 0:
                pass
            elif element.opened and element.run is self._run:
                self._run.close(element.opened, own)
            elif own:  # there are blocks in it, and it is as these are
                self._run.point(*own, apart=True)

    def _is_icon(self, name: str, token: Token) -> bool:
        """Whether the words in an element are the name of a picture."""
        classes = token.values.get("class")
        has_class = classes and names.ICON_CLASSES & set(said(self._text, classes).split())
        return name in names.ICONS or bool(has_class)

    def _keeps(self, name: str, token: Token) -> bool:
        """Whether what is in an element stays as it is."""
        values = token.values
        if "translate" in values:
            says = said(self._text, values["translate"])
            if says in ("", "yes", "no"):
                return says == "no"
        if "class" in values and names.KEPT_CLASSES & set(
            said(self._text, values["class"]).split()
        ):
            return True
        return name in names.KEPT or (bool(self._stack) and self._stack[-1].kept)

    def _is_foreign(self, token: Token) -> bool:
        """Whether what is in an element is in another language than the texts are."""
        for name in names.LANGUAGES:
            if name in token.values and (code := said(self._text, token.values[name])):
                return is_other(code, self._language)
        return bool(self._stack) and self._stack[-1].foreign

    def _element_name(self, token: Token) -> str:
        """What an element is; pictures, formulas and what is in them whatever their prefix."""
        if ":" not in token.name:
            return token.name
        local = token.name.rpartition(":")[2]
        return local if self._outside or local in names.FOREIGN else token.name
