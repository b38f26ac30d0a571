"""What stands in one line after another: text with its markup, between two borders of blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from operator import attrgetter
from unicodedata import category

from s2scli.data import Span
from s2scli.documents.base import Slot
from s2scli.documents.borders import BLOCK, stretches
from s2scli.documents.htmlnames import LINKS
from s2scli.documents.pieces import (
    CLOSE,
    INDEX,
    MOST_NESTED,
    OPEN,
    POINT,
    TEXT,
    MarkupPiece,
    is_index,
)
from s2scli.documents.ruby import is_base, is_reading, one_reading
from s2scli.markup.html.branches import (
    Branched,
    around_each_other,
    branched,
    elements_apart,
    outermost,
)
from s2scli.markup.html.items import READING, OpenElement, RunItem
from s2scli.markup.html.slottext import SlotText
from s2scli.markup.html.text import SECTION, decoded, trimmed
from s2scli.text.boxes import BOX, is_box, parting_boxes
from s2scli.text.branches import DEEPEST, is_within_word
from s2scli.text.fillers import LINES, LONG, is_border

__all__ = ["InlineRun"]

BREAK = "br"
_BOX = rf"(?<![^\s>;])(?:{BOX}|&#(?:[xX]261[0-2]|974[4-6]);)(?![^\s<&])"
_FILLER = re.compile(
    rf"{_BOX}|{LINES}|(?:(?:&nbsp;|&#160;|&#x[aA]0;|&e[mn]sp;|\u00a0)[ \n]?){{3,}}"
)


def _is_symbol(sign: str) -> bool:
    """Whether a character is a picture, as arrows and stars are."""
    return category(sign) in ("So", "Mn") or "\u2190" <= sign <= "\u21ff" or sign in "\u203a\u00bb"


class InlineRun:
    """Text and inline markup, as they are read.

    Args:
        source: the document's characters.

    Attributes:
        ends_with_break: whether nothing came after a line break.
        left: where texts begin that stay; filled while ``slots`` is gone through.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._items: list[RunItem] = []
        self._open = 0
        self._texts = 0  # how many items have shown something
        self._worded = False
        self._links = 0
        self._inputs: list[RunItem] = []  # those to tick
        self._has_fillers = self._has_sections = False
        self._depth = 0  # of branches that it is in
        self._is_searched = False  # whether messages of ICU are known to be none of its
        self.ends_with_break = False
        self.left: list[int] = []

    def text(self, start: int, end: int, kept: bool) -> None:
        """Text comes."""
        is_section = self._source.startswith(SECTION, start)
        self._has_sections = self._has_sections or is_section
        for filler in () if kept or is_section else _FILLER.finditer(self._source, start, end):
            if start < filler.start():
                self._add(start, filler.start(), kept)
            self._add(*filler.span(), kept)
            self._items[-1].filler = self._has_fillers = True
            start = filler.end()
        if start < end:
            self._add(start, end, kept)

    def _add(self, start: int, end: int, kept: bool) -> None:
        text = decoded(self._source[start:end])
        worded = not kept and any(map(str.isalpha, text))
        self._items.append(RunItem(TEXT, start, end, text, kept, worded))
        if worded or (text and not text.isspace()):
            self._texts += 1
            self._worded = self._worded or worded
            self.ends_with_break = False

    def point(self, start: int, end: int, *, breaks: bool = False, apart: bool = False) -> None:
        """Markup comes that is on no text; it may break the line, or be a border of texts."""
        name = BREAK if breaks else ""
        self._items.append(
            RunItem(POINT, start, end, " " if breaks else "", name=name, apart=apart)
        )
        self.ends_with_break = breaks

    def tick(self, start: int, end: int) -> None:
        """An input to tick comes; two or more are borders of texts."""
        self.point(start, end)
        self._inputs.append(self._items[-1])
        for item in self._inputs if len(self._inputs) > 1 else ():
            item.apart = True

    def open(self, start: int, end: int, name: str, *, condition: bool = False) -> OpenElement:
        """An element begins; returns what ``close`` needs.

        Args:
            start, end: where its start tag is.
            name: what it is.
            condition: whether what is in it stays in it, for it is shown at times or elsewhere.
        """
        if self._open == MOST_NESTED:
            self.point(start, end, apart=condition)
            return OpenElement(-1, 0)
        self._open += 1
        self._links += name in LINKS
        self._items.append(
            RunItem(OPEN, start, end, name=name, raised=name == "sup", condition=condition)
        )
        return OpenElement(len(self._items) - 1, self._texts)

    def close(self, opened: OpenElement, span: Span | None) -> None:
        """An element is over.

        Args:
            opened: what ``open`` gave.
            span: where its end tag is; None if it has none: then its start tag is a point.
        """
        items = self._items
        if opened.number >= 0:
            self._open -= 1
        if span is None:
            return
        if opened.number < 0:
            self.point(*span)
        elif self._is_mark(opened):  # it is as an image is
            start = items[opened.number].start
            blank = opened.texts == self._texts and any(x.text for x in items[opened.number :])
            apart = is_box(self._begins_with(opened.number))
            del items[opened.number :]
            items.append(RunItem(POINT, start, span[1], " " if blank else "", apart=apart))
        else:
            begin = items[opened.number]
            if begin.name == "ruby":
                self._gather(opened.number + 1, span[0])
            begin.partner = len(items)
            items.append(RunItem(CLOSE, *span, partner=opened.number, name=begin.name))

    def _gather(self, first: int, end: int) -> None:
        """Have one reading, after the text, instead of several.

        Args:
            first: the number of the first item in the element.
            end: where in the document the element's end tag is.
        """
        points = [item for item in self._items[first:] if item.kind != TEXT]
        readings = [item for item in points if is_reading(self._source, item.start)]
        texts = (x.start for x in self._items[first:] if x.kind == TEXT and x.text.strip())
        spans = [(item.start, item.end) for item in readings]
        whole = one_reading(self._source, spans, max(texts, default=-1))
        if not whole:
            return
        for item in points:
            if item in readings or is_base(self._source, item.start):
                item.kind, item.end, item.partner, item.name = POINT, item.start, -1, READING
        for span in [*whole, (end, end)]:
            self._items.append(RunItem(POINT, *span, name=READING))

    def _is_mark(self, opened: OpenElement) -> bool:
        """Whether there is nothing in an element, or a symbol, or above the line no word."""
        if opened.texts == self._texts:
            return True
        shown = self._begins_with(opened.number)
        if shown and len(shown) < 3 and all(map(_is_symbol, shown)):
            return True
        if self._is_index(opened.number):
            return True
        inside = islice(self._items, opened.number, None)
        is_raised = self._items[opened.number].raised
        return is_raised and not any(item.worded or item.kept for item in inside)

    def _is_index(self, number: int) -> bool:
        """Whether an element that an item opens is on the word before it."""
        items, name = self._items, self._items[number].name
        before = number - 1 if name in ("sup", "sub") else -1
        while before >= 0 and items[before].kind == CLOSE:
            before -= 1
        if before < 0 or items[before].kind != TEXT:
            return False
        inside = islice(items, number, number + INDEX + 1)
        return is_index(name, items[before].text, "".join(item.text for item in inside))

    def _begins_with(self, number: int) -> str:
        """The first characters of the text from an item on: all if they are fewer than three."""
        shown = ""
        for place in range(number, len(self._items)):
            if self._items[place].kind == TEXT:
                shown = (shown + self._items[place].text).lstrip()
                if len(shown.rstrip()) >= 3:
                    break
        return shown.rstrip()

    def slots(self) -> Iterator[Slot]:
        """The text, if there is any; of a row of links each."""
        if not self._worded:
            return
        whole = self._items[0].start, self._items[-1].end
        if not self._is_searched and (found := self._branched(*whole)):
            yield from self._messages(found)
            return
        if self._has_fillers:
            self._place_fillers()
        pieces = [self._piece(item) for item in self._items]
        for begin, end in stretches(pieces):
            for first, last in self._texts_apart(begin, end):
                if any(item.worded for item in self._items[first : last + 1]):
                    yield self._slot(first, last)

    def _branched(self, start: int, end: int) -> list[Branched]:
        """Where messages and conditions are in a stretch, and where the branches of each are."""
        elements = elements_apart(self._source, self._items)
        return outermost([*around_each_other(elements), *branched(self._source, start, end)])

    def _messages(self, found: Sequence[Branched]) -> Iterator[Slot]:
        """The texts of branches, and those around them."""
        is_one = self._has_sections or self._depth > DEEPEST  # nothing may be taken apart
        if is_one or any(is_within_word(self._source, one.place, one.branches) for one in found):
            self.left.append(self._items[0].start)
            return
        self.left += [one.place[0] for one in found if one.depth > DEEPEST]
        shallow = (one for one in found if one.depth <= DEEPEST)
        runs = [self._part(*branch, ()) for one in shallow for branch in one.branches]
        whole = self._items[0].start, self._items[-1].end
        holes = [(*self._hole(*one.place), not one.branches) for one in found]
        runs.append(self._part(*whole, holes))
        slots = [slot for run in runs for slot in run.slots()]
        self.left += [place for run in runs for place in run.left]
        yield from sorted(slots, key=lambda slot: (slot.start, -slot.end))

    def _hole(self, start: int, end: int) -> Span:
        """A stretch with white space beside it, as if what is left had never had it."""
        source = self._source
        # A tag that opens may well have a word behind it.
        opens = source[end : end + 1] == "<" and source[end + 1 : end + 2].isalpha()
        if (
            source[start - 1 : start].isspace()
            and not source[end : end + 1].isalnum()
            and not opens
        ):
            while source[end : end + 1].isspace():
                end += 1
            while source[start - 1 : start].isspace() and not source[end - 1].isspace():
                start -= 1
        return start, end

    def _part(self, start: int, end: int, holes: Sequence[tuple[int, int, bool]]) -> InlineRun:
        """A stretch of the run; some stretches are points, and between texts if they say so."""
        part = InlineRun(self._source)
        part._is_searched, part._depth = bool(holes), self._depth + (not holes)
        opened: dict[int, OpenElement] = {}
        number = max(0, bisect_right(self._items, start, key=attrgetter("start")) - 1)
        for hole, following in pairwise([(start, start, False), *holes, (end, end, False)]):
            if hole[0] < hole[1]:
                part.point(*hole[:2], apart=hole[2])
            while number < len(self._items) and self._items[number].start < following[0]:
                self._copy(number, part, opened, (hole[1], following[0]))
                if self._items[number].end > following[0]:
                    break  # it continues in the hole, or after it
                number += 1
            while number < len(self._items) and self._items[number].end <= following[1]:
                number += 1
        return part

    def _copy(
        self, number: int, part: InlineRun, opened: dict[int, OpenElement], bounds: Span
    ) -> None:
        """Add an item, as far as it is within bounds, to a part."""
        item = self._items[number]
        if item.end <= bounds[0]:
            return
        if item.kind == TEXT:
            part.text(max(item.start, bounds[0]), min(item.end, bounds[1]), item.kept)
        elif item.kind == OPEN and item.partner >= 0:
            opened[number] = part.open(item.start, item.end, item.name, condition=item.condition)
        elif item.kind == CLOSE and item.partner in opened:
            part.close(opened.pop(item.partner), (item.start, item.end))
        else:
            part.point(item.start, item.end, breaks=item.name == BREAK, apart=item.apart)

    def _place_fillers(self) -> None:
        """Make fillers points between texts, or words that stay."""
        items = [item for item in self._items if item.kind == TEXT]
        texts = [""]  # what comes after each, from the last on
        for item in reversed(items[1:]):
            texts.append(texts[-1] if item.text.isspace() else item.text)
        has_boxes = bool(parting_boxes("".join(item.text for item in self._items)))
        before = ""
        for item, behind in zip(items, reversed(texts), strict=True):
            if item.filler and is_box(item.text):
                is_apart, item.filler = has_boxes, item.text[0] == "("
            else:
                is_apart = item.filler and (len(item.text) > LONG or is_border(before, behind))
            if is_apart:
                item.kind, item.text, item.apart, item.worded = POINT, "", True, False
            else:
                item.kept = item.kept or item.filler
                before = before if item.text.isspace() else item.text

    def _piece(self, item: RunItem) -> MarkupPiece:
        """An item as what borders are looked for in."""
        kind = TEXT if item.kind == TEXT else POINT if item.partner < 0 else item.kind
        # A link that is not closed here has blocks in it, and is as these are.
        name = BLOCK if item.apart or (kind == POINT and item.is_border) else item.name
        shown = item.text if kind == TEXT or item.name == BREAK else ""
        return MarkupPiece(kind, item.start, item.end, shown, name)

    def _texts_apart(self, begin: int, end: int) -> list[Span]:
        """Of some items the numbers of the first and the last of what is a text of its own."""
        items = self._items
        links: list[Span] = []
        number = begin if self._links > 1 else end
        while number < end:
            item = items[number]
            if item.is_link and item.partner >= 0:
                links.append((number, item.partner))
                number = item.partner
            elif item.worded:
                return self._buttons_apart(begin, end)
            number += 1
        return links if len(links) > 1 else self._buttons_apart(begin, end)

    def _buttons_apart(self, begin: int, end: int) -> list[Span]:
        """The same where buttons are beside a text; with text on both sides, they are in it."""
        found: list[Span] = []
        texts = 0  # that are no buttons
        number = reached = begin
        while number <= end:
            item = self._items[number] if number < end else None
            is_button = item and item.is_button and item.partner >= 0
            if is_button or item is None:
                if any(each.worded for each in self._items[reached:number]):
                    found.append((reached, number - 1))
                    texts += 1
                if item:
                    found.append((number, item.partner))
                    number = item.partner
                reached = number + 1
            number += 1
        is_apart = texts < 2 and len(found) > 1 and all(map(self._is_whole, found))
        return found if is_apart else [(begin, end - 1)]

    def _is_whole(self, span: Span) -> bool:
        """Whether all that opens in some items closes there, and the other way round."""
        partners = (item.partner for item in self._items[span[0] : span[1] + 1])
        return all(partner < 0 or span[0] <= partner <= span[1] for partner in partners)

    def _peeled(self, first: int, last: int) -> Span:
        """The same without what leads, what trails and what is around all."""
        items = self._items
        while True:
            if items[first].is_blank:
                first += 1
            elif items[last].is_blank:
                last -= 1
            elif items[first].partner == last:
                first, last = first + 1, last - 1
            else:
                return first, last

    def _slot(self, first: int, last: int) -> Slot:
        """The slot of some items, of which one at least is text."""
        first, last = self._peeled(first, last)
        items = self._items[first : last + 1]
        head, tail = items[0], items[-1]
        start, end = head.start, tail.end
        if head.kind == TEXT:
            start, _ = trimmed(self._source, head.start, head.end)
            head.text = head.text.lstrip()
        if tail.kind == TEXT:
            _, end = trimmed(self._source, tail.start, tail.end)
            tail.text = tail.text.rstrip()
        text = SlotText(self._source)
        for number, item in enumerate(items, first):
            text.add(number, item)
        return text.slot(start, end)
