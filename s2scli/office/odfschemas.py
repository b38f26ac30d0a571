"""Namespaces of OpenDocument (ISO/IEC 26300), and which elements and attributes are texts.

Names of styles, sheets, slides, bookmarks, fields and the like are none: they are called by name.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EXTENDED", "GROUPS", "NAMESPACES", "NUMBERED", "PLAIN", "WORDED"]

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
EXTENDED = "loext"
NAMESPACES = {
    **{
        f"{_OASIS}{name}:1.0": name
        for name in ("text", "office", "style", "meta", "form", "table", "presentation")
    },
    f"{_OASIS}chart:1.0": "chart",
    f"{_OASIS}drawing:1.0": "draw",
    f"{_OASIS}svg-compatible:1.0": "svg",
    "http://purl.org/dc/elements/1.1/": "dc",
    # What LibreOffice writes that the standard does not have yet.
    "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0": EXTENDED,
    "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0": "field",
}
# Elements of a paragraph that are not of the standard, but with a part of its text.
GROUPS = frozenset({"loext:content-control"})
# Elements with only text.
PLAIN = frozenset(
    {"svg:title", "svg:desc", "table:title", "table:desc"}
    | {"text:index-title-template", "text:index-entry-span"}
    | {"text:note-continuation-notice-forward", "text:note-continuation-notice-backward"}
    | {f"presentation:{name}-decl" for name in ("header", "footer", "date-time")}
    | {"dc:title", "dc:subject", "dc:description", "meta:keyword"}
)
# Elements with what stands before and after numbers.
NUMBERED = frozenset(
    {"text:list-level-style-number", "text:outline-level-style", "text:notes-configuration"}
)
# What controls of forms say.
_LABELED = ("button", "checkbox", "fixed-text", "frame", "radio", "column")
_TITLED = (
    *("listbox", "combobox", "text", "textarea", "password", "file", "formatted-text"),
    *("number", "date", "time", "image", "image-frame", "grid", "generic-control"),
)
_FILLED = ("text", "textarea", "combobox")  # with words that whoever fills it in may change
# Attributes that are texts.
WORDED: Mapping[str, tuple[str, ...]] = {
    "text:label": ("value",),
    "loext:content-control": ("alias",),
    "field:param": ("value",),  # of a field of Word, if it is an item of a list
    "chart:series": ("label-string",),  # of LibreOffice: a text as in a formula
    "loext:list-item": ("display-text",),  # has another attribute for programs
    **dict.fromkeys(("form:option", "form:item"), ("label",)),
    **dict.fromkeys((f"form:{name}" for name in _LABELED), ("label", "title")),
    **dict.fromkeys((f"form:{name}" for name in _TITLED), ("title",)),
    **dict.fromkeys((f"form:{name}" for name in _FILLED), ("title", "value", "current-value")),
    **dict.fromkeys(("text:a", "draw:a"), ("title",)),
    **dict.fromkeys(
        (f"text:{name}" for name in ("placeholder", "text-input", "variable-input")),
        ("description",),
    ),
    "text:user-field-input": ("description",),
    "text:conditional-text": ("string-value-if-true", "string-value-if-false"),
    **dict.fromkeys(("text:hidden-text", "text:page-continuation"), ("string-value",)),
    **dict.fromkeys(("text:toc-mark", "text:user-index-mark"), ("string-value",)),
    "text:alphabetical-index-mark": ("string-value", "key1", "key2"),
    "text:alphabetical-index-mark-start": ("key1", "key2"),
    **dict.fromkeys(("table:table-cell", "table:covered-table-cell"), ("string-value",)),
    **dict.fromkeys(("table:help-message", "table:error-message"), ("title",)),
    **dict.fromkeys(NUMBERED, ("num-prefix", "num-suffix", "num-list-format")),
}
