"""Paragraphs of runs, as WordprocessingML and DrawingML have them (ECMA-376, part 1).

All text is in runs, each with its properties. A new text is written in the run that most of the
old one was in; what is marked, in the run that it was in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from s2scli.data import Span
from s2scli.documents.base import Format, FormatOptions, Raw, Slot, Source, Target
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import (
    CLOSE,
    EMPTY,
    OPEN,
    Value,
    attribute,
    attribute_text,
    characters,
    escaped,
    shown,
    text_slot,
)
from s2scli.office.composing import RunComposer
from s2scli.office.hiding import Unseen, style_named
from s2scli.office.inline import (
    KEPT,
    OWN,
    Node,
    Point,
    RunStyle,
    Text,
    grouped,
    has_text,
    hide,
    is_code,
    paired,
)
from s2scli.office.instructions import (
    CodeParagraph,
    CodeValue,
    FieldCodes,
    Stories,
    coded,
    field_kind,
    value_slots,
)
from s2scli.office.literals import FOREIGN, ForeignTexts, number_remark
from s2scli.office.paragraphs import NOWHERE, Paragraph, slots, with_spaces, without_spaces
from s2scli.office.roles import (
    BEGIN,
    BREAK,
    CODE,
    END,
    FIELD,
    GROUP,
    HYPHEN,
    LOOK,
    PARAGRAPH,
    RUBY,
    RUBY_BASE,
    RUN,
    STYLE,
    TAB,
    TEXT,
    VOID,
)
from s2scli.office.values import Values

__all__ = ["RunText"]

_RESULT = "|"  # a field's begins
_FIELD_ENDS = {"begin": ("{", ()), "separate": (_RESULT, ("{",)), "end": ("", (_RESULT, "{"))}
_OWN_MARK = re.compile(r"<[^<>]*\bcustomMarkFollows\s*=\s*[\"'](?:1|true|on)[\"']")
_PAGE = re.compile(r"<[^<>]*\btype\s*=\s*[\"'](?:page|column)[\"']")  # another one begins
_NOTHING = re.compile(r"<[^\s/>]+\s*(?:/>|>\s*</[^>]*>)")
_TEXT = re.compile(r"<(?!m:)(?:[\w.-]+:)?t(?:\s[^<>]*)?>([^<]*)")


class RunText(Format):
    """A part of such a document.

    Attributes:
        namespaces: URI → prefix.
        roles: what elements are.
        worded: which attributes of elements are texts.
        values: finds these.
        plain: elements with only text, in no paragraph.
        hidden: elements of which nothing is text.
        hiding: elements that say that one around them is such, and how far out that is.
        no_look: what of a run's properties says nothing about how it looks.
        space: what a text's tag has so that white space at its ends is kept.
        line_break: what ends a line within a text, so that each line is a text of its own.
        unseen: which runs are hidden.
    """

    namespaces: Mapping[str, str] = {}
    roles: Mapping[str, str] = {}
    worded: Mapping[str, tuple[str, ...]] = {}
    values: type[Values] = Values
    plain: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    hiding: Mapping[str, int] = {}
    no_look = re.compile(r"(?!)")
    space = ""
    line_break = re.compile(r"(?!)")

    def __init__(self, options: FormatOptions) -> None:
        super().__init__(options)
        self.unseen = Unseen()
        self._looks: dict[str, tuple[str, bool]] = {}
        self._beside: list[str] = []  # texts in runs that have a reading

    def slots(self, source: Source) -> Iterator[Slot]:
        """The paragraphs, but for code, and the descriptions of pictures."""
        yield from self._slots(source, code=False)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """Within the run that is there."""
        if isinstance(slot, CodeParagraph | CodeValue):
            text = coded(text)
        return escaped(text, quoted=True) if isinstance(slot, Value) else self.put(text)

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """In runs."""
        if not isinstance(slot, Paragraph):
            return super().composed(source, slot, target, raw)
        element, put = "t", self.put
        if isinstance(slot, CodeParagraph):
            element, put = "instrText", lambda text: self.put(coded(text))
        composer = RunComposer(put, element, self.space, source.text, slot, raw)
        return composer.composed(with_spaces(slot, without_spaces(slot, target)))

    def has_text(self, source: Source) -> bool:
        """Whether there is text that is not code."""
        if not any(any(map(str.isalpha, match[1])) for match in _TEXT.finditer(source.text)):
            return False
        return next(self._slots(source, code=True), None) is None

    def said(self, raw: str) -> str:
        """The text that a text's content stands for."""
        return characters(raw)

    def put(self, text: str) -> str:
        """A text as a text's content."""
        return escaped(text)

    def look(self, properties: str) -> tuple[str, bool]:
        """How a run of some properties looks, and whether its text is code."""
        if properties not in self._looks:
            look = self.no_look.sub("", properties)
            self._looks[properties] = (
                "" if _NOTHING.fullmatch(look) else look,
                is_code(style_named(properties)),
            )
        return self._looks[properties]

    def _slots(self, source: Source, *, code: bool) -> Iterator[Slot]:
        open_: list[_Reading] = []
        held: list[Slot] = []  # those of paragraphs in which a field is open
        stories = Stories(source.text)
        values = self.values(source.text, self.worded)
        plain = 0
        foreign = ForeignTexts(source.text)
        tags = shown(source, self.namespaces, self.hidden, self.hiding)
        for kind, name, start, end, depth in tags:
            role = self.roles.get(name, "")
            if role == PARAGRAPH:
                if kind == OPEN:
                    open_.append(_Reading(self, source.text, stories.at(len(open_))))
                elif kind == CLOSE:
                    closed = open_.pop()
                    closed.codes.end_paragraph(start)
                    waiting = open_[-1].inner if open_ else held
                    waiting += closed.slots(code=code)
                    self._beside += closed.beside
                    stories.end(len(open_) + 1)
                    if not (open_ or closed.codes.is_open):
                        yield from sorted(held, key=_place)
                        held.clear()
                continue
            texts: Iterator[Slot] = iter(())
            if name in values.names:
                texts = values.read(kind, name, (start, end))
            elif name in self.plain:
                texts = text_slot(source.text, (plain, start)) if kind == CLOSE else texts
                plain = end
            elif name in FOREIGN:
                foreign.read(kind, (start, end))
            if open_:
                open_[-1].inner += texts
                open_[-1].tag(role, kind, name, (start, end), depth)
            elif held:
                held += texts
            else:
                yield from texts
        yield from sorted(held, key=_place)
        stories.end()
        self._say_left(stories, foreign)

    def _say_left(self, stories: Stories, foreign: ForeignTexts) -> None:
        """Say which texts stay."""
        for texts, where in (
            (self._beside, "Texts in one run with a reading (ruby)"),
            (stories.left, "Texts in fields with tracked changes or links in them"),
        ):
            if texts:
                self.left += len(texts)
                stay = "stay in the source language"
                self.remarks.append(f"{where} {stay}: {named(map(repr, texts))}.")
        self._beside.clear()
        self.left += len(foreign.texts)
        self.remarks += foreign.remarks()
        self.remarks += number_remark(stories.pictures, units=False)


