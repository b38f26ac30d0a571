r"""Subtitles of SubStation Alpha: ``.ass`` and ``.ssa``.

Of each ``Dialogue`` line of the section ``[Events]`` the last field is text; comments, styles,
times, names and fonts stay. Override tags (``{\i1}…{\i0}``, ``{\pos(10,20)}``) are markup on the
text, drawings (``{\p1}m 0 0 l 9 9{\p0}``) and comments in braces are points in it. Lines that a
karaoke template has made (effect ``fx``) stay, for they hold single syllables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import Format, Raw, Slot, Source, Target, composed
from s2scli.documents.pieces import CLOSE, OPEN, POINT, TEXT, MarkupPiece, joined, paired, trimmed
from s2scli.documents.remarks import lines_named
from s2scli.documents.sharing import wrapped
from s2scli.documents.speakers import DASH, dialogue
from s2scli.errors import BadInputError
from s2scli.text.oneline import one_line

__all__ = ["SubStation"]

_LINE = re.compile(r"[^\r\n]+")
_SECTION = re.compile(r"[ \t]*\[([^\]]*)\][ \t]*$")
_HEAD = re.compile(r"[ \t]*(?:(Format)|(Dialogue)|\w+)[ \t]*:[ \t]?", re.IGNORECASE)
_NO_WRAPPING = re.compile(r"^WrapStyle:[ \t]*2[ \t]*\r?$", re.MULTILINE)
HEADER = 10_000  # characters in which it is said how lines are wrapped
FIELDS = 10  # of an event that no line describes; the text is the last
EFFECT = 8
MADE = "fx"  # the effect of lines that a template has made
# A block in braces, an escaped brace, a line break, a space that does not break.
_TOKEN = re.compile(r"\{[^{}]*\}|\\[{}]|\\[Nn]|\\h")
_BLOCK = re.compile(r"\{[^{}]*\}")
_TAG = re.compile(r"\\(fn|r|\d?[a-zA-Z]+)(\([^()]*(?:\([^()]*\)[^()]*)*\)|[^\\]*)")
_DRAWING = re.compile(r"\\p(\d+)")
_SYLLABLES = re.compile(r"[^\W\d_]\{[^{}]*\\[kK][fot]?\d[^{}]*\}[^\W\d_]")
SWITCHES = frozenset(("i", "b", "u", "s"))  # tags that 0 ends
# Tags that are on a whole line, or on a moment.
NO_STYLES = frozenset(("a", "an", "pos", "move", "org", "fad", "fade", "clip", "iclip", "q", "p"))
NO_STYLES |= {"pbo", "t", "k", "K", "kf", "ko", "kt"}
RESET = "r"  # the tag that ends all
# What would be no text where a text has it.
_UNSAFE = re.compile(r"\\(?=[Nnh{}])|[{}\u00a0]")
_ESCAPES = {"\\": "\\\u2060", "{": "\\{", "}": "\\}", "\u00a0": "\\h"}
_SHOWN = {"\\h": "\u00a0", "\\{": "{", "\\}": "}"}
HELD = "\0"  # a space that is inside a block


class _Events(NamedTuple):
    """What the fields of an event are: how many, and which is its effect; -1 for none."""

    fields: int = FIELDS
    effect: int = EFFECT


class SubStation(Format):
    """A file of subtitles."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """The texts of the events; of a dialogue, line by line."""
        short, sung = list[int](), list[int]()
        for start, end in _events(source, short):
            sung += [start] if _SYLLABLES.search(source.text, start, end) else []
            for first, last in _lines(source.text, start, end):
                pieces = trimmed(paired(list(_pieces(source.text, first, last))))
                stretch = joined(pieces)
                if stretch.has_letters:
                    yield Slot(pieces[0].start, pieces[-1].end, stretch.text, None, stretch.marks)
        if short:
            lines = lines_named(source.text, short)
            self.remarks.append(f"Events with fewer fields than there should be stay: {lines}.")
        if sung:
            lines = lines_named(source.text, sung)
            self.remarks.append(f"Karaoke is timed by syllables, which are others now: {lines}.")

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """On as many lines as before, evenly; a text on one line stays on one."""
        return self._wrapped(source, slot, _escaped(text))

    def composed(self, source: Source, slot: Slot, target: Target, raw: Raw) -> str:
        """The same with its tags."""
        return self._wrapped(source, slot, composed(slot, target, raw, _escaped))

    def has_text(self, source: Source) -> bool:
        """Never: only an event is text."""
        return False

    def _wrapped(self, source: Source, slot: Slot, text: str) -> str:
        tokens = _TOKEN.findall(source.text, slot.start, slot.end)
        breaks = [token for token in tokens if token in ("\\N", "\\n")]
        if not breaks and not _NO_WRAPPING.search(source.text, 0, HEADER):
            return text  # programs wrap it as wide as the picture is
        text = _TOKEN.sub(lambda token: token[0].replace(" ", HELD), text)
        newline = breaks[0] if breaks else "\\N"
        lines = wrapped(text, len(breaks) + 1, newline, self.options.subtitle_width)
        return lines.replace(HELD, " ")


def _events(source: Source, short: list[int]) -> Iterator[Span]:
    """Where the texts of the events are.

    Args:
        source: the file.
        short: gets where events are that have too few fields.

    Raises:
        BadInputError: there is no section of events, but text.
    """
    section, events, found = "", _Events(), False
    for line in _LINE.finditer(source.text):
        start, end = line.span()
        if name := _SECTION.match(source.text, start, end):
            section = name[1].strip().lower()
            found = found or section == "events"
        elif section == "events" and (head := _HEAD.match(source.text, start, end)):
            if head[1]:
                events = _described(source.text[head.end() : end])
            elif head[2]:
                is_short = source.text.count(",", head.end(), end) < events.fields - 1
                short += [start] if is_short else []
                yield from _field(source.text, head.end(), end, events)
    if not found and any(map(str.isalpha, source.text)):
        raise BadInputError(f"{source.name} has no section [Events]")


def _described(text: str) -> _Events:
    names = [name.strip().lower() for name in text.split(",")]
    return _Events(len(names), names.index("effect") if "effect" in names else -1)


def _field(text: str, start: int, end: int, events: _Events) -> Iterator[Span]:
    """The last field of an event, unless a template has made it."""
    fields = text[start:end].split(",", events.fields - 1)
    if len(fields) == events.fields:
        effect = fields[events.effect] if 0 <= events.effect < len(fields) - 1 else ""
        if effect.strip().lower() != MADE:
            yield end - len(fields[-1]), end


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """An event's text; each line on its own if two people speak, without its dash."""
    bounds = [start]
    for token in _TOKEN.finditer(text, start, end):
        if token[0] in ("\\N", "\\n"):
            bounds += token.span()
    bounds.append(end)
    lines = list(zip(bounds[::2], bounds[1::2], strict=True))
    shown = [_BLOCK.sub("", text[first:last]) for first, last in lines]
    begins = dialogue(shown, capitals=False)
    # A line of which none begins continues what the one before it says.
    heads = [number for number, begun in enumerate(begins) if begun or not number]
    for number, following in zip(heads, [*heads[1:], len(lines)], strict=True):
        start, end = lines[number][0], lines[following - 1][1]
        dash = DASH.match(text, _shown(text, start, end), end) if len(heads) > 1 else None
        yield dash.end() if dash else start, end


