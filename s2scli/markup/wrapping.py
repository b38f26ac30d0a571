"""Hard-wrapped lines that are one text: their places in the document, and new ones."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence

from s2scli.data import Span
from s2scli.documents.base import Mark
from s2scli.text.held import HELD
from s2scli.text.verbatim import verbatim

__all__ = ["Lines", "readable", "wrapped"]

# A name of several words after a dash.
_DASH = re.compile(r"[\u2012-\u2015]|--")
_NAME = r"[^\W\d_a-z][\w.'’-]*"
_WHO = re.compile(
    rf"(?:{_DASH.pattern})[ \t]?{_NAME}"
    rf"(?:[ \t](?:(?:al|bin|da|de|del|den|der|di|du|ibn|la|le|of|van|von|y|zu)[ \t]){{0,2}}{_NAME})"
    r"{1,4}[ \t]*$"
)


def readable(text: str, lines: Sequence[Span]) -> list[list[Span]]:
    """The lines of a paragraph in groups, without those that stay as a whole.

    These are what was typed at a prompt, keys and the like (``s2scli.text.verbatim``), and in a
    quotation of Markdown who is quoted: ``> — Ada Lovelace``.

    Args:
        text: the document's characters, whose line ends are ``\\n``.
        lines: where they stand, without what is before them.
    """
    content = "\n".join(text[start:end] for start, end in lines)
    whole = deque(verbatim(content))
    if not whole and not _DASH.search(content):
        return [list(lines)]
    found: list[list[Span]] = [[]]
    reached = 0
    for start, end in lines:
        while whole and whole[0][1] <= reached:
            whole.popleft()
        is_whole = bool(whole) and whole[0][0] < reached + end - start
        if is_whole or _is_quoted_from(text, start, end):
            found.append([])
        else:
            found[-1].append((start, end))
        reached += end - start + 1
    return [group for group in found if group]


def _is_quoted_from(text: str, start: int, end: int) -> bool:
    """Whether a line of a quotation says whose words they are."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return ">" in before and _WHO.match(text, start, end) is not None


class Lines:
    """Lines without what is before them.

    Args:
        text: the document's characters, whose line ends are ``\\\\n``.
        lines: where they stand; at least one.

    Attributes:
        content: their characters, a line break between any two.
    """

    def __init__(self, text: str, lines: Sequence[Span]) -> None:
        self.content = "\n".join(text[start:end] for start, end in lines)
        self._text = text
        self._lines = lines
        self._starts = [0]
        for start, end in lines[:-1]:
            self._starts.append(self._starts[-1] + end - start + 1)

    def at(self, place: int) -> int:
        """Where in the document a place of the content is."""
        line = bisect_right(self._starts, place) - 1
        return self._lines[line][0] + place - self._starts[line]

    def span(self, span: Span) -> Span:
        """Where a stretch of the content is."""
        return self.at(span[0]), self.at(span[1])

    def marks(self, marks: Sequence[Mark]) -> tuple[Mark, ...]:
        """Marks with their places in the document."""
        return tuple(Mark(m.start, m.end, self.span(m.opens), self.span(m.closes)) for m in marks)

    def layout(self, original: str, start: int, end: int) -> tuple[str, int]:
        """What is between two of the lines of a stretch of the content, and how wide they are.

        Args:
            original: the document's characters as they are.
            start, end: the stretch.
        """
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        if first == last:
            return "", 0
        lines = self._lines[first : last + 1]
        between = original[lines[0][1] : lines[1][0]]
        begins = (self._text.rfind("\n", 0, start) + 1 for start, _ in lines)
        width = max(end - begin for begin, (_, end) in zip(begins, lines, strict=True))
        return (between.lstrip(" \t") if between.strip() == "" else between), width


def wrapped(text: str, prefix: str, width: int, used: int, guarded: Callable[[str], str]) -> str:
    """A text on lines.

    Args:
        text: the text; it has spaces and ``HELD`` ones.
        prefix: what is between two lines, from the line break on; nothing for a text of one line.
        width: most characters a line.
        used: how many stand before the first one.
        guarded: returns a line so that it does not begin a block.
    """
    if not prefix:
        return guarded(text.replace(HELD, " "))
    lines: list[str] = []
    indent = len(prefix.rpartition("\n")[2])
    for word in text.split(" "):
        before = indent if len(lines) > 1 else used
        if lines and before + len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return prefix.join(guarded(line.replace(HELD, " ")) for line in lines if line)
