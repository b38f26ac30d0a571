"""Catalogs of Qt Linguist (https://doc.qt.io/qt-6/linguist-ts-file-format.html): ``.ts``.

Messages without a translation get one; it stays ``unfinished``, as what nobody has looked at yet.
What has a translation keeps it, unless all are to be made again; vanished and obsolete messages,
comments and places in sources stay. Of a message with a number each form gets a translation; one
without forms gets as many as the target language has, for Qt shows the source in place of others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from s2scli.catalogues.xmlstrings import XmlStrings, said, string_slot
from s2scli.data import Span
from s2scli.documents.base import Edit, FormatOptions, Raw, Slot, Source, Target, unix
from s2scli.documents.languages import check_source, check_target
from s2scli.documents.remarks import lines_named
from s2scli.documents.xmltokens import (
    CLOSE,
    OPEN,
    Token,
    attribute,
    attribute_text,
    escaped,
    tokens,
)
from s2scli.errors import BadInputError
from s2scli.languages.plurals import whole_forms

__all__ = ["Qt"]

ROOT, MESSAGE, SOURCE = ":TS", ":message", ":source"
TRANSLATION, FORM, BYTE = ":translation", ":numerusform", ":byte"
CDATA = "<![CDATA["
GONE = ("vanished", "obsolete")  # types of translations whose message is in no source


@dataclass(frozen=True, slots=True)
class _Place(Slot):
    """A translation.

    Attributes:
        lead, tail: what is written before its text, and after it.
        is_form: whether it is one of several forms that are put in.
    """

    lead: str = ""
    tail: str = ""
    is_form: bool = False

    @property
    def is_joined(self) -> bool:
        """Whether it is one of several forms that are put in."""
        return self.is_form


@dataclass(slots=True)
class _Element:
    """A translation or one of its forms.

    Attributes:
        tag: where its start tag is.
        content: where its content is; None for an empty element.
        name: of the element.
        plain: whether there are no elements in it.
    """

    tag: Span
    content: Span | None
    name: str
    plain: bool = True


@dataclass(slots=True)
class _Message:
    """A message as it is read.

    Attributes:
        numerus: whether its translation has forms.
        source: where the content of its source is.
        end: after its last element.
        translation: its translation.
        forms: those of a message with a number.
    """

    numerus: bool
    source: Span | None = None
    end: int = 0
    translation: _Element | None = None
    forms: list[_Element] = field(default_factory=list)


class Qt(XmlStrings):
    """A catalog."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The missing translations."""
        skipped: list[int] = []
        for message in _messages(source, self.options):
            if self._is_left(source.text, message):
                skipped.append(message.end)
            yield from self._message(source.text, message)
        if skipped:
            self.remarks.append(
                "Translations with elements of their own, such as variants of length, stay as "
                f"they are: {lines_named(unix(source.text), skipped)}."
            )

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """With what belongs around it."""
        text = super().written(source, slot, text)
        return f"{slot.lead}{text}{slot.tail}" if isinstance(slot, _Place) else text

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same, with the elements of the source."""
        if isinstance(slot, _Place):
            inside = Slot(slot.start, slot.end, slot.text, slot.says, slot.marks)
            return f"{slot.lead}{super().composed(source, inside, target, raw)}{slot.tail}"
        return super().composed(source, slot, target, raw)

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language, if the file does not say it."""
        language = self.options.target_language.replace("-", "_")
        for kind, name, start, end, _ in tokens(source, {}, typed=True) if language else ():
            if name == ROOT and kind == OPEN:
                place = attribute(source.text, (start, end), "language")
                if not place:
                    yield Edit(end - 1, end - 1, f' language="{escaped(language, quoted=True)}"')
                elif place[0] == place[1]:
                    yield Edit(*place, escaped(language, quoted=True))
            return

    def _message(self, text: str, message: _Message) -> Iterator[Slot]:
        origin = next(string_slot(text, message.source), None) if message.source else None
        if origin is None or message.source is None:
            return
        translation = message.translation
        is_bare = message.numerus and not message.forms
        places = [_missing(text, message, origin)] if translation is None else []
        if translation and translation.plain and not _is_gone(text, translation):
            elements = [each for each in message.forms or [translation] if each.plain]
            places = [_place(text, each, origin) for each in elements]
        blanks = _blanks(text, message.source, origin)
        forms = whole_forms(self.options.target_language) if is_bare else 0
        for place in places:
            if not place.says or self.options.overwrite:
                yield from _forms(place, forms, blanks)
        if message.forms and len(places) == len(message.forms):
            yield from self._more_forms(text, message.forms, origin, blanks)

    def _is_left(self, text: str, message: _Message) -> bool:
        """Whether a text is not translated only because there are elements where it would be."""
        origin, translation = message.source, message.translation
        if not origin or not translation or _is_gone(text, translation):
            return False
        if all(each.plain for each in (translation, *message.forms)):
            return False
        says = re.sub("<[^>]*>", "", text[slice(*translation.content or (0, 0))]).strip()
        return any(string_slot(text, origin)) and (self.options.overwrite or not says)

    def _more_forms(
        self, text: str, forms: Sequence[_Element], origin: Slot, blanks: tuple[str, str]
    ) -> Iterator[Slot]:
        """The forms that a message lacks, after the last one."""
        last = forms[-1]
        end = text.find(">", last.content[1]) + 1 if last.content else last.tag[1]
        for _ in range(whole_forms(self.options.target_language) - len(forms)):
            place = _Place(end, end, origin.text, "", origin.marks, is_form=True)
            yield from _forms(place, 1, blanks)