def _shown(text: str, start: int, end: int) -> int:
    """Where a line begins after its tags."""
    while block := _BLOCK.match(text, start, end):
        start = block.end()
    return start


def _pieces(text: str, start: int, end: int) -> Iterator[MarkupPiece]:
    """Text and tags."""
    reached, drawing = start, -1  # where a drawing begins
    opened: list[str] = []
    for token in _TOKEN.finditer(text, start, end):
        first, last = token.span()
        if drawing < 0 and reached < first:
            yield MarkupPiece(TEXT, reached, first, text[reached:first])
        reached = last
        if token[0][0] != "{":
            if drawing < 0:
                yield MarkupPiece(TEXT, first, last, _SHOWN.get(token[0], " "))
            continue
        scales = _DRAWING.findall(token[0])
        draws = bool(scales[-1].strip("0")) if scales else drawing >= 0
        if draws and drawing < 0:
            drawing = first
        elif not draws and drawing >= 0:
            yield MarkupPiece(POINT, drawing, last)
            drawing = -1
        elif not draws:
            yield _block(token[0], first, last, opened)
    if drawing >= 0:
        yield MarkupPiece(POINT, drawing, end)
    elif reached < end:
        yield MarkupPiece(TEXT, reached, end, text[reached:end])


def _block(block: str, start: int, end: int, opened: list[str]) -> MarkupPiece:
    """A block of tags: it begins something, or ends it, or it is a point.

    Args:
        block: its characters.
        start, end: where it is.
        opened: what has begun and not ended yet; changed.
    """
    names, ends = [], []
    for tag in _TAG.finditer(block, 0, len(block) - 1):
        if tag[1] not in NO_STYLES:
            names.append(tag[1])
            value = tag[2].strip()
            ends.append(not value or (tag[1] in SWITCHES and not value.strip("0")))
    name = "\\".join(sorted(names))
    if names == [RESET] and len(opened) == 1:
        name = opened[0]
    elif not names or len(set(ends)) > 1 or RESET in names:
        return MarkupPiece(POINT, start, end)
    if not ends[0]:
        opened.append(name)
        return MarkupPiece(OPEN, start, end, name=name)
    if name in opened:
        opened.remove(name)
    return MarkupPiece(CLOSE, start, end, name=name)


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: _ESCAPES[found[0]], one_line(text))
