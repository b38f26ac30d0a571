"""Lines as they stand on pages, and the paragraphs that they make.

Lines are of one paragraph if neither the space between them nor the size of their letters changes,
and if each is full or continues in mid-sentence, as in text that is wrapped by hand. Running heads
and page numbers are paragraphs like any other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import Any, NamedTuple

from s2scli.text.blocks import blocks

__all__ = ["Line", "PageLines", "paragraphs"]

SAME_SIZE, SAME_GAP = 1.15, 1.15  # times as much is the same still
LONGEST_WORD = 40
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile(f"[{''.join(LIGATURES)}]")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNKNOWN = re.compile("[\x01-\x08\x0e-\x1f\ud800-\udfff\ufffd-\uffff]")
_WHITE = re.compile(r"[ \t]+")
_LETTERS = r"[^\W\d_]"
_HYPHEN = re.compile(rf"(?<={_LETTERS})[-\u2010\xad]\n(?={_LETTERS})")
_HYPHENATED = re.compile(rf"(?<!{_LETTERS}){_LETTERS}+(?:-{_LETTERS}+)+")
_LAST_WORD = re.compile(rf"(?:{_LETTERS}|-)+\Z")
_WORD = re.compile(rf"{_LETTERS}+")
_IDEOGRAPH = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_NO_SPACE = re.compile(rf"(?<=[{_IDEOGRAPH}])\n(?=[{_IDEOGRAPH}])")


class Line(NamedTuple):
    """A line of text.

    Attributes:
        text: what it says.
        height: how far above the bottom it stands, in points.
        size: of its letters, in points.
    """

    text: str
    height: float
    size: float


class PageLines:
    """The lines of a page, from the strings that are drawn on it.

    Attributes:
        size: how many characters came.
        lost: how many of them mean nothing, for their font does not say what they are.
    """

    def __init__(self) -> None:
        self.size = self.lost = 0
        self._lines: list[Line] = []
        self._parts: list[Line] = []

    def add(self, text: str, cm: Sequence[float], tm: Sequence[float], _: Any, size: float) -> None:
        """The next string, which may end lines.

        Args:
            text: it.
            cm, tm: the matrices that say where it stands (ISO 32000-1, 8.3.4 and 9.4.4).
            size: of its font, before these scale it.
        """
        self.size += len(text)
        self.lost += len(_UNKNOWN.findall(text))
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = hypot(tm[2], tm[3]) * hypot(cm[2], cm[3])
        for number, part in enumerate(text.split("\n")):
            if number:
                self._end()
            if part:
                self._parts.append(Line(part, height, size * scale))

    def found(self) -> list[Line]:
        """All lines."""
        self._end()
        return self._lines

    def _end(self) -> None:
        text = _clean("".join(part.text for part in self._parts))
        if text:
            # Of figures that stand higher and letters that are smaller there are but a few.
            longest = max(self._parts, key=lambda part: len(part.text.strip()))
            self._lines.append(longest._replace(text=text))
        self._parts = []


def _clean(text: str) -> str:
    """A line without what is not text."""
    text = _LIGATURE.sub(lambda found: LIGATURES[found[0]], _NO_CHARACTER.sub("", text))
    return _WHITE.sub(" ", text).strip()


def paragraphs(pages: Iterable[Sequence[Line]]) -> Iterator[str]:
    """The paragraphs of pages, each on one line; words that were divided are whole again."""
    texts = [_spaced(lines) for lines in pages]
    hyphenated = {word.lower() for text in texts for word in _HYPHENATED.findall(text)}
    for text in texts:
        for block in blocks(text):
            lines = text[block.start : block.end].strip()
            joined = _HYPHEN.sub(lambda found: _joint(found, hyphenated), lines)
            joined = _NO_SPACE.sub("", joined).replace("\xad", "").replace("\n", " ")
            if joined:
                yield joined


def _spaced(lines: Sequence[Line]) -> str:
    """The lines of a page, with an empty one where there is more space than usual."""
    usual = _usual_gap(lines)
    parts = [lines[0].text] if lines else []
    for upper, lower in pairwise(lines):
        apart = upper.height - lower.height > usual * SAME_GAP or not _same_size(upper, lower)
        parts += ["", lower.text] if apart else [lower.text]
    return "\n".join([*parts, ""])


def _usual_gap(lines: Sequence[Line]) -> float:
    """The distance of two lines that is met most often; the shortest, of several."""
    gaps = Counter(
        round(upper.height - lower.height, 1)
        for upper, lower in pairwise(lines)
        if upper.height > lower.height and _same_size(upper, lower)
    )
    return max(gaps, key=lambda gap: (gaps[gap], -gap), default=0.0)


def _same_size(one: Line, other: Line) -> bool:
    smaller, larger = sorted((one.size, other.size))
    return larger <= smaller * SAME_SIZE


def _joint(hyphen: re.Match[str], hyphenated: set[str]) -> str:
    """The outcome of a hyphen at the end of a line: nothing, unless the word has one anyway."""
    if hyphen[0][0] == "\xad":
        return ""
    text, start = hyphen.string, hyphen.start()
    before = _LAST_WORD.search(text[max(0, start - LONGEST_WORD) : start])
    behind = _WORD.match(text, hyphen.end(), hyphen.end() + LONGEST_WORD)
    if not before or not behind:
        return "-"
    divided = before[0].islower() or before[0][1:].islower()
    whole = f"{before[0]}-{behind[0]}".lower()
    return "" if divided and behind[0].islower() and whole not in hyphenated else "-"
