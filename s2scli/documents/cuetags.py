"""The tags in the cues of subtitles: those around all of a cue, and those that each cue closes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2scli.data import Span
from s2scli.text.spans import stripped

__all__ = ["TAG", "closed", "inside_tags", "without_tags"]

TAG = r"<[^<>\n]*>|\{\\[^{}\n]*\}"
_TAG = re.compile(TAG)
_NAMED = re.compile(r"<(/?)([A-Za-z]+)")
_HOLLOW = re.compile(r"<([A-Za-z]+)[^<>\n]*></\1>")


class _Tag(NamedTuple):
    """A tag.

    Attributes:
        start, end: where it is.
        name: what it opens or closes; nothing for what stands alone: a time, a code of ASS.
        closes: whether it closes that.
    """

    start: int
    end: int
    name: str
    closes: bool


def without_tags(text: str) -> str:
    """What is shown of a text."""
    return _TAG.sub("", text)


def inside_tags(text: str, start: int, end: int) -> Span:
    """A stretch without the white space and the tags at its ends that are around all of it."""
    tags = list(_tags(text, start, end))
    partners = _partners(tags)
    closers = set(partners.values())
    first, last = 0, len(tags)
    while True:
        start, end = stripped(text, start, end)
        if first < last and tags[first].start == start:
            partner = partners.get(first)
            around = partner is None or not text[tags[partner].end : end].strip()
            if around:
                start, first = tags[first].end, first + 1
                if partner is not None:
                    end, last = tags[partner].start, partner
                continue
        if first < last and tags[last - 1].end == end and last - 1 not in closers:
            end, last = tags[last - 1].start, last - 1
            continue
        return start, max(start, end)


def closed(parts: Sequence[str]) -> list[str]:
    """Parts of a text; each closes what is open at its end, and the next opens it again."""
    tags = [list(_tags(part, 0, len(part))) for part in parts]
    partners = _partners([tag for each in tags for tag in each])
    closers = set(partners.values())
    open_: list[str] = []
    found: list[str] = []
    number = 0
    for part, each in zip(parts, tags, strict=True):
        before = "".join(open_)
        for tag in each:
            if number in partners:
                open_.append(part[tag.start : tag.end])
            elif number in closers:
                del open_[max(i for i, raw in enumerate(open_) if _name(raw) == tag.name)]
            number += 1
        after = "".join(f"</{_name(raw)}>" for raw in reversed(open_))
        whole = f"{before}{part}{after}" if part else ""
        while (before or after) and (hollow := _HOLLOW.search(whole)):
            whole = whole[: hollow.start()].rstrip() + whole[hollow.end() :]
        found.append(whole)
    return found


def _tags(text: str, start: int, end: int) -> Iterator[_Tag]:
    for match in _TAG.finditer(text, start, end):
        named = _NAMED.match(match[0])
        name = named[2].lower() if named and not match[0].endswith("/>") else ""
        yield _Tag(*match.span(), name, bool(named and named[1]))


def _name(raw: str) -> str:
    named = _NAMED.match(raw)
    return named[2].lower() if named else ""


def _partners(tags: Sequence[_Tag]) -> dict[int, int]:
    """Which tag closes which, by their numbers."""
    found: dict[int, int] = {}
    open_: list[int] = []
    for number, tag in enumerate(tags):
        if not tag.name:
            continue
        if not tag.closes:
            open_.append(number)
            continue
        for place in reversed(range(len(open_))):
            if tags[open_[place]].name == tag.name:
                found[open_[place]] = number
                del open_[place:]
                break
    return found
