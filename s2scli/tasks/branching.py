"""Repairs of texts with conditions and loops of templates: each branch is a text of its own.

The sentence around a condition is translated with the condition as one thing that it must keep,
and what is in its branches for itself. A condition whose partner is elsewhere parts texts. A
sentence in which a branch continues a word (``file{% if many %}s{% endif %}``) stays, and so does
one in which too many conditions are in each other.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice, takewhile
from operator import attrgetter
from typing import NamedTuple

from s2scli.data import Span, Translation
from s2scli.tasks.corrections import Wanted
from s2scli.tasks.protected import (
    LEFT,
    PLAIN,
    Broken,
    Repair,
    Translate,
    joined,
    repaired,
    same,
    sentence_spans,
    worst,
)
from s2scli.text.branches import DEEPEST, Branching, BranchingText, branching, is_within_word
from s2scli.text.placeholders import LITERAL
from s2scli.text.rewriting import Rewriting
from s2scli.text.sentences import Splitter
from s2scli.text.spans import Protection

__all__ = ["has_branches", "repaired_in_branches"]


def has_branches(source: Wanted, protection: Protection) -> bool:
    """Whether there are conditions or loops in a text, or parts of such."""
    return _conditions(source, protection) != BranchingText()


def _conditions(source: Wanted, protection: Protection) -> BranchingText:
    """The conditions and loops in a text, but for those that stand in code."""
    text, literals = source
    found = branching(text)
    if found == BranchingText():
        return found
    codes = [
        (start, end)
        for start, end, kind in protection.stretches(text, literals)
        if kind == LITERAL and _is_around_tag((start, end), found.tags)
    ]
    for start, end in codes:
        text = f"{text[:start]}{'x' * (end - start)}{text[end:]}"
    return branching(text) if codes else found


def _is_around_tag(span: Span, tags: Sequence[Span]) -> bool:
    """Whether there is a tag in a stretch, and more; tags are in order."""
    start, end = span
    number = bisect_left(tags, (start, start))
    return number < len(tags) and tags[number][1] <= end and tags[number] != span


def repaired_in_branches(
    broken: Sequence[Broken], translate: Translate, protection: Protection, split: Splitter
) -> list[Repair]:
    """As ``repaired``, but no word leaves the branch that it is in, nor comes into one."""
    texts = [_Text(one, protection, split) for one in broken]
    parts = [list(text.parts()) for text in texts]
    found = deque(repaired(list(chain.from_iterable(parts)), translate, protection, split))
    return [text.repair(found) for text in texts]


class _Sentence(NamedTuple):
    """A sentence, or a tag between sentences.

    Attributes:
        source: its text; the conditions in it are literals.
        raw: its translation, if it is one already.
        stays: whether it cannot be translated safely.
        within: the conditions in it, each with the texts of its branches.
    """

    source: Wanted
    raw: Translation | None
    stays: bool
    within: Sequence[tuple[Branching, Sequence[_Text]]]


class _Text:
    """A text, sentence by sentence if there are branches in it."""

    def __init__(self, broken: Broken, protection: Protection, split: Splitter) -> None:
        self._protection = protection
        self._split = split
        self._literals = broken.source.literals
        text = broken.source.text
        found = _conditions(broken.source, protection)
        if found == BranchingText():
            self._sentences = [_Sentence(*broken, False, ())]
            return
        wholes = [text[one.start : one.end] for one in found.found]
        stretches = protection.stretches(text, (*self._literals, *wholes))
        borders = sentence_spans(text, stretches, split, found.loose)
        self._sentences = [self._sentence(text, *span, found.found) for span in borders]

    def _sentence(self, text: str, start: int, end: int, found: Sequence[Branching]) -> _Sentence:
        first = bisect_left(found, start, key=attrgetter("start"))
        inside = list(takewhile(lambda one: one.end <= end, islice(found, first, None)))
        stays = any(
            one.depth > DEEPEST or is_within_word(text, one[:2], one.branches) for one in inside
        )
        wholes = [text[one.start : one.end] for one in inside]
        within = [
            (
                Branching(
                    one.start - start,
                    one.end - start,
                    tuple((first - start, last - start) for first, last in one.branches),
                ),
                [self._part(text[first:last]) for first, last in one.branches],
            )
            for one in inside
            if not stays
        ]
        return _Sentence(Wanted(text[start:end], (*self._literals, *wholes)), None, stays, within)

    def _part(self, text: str) -> _Text:
        broken = Broken(Wanted(text, self._literals), None)
        return _Text(broken, self._protection, self._split)

    def parts(self) -> Iterator[Broken]:
        """What is to be translated: sentences, then what is in their branches."""
        for sentence in self._sentences:
            if not sentence.stays:
                yield Broken(sentence.source, sentence.raw)
                for _, texts in sentence.within:
                    for text in texts:
                        yield from text.parts()

    def repair(self, found: deque[Repair]) -> Repair:
        """The text from the repairs of its parts, which are taken from the front of ``found``."""
        rows, hows = [], []
        for sentence in self._sentences:
            text = sentence.source.text
            whole = Repair(same(text), LEFT) if sentence.stays else found.popleft()
            if sentence.stays or self._protection.has_words(*sentence.source):
                hows.append(whole.how)
            translation, reached = whole.translation, list[tuple[Branching, Translation]]()
            for branches, texts in sentence.within:
                repairs = [one.repair(found) for one in texts]
                hows += [
                    repair.how
                    for repair, (first, last) in zip(repairs, branches.branches, strict=True)
                    if self._protection.has_words(text[first:last], self._literals)
                ]
                reached.append((branches, _refilled(text, branches, repairs)))
            rows.append((text, _with_branches(text, translation, reached)))
        return Repair(joined(rows) if len(rows) != 1 else rows[0][1], worst(hows, PLAIN))


def _refilled(text: str, branches: Branching, repairs: Sequence[Repair]) -> Translation:
    """A condition with other texts in its branches."""
    rows, reached = [], branches.start
    for (first, last), repair in zip(branches.branches, repairs, strict=True):
        tag = text[reached:first]
        rows += [(tag, same(tag)), (text[first:last], repair.translation)]
        reached = last
    tag = text[reached : branches.end]
    return joined([*rows, (tag, same(tag))])


def _with_branches(
    text: str, translation: Translation, within: Sequence[tuple[Branching, Translation]]
) -> Translation:
    """A translation whose conditions, which are those of its source, are put in anew."""
    if not within:
        return translation
    fresh: dict[str, deque[tuple[Branching, Translation]]] = {}
    for branches, new in within:
        fresh.setdefault(text[branches.start : branches.end], deque()).append((branches, new))
    longest_first = sorted(fresh, key=len, reverse=True)
    places = re.compile("|".join(map(re.escape, longest_first)))
    edits, put = [], []
    for place in places.finditer(translation.text):
        branches, new = fresh[place[0]].popleft()
        edits.append((*place.span(), new.text))
        put.append((place.start(), branches, new))
    target = Rewriting(translation.text, edits)
    if translation.links is None or any(new.links is None for _, _, new in put):
        links = None
    else:
        links = tuple(
            (first, last, target.start(start), target.end(end))
            for first, last, start, end in translation.links
            if not any(one.start <= first < one.end for _, one, _ in put)
        )
        for at, one, new in put:
            begin = target.end(at)
            links += tuple(
                (one.start + first, one.start + last, begin + start, begin + end)
                for first, last, start, end in new.links or ()
            )
    each = (translation, *(new for _, _, new in put))
    return Translation(
        target.text,
        links if links is None else tuple(sorted(links)),
        sum(one.total for one in each),
        sum(one.tokens for one in each),
        any(one.truncated for one in each),
    )
