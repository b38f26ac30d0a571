"""Resources of .NET: ``.resx``, and ``.resw`` of Windows apps.

The value of a ``data`` element is text if it has no type (or that of a string) and no MIME type;
names, comments, metadata and what the designer of forms notes (``>>label.Name``) stay. So do values
of properties that say how a control looks (``Box.Width`` = ``Auto``), which is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.catalogues.xmlstrings import XmlStrings, string_slot
from s2scli.data import Span
from s2scli.documents.base import Slot, Source
from s2scli.documents.remarks import named
from s2scli.documents.xmltokens import CLOSE, OPEN, attribute, characters, tokens
from s2scli.errors import BadInputError

__all__ = ["Resx"]

STRING = "System.String"
NOTES = ">>"  # the names of what the designer of forms notes begin with it

# The properties of controls, by the ends of their names, and what they have for the layout.
_LOOKS = {
    "Width|Height|Size": r"Auto|\*|NaN|Infinity",
    "Alignment|Align|Dock|Anchor": r"Left|Right|Top|Bottom|Center|Middle|Stretch|Justify|Fill|"
    r"Start|End|None|(?:Top|Middle|Bottom)(?:Left|Center|Right)|DetectFromContent",
    "Visibility": "Visible|Collapsed|Hidden",
    "Direction|RightToLeft": "LeftToRight|RightToLeft|Inherit|Yes|No",
    "Orientation": "Horizontal|Vertical",
    "FontWeight|FontStyle": "Thin|Light|Normal|Regular|Medium|SemiBold|Bold|Black|Italic|Oblique",
    "TextWrapping|TextTrimming": "(?:No)?Wrap|WrapWithOverflow|None|Clip|(?:Character|Word)"
    "Ellipsis",
    "Foreground|Background|Brush|Color": "(?:Light|Dark)?(?:Red|Green|Blue|White|Black|Gr[ae]y|"
    "Yellow|Orange|Brown|Pink|Purple|Transparent|Silver|Gold|Cyan|Magenta)",
    "FontFamily": ".+",
    "Font": r".+, ?[\d.]+(?:pt|px|em)\b.*",
    "Symbol|Icon|Glyph": "[A-Z][A-Za-z]{2,30}",
    "Enabled|Visible|AutoSize": "True|False|Auto",
}
_LOOK = re.compile(
    "|".join(rf"\w*(?:{names})\0(?:{values})" for names, values in _LOOKS.items()), re.DOTALL
)


class Resx(XmlStrings):
    """A file of resources."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The values that are strings."""
        text = source.text
        wanted = False  # whether the element around is data that is text
        begin = -1
        property_ = ""
        stay = list[str]()
        for kind, name, start, end, depth in tokens(source, {}, typed=True):
            if depth == 0 and kind != CLOSE and name != ":root":
                raise BadInputError(f"{source.name} is not RESX: its root is not <root>")
            if depth == 1 and kind == OPEN:
                wanted = name == ":data" and _is_text(text, (start, end))
                owner, _, last = _name(text, (start, end)).rpartition(".")
                property_ = last if owner else ""
            elif depth == 2 and name == ":value" and wanted:
                if kind == OPEN:
                    begin = end
                elif kind == CLOSE and begin >= 0:
                    for slot in string_slot(text, (begin, start)):
                        if property_ != slot.text and _LOOK.fullmatch(f"{property_}\0{slot.text}"):
                            stay.append(property_)
                        else:
                            yield slot
        if stay:
            self.remarks.append(
                f"Values that say how controls look stay: {named(map(repr, stay))}."
            )


def _is_text(text: str, tag: Span) -> bool:
    """Whether the value of a ``data`` element is text."""
    if attribute(text, tag, "mimetype"):
        return False
    type_ = attribute(text, tag, "type")
    if type_ and not text.startswith(STRING, type_[0]):
        return False
    return not _name(text, tag).startswith(NOTES)


def _name(text: str, tag: Span) -> str:
    """What a value is called."""
    name = attribute(text, tag, "name")
    return characters(text[slice(*name)]) if name else ""