def _forms(place: _Place, count: int, blanks: tuple[str, str]) -> Iterator[_Place]:
    """A translation with the blanks of its source.

    Args:
        place: its slot.
        count: how many forms it has to have; 0 for what has none, or is one.
        blanks: what stands at the ends of the source.
    """
    lead, tail = blanks
    if count:
        lead, tail = f"<numerusform>{lead}", f"{tail}</numerusform>"
    last = max(1, count) - 1
    for number in range(last + 1):
        yield replace(
            place,
            start=place.end if number else place.start,
            lead=lead if number else place.lead + lead,
            tail=tail + place.tail if number == last else tail,
            is_form=place.is_form or count > 1,
        )


def _is_gone(text: str, translation: _Element) -> bool:
    return attribute_text(text, translation.tag, "type") in GONE


def _blanks(text: str, span: Span, origin: Slot) -> tuple[str, str]:
    """The blanks at the ends of a source."""
    lead, tail = text[span[0] : origin.start], text[origin.end : span[1]]
    return ("", "") if lead.endswith(CDATA) else (lead, tail)


def _missing(text: str, message: _Message, origin: Slot) -> _Place:
    """The slot of a translation that is to be put after everything else in a message."""
    end = message.end
    line = text.rfind("\n", 0, end)
    newline = "\r\n" if text[line - 1 : line] == "\r" else "\n"
    indent = text[line + 1 : end]
    indent = indent[: len(indent) - len(indent.lstrip())]
    lead = '<translation type="unfinished">'
    lead = f"{newline}{indent}{lead}" if line >= 0 else lead
    return _Place(end, end, origin.text, "", origin.marks, lead=lead, tail="</translation>")


def _place(text: str, element: _Element, origin: Slot) -> _Place:
    """The slot of an element that is there.

    Args:
        text: the document's characters.
        element: a translation, or one of its forms.
        origin: the slot of the source.
    """
    lead = tail = ""
    says = _says(text, element.content) if element.content else ""
    if element.content:
        start, end = element.content
    else:
        start, end = element.tag
        lead = f"{text[start : end - 2].rstrip()}>"
        tail = f"</{element.name}>"
    return _Place(start, end, origin.text, says, origin.marks, lead=lead, tail=tail)


def _says(text: str, span: Span) -> str:
    """What a translation says: something, even if there is no letter in it."""
    slot = next(string_slot(text, span), None)
    return slot.text if slot else said(text[slice(*span)]).strip()


def _messages(source: Source, options: FormatOptions) -> Iterator[_Message]:
    """The messages of a catalog, in order.

    Args:
        source: the catalog.
        options: say which languages the texts and their translations are in.

    Raises:
        BadInputError: it is not a catalog, or one of another language.
    """
    text = source.text
    message: _Message | None = None
    inside = 0  # how many elements are around those of the message
    begin, is_translation = 0, False
    for kind, name, start, end, depth in tokens(source, {}, typed=True):
        if depth == 0 and kind != CLOSE:
            _check_root(source, name, (start, end), options)
        if name == MESSAGE and kind == OPEN and message is None:
            message, inside = (
                _Message(attribute_text(text, (start, end), "numerus") == "yes"),
                depth + 1,
            )
        elif message is not None and depth < inside:
            yield message
            message = None
        elif message is not None and depth == inside:
            if kind == OPEN:
                begin, is_translation = end, name == TRANSLATION
            if name == SOURCE and kind == CLOSE:
                message.source = begin, start
            elif name == TRANSLATION and kind != CLOSE:
                message.translation = _element(kind, name, (start, end))
            elif name == TRANSLATION and message.translation:
                message.translation.content = begin, start
            message.end = end if kind != OPEN else message.end
        elif message is not None and message.translation and is_translation:
            _read_form(message, message.translation, (kind, name, start, end, depth - inside))


def _read_form(message: _Message, translation: _Element, token: Token) -> None:
    """Take a tag that is within a translation."""
    kind, name, start, end, depth = token
    if name == FORM and depth == 1 and kind != CLOSE:
        message.forms.append(_element(kind, name, (start, end)))
    elif name == FORM and depth == 1 and message.forms:
        form = message.forms[-1]
        form.content = form.tag[1], start
    elif name == BYTE:
        return  # a character
    elif depth == 1:
        translation.plain = False
    elif message.forms:
        message.forms[-1].plain = False


def _element(kind: str, name: str, tag: Span) -> _Element:
    return _Element(tag, (tag[1], tag[1]) if kind == OPEN else None, name.removeprefix(":"))


def _check_root(source: Source, name: str, tag: Span, options: FormatOptions) -> None:
    """Refuse what is not a catalog, or one of another language.

    Raises:
        BadInputError: it is such.
    """
    if name != ROOT:
        raise BadInputError(f"{source.name} is not a Qt catalog: its root is not <TS>")
    check_target(source.name, attribute_text(source.text, tag, "language"), options.target_language)
    check_source(
        source.name, attribute_text(source.text, tag, "sourcelanguage"), options.source_language
    )
