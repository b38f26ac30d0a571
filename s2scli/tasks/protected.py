"""Translations in which all that is protected comes out exactly once.

Where a model loses a placeholder, the text is translated again with plain marks in the places of
all of them; where it loses one of these too, the texts between them are translated one by one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from s2scli.data import Link, Translation
from s2scli.text.spans import Protection

__all__ = ["FRAGMENTS", "MASKED", "Repair", "Wanted", "repaired"]

MASKED, FRAGMENTS = "masked", "fragments"
# Of ten kinds of marks that were tried on the bundled model, the one that it copied most often.
MARK = "XQ-{}"
Translate = Callable[[Sequence[str]], Sequence[Translation]]


class Wanted(NamedTuple):
    """A text to translate.

    Attributes:
        text: the text.
        literals: what is protected in it beside what is in all texts.
    """

    text: str
    literals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """A translation in which nothing protected is lost.

    Attributes:
        translation: the translation.
        how: ``masked``, or ``fragments`` if words could not be put in another order.
    """

    translation: Translation
    how: str


def repaired(
    sources: Sequence[Wanted], translate: Translate, protection: Protection
) -> list[Repair]:
    """Translate texts whose placeholders a plain translation lost.

    Args:
        sources: the texts.
        translate: translates texts.
        protection: what must not be lost.

    Returns:
        A repair for each, with every protected stretch as often as in its source.
    """
    rows = [_parts(source, protection) for source in sources]
    masks = [_Masked(row) for row in rows]
    found: dict[int, Repair] = {}
    for position, translation in enumerate(translate([mask.text for mask in masks])):
        unmasked = masks[position].undone(translation)
        if _is_intact(sources[position], unmasked.text, protection):
            found[position] = Repair(unmasked, MASKED)
    rest = [position for position in range(len(sources)) if position not in found]
    between = [part.strip() for position in rest for part in rows[position][::2] if part.strip()]
    translated = dict(zip(between, translate(between), strict=True)) if between else {}
    for position in rest:
        row, source = rows[position], sources[position]
        whole = _joined(row, translated, lambda one, other: _is_intact(one, other, protection))
        # Where what stands beside a stretch makes another of it, the source itself is left.
        if not _is_intact(source, whole.text, protection):
            whole = Translation(source.text, ((0, len(source.text)) * 2,))
        found[position] = Repair(whole, FRAGMENTS)
    return [found[position] for position in range(len(sources))]


def _is_intact(source: Wanted, text: str, protection: Protection) -> bool:
    return protection.is_intact(source.text, text, source.literals)


def _parts(source: Wanted, protection: Protection) -> list[str]:
    """Text and protected stretches in turn, text first and last."""
    parts, reached = [], 0
    text = source.text
    for start, end in protection.spans(text, source.literals):
        parts += [text[reached:start], text[start:end]]
        reached = end
    return [*parts, text[reached:]]


class _Masked:
    """A text with marks in the places of its protected stretches.

    Args:
        parts: text and stretches in turn.
    """

    def __init__(self, parts: Sequence[str]) -> None:
        self._stretches = parts[1::2]
        masked = list(parts)
        masked[1::2] = [MARK.format(number) for number in range(1, len(self._stretches) + 1)]
        self.text = "".join(masked)
        self._map = _Map(zip(masked, parts, strict=True))

    def undone(self, translation: Translation) -> Translation:
        """A translation with the stretches in the places of their marks."""
        # From the highest number down, for XQ-12 has XQ-1 in it.
        marks = {MARK.format(i + 1): text for i, text in reversed([*enumerate(self._stretches)])}
        pieces: list[tuple[str, str]] = [(translation.text, translation.text)]
        for mark, stretch in marks.items():
            pieces = [piece for old in pieces for piece in _replaced(old, mark, stretch)]
        map_ = _Map(pieces)
        links = tuple(
            (self._map.of(s), self._map.of(e), map_.of(first), map_.of(last))
            for s, e, first, last in translation.links or ()
        )
        return Translation("".join(new for _, new in pieces), links)


def _replaced(piece: tuple[str, str], mark: str, stretch: str) -> Iterator[tuple[str, str]]:
    """A piece of text cut at a mark; what was replaced before stays whole."""
    old, new = piece
    if old != new or mark not in old:
        yield piece
        return
    # Where a model has put a number behind a mark, it is another mark or none.
    for number, part in enumerate(re.split(rf"{re.escape(mark)}(?!\d)", old)):
        if number:
            yield mark, stretch
        yield part, part


class _Map:
    """Positions in a text, as they are once parts of it are replaced.

    Args:
        pieces: the text in parts, each with what takes its place.
    """

    def __init__(self, pieces: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> None:
        self._starts: list[int] = []
        self._pieces: list[tuple[int, int, bool]] = []
        before = after = 0
        for old, new in pieces:
            self._starts.append(before)
            self._pieces.append((after, after + len(new), old == new))
            before, after = before + len(old), after + len(new)

    def of(self, position: int) -> int:
        """A position; within something replaced, its end."""
        number = max(0, bisect_right(self._starts, position) - 1)
        start, end, same = self._pieces[number]
        offset = position - self._starts[number]
        return start + offset if same or not offset else end


def _joined(
    row: Sequence[str],
    translated: dict[str, Translation],
    is_intact: Callable[[Wanted, str], bool],
) -> Translation:
    """The texts between the stretches translated one by one, the stretches as they are."""
    text, links, reached = "", list[Link](), 0
    for number, part in enumerate(row):
        bare = part.strip()
        new = translated.get(bare) if number % 2 == 0 else None
        # As it was if the model makes up a placeholder in it.
        if new is None or not is_intact(Wanted(bare), new.text.strip()):
            if bare:
                links.append((reached, reached + len(part), len(text), len(text) + len(part)))
            text += part
        else:
            lead, _, tail = part.partition(bare)
            start, offset = reached + len(lead), len(text) + len(lead)
            offset -= len(new.text) - len(new.text.lstrip())
            links += [
                (start + a, start + b, offset + c, offset + d) for a, b, c, d in new.links or ()
            ]
            text += f"{lead}{new.text.strip()}{tail}"
        reached += len(part)
    return Translation(text, tuple(links))
