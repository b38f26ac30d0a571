"""Subtitles: SubRip (.srt) and WebVTT (https://www.w3.org/TR/webvtt1/).

Times, numbers, settings, notes and styles stay byte for byte. A sentence that continues in the next
cue is translated as one; its words are shared out among the cues in proportion to the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from s2scli.data import Span
from s2scli.documents.base import BOMS, Edit, Format, Slot, Source, line_end, unix_lines
from s2scli.documents.cuetags import closed, inside_tags, without_tags
from s2scli.documents.foreign import encloses_foreign, languages
from s2scli.documents.languages import check_source
from s2scli.documents.remarks import lines_named
from s2scli.documents.sharing import shared, wrapped
from s2scli.documents.speakers import CHANGE, DASH, END_MARKS, dialogue
from s2scli.errors import BadInputError
from s2scli.text.sentences import CLOSING, SPACED_END

__all__ = ["SubRip", "WebVtt"]

_TIME = r"(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}[^\n]*(?:\n|\Z)", re.MULTILINE)
_NUMBER = re.compile(r"^[ \t]*\d+[ \t]*\r?\n\Z", re.MULTILINE)
# Lines without an empty one between them.
_BLOCK = re.compile(r"^(?:[ \t\r]*[^ \t\r\n][^\n]*(?:\n|\Z))+", re.MULTILINE)
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION|WEBVTT)\b")  # begins a block of WebVTT that shows none
_BLANK = re.compile(r"\r?\n[ \t]*\r?(?:\n|$)")
# In WebVTT, a line with a blank is not empty; rolling captions begin with one.
_EMPTY = re.compile(r"\r?\n\r?(?:\n|$)")
_EMPTY_BLOCK = re.compile(r"^(?:\r?[^\r\n][^\n]*(?:\n|\Z))+", re.MULTILINE)
# Where another one speaks on the same line.
_ANSWER = re.compile(rf"(?<=[.!?…\"”])[ ](?=[-–—]{{1,2}}[ ]?[^\W\d_])|[ ](?={CHANGE})")
_CHANGES = re.compile(CHANGE)
# What is heard, on a line of its own, and who speaks: ``[door opens]``, ``MAN: Hello!``.
_HEARD = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）|♪[^♪]*♪)\s*")
_SPEAKER = re.compile(
    r"\s*[^\W\d_a-z](?:[^\W\d_a-z]|[.'’ -])*(?: #?\d+)?(?: ?\([^()\n]{1,20}\))?:\s"
)
# In the header, which ends with an empty line.
_LANGUAGE = re.compile(r"WEBVTT[^\n]*\n(?:[^\s][^\n]*\n)*?Language:[ \t]*([A-Za-z][\w-]*)")
NUL = b"\0"
MOST_CUES = 4  # of one sentence
_VOICE = re.compile(r"\s*<v[\s.>]")


class _Cue(NamedTuple):
    """Where the text of a cue stands, or of a speaker in a dialogue; without what encloses it."""

    start: int
    end: int
    alone: bool = False  # no sentence continues from a speaker to another
    has_dash: bool = False  # nor from one that has a dash to the next that has one


class SubRip(Format):
    """A .srt file.

    Attributes:
        needs_times: whether a file without any, but with text, is none.
    """

    has_strings = True

    needs_times = True
    _blank, _block = _BLANK, _BLOCK

    def slots(self, source: Source) -> Iterator[Slot]:
        """Sentences, over several cues if need be."""
        source = unix_lines(source)
        text = source.text
        group: list[_Cue] = []
        for cue in self._cues(source):
            if group and (not _goes_on(text, group, cue) or len(group) >= MOST_CUES):
                yield _slot(text, group)
                group = []
            group.append(cue)
        if group:
            yield _slot(text, group)
        if strays := list(self._strays(text)):
            said = "Lines that belong to no cue, for one is empty or a time is missing, stay"
            self.remarks.append(f"{said}: {lines_named(text, strays)}.")

    def _strays(self, text: str) -> Iterator[int]:
        """Where letters are that no cue shows, but for a cue's name in the line above its time."""
        for block in self._block.finditer(text):
            start, end = block.span()
            if timing := _TIMING.search(text, start, end):
                end = text.rfind("\n", start, max(start, timing.start() - 1)) + 1 or start
            elif not self.needs_times and _NO_CUE.match(text, start):
                continue
            if any(map(str.isalpha, text[start:end])):
                yield start

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """The words shared out among the cues, wrapped as wide as subtitles are."""
        cues = [_Cue(slot.start, slot.end)]
        if "-->" in source.text[slot.start : slot.end]:
            # Before a cue's text there is something.
            shift = slot.start - 1
            part = unix_lines(Source(source.name, source.text[shift : slot.end]))
            cues = [_Cue(cue.start + shift, cue.end + shift) for cue in self._cues(part, 1)]
        newline = line_end(source.text[:4096])
        sizes = [max(1, len(without_tags(source.text[cue.start : cue.end]))) for cue in cues]
        shares = closed(shared(text, sizes))
        parts, reached = [], slot.start
        for cue, share in zip(cues, shares, strict=True):
            lines = source.text.count(newline, cue.start, cue.end) + 1
            parts += [source.text[reached : cue.start], wrapped(share, lines, newline, self.width)]
            reached = cue.end
        return "".join([*parts, source.text[reached : slot.end]])

    def has_text(self, source: Source) -> bool:
        """Never: what is not in a cue is not text."""
        return False

    @property
    def width(self) -> int:
        """Most characters a line."""
        return self.options.subtitle_width

    def _cues(self, source: Source, start: int = 0, end: int | None = None) -> Iterator[_Cue]:
        """The texts of the cues; in a dialogue, line by line.

        Where ``start`` is inside a cue's text, this begins there.
        """
        text = source.text
        end = len(text) if end is None else end
        begins = [start] if start else []  # the rest of the cue that a slot begins in
        timings = list(_TIMING.finditer(text, start, end))
        begins += [timing.end() for timing in timings]
        if not begins and self.needs_times and any(map(str.isalpha, text)):
            raise BadInputError(f"{source.name} contains no subtitle timings")
        bounds = [timing.start() for timing in timings][0 if start else 1 :]
        for begin, bound in zip_longest(begins, bounds, fillvalue=end):
            # Where there is no empty line before the next cue, its number is not text.
            number = _NUMBER.search(text, begin, bound) if bound < end else None
            bound = number.start() if number else bound
            blank = self._blank.search(text, max(start, begin - 1), bound)
            bound = max(begin, blank.start()) if blank else bound
            yield from _lines(text, begin, bound, self.options.source_language)


