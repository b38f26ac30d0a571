"""Anchors of headings: a link that names a heading by its text still finds it when that changes.

Renderers make the anchor of a heading from its text, each in a way of its own. So a heading that
links of the same run name gets the old anchor besides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from urllib.parse import unquote

from s2scli.documents.base import Slot
from s2scli.markup.markdown.texts import Prose

__all__ = ["anchored", "anchors", "with_anchors"]

_LINK = re.compile(
    r"\]\(\s*<?#([^\s()<>]+)|"
    r"^[ >]*\[[^\]\n]+\]:[ \t]*<?#([^\s<>]+)|"
    r"\bhref\s*=\s*[\"']?#([^\"'\s>]+)",
    re.MULTILINE,
)
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]")
_UNDERLINE = re.compile(r"[^\n]*\n[ \t>]*(?:=+|-+)[ \t]*(?:\n|\Z)")
_OWN = re.compile(r"\{:?[^{}\n]*#[\w-]|<\w+\s[^<>]*\b(?:id|name)\s*=", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"^[ \t>]*#{1,6}[ \t][^\n]*\{#[\w.:-]+[^{}\n]*\}[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"[\w.:-]+")


def anchors(text: str) -> Iterator[str]:
    """The anchors that links of a page name in it."""
    return (name for found in _LINK.findall(text) for name in found if name)


def with_anchors(
    text: str, slots: Sequence[Slot], linked: Sequence[str], *, is_site: bool
) -> list[Slot]:
    """The slots of a page; headings that links name have their anchors.

    Args:
        text: the document's characters.
        slots: its slots, in order.
        linked: the anchors that links of other pages name.
        is_site: whether it has metadata, as the pages of site generators do.
    """
    named = {_folded(name): unquote(name) for name in (*linked, *anchors(text))}
    named.pop("", None)
    if not named:
        return list(slots)
    style = "{}" if is_site or _ATTRIBUTE.search(text) else "<>"
    seen: Counter[str] = Counter()
    found: list[Slot] = []
    for slot in slots:
        if isinstance(slot, Prose) and (line := _heading(text, slot)):
            key = _folded(slot.text)
            number = seen[key]
            seen[key] += 1
            name = named.get(f"{key}{number or ''}")
            if name and not _OWN.search(line):
                slot = replace(slot, anchor=f"{style}{name}")
        found.append(slot)
    return found


def anchored(slot: Prose, new: str, written: str) -> str:
    """A heading with the anchor that it had.

    Args:
        slot: the heading.
        new: its new text.
        written: how that is written.
    """
    style, name = slot.anchor[:2], slot.anchor[2:]
    if not name or _folded(new) == _folded(slot.text):
        return written
    if style == "{}" and _NAME.fullmatch(name):
        return f"{written} {{#{name}}}"
    return f'<a id="{escape(name)}"></a>{written}'


def _folded(text: str) -> str:
    """What all renderers keep of a text."""
    return "".join(filter(str.isalnum, unquote(text).casefold()))


def _heading(text: str, slot: Prose) -> str:
    """The line of a heading; nothing for what is none."""
    begin = text.rfind("\n", 0, slot.start) + 1
    end = text.find("\n", slot.end)
    line = text[begin : end if end >= 0 else len(text)]
    if _HEADING.match(line):
        return line
    is_first = not text[begin : slot.start].strip(" \t>")
    return line if is_first and "\n" not in line and _UNDERLINE.match(text, slot.end) else ""
