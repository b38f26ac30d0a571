"""Plain marks in the places of what a model would not copy, and their way back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from s2scli.data import Span, Translation
from s2scli.text.rewriting import Edit, Rewriting, relinked

__all__ = ["Masked", "has_mark"]

# Of ten kinds of marks that were tried on a model, XQ-1 was the one that it copied most often; the
# others are for texts that have such letters themselves.
LETTERS = ("XQ", "QX", "ZQ", "QZ", "XJ", "JX", "ZJ", "QJ")
_MARK = re.compile(rf"(?:{'|'.join(LETTERS)})-\d")


def has_mark(text: str) -> bool:
    """Whether there is a mark in a text."""
    return _MARK.search(text) is not None


class Masked:
    """A text with some stretches replaced by marks.

    A mark that would touch a word has a space beside it.

    Args:
        text: the text.
        spans: the stretches, in order, none touching another.
    """

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._source = text
        upper = text.upper()
        self._letters = next((two for two in LETTERS if two not in upper), LETTERS[0])
        self._mark = re.compile(rf"{self._letters}-(\d+)")
        self._marks: dict[str, tuple[str, str, str]] = {}  # blanks put beside, and what they mask
        edits: list[Edit] = []
        back: list[Edit] = []
        grown = 0
        for number, (start, end) in enumerate(spans, 1):
            mark = f"{self._letters}-{number}"
            before = " " if text[start - 1 : start].isalnum() else ""
            behind = " " if text[end : end + 1].isalnum() else ""
            self._marks[str(number)] = before, behind, text[start:end]
            masked = f"{before}{mark}{behind}"
            edits.append((start, end, masked))
            back.append((start + grown, start + grown + len(masked), text[start:end]))
            grown += len(masked) - (end - start)
        self.text = Rewriting(text, edits).text
        self._back = Rewriting(self.text, back)

    def undone(self, translation: Translation) -> Translation | None:
        """A translation with the stretches put back for their marks.

        None if a mark is missing or there twice, or anything that may be a part of one is left.
        """
        text = translation.text
        edits: list[Edit] = []
        found = [mark for mark in self._mark.finditer(text) if mark[1] in self._marks]
        if len(found) != len(self._marks) or len({mark[1] for mark in found}) < len(found):
            return None
        for mark in found:
            before, behind, stretch = self._marks[mark[1]]
            start, end = mark.span()
            start -= bool(before and text[start - 1 : start] == before)
            end += bool(behind and text[end : end + 1] == behind)
            edits.append((start, end, stretch))
        if any(one[1] > other[0] for one, other in pairwise(edits)):
            return None
        if self._has_rest("".join(_between(text, edits))):
            return None
        return relinked(translation, self._back, Rewriting(text, edits))

    def _has_rest(self, text: str) -> bool:
        """Whether a text has what may be a part of a mark, and the source has not."""
        one, two = self._letters[0], self._letters[1]
        parts = re.compile(
            rf"{one}\W?{two}|{two}\W?{one}|(?<![^\W_])[{one}{two}](?![^\W\d_])|(?<!\w)-(?!\w|\Z)|"
            r"(?<!\w)-\d",
            re.IGNORECASE,
        )
        return len(parts.findall(text)) > len(parts.findall(self._source))


def _between(text: str, edits: Sequence[Edit]) -> Iterator[str]:
    reached = 0
    for start, end, _ in edits:
        yield text[reached:start]
        reached = end
        yield " "
    yield text[reached:]
