"""Markup carried over from a source to its target, along the links between their words.

A stretch of the source goes to the run of target words that has most links into it and fewest out
of it (the maximum-sum run, Kadane's algorithm); a point goes to where fewest links cross it. What
was nested stays nested, what was apart stays apart, and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from s2scli.data import Link, Span
from s2scli.text.portions import share_out
from s2scli.text.staying import cuts, overlap, standing

__all__ = ["linked", "project"]

_WORD = re.compile(r"\S+")
# What a word may have at its ends that is not of the word.
OPENING, CLOSING = "\"'(«‹„“‘¿¡[", "\"'),.;:!?…»›“”’]。，！？、"
# The first letter of a text, which books set large, with the quote before it.
_INITIAL = re.compile(rf"[{re.escape(OPENING)}]*[^\W\d_]")
MOST_SPANS = 256  # beyond these, in one text, places are taken in proportion
THRESHOLD = 0.5  # of a target word's links, that must come from a stretch
UNLINKED = 0.05  # what a word without links costs: it may stand within a run, but not around it
SURE_LENGTH = 4  # of a word that is the same in source and target, that it is no chance


@dataclass(frozen=True, slots=True)
class _Unit:
    """A target word, and the source words that it comes from."""

    start: int
    end: int
    sources: tuple[Span, ...]

    def share(self, span: Span) -> float:
        """How much of what it comes from is in a stretch, from 0 to 1; 0 without links."""
        inside = sum(overlap(source, span) / (source[1] - source[0]) for source in self.sources)
        return inside / max(1, len(self.sources))


def project(
    source: str,
    target: str,
    spans: Sequence[Span],
    parents: Sequence[int],
    links: Sequence[Link],
    kept: Sequence[Span] = (),
) -> tuple[Span, ...]:
    """Where stretches of a source are in its target.

    Args:
        source: the text.
        target: its translation.
        spans: stretches of the source, each after the one that it is inside; those of a
            sentence may also be empty (points).
        parents: for each the number of the stretch around it; -1 for none.
        links: which target words come from which source words; may be empty.
        kept: stretches of the source that are in the target as they are, such as code; in order.

    Returns:
        For each a stretch of the target, inside that of its parent, apart from its neighbours',
        empty only if the source's is or no word is left. What is kept is in the same stretches as
        in the source, and in no other.
    """
    if target == source or not spans:
        return tuple(spans)
    if len(spans) > MOST_SPANS:
        ratio = len(target) / max(1, len(source))
        return tuple((int(start * ratio), int(end * ratio)) for start, end in spans)
    return _Projecting(source, target, spans, links, kept).placed(parents)


def linked(source: str, target: str, span: Span, links: Sequence[Link]) -> Span | None:
    """The run of target words that come from a stretch of the source; None if none does."""
    return _Projection(source, target, links).run(span, (0, len(target)), ())


class _Projecting:
    """Places all stretches of a source: those around what is kept first, points last."""

    def __init__(
        self,
        source: str,
        target: str,
        spans: Sequence[Span],
        links: Sequence[Link],
        kept: Sequence[Span],
    ) -> None:
        self._source, self._target, self._spans = source, target, spans
        self._projection = _Projection(source, target, links)
        self._standing = standing(source, target, kept, links)

    def placed(self, parents: Sequence[int]) -> tuple[Span, ...]:
        """Where each stretch is, given the number of the one around it."""
        spans = self._spans
        found: dict[int, Span] = {-1: (0, len(self._target))}
        inside: dict[int, list[int]] = {}
        for number, parent in enumerate(parents):
            inside.setdefault(parent, []).append(number)
        for parent in range(-1, len(spans)):
            numbers = inside.get(parent, [])
            around = spans[parent] if parent >= 0 else (0, len(self._source))
            placed: dict[int, Span] = {}
            holding = [number for number in numbers if self._holds(spans[number])]
            turns = [(spans[n][0] == spans[n][1], n not in holding, n) for n in numbers]
            for *_, number in sorted(turns):
                placed[number] = self._place(number, around, found[parent], placed)
            share_out(self._source, self._target, spans, placed, holding)
            found |= placed
        return tuple(found[number] for number in range(len(spans)))

    def _holds(self, span: Span) -> list[Span]:
        """Where what is kept of a stretch, or around it, is in the target."""
        return [place for kept, place in self._standing.items() if overlap(kept, span)]

    def _place(self, number: int, around: Span, region: Span, placed: dict[int, Span]) -> Span:
        """The place of a stretch; stretches without words give way to it."""
        span = self._spans[number]
        if exact := self._exact(span):
            return exact
        own = self._holds(span)
        others = (place for place in self._standing.values() if place not in own)
        taken = [*placed.values(), *(place for place in others if overlap(place, region))]
        place = self._projection.place(span, around, region, taken)
        place = self._around(own, place, taken) if own else place
        for other, (first, last) in placed.items():
            if first == last and place[0] < first < place[1]:
                # No word was left for it: it gives way to one that has words.
                placed[other] = (place[span < self._spans[other]],) * 2
        return place

    def _exact(self, span: Span) -> Span | None:
        """The place of a stretch that is kept, or a part of one that is."""
        first, last = self._projection.bare(span)
        for kept, place in self._standing.items():
            is_in = kept[0] <= first <= last <= kept[1]
            if is_in and (first < last or kept[0] < first < kept[1]):
                return place[0] + first - kept[0], place[0] + last - kept[0]
        return None

    def _around(self, own: Sequence[Span], place: Span, taken: Sequence[Span]) -> Span:
        """A place with what is kept in it, without what is between if that is taken."""
        least = min(start for start, _ in own), max(end for _, end in own)
        most = min(least[0], place[0]), max(least[1], place[1])
        return least if any(overlap(most, other) for other in taken) else most


class _Projection:
    def __init__(self, source: str, target: str, links: Sequence[Link]) -> None:
        self._source = source
        self._target = target
        bare = ((*_core(source, first, last), start, end) for first, last, start, end in links)
        self._units = list(_units(target, bare))

    def place(self, span: Span, around: Span, region: Span, taken: Sequence[Span]) -> Span:
        """The stretch of the target for one of the source.

        Args:
            span: the stretch of the source, or a point.
            around: the stretch that it is inside.
            region: what became of that.
            taken: what is taken in the region.
        """
        initial = self._initial(span, region)
        if initial and not any(overlap(initial, other) for other in taken):
            return initial
        span = self.bare(span)
        before = self._source[around[0] : span[0]].strip()
        behind = self._source[span[1] : around[1]].strip()
        if span[0] == span[1]:
            if not behind and before:
                return region[1], region[1]
            position = self._point(span[0], region) if before else region[0]
            return (_outside(position, taken),) * 2
        if not before and not behind and not any(overlap(region, other) for other in taken):
            return region
        found = self._same(span, region, taken) or self.run(span, region, taken)
        if not found and self._widened(span) != span:
            # A part of a word whose other part has all of it.
            return (_outside(self._point(span[1], region), taken),) * 2
        return found or self._guess(span, region, taken)

    def _initial(self, span: Span, region: Span) -> Span | None:
        """The first letter of the target, if a stretch is that of the source but not its word."""
        text, end = self._source, span[1]
        if text[: span[0]].strip() or not text[end : end + 1].isalpha():
            return None
        found = _INITIAL.match(self._target, *region)
        return found.span() if found and _INITIAL.fullmatch(text, *span) else None

    def bare(self, span: Span) -> Span:
        """A stretch without the white space at its ends."""
        text = self._source[span[0] : span[1]]
        if not text.strip():
            return span
        return span[0] + len(text) - len(text.lstrip()), span[1] - len(text) + len(text.rstrip())

    def _same(self, span: Span, region: Span, taken: Sequence[Span]) -> Span | None:
        """Where the very same words stand, if that is no chance and there is but one such place."""
        text = self._source[span[0] : span[1]]
        text = text if text.isspace() else text.strip()
        sure = len(text) >= SURE_LENGTH or not text.isalpha() or not text.islower()
        if not text or not sure or self._source.count(text) > 1:
            return None
        start = self._target.find(text, *region)
        if start < 0 or self._target.count(text, *region) > 1:
            return None
        place = start, start + len(text)
        own = self._source.find(text)
        if any(
            cuts(self._target, there) and not cuts(self._source, here)
            for here, there in zip((own, own + len(text)), place, strict=True)
        ):
            return None  # it is a part of another word: All, Alle
        return None if any(overlap(place, other) for other in taken) else place

    def run(self, span: Span, region: Span, taken: Sequence[Span]) -> Span | None:
        """The run of words with most links into a stretch and fewest out of it, if any has."""
        part, span = span, self._widened(span)
        best, merit = None, 0.0
        begin, total = -1, 0.0
        free = self._free(span, region, taken)
        reached = region[0]
        for position, unit in enumerate(free):
            value = unit.share(span) - THRESHOLD if unit.sources else -UNLINKED
            broken = any(reached <= other[0] and other[1] <= unit.start for other in taken)
            if total <= 0 or broken:
                begin, total = position, 0.0
            total += value
            reached = unit.end
            if total > merit:
                best, merit = (begin, position), total
        if best is None:
            return None
        return self._narrowed(part, (free[best[0]].start, free[best[1]].end))

    def _free(self, span: Span, region: Span, taken: Sequence[Span]) -> list[_Unit]:
        """What of a region's words is not taken.

        Punctuation that is left of a word is for what is punctuation itself.
        """
        worded = _is_word(self._source, span[0], span[1])
        return [
            part
            for unit in self._units
            for part in _without(unit, region, taken)
            if part == unit or not worded or _is_word(self._target, part.start, part.end)
        ]

    def _guess(self, span: Span, region: Span, taken: Sequence[Span]) -> Span:
        """The word with most links, else the one that stands where it would in the source."""
        free = self._free(span, region, taken)
        if _is_word(self._source, *span):
            has_words = any(unit.share(span) for unit in self._units)  # a neighbour's by now
            free = [
                unit
                for unit in free
                if _is_word(self._target, unit.start, unit.end)
                and (unit.share(span) or not (unit.sources and has_words))
            ]
        if not free:
            return (_outside(region[1], taken),) * 2
        middle = (span[0] + span[1]) / 2 / max(1, len(self._source)) * len(self._target)

        def merit(unit: _Unit) -> tuple[float, float]:
            return unit.share(span), -abs((unit.start + unit.end) / 2 - middle)

        chosen = max(free, key=merit)
        return self._trimmed(span, (chosen.start, chosen.end))

    def _narrowed(self, span: Span, place: Span) -> Span:
        """The part of a run of words that a stretch has that ends within words (H₂O, 1st)."""
        if self._widened(span) == span:
            return self._trimmed(span, place)
        before, behind = self._rest(span)
        start, end = place
        text, inner = self._source[span[0] : span[1]], self._target[start:end]
        if text in inner:
            start += max(inner.find(text, inner.startswith(before) and len(before)), 0)
            start = self._target.index(text, start)
            return start, start + len(text)
        if before and inner.startswith(before):
            start += len(before)
        if behind and inner.endswith(behind):
            end -= len(behind)
        return self._trimmed(span, (start, end) if start < end else place)

    def _widened(self, span: Span) -> Span:
        """A stretch with all of the words that it begins and ends in, if it is of parts of them."""
        before, behind = self._rest(span)
        if any(map(str.isalnum, before + behind)) and _is_word(self._source, *span):
            return span[0] - len(before), span[1] + len(behind)
        return span

    def _rest(self, span: Span) -> tuple[str, str]:
        """What of the words that a stretch begins and ends in is outside it."""
        start = span[0]
        while start and not self._source[start - 1].isspace():
            start -= 1
        behind = _WORD.match(self._source, span[1])
        return self._source[start : span[0]], behind[0] if behind else ""

    def _trimmed(self, span: Span, place: Span) -> Span:
        """Without the punctuation around it, unless the source has some there too."""
        text = self._source[span[0] : span[1]].strip()
        start, end = place
        inner = self._target[start:end]
        if not text.startswith(tuple(OPENING)):
            start += len(inner) - len(inner.lstrip(OPENING))
        if not text.endswith(tuple(CLOSING)):
            end -= len(inner) - len(inner.rstrip(CLOSING))
        return (start, end) if start < end else place

    def _point(self, position: int, region: Span) -> int:
        """After the word that the source has it behind, else where fewest links cross it."""
        source = self._source
        units = self._free((0, 0), region, ())
        if not units:
            return region[0]
        if not source[position - 1].isspace():
            before, behind = self._rest((position, position))
            word = (position - len(before), position + len(behind))
            whence = [unit for unit in units if unit.sources and unit.share(word) > THRESHOLD]
            if whence:
                # Several may be linked: the one among them that stands last.
                place = (whence[-1].start, whence[-1].end)
                inner = self._target[place[0] : place[1]]
                if behind and inner.startswith(before):
                    return place[0] + len(before)
                if behind and inner.endswith(behind):
                    return place[1] - len(behind)
                return self._trimmed((word[0], position), place)[1]
        near = position / len(source) * len(self._target)
        crossings = sum(_links(unit, 0, position) for unit in units)
        found = [(crossings, abs(region[0] - near), region[0])]
        for unit, border in zip(units, [*(u.start for u in units[1:]), region[1]], strict=True):
            crossings += _links(unit, position, len(source)) - _links(unit, 0, position)
            found.append((crossings, abs(border - near), border))
        best = min(found)[2]
        if source[position : position + 1].isspace() and not source[position - 1].isspace():
            best = region[0] + len(self._target[region[0] : best].rstrip())
        return best


def _core(text: str, start: int, end: int) -> Span:
    """A word without the punctuation at its ends, unless it is nothing else."""
    word = text[start:end]
    first = start + len(word) - len(word.lstrip(OPENING + CLOSING))
    last = end - len(word) + len(word.rstrip(OPENING + CLOSING))
    return (first, last) if first < last else (start, end)


def _units(target: str, links: Iterable[Link]) -> Iterator[_Unit]:
    """The target's words in order: those with links as these have them, and the others."""
    sources: dict[Span, list[Span]] = {}
    for first, last, start, end in links:
        if first < last and start < end:
            sources.setdefault((start, end), []).append((first, last))
    reached = 0
    for place in [*sorted(sources), (len(target), len(target))]:
        for word in _WORD.finditer(target, reached, max(reached, place[0])):
            yield _Unit(*word.span(), ())
        if place in sources and place[0] >= reached:
            yield _Unit(*place, tuple(sources[place]))
            reached = place[1]


def _without(unit: _Unit, region: Span, taken: Sequence[Span]) -> list[_Unit]:
    """What of a word is in a region and not taken."""
    left = [(max(unit.start, region[0]), min(unit.end, region[1]))]
    for first, last in taken:
        if last > unit.start and first < unit.end:
            left = [
                (start, end)
                for old in left
                for start, end in ((old[0], min(old[1], first)), (max(old[0], last), old[1]))
            ]
    return [_Unit(start, end, unit.sources) for start, end in left if start < end]


def _is_word(text: str, start: int, end: int) -> bool:
    return any(map(str.isalnum, text[start:end]))


def _links(unit: _Unit, start: int, end: int) -> int:
    """How many of a word's links come from a stretch."""
    return sum(start <= (first + last) / 2 < end for first, last in unit.sources)


def _outside(position: int, taken: Sequence[Span]) -> int:
    """A position, or the end of the stretch that it is in."""
    for start, end in taken:
        if start < position < end:
            return end
    return position
