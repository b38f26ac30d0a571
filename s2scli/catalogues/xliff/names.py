"""What an inline element of XLIFF is in HTML, as far as it says so.

By its type (``ctype``, ``subType``), by the tag that it stands for (``equiv-text``, ``disp``, its
content), or by the name that Angular gives it (``START_LIST_ITEM``).
"""

from __future__ import annotations

import re

from s2scli.catalogues.xliff.units import Tag, value
from s2scli.documents.xmltokens import characters

__all__ = ["BREAK", "html_name", "is_line_break"]

BREAK = "br"
_HTML = re.compile(r"x-html-([\w-]+)")
_TAG = re.compile(r"\s*</?([a-zA-Z][\w-]*)")
_TYPES = {"lb": BREAK, "xlf:lb": BREAK, "x-br": BREAK, "pb": "hr", "xlf:pb": "hr", "xlf:p": "p"}
# https://github.com/angular/angular: packages/compiler/src/i18n/serializers/placeholder.ts
_ANGULAR = re.compile(r"(?:START_|CLOSE_)?(?:TAG_)?([A-Z][A-Z\d_]*?)(?:_\d+)?")
_ANGULAR_NAMES = {
    "BLOCK_QUOTE": "blockquote",
    "LINE_BREAK": BREAK,
    "HORIZONTAL_RULE": "hr",
    "LINK": "a",
    "LIST_ITEM": "li",
    "MEDIA_IMAGE": "img",
    "ORDERED_LIST": "ol",
    "PARAGRAPH": "p",
    "TABLE_CELL": "td",
    "TABLE_HEADER_CELL": "th",
    "TABLE_ROW": "tr",
    "UNORDERED_LIST": "ul",
    **{f"HEADING_LEVEL{level}": f"h{level}" for level in range(1, 7)},
}
_BREAK = re.compile(r"[^>]*(?:[tT]ype=[\"'](?:xlf:|x-)?(?:lb|br)[\"']|LINE_BREAK|&lt;br\b)")


def is_line_break(raw: str) -> bool:
    """Whether an element is a line break, by the characters of its tag."""
    return raw.startswith("<") and _BREAK.match(raw) is not None


def html_name(text: str, tag: Tag, inside: str = "") -> str:
    """The name of the element of HTML that one of XLIFF stands for; nothing if it does not say.

    Args:
        text: the document's characters.
        tag: its first tag.
        inside: what is in it, if that is a code of the original.
    """
    raw = text[tag.start : tag.end]
    if "=" not in raw and not inside:
        return ""
    if is_line_break(raw):
        return BREAK
    for name in ("ctype", "subType") if "ype" in raw else ():
        said = value(text, tag[2:], name)
        if found := _HTML.fullmatch(said):
            return found[1].lower()
        if said in _TYPES:
            return _TYPES[said]
    shown = ("equiv-text", "dispStart", "disp") if "equiv-" in raw or "disp" in raw else ()
    for said in (*(value(text, tag[2:], name) for name in shown), characters(inside)):
        if found := _TAG.match(said):
            return found[1].lower()
    for name in ("id", "equivStart", "equiv"):
        found = _ANGULAR.fullmatch(value(text, tag[2:], name))
        if found and ("START_" in raw or found[1] in _ANGULAR_NAMES):
            return _ANGULAR_NAMES.get(found[1], found[1].lower().replace("_", "-"))
    return ""
