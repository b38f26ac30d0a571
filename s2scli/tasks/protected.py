"""Translations in which all that is protected comes out exactly once.

What a plain translation has lost is translated again sentence by sentence: as it is, then with
plain marks in the places of all that is protected, then with marks for the numbers too, at last
the texts between these one by one. What comes out of none of that stays as it was, and is counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from s2scli.data import Link, Span, Translation
from s2scli.guard.numerals import romans
from s2scli.tasks.corrections import Wanted, accepted
from s2scli.tasks.masks import Masked, has_mark
from s2scli.text.codes import codes
from s2scli.text.numbers import numbers
from s2scli.text.placeholders import BREAK, MARKUP
from s2scli.text.rewriting import Rewriting, relinked
from s2scli.text.sentences import Splitter
from s2scli.text.spans import UNKNOWN, Protection, Stretch, doubles_apostrophes

__all__ = [
    "FRAGMENTS",
    "LEFT",
    "MASKED",
    "PARTLY",
    "PLAIN",
    "Broken",
    "Repair",
    "Translate",
    "joined",
    "repaired",
    "same",
    "sentence_spans",
    "worst",
]

# From the best on.
PLAIN, MASKED, FRAGMENTS, PARTLY, LEFT = "plain", "masked", "fragments", "partly", "left"
HOWS = (PLAIN, MASKED, FRAGMENTS, PARTLY, LEFT)
# A part may have something protected that its text has not: what now stands at its beginning.
MOST_LEVELS = 20
Translate = Callable[[Sequence[str]], Sequence[Translation]]


class Broken(NamedTuple):
    """A text, and a translation of it that has lost something, if there is one."""

    source: Wanted
    translation: Translation | None


@dataclass(frozen=True, slots=True)
class Repair:
    """A translation in which nothing protected is lost.

    Attributes:
        translation: the translation.
        how: ``plain`` (sentence by sentence), ``masked``, ``fragments`` if words could not be put
            in another order, ``partly`` or ``left`` if a part or all is in the source language.
    """

    translation: Translation
    how: str


class _Attempt(NamedTuple):
    """Something to translate for a unit, and what that makes of the unit."""

    text: str
    undone: Callable[[Translation], Translation | None]
    how: str


_Propose = Callable[["_Unit"], _Attempt | None]


def repaired(
    broken: Sequence[Broken], translate: Translate, protection: Protection, split: Splitter
) -> list[Repair]:
    """Translate texts again if their plain translations have lost something.

    Args:
        broken: the texts.
        translate: translates texts.
        protection: what must not be lost.
        split: finds the sentences of a text.

    Returns:
        A repair for each, with every protected stretch as often as in its source.
    """
    texts = [_Text(one, protection, split) for one in broken]
    units = [unit for text in texts for unit in text.units]
    _solve(units, translate, (_plain, _masked, _masked_numbers))
    for text in texts:
        text.keep_what_lost_nothing()
    return [text.repair() for text in texts]


def _solve(
    units: Sequence[_Unit],
    translate: Translate,
    proposals: Iterable[_Propose],
    levels: int = MOST_LEVELS,
) -> None:
    """Find translations of units: as is proposed, else from those of their parts."""
    for propose in proposals:
        tries = [(unit, new) for unit in units if unit.is_open and (new := propose(unit))]
        texts = list(dict.fromkeys(attempt.text for _, attempt in tries))
        found = dict(zip(texts, translate(texts), strict=True)) if texts else {}
        for unit, attempt in tries:
            unit.take(attempt.undone(found[attempt.text]), attempt.how)
    rest = [unit for unit in units if levels and unit.is_open and unit.cut()]
    if rest:
        _solve([part for unit in rest for part in unit.parts], translate, (_plain,), levels - 1)
    for unit in rest:
        unit.join()


class _Unit:
    """A text that is translated on its own: a sentence, or what is between protected stretches.

    Attributes:
        source: the text.
        spans: what is protected in it; stretches that touch are one.
        core: what of it is not structure at its ends.
        parts: the texts between these.
        raw: a translation that has lost something, or None.
        found: a translation that has not.
        how: how that was found.
    """

    def __init__(self, source: Wanted, protection: Protection, *, is_part: bool = False) -> None:
        self.source = source
        stretches = protection.stretches(source.text, source.literals)
        self.spans = _merged((start, end) for start, end, _ in stretches)
        self.core = _core(source.text, [s[:2] for s in stretches if s.kind in (MARKUP, BREAK)])
        self.parts: list[_Unit] = []
        self._between: list[str] = []
        self._protection = protection
        # Between protected stretches all letters are words, whatever they alone look like.
        is_word = is_part and any(map(str.isalpha, source.text))
        self.has_words = is_word or protection.has_words(*source)
        self.raw: Translation | None = None
        self.found = None if self.has_words else same(source.text)
        self.how = LEFT if self.has_words else PLAIN

    @property
    def is_open(self) -> bool:
        """Whether there is no translation yet."""
        return self.found is None

    def take(self, translation: Translation | None, how: str) -> None:
        """Take a translation, if it has lost nothing."""
        self.raw = self.raw or translation
        if translation and (whole := accepted(self.source, translation, self._protection)):
            self.found, self.how = whole, how

    def cut(self) -> bool:
        """Cut the text at protected stretches, else at numbers; return whether it was cut."""
        text, literals = self.source
        spans = self.spans or _figures(text)
        reached = 0
        for start, end in (*spans, (len(text), len(text))) if spans else ():
            part = Wanted(text[reached:start], literals)
            self.parts.append(_Unit(part, self._protection, is_part=True))
            # Before a text, an equals sign would begin a formula.
            reached = len(text) - len(text[end:].lstrip("="))
            self._between.append(text[start:reached])
        del self._between[-1:]
        return bool(spans)

    def join(self) -> None:
        """Take the translations of the parts, except those that invent protected text."""
        for part in self.parts:
            made_up = set(filter(part.result.text.count, self._between))
            if any(part.source.text.count(text) < part.result.text.count(text) for text in made_up):
                part.found, part.how = None, LEFT
        rows = [(part.source.text, part.result) for part in self.parts]
        between = [(text, same(text)) for text in (*self._between, "")]
        in_turn = chain.from_iterable(zip(rows, between, strict=True))
        self.take(joined(in_turn), _worst_of(self.parts, FRAGMENTS))

    def keep_raw(self) -> None:
        """Take a translation that has lost nothing, even if it contains more."""
        raw = self.raw
        if not self.is_open or not raw or _figures(self.source.text):
            return
        if self._protection.has_words(raw.text) and not (UNKNOWN in raw.text or has_mark(raw.text)):
            self.found, self.how = raw, PLAIN

    @property
    def result(self) -> Translation:
        """The translation; the text itself if there is none."""
        return self.found or same(self.source.text)


class _Text:
    """A text in sentences.

    Apostrophes that are doubled for ICU are single ones meanwhile.
    """

    def __init__(self, broken: Broken, protection: Protection, split: Splitter) -> None:
        source = broken.source
        self._doubles = doubles_apostrophes(source.text)
        self._text = text = source.text.replace("''", "'") if self._doubles else source.text
        stretches = protection.stretches(text, source.literals)
        self.units = [
            _Unit(Wanted(text[start:end], source.literals), protection)
            for start, end in sentence_spans(text, stretches, split)
        ]
        if len(self.units) == 1 and not self._doubles:
            self.units[0].raw = broken.translation

    def keep_what_lost_nothing(self) -> None:
        """Keep translations of a text without protected stretches, even if they contain more."""
        if not any(unit.spans for unit in self.units):
            for unit in self.units:
                unit.keep_raw()

    def repair(self) -> Repair:
        """The text from its sentences."""
        how = _worst_of(self.units, PLAIN)
        translation = joined((unit.source.text, unit.result) for unit in self.units)
        if self._doubles:
            translation = relinked(translation, _doubled(self._text), _doubled(translation.text))
        return Repair(translation, how)


def _plain(unit: _Unit) -> _Attempt | None:
    """The text itself, if that was not tried."""
    if unit.raw:
        return None
    text = unit.source.text
    lead = len(text) - len(text.lstrip())
    return _attempt(unit, (lead, len(text.rstrip())), (), PLAIN)


def _masked(unit: _Unit) -> _Attempt | None:
    """The text with marks, and without the structure at its ends."""
    start, end = unit.core
    spans = [span for span in unit.spans if start <= span[0] and span[1] <= end]
    if not unit.spans:
        return None
    return _attempt(unit, unit.core, spans, MASKED if spans else PLAIN)


def _masked_numbers(unit: _Unit) -> _Attempt | None:
    """The same with marks for the numbers too."""
    start, end = unit.core
    found = _figures(unit.source.text)
    found = [one for one in found if not any(one[0] < b and a < one[1] for a, b in unit.spans)]
    spans = _merged(sorted((*unit.spans, *found)))
    inner = [span for span in spans if start <= span[0] and span[1] <= end]
    return _attempt(unit, unit.core, inner, MASKED) if found else None


def _attempt(unit: _Unit, core: Span, spans: Sequence[Span], how: str) -> _Attempt:
    """To translate a part of a text, some of it as marks; the rest stays around it."""
    text = unit.source.text
    start, end = core
    masked = Masked(text[start:end], [(first - start, last - start) for first, last in spans])

    def undone(translation: Translation) -> Translation | None:
        inner = masked.undone(_stripped(translation))
        around = same(text[:start]), same(text[end:])
        return inner and joined(
            [(text[:start], around[0]), (text[start:end], inner), (text[end:], around[1])]
        )

    return _Attempt(masked.text, undone, how)


def same(text: str) -> Translation:
    """A text as its own translation."""
    return Translation(text, ((0, len(text)) * 2,) if text.strip() else ())


def _stripped(translation: Translation) -> Translation:
    text = translation.text
    lead, tail = len(text) - len(text.lstrip()), len(text.rstrip())
    edits = [(0, lead, ""), (tail, len(text), "")] if lead < tail else [(0, len(text), "")]
    return relinked(translation, None, Rewriting(text, edits))


def joined(rows: Iterable[tuple[str, Translation]]) -> Translation:
    """Texts after one another, each with its translation, as one."""
    text, links, reached = "", list[Link](), 0
    known, cut = True, False
    total, tokens = 0.0, 0
    for source, translation in rows:
        known = known and translation.links is not None
        links += [
            (reached + first, reached + last, len(text) + start, len(text) + end)
            for first, last, start, end in translation.links or ()
        ]
        text += translation.text
        reached += len(source)
        total += translation.total
        tokens += translation.tokens
        cut = cut or translation.truncated
    return Translation(text, tuple(links) if known else None, total, tokens, cut)


def _figures(text: str) -> list[Span]:
    """Where numbers are, in figures or Roman ones, and words with figures."""
    return _merged(sorted((*(n.whole for n in numbers(text)), *romans(text), *codes(text))))


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order; those that touch are one."""
    found: list[Span] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _core(text: str, ends: Sequence[Span]) -> Span:
    """A text without the white space and the stretches at its ends."""
    start, end = 0, len(text)
    for first, last in ends:
        if text[start:first].strip():
            break
        start = last
    for first, last in reversed(ends):
        if first < start or text[last:end].strip():
            break
        end = first
    inner = text[start:end]
    lead = len(inner) - len(inner.lstrip())
    return start + lead, max(start + lead, start + len(inner.rstrip()))


