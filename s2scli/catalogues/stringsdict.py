"""Apple's dictionaries of plurals and widths, ``.stringsdict``, which are property lists in XML.

The format of a message and each of its variations are texts; keys, rules and types stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from s2scli.catalogues.applestrings import has_text, variables
from s2scli.catalogues.xmlstrings import XmlStrings, said, string_slot
from s2scli.documents.base import Slot, Source
from s2scli.documents.xmltokens import CLOSE, OPEN, tokens
from s2scli.errors import BadInputError

__all__ = ["StringsDict"]

FORMAT = "NSStringLocalizedFormatKey"
_RULE = re.compile(r"NSString\w+Key")  # what is said of a variation that is none of its texts


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
        key, begin = "", 0
        for kind, name, start, end, depth in tokens(source, {}, typed=True):
            if depth == 0 and kind != CLOSE and name != ":plist":
                raise BadInputError(
                    f"{source.name} is not a strings dictionary: its root is not <plist>"
                )
            if kind == OPEN:
                begin = end
            elif name == ":key":
                key = said(text[begin:start]).strip()
            elif name == ":string" and kind == CLOSE and not _is_rule(key):
                yield from _kept(string_slot(text, (begin, start)))


def _is_rule(key: str) -> bool:
    return key != FORMAT and bool(_RULE.fullmatch(key))


def _kept(slots: Iterator[Slot]) -> Iterator[Slot]:
    for slot in slots:
        if has_text(slot.text):
            yield replace(slot, kept=variables(slot.text))
