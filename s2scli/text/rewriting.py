"""Texts with other characters in some places, and where in these the old positions are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from s2scli.data import Translation

__all__ = ["Edit", "Rewriting", "edited", "relinked"]

# Where in a text, and what is to stand there.
Edit = tuple[int, int, str]


class Rewriting:
    """A text and what becomes of it.

    Args:
        text: the text.
        edits: what is to stand in some places of it, in order and apart from one another.

    Attributes:
        text: the new text.
    """

    def __init__(self, text: str, edits: Iterable[Edit]) -> None:
        self._starts: list[int] = []
        self._pieces: list[tuple[int, int, bool]] = []
        parts: list[str] = []
        reached = self._length = 0
        for start, end, new in edits:
            self._add(parts, reached, text[reached:start], same=True)
            self._add(parts, start, new, same=False)
            reached = end
        self._add(parts, reached, text[reached:], same=True)
        self.text = "".join(parts)

    def _add(self, parts: list[str], position: int, new: str, *, same: bool) -> None:
        self._starts.append(position)
        self._pieces.append((self._length, self._length + len(new), same))
        self._length += len(new)
        parts.append(new)

    def start(self, position: int) -> int:
        """Where what begins at a position of the old text begins; after what replaces it."""
        return self._of(position, bisect_right(self._starts, position) - 1)

    def end(self, position: int) -> int:
        """Where what ends at a position of the old text ends."""
        return self._of(position, bisect_left(self._starts, position) - 1)

    def _of(self, position: int, number: int) -> int:
        start, end, same = self._pieces[max(0, number)]
        offset = position - self._starts[max(0, number)]
        return start + offset if same or offset <= 0 else end


def edited(translation: Translation, edits: Iterable[Edit]) -> Translation:
    """A translation with other characters in some places, and its links where they belong."""
    changed = list(edits)
    if not changed:
        return translation
    return relinked(translation, None, Rewriting(translation.text, changed))


def relinked(
    translation: Translation, source: Rewriting | None, target: Rewriting | None
) -> Translation:
    """A translation whose source, or itself, was written again."""
    text = target.text if target else translation.text
    if translation.links is None:
        return translation._replace(text=text)
    links = [
        (
            source.start(first) if source else first,
            source.end(last) if source else last,
            target.start(start) if target else start,
            target.end(end) if target else end,
        )
        for first, last, start, end in translation.links
    ]
    kept = tuple(link for link in links if link[0] < link[1] and link[2] < link[3])
    return translation._replace(text=text, links=kept)