class WebVtt(SubRip):
    """A .vtt file."""

    needs_times = False
    _blank, _block = _EMPTY, _EMPTY_BLOCK

    def source(self, name: str, data: bytes) -> Source:
        """The characters of a file; NUL is read as what is not a character."""
        if NUL not in data or data.startswith(tuple(BOMS)):
            return super().source(name, data)
        found = super().source(name, data.replace(NUL, b""))
        return replace(found, text=data.decode())

    def slots(self, source: Source) -> Iterator[Slot]:
        """Sentences, over several cues if need be."""
        if not source.text.startswith("WEBVTT"):
            raise BadInputError(f"{source.name} does not begin with WEBVTT")
        if said := _LANGUAGE.match(source.text):
            check_source(source.name, said[1], self.options.source_language)
        yield from super().slots(source)

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language, if the header names one, or the tags around a cue."""
        target = self.options.target_language
        if (said := _LANGUAGE.match(source.text)) and target:
            yield Edit(*said.span(1), target)
        if target and "<lang" in source.text:
            within = [(slot.start, slot.end) for slot in self.slots(source)]
            for start, end in languages(source.text, self.options.source_language):
                if not any(first <= start < last for first, last in within):
                    yield Edit(start, end, target)


def _lines(text: str, start: int, end: int, language: str) -> Iterator[_Cue]:
    """A cue's text; each line on its own if two people speak; none that stays in its language.

    A line with what is heard is one of its own too, and who is named begins another one.
    """
    lines = _spoken(text, list(_parts(text, start, end)))
    alone = len(lines) > 1
    for begin, last in lines:
        first, last = inside_tags(text, begin, last)
        head = DASH.match(text, first, last)
        if head:
            first, last = inside_tags(text, head.end(), last)
        if encloses_foreign(text[begin:first], language):
            continue
        if any(map(str.isalpha, without_tags(text[first:last]))):
            yield _Cue(first, last, alone, head is not None)


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    """The lines of a cue; one with several speakers that have dashes, speaker by speaker."""
    for line in text[start:end].split("\n"):
        reached, end = start, start + len(line)
        is_speech = DASH.match(without_tags(line)) or _CHANGES.search(line)
        for answer in _ANSWER.finditer(text, start, end) if is_speech else ():
            yield reached, answer.start()
            reached = answer.end()
        yield reached, end
        start = end + 1


def _spoken(text: str, lines: Sequence[Span]) -> list[Span]:
    """Lines as one, but for those with what is heard, and up to the next that names a speaker."""
    found: list[Span] = []
    is_over = True
    shown = [without_tags(text[start:end]) for start, end in lines]
    for (start, end), line, begins in zip(lines, shown, dialogue(shown), strict=True):
        is_heard = _HEARD.fullmatch(line) is not None
        begins |= bool(_SPEAKER.match(line) or _VOICE.match(text, start, end))
        if is_over or is_heard or begins:
            found.append((start, end))
        else:
            found[-1] = (found[-1][0], end)
        is_over = is_heard
    return found


def _goes_on(text: str, group: Sequence[_Cue], following: _Cue) -> bool:
    """Whether a sentence continues: it has no end, and the next cue begins in lower case.

    In rolling captions, that says the same once more.
    """
    cue = group[-1]
    said = without_tags(text[cue.start : cue.end])
    last = said.rstrip("".join(CLOSING))[-1:]
    if cue.alone or following.alone or (group[0].has_dash and following.has_dash):
        return False
    if " " in said and without_tags(text[following.start : following.end]).startswith(said):
        return False
    if last in SPACED_END or last in END_MARKS or _CHANGES.search(text, cue.end, following.start):
        return False
    return text[following.start].islower()


def _slot(text: str, group: Sequence[_Cue]) -> Slot:
    texts = (text[cue.start : cue.end].replace("\0", "\ufffd") for cue in group)
    parts = [" ".join(text.split()) for text in texts]
    return Slot(group[0].start, group[-1].end, " ".join(parts))
