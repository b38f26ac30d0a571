"""Apple's dictionaries of plurals and widths, ``.stringsdict``, which are property lists in XML.

The format of a message and each of its variations are texts; keys, rules and types stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from s2scli.catalogues.applestrings import has_text, variables
from s2scli.catalogues.xmlstrings import XmlStrings, said, string_slot
from s2scli.data import Span
from s2scli.documents.base import Raw, Slot, Source, Target
from s2scli.documents.xmltokens import CLOSE, OPEN, tokens
from s2scli.errors import BadInputError
from s2scli.languages.plurals import OTHER, added

__all__ = ["StringsDict"]

TYPE, PLURAL = "NSStringFormatSpecTypeKey", "NSStringPluralRuleType"
FORMAT = "NSStringLocalizedFormatKey"
_RULE = re.compile(r"NSString\w+Key")  # what is said of a variation that is none of its texts


@dataclass(frozen=True, slots=True)
class _Form(Slot):
    """A form that the source does not have, made of the last one.

    Attributes:
        first, last: where the text of that one stands.
        lead, tail: what is written before it, and after it.
    """

    first: int = 0
    last: int = 0
    lead: str = ""
    tail: str = ""

    @property
    def is_joined(self) -> bool:
        """Whether it is put in: always."""
        return True

    def model(self, source: Source) -> Slot:
        """The slot of the form that it is made of."""
        return next(string_slot(source.text, (self.first, self.last)))


class _Plural:
    """What is read of a dictionary that may be the forms of a plural."""

    def __init__(self) -> None:
        self.begin = 0  # of the key that was read last
        self._items: dict[str, tuple[int, Span, int]] = {}  # by key: where it, its text, its end is
        self._type = ""

    def add(self, key: str, content: Span, end: int, says: str) -> None:
        """A key and its text."""
        self._items[key] = self.begin, content, end
        self._type = says if key == TYPE else self._type

    def missing(self, text: str, wanted: Sequence[str]) -> Iterator[Slot]:
        """The forms that are to be put in."""
        if self._type != PLURAL or OTHER not in self._items:
            return
        begin, content, end = self._items[OTHER]
        before = text[text.rfind("\n", 0, begin) : begin] if "\n" in text[:begin] else ""
        before = "" if before.strip() else before
        model = next(_kept(string_slot(text, content)), None)
        for quantity in wanted if model else ():
            if model is None or quantity in self._items:
                continue
            key = text[begin : content[0]].replace(OTHER, quantity, 1)
            lead = f"{before}{key}{text[content[0] : model.start]}"
            common = (model.text, None, model.marks, model.kept, *content)
            yield _Form(end, end, *common, lead, text[model.end : end])


class StringsDict(XmlStrings):
    """A dictionary."""

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a dictionary.

        Raises:
            BadInputError: it is invalid, or compiled.
        """
        if data.startswith(b"bplist"):
            raise BadInputError(
                f"{name} is a binary property list", "Convert it with 'plutil -convert xml1'."
            )
        return super().source(name, data)

    def slots(self, source: Source) -> Iterator[Slot]:
        """The formats and the variations."""
        text = source.text
        key, begin, plural = "", 0, _Plural()
        plurals: list[_Plural] = []  # the dictionaries that are open
        wanted = added(self.options.source_language, self.options.target_language)
        for kind, name, start, end, depth in tokens(source, {}, typed=True):
            if depth == 0 and kind != CLOSE and name != ":plist":
                raise BadInputError(
                    f"{source.name} is not a strings dictionary: its root is not <plist>"
                )
            if name == ":dict":
                if kind == OPEN:
                    plurals.append(plural)
                    plural = _Plural()
                elif kind == CLOSE:
                    yield from plural.missing(text, wanted)
                    plural = plurals.pop()
            if kind == OPEN:
                begin = end
                plural.begin = start if name == ":key" else plural.begin
            elif name == ":key":
                key = said(text[begin:start]).strip()
            elif name == ":string" and kind == CLOSE:
                plural.add(key, (begin, start), end, said(text[begin:start]).strip())
                if not _is_rule(key):
                    yield from _kept(string_slot(text, (begin, start)))

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """The same; a form that is put in with its key."""
        if not isinstance(slot, _Form):
            return super().written(source, slot, text)
        inner = replace(slot.model(source), start=slot.start, end=slot.end)
        return f"{slot.lead}{super().written(source, inner, text)}{slot.tail}"

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with its elements."""
        if not isinstance(slot, _Form):
            return super().composed(source, slot, target, raw)
        inner = super().composed(source, slot.model(source), target, raw)
        return f"{slot.lead}{inner}{slot.tail}"


def _is_rule(key: str) -> bool:
    return key != FORMAT and bool(_RULE.fullmatch(key))


def _kept(slots: Iterator[Slot]) -> Iterator[Slot]:
    for slot in slots:
        if has_text(slot.text):
            yield replace(slot, kept=variables(slot.text))
