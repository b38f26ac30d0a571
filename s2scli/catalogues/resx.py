"""Resources of .NET: ``.resx``, and ``.resw`` of Windows apps.

The value of a ``data`` element is text if it has no type (or that of a string) and no MIME type;
names, comments, metadata and what the designer of forms notes (``>>label.Name``) stay.
"""

from __future__ import annotations

from collections.abc import Iterator

from s2scli.catalogues.xmlstrings import XmlStrings, string_slot
from s2scli.data import Span
from s2scli.documents.base import Slot, Source
from s2scli.documents.xmltokens import CLOSE, OPEN, attribute, characters, tokens
from s2scli.errors import BadInputError

__all__ = ["Resx"]

STRING = "System.String"
NOTES = ">>"  # the names of what the designer of forms notes begin with it


class Resx(XmlStrings):
    """A file of resources."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The values that are strings."""
        text = source.text
        wanted = False  # whether the element around is data that is text
        begin = -1
        for kind, name, start, end, depth in tokens(source, {}, typed=True):
            if depth == 0 and kind != CLOSE and name != ":root":
                raise BadInputError(f"{source.name} is not RESX: its root is not <root>")
            if depth == 1 and kind == OPEN:
                wanted = name == ":data" and _is_text(text, (start, end))
            elif depth == 2 and name == ":value" and wanted:
                if kind == OPEN:
                    begin = end
                elif kind == CLOSE and begin >= 0:
                    yield from string_slot(text, (begin, start))


def _is_text(text: str, tag: Span) -> bool:
    """Whether the value of a ``data`` element is text."""
    if attribute(text, tag, "mimetype"):
        return False
    type_ = attribute(text, tag, "type")
    if type_ and not text.startswith(STRING, type_[0]):
        return False
    name = attribute(text, tag, "name")
    says = characters(text[slice(*name)]) if name else ""
    return not says.startswith(NOTES)