def _place(slot: Slot) -> tuple[int, int]:
    return slot.start, -slot.end


class _Reading:
    """A paragraph that is being read."""

    def __init__(self, format_: RunText, text: str, codes: FieldCodes) -> None:
        self.inner: list[Slot] = []  # those that stand inside its markup
        self.beside: list[str] = []  # texts in runs that have a reading
        self.codes = codes
        self._ruby = NOWHERE  # the tag of the text with a reading in a run that is open
        self._format = format_
        self._text = text
        self._style = ""
        self._is_code = False
        self._nodes: list[Node] = []
        self._groups: list[tuple[Span, list[Node]]] = []  # tags, and what is before them
        self._run: list[Node] | None = None
        self._opening = NOWHERE
        self._look = ("", False)
        # An element that is read as one: what it is, its name, its tag, and how deep it is.
        self._whole: tuple[str, str, Span, int] | None = None

    def slots(self, *, code: bool) -> list[Slot]:
        """Its slots, and those inside its markup.

        Args:
            code: whether of paragraphs of code only, or of all others.
        """
        found = slots(self._text, paired(self._nodes)) if self._is_code == code else iter(())
        return sorted([*found, *self.inner, *self.codes.taken()], key=_place)

    def tag(self, role: str, kind: str, name: str, span: Span, depth: int) -> None:
        """Read a tag."""
        if self._whole:
            if kind == CLOSE and depth == self._whole[3]:
                role, name, (start, end), _ = self._whole
                self._whole = None
                self._element(role, name, (start, span[1]), (end, span[0]))
        elif role == RUBY_BASE and (kind == CLOSE or (kind == OPEN and self._may_be_base)):
            self._base_tag(kind, span)
        elif role == RUBY and (kind == CLOSE or self._may_be_base):
            return
        elif role == RUN and self._run is None:
            if kind == OPEN:
                self._run, self._opening, self._look = [], span, ("", False)
        elif role == RUN and kind == CLOSE:
            self._end_run(span[1])
        elif role == GROUP and self._run is None:
            self.codes.outside(None)
            if kind != CLOSE and (code := attribute(self._text, span, "instr")):
                self.inner += value_slots(self._text, code)
            if kind == OPEN:
                self._groups.append((span, self._nodes))
                self._nodes = []
            elif kind == CLOSE:
                opens, outer = self._groups.pop()
                becomes = field_kind(self._text, opens)
                kept, own = becomes == KEPT, becomes == OWN
                outer.append(grouped(opens, span, paired(self._nodes), kept=kept, own=own))
                self._nodes = outer
        elif kind == OPEN:
            self._whole = (role, name, span, depth)
        elif kind == EMPTY:
            self._element(role, name, span, (span[1], span[1]))

    @property
    def _may_be_base(self) -> bool:
        """Whether the text of a reading may begin here."""
        return self._run is not None and self._ruby == NOWHERE

    def _base_tag(self, kind: str, span: Span) -> None:
        """Read a tag of a text with a reading: its run is markup around the runs of the text."""
        if kind == OPEN:
            self.beside += [n.says for n in self._run or () if isinstance(n, Text) and has_text(n)]
            self._groups.append(((self._opening[0], span[1]), self._nodes))
            self._nodes, self._run = [], None
        else:
            self._ruby, self._run = span, []

    def _element(self, role: str, name: str, span: Span, inside: Span) -> None:
        """Read an element."""
        if role == VOID:
            return
        if self._run is None:
            if role == TEXT:  # with no text beside it
                self._nodes += [*self._lines(inside, None), Point(span[1], span[1], splits=True)]
                return
            if role == STYLE:
                self._style = style_named(self._text[slice(*span)])
                self._is_code = is_code(self._style)
                return
            self.codes.outside(span)
            self._nodes.append(self._point(role, name, span))
            return
        if role == LOOK:
            self._look = self._format.look(self._text[slice(*span)])
            self._opening = (self._opening[0], span[1])
            return
        if role == CODE:
            self.codes.element(span, "", Text(*inside, "", self._made_run()))
        else:
            self.codes.element(span, self._field_mark(span) if role == FIELD else "")
        if role == TEXT:
            self._run += self._lines(inside, self._made_run())
        elif role == HYPHEN:
            self._run.append(Text(*span, "-", self._made_run(), loose=True))
        else:
            self._run.append(self._point(role, name, span, self._made_run()))

    def _lines(self, span: Span, run: RunStyle | None) -> Iterator[Node]:
        """The lines of a text, and what ends them."""
        start, end = span
        for line_break in self._format.line_break.finditer(self._text, *span):
            if says := self._format.said(self._text[start : line_break.start()]):
                yield Text(start, line_break.start(), says, run)
            yield Point(*line_break.span(), run, splits=True)
            start = line_break.end()
        if says := self._format.said(self._text[start:end]):
            yield Text(start, end, says, run)

    def _made_run(self) -> RunStyle:
        return RunStyle(self._opening, *self._look)

    def _point(self, role: str, name: str, span: Span, run: RunStyle | None = None) -> Point:
        tag = self._text[slice(*span)]
        splits = role == TAB or (role == BREAK and bool(_PAGE.match(tag)))
        point = Point(*span, run, breaks=role in (BREAK, TAB), splits=splits)
        if role in (BEGIN, END):
            number = attribute(tag, (0, len(tag)), "id")
            key = name.removesuffix("Start").removesuffix("End")
            key += tag[slice(*number)] if number else ""
            point.opens, point.closes = (key, ()) if role == BEGIN else ("", (key,))
        elif role == FIELD:
            point.opens, point.closes = _FIELD_ENDS.get(self._field_mark(span), ("", ()))
            point.splits, point.holds = True, point.opens == "{"
        return point

    def _field_mark(self, span: Span) -> str:
        return attribute_text(self._text, span, "fldCharType")

    def _end_run(self, end: int) -> None:
        nodes, self._run = self._run or [], None
        self.codes.end_run((self._opening[0], end))
        if self._ruby != NOWHERE:
            self.beside += [n.says for n in nodes if isinstance(n, Text) and has_text(n)]
            opens, outer = self._groups.pop()
            outer.append(grouped(opens, (self._ruby[0], end), paired(self._nodes)))
            self._nodes, self._ruby = outer, NOWHERE
            return
        points = [node for node in nodes if isinstance(node, Point)]
        for point in points:
            point.kind = self.codes.kind if point.opens == _RESULT else ""
        if any(_OWN_MARK.match(self._text, point.start) for point in points):
            nodes = [*points]  # a footnote's own mark, such as an asterisk, is not text
        if any(isinstance(node, Text) for node in nodes):
            for point in points:
                if point.splits:  # its run cannot be taken apart
                    point.opens, point.closes = "", ()
            is_hidden = self._format.unseen.hides(self._look[0], self._style)
            if is_hidden and not any(point.splits for point in points):
                hide(self._nodes, (self._opening[0], end), nodes)
            else:
                self._nodes += nodes
            return
        points = [node for node in paired(nodes) if isinstance(node, Point)]
        if points:
            whole = Point(self._opening[0], end, breaks=any(point.breaks for point in points))
            whole.kind = next((point.kind for point in points if point.kind), "")
            ends = [point for point in points if point.opens or point.closes or point.splits]
            if len(ends) == 1:
                whole.opens, whole.closes = ends[0].opens, ends[0].closes
                whole.splits, whole.holds = ends[0].splits, ends[0].holds
            elif ends:
                whole.splits = True
            self._nodes.append(whole)