def sentence_spans(
    text: str, stretches: Sequence[Stretch], split: Splitter, apart: Iterable[Span] = ()
) -> Iterator[Span]:
    """The sentences of a text and the breaks between them; no stretch is cut.

    Args:
        text: the text.
        stretches: what is protected in it.
        split: finds sentences.
        apart: what else stands between texts.
    """
    borders = {end for _, end in split(text, 0, len(text))} | {len(text)}
    for start, end, kind in stretches:
        borders.difference_update(range(start + 1, end))
        if kind == BREAK:
            borders.update((start, end))
    borders.update(chain.from_iterable(apart))
    reached = 0
    for border in sorted(borders):
        if border > reached:
            yield reached, border
            reached = border


def _doubled(text: str) -> Rewriting:
    """A text with its apostrophes doubled, as ICU requires."""
    return Rewriting(text, [(m.start(), m.end(), "''") for m in re.finditer("'", text)])


def _worst_of(units: Sequence[_Unit], best: str) -> str:
    return worst([unit.how for unit in units if unit.has_words], best)


def worst(hows: Sequence[str], best: str) -> str:
    """How a text was translated whose parts were translated so.

    Args:
        hows: how each part with words was.
        best: how it was if all of them were translated plainly.
    """
    if hows and all(how == LEFT for how in hows):
        return LEFT
    if LEFT in hows:
        return PARTLY
    return max((best, *hows), key=HOWS.index)
