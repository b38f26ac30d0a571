"""The texts in metadata; and what reads like text there and stays, so that this is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from s2scli.data import Span
from s2scli.documents.base import Slot
from s2scli.documents.jsontext import strings
from s2scli.documents.remarks import named
from s2scli.markup.markdown.frontkeys import (
    LISTED,
    NEVER,
    is_quiet,
    is_text_key,
)
from s2scli.markup.markdown.frontmatter import front_slots, is_bare
from s2scli.text.wording import reads_like_text

__all__ = ["metadata"]

_KEY = re.compile(
    r"(?P<indent>[ \t]*(?:-[ \t]+)*)([\"']?)(?P<key>\w(?:[\w.:@/ -]*[\w.@/-])?)\2[ \t]*"
    r"(?::(?=\s|$)|=)[ \t]*"
)
_TABLE = re.compile(r"[ \t]*\[+[ \t]*([\w.\"'-]+)[ \t]*\]+[ \t]*$")  # of TOML
_NOTHING = re.compile(r"[ \t]*(?:#|(?:---|\.\.\.|\+\+\+)[ \t]*$|$)")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_PAIR = re.compile(r"[ \t\"']*(\w[\w.-]*)[\"']?[ \t]*[:=][ \t]+(.*)")
_ITEM = re.compile(r"[^\[\],{}]+")


def metadata(text: str, places: Iterable[Span]) -> tuple[list[Slot], list[str]]:
    """The texts in metadata, and remarks on what stays.

    Args:
        text: the document's characters.
        places: where metadata stand, with the lines before and after them.
    """
    slots: list[Slot] = []
    stays: list[str] = []
    remarks = []
    for start, end in places:
        found = list(front_slots(text, start, end))
        slots += found
        stays += _left(text, start, end, found)
        if start == 0 and is_bare(text, end):
            remarks.append("The lines before the text are metadata, and their keys stay.")
    if stays:
        quoted = named(f"{key!r}" for key in stays)
        remarks.append(f"Values in the front matter stay as they are: {quoted}.")
    return slots, remarks


def _left(text: str, start: int, end: int, slots: Sequence[Slot]) -> Iterator[str]:
    """The keys whose values read like text and have no slots."""
    starts = {slot.start for slot in slots}
    if text.startswith("{", start):
        for first, _, path, said in strings(text, start, end):
            keys = [part for part in path if not part.isdigit()]
            if first not in starts and keys and _is_missed(said, keys):
                yield keys[-1]
        return
    spans = iter([(slot.start, slot.end) for slot in slots])
    covered = next(spans, None)
    around: list[tuple[int, str]] = []  # the keys that a line is inside, and how far indented
    place = start
    for line in text[start:end].splitlines(keepends=True):
        first, place = place, place + len(line)
        line = line.rstrip("\r\n")
        if _NOTHING.match(line):
            continue
        if table := _TABLE.match(line):
            around = [(-1, table[1])]
            continue
        value, keys = line, [key for _, key in around]
        if keyed := _KEY.match(line):
            depth = len(keyed["indent"])
            around = [one for one in around if one[0] < depth]
            keys = [*(key for _, key in around), keyed["key"]]
            around.append((depth, keyed["key"]))
            value, first = line[keyed.end() :], first + keyed.end()
        while covered and covered[1] <= first:
            covered = next(spans, None)
        is_slot = covered is not None and covered[0] < place and first < covered[1]
        if not is_slot and keys:
            yield from _missed(_COMMENT.sub("", value), keys)


def _missed(value: str, keys: Sequence[str]) -> Iterator[str]:
    """The keys in a value whose own values stay and are missed, or the last one around it.

    Args:
        value: a value, which may be a list or a table.
        keys: the keys that it is inside, the innermost last.
    """
    for item in _ITEM.findall(value):
        paired = _PAIR.match(item)
        inside = [*keys, paired[1]] if paired else keys
        if _is_missed(paired[2] if paired else item, inside):
            yield inside[-1]


def _is_missed(value: str, keys: Sequence[str]) -> bool:
    """Whether a value that stays is one that a reader would miss."""
    value = value.strip(" \t\"'-")
    if is_text_key(keys[-1]):
        return reads_like_text(value)
    if any(map(is_quiet, keys)):
        return False
    if any(map(LISTED.fullmatch, keys)):
        return any(map(str.isalpha, value)) and not NEVER.match(value)
    return reads_like_text(value)
