"""Words of prose in square brackets, each alone: ``Press [here]``.

Models copy such a word as if it were a placeholder. So the text is translated without the brackets,
and they are put around what the word has become, as markup is. In strings of programs such a word
may well be a placeholder, and in a synopsis (``[options]``) it stands for others.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from s2scli.data import Span
from s2scli.documents.base import Mark, Slot, Target, parents
from s2scli.text.spans import table

__all__ = ["bracketed", "has_word_brackets", "without_word_brackets"]

MOST_MARKS = 100  # of a text; where there are more, words are not looked for
# But for names of sections, signs for others, and what is Latin in any language.
_WORD = re.compile(
    r"(?<![\w\[\]!\\@#^/$-])\[(?!(?:sic|toc|options?|flags?|args?|arguments?|files?)\])"
    r"([^\W\d_]{2,30}(?:['\u2019-][^\W\d_]{1,30}){0,3})\](?![\w(\[\]:{])"
)
_SYNOPSIS = re.compile(r"\A\W{0,9}usage\b|\[-|<[\w-]{1,40}>|(?<!\w)--?[A-Za-z]", re.IGNORECASE)


def has_word_brackets(slot: Slot) -> bool:
    """Whether there is such a word in a text."""
    return bool(_brackets(slot))


def without_word_brackets(slot: Slot) -> Slot:
    """A text without the brackets around single words; these are marks that say nothing of where
    they stand in the document."""
    found = _brackets(slot)
    if not found:
        return slot

    def moved(span: Span) -> Span:
        first, last = (
            place - sum((place > start) + (place >= end) for start, end in found) for place in span
        )
        return first, last

    spans = [(mark.start, mark.end) for mark in slot.marks]
    last = _last(slot, found)
    for number, span in zip(_numbers(slot, found), found, strict=True):
        spans.insert(number, span)
    text = slot.text
    for start, end in reversed(found):
        text = f"{text[:start]}{text[start + 1 : end - 1]}{text[end:]}"
    marks = tuple(
        Mark(*moved(span), (number, number), (last[number], last[number]))
        for number, span in enumerate(spans)
    )
    return replace(slot, text=text, marks=marks, kept=tuple(map(moved, slot.kept)))


def bracketed(slot: Slot, target: Target) -> Target:
    """The new text of a slot, from that of the same without its brackets."""
    found = _brackets(slot)
    if not found:
        return target
    numbers = _numbers(slot, found)
    put: list[tuple[int, int, str]] = []  # where, what of one place comes first, and the signs
    for number, (first, last) in zip(numbers, found, strict=True):
        start, end = target.spans[number]
        if start < end:
            put += [(end, 0, "]"), (start, 1, "[")]
        else:
            # The word has become none.
            before = " " if target.text[max(0, start - 1) : start].strip() else ""
            behind = " " if target.text[start : start + 1].isalnum() else ""
            put.append((start, 0, f"{before}{slot.text[first:last]}{behind}"))
    put.sort()

    def moved(place: int) -> int:
        return place + sum(len(sign) for at, order, sign in put if (at, order) < (place, 1))

    parts, reached = list[str](), 0
    for at, _, sign in put:
        parts += [target.text[reached:at], sign]
        reached = at
    others = (span for number, span in enumerate(target.spans) if number not in numbers)
    spans = tuple((moved(start), moved(end)) for start, end in others)
    return Target("".join([*parts, target.text[reached:]]), spans)


def _brackets(slot: Slot) -> list[Span]:
    """Where such words are in a text, with their brackets; none has other markup in it."""
    text = slot.text
    if "[" not in text or slot.says is not None or slot.is_joined or len(slot.marks) > MOST_MARKS:
        return []
    # What begins with a capital letter within a text may be a name.
    words = (word for word in _WORD.finditer(text) if not word[1].isupper())
    found = [word.span() for word in words if not word.start() or not word[1][0].isupper()]
    if not found or _SYNOPSIS.search(text) or found == [(0, len(text))]:
        return []
    taken = [*slot.kept, *(one[:2] for one in table().stretches(text))]
    free = [
        (start, end)
        for start, end in found
        if not any(first < end and start < last for first, last in taken)
        and all(_is_clear(mark, start, end) for mark in slot.marks)
    ]
    return free[:MOST_MARKS]


def _is_clear(mark: Mark, start: int, end: int) -> bool:
    """Whether a mark is around a stretch, or beside it."""
    is_around = mark.start <= start and end <= mark.end
    return is_around or mark.end <= start or end <= mark.start


def _numbers(slot: Slot, found: Sequence[Span]) -> list[int]:
    """The number of each stretch among the marks, in the order in which all are opened."""
    starts = [mark.start for mark in slot.marks]
    return [bisect_left(starts, end) + before for before, (_, end) in enumerate(found)]


def _last(slot: Slot, found: Sequence[Span]) -> list[int]:
    """For each mark and stretch the number of the last one that is in it, itself included."""
    numbers = _numbers(slot, found)
    count = len(slot.marks) + len(found)
    old = [number for number in range(count) if number not in numbers]
    outer = dict(zip(old, parents(slot.marks), strict=True))
    last = list(range(count))
    for number in reversed(range(count)):
        if number in outer:
            around = old[outer[number]] if outer[number] >= 0 else -1
        else:
            start, end = found[numbers.index(number)]
            inside = (
                new
                for new, mark in zip(old, slot.marks, strict=True)
                if new < number and mark.start <= start and end <= mark.end
            )
            around = max(inside, default=-1)
        if around >= 0:
            last[around] = max(last[around], last[number])
    return last
