"""Whether a translation has lost something, and what of it can be mended without the model.

Mended are numbers with a slip in them, white space lost beside a placeholder or a sign, several
blanks that became one, a first letter, the sign at the end, owners (``{name}'s``) that own nothing
any more, apostrophes that would quote a placeholder, and placeholders in the translation of a text
that has none. A number that is mended has the form of the source (``1,234.56``); one that the model
wrote in the other form of its language (``1.234,56``) keeps that: both are right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from s2scli.data import Translation
from s2scli.guard.numerals import lost_romans, romans
from s2scli.tasks.masks import has_mark
from s2scli.text.alignment import DENSE
from s2scli.text.codes import lost_codes
from s2scli.text.layout import (
    closing,
    doubled_ands,
    faces,
    numeros,
    opening,
    prices,
    signs_apart,
    wide_gaps,
)
from s2scli.text.numbers import Number, differences
from s2scli.text.placeholders import ARGUMENT, LITERAL
from s2scli.text.rewriting import Edit, edited
from s2scli.text.spans import Protection, Stretch
from s2scli.text.spelling import scale

__all__ = ["Wanted", "accepted"]

BLANK = "\ufffc"  # instead of what is not looked at
PAUSES = tuple(",;:!?")
APOSTROPHE = "’"  # the typographic one, which quotes nothing
_ALONE, _OPTION = re.compile(r"(?<!\S)--(?!\S)"), re.compile(r"(?<!\S)--(?=\w)")
_JOINED = re.compile(r"(?<=[^\W\d_])-(?=([IVXLC]+)(?![\w-]))")
_QUOTING = re.compile(r"'(?=[{}])")
_OWNER = re.compile(r"['’]s(?=\s+\w)")
_SHORT = re.compile(r"(?:\b[^\W\d_]{1,4}|['’])\s?\Z")


class Wanted(NamedTuple):
    """A text to translate.

    Attributes:
        text: the text.
        literals: what is protected in it beside what is in all texts.
    """

    text: str
    literals: tuple[str, ...] = ()


def accepted(
    source: Wanted, translation: Translation, protection: Protection
) -> Translation | None:
    """A translation that has lost nothing, repaired if needed; None if that is impossible.

    Args:
        source: the text.
        translation: what the model made of it.
        protection: what must come out as it is.
    """
    text, literals = source
    inside = protection.stretches(text, literals)

    def kept() -> Sequence[Stretch]:
        return protection.stretches(translation.text, literals)

    translation = edited(translation, _unquoted(text, translation.text))
    translation = edited(translation, _uninvented(text, translation.text, inside, kept()))
    translation = edited(translation, _dashes(text, translation.text))
    translation = edited(translation, _spaced(text, translation.text, inside, kept()))
    translation = edited(translation, _touching(text, translation.text, inside, kept()))
    translation = _laid_out(text, translation, inside, kept)
    target = translation.text
    if (text.strip() and not target.strip()) or (has_mark(target) and not has_mark(text)):
        return None
    if not protection.is_intact(text, target, literals):
        return None
    blanked, own = _blanked(text, inside), {text[start:end] for start, end, _ in inside}

    def compared() -> tuple[list[Number], list[Number]]:
        target = translation.text
        theirs = [stretch for stretch in kept() if target[stretch.start : stretch.end] in own]
        return differences(blanked, _blanked(target, theirs))

    lost, others = compared()
    slips = _slips(lost, others, target)
    if len(slips) < len(lost):
        return None
    if lost_romans(blanked, target, "") or lost_codes(blanked, target):
        return None
    edits = [(other.start, other.end, text[one.start : one.end]) for one, other in slips]
    translation = edited(translation, sorted(edits))
    # A number may have lost its sign besides.
    return None if edits and compared()[0] else translation


def _laid_out(
    source: str,
    translation: Translation,
    inside: Sequence[Stretch],
    kept: Callable[[], Sequence[Stretch]],
) -> Translation:
    """A translation with the blanks and the closing sign of its source."""
    if not translation.text.strip():
        return translation
    ours = [stretch[:2] for stretch in inside]
    translation = edited(translation, doubled_ands(source, translation.text))
    translation = edited(translation, _owning(source, translation.text, inside, kept()))
    translation = edited(translation, _parted(source, translation.text))
    translation = edited(translation, numeros(source, translation.text))
    translation = edited(translation, opening(source, translation.text))
    for find in (signs_apart, closing):
        theirs = [stretch[:2] for stretch in kept()]
        translation = edited(translation, find(source, translation.text, ours, theirs))
    for mend in (prices, faces, wide_gaps):
        translation = edited(translation, mend(source, translation.text))
    return translation


def _unquoted(source: str, target: str) -> Iterator[Edit]:
    """Apostrophes of the target's language before braces, which would quote these."""
    if not _QUOTING.search(source):
        for match in _QUOTING.finditer(target):
            yield *match.span(), APOSTROPHE


def _parted(source: str, target: str) -> Iterator[Edit]:
    """A blank before a Roman numeral, instead of a hyphen of the target's own: ``Kapitel-II``."""
    joined = list(_JOINED.finditer(target))
    parted = {source[a:b] for a, b in romans(source)} if joined else set()
    for match in joined:
        if match[1] in parted and f"-{match[1]}" not in source:
            yield *match.span(), " "


def _dashes(source: str, target: str) -> Iterator[Edit]:
    """A blank behind the end of options, which would be an option without it: ``rm -- file``."""
    if _ALONE.search(source) and not _OPTION.search(source):
        for match in _OPTION.finditer(target):
            yield match.end(), match.end(), " "


def _uninvented(
    source: str, target: str, inside: Sequence[Stretch], kept: Iterable[Stretch]
) -> Iterator[Edit]:
    """Placeholders and tags where the source has none, nor a sign of one; each with a space."""
    if any(stretch.kind != LITERAL for stretch in inside):
        return
    for start, end, kind in kept:
        signs = {sign for sign in target[start:end] if not sign.isalnum() and not sign.isspace()}
        if kind != LITERAL and not signs.intersection(source):
            before = target[start - 1 : start].isspace() and not target[end : end + 1].isalnum()
            yield start - before, end, ""


def _spaced(
    source: str, target: str, inside: Sequence[Stretch], kept: Sequence[Stretch]
) -> Iterator[Edit]:
    """White space between an argument, code or the like and a letter or pause, where the source has
    it or a pause."""
    places = {target[start:end]: (start, end) for start, end, _ in kept}
    starts, ends = {start for start, _, _ in kept}, {end for _, end, _ in kept}
    found = set()
    for start, end, kind in inside:
        text = source[start:end]
        if kind not in (ARGUMENT, LITERAL) or source.count(text) != 1 or target.count(text) != 1:
            continue
        first, last = places.get(text, (0, 0))
        if source[start - 1 : start].isspace() and (
            _is_letter(before := target[first - 1 : first]) or before in PAUSES or first in ends
        ):
            found.add((first, first, " "))
        if (source[end : end + 1].isspace() or source[end : end + 1] in PAUSES) and (
            _is_letter(target[last : last + 1]) or last in starts
        ):
            found.add((last, last, " "))
    yield from sorted(found)


def _touching(
    source: str, target: str, inside: Sequence[Stretch], kept: Sequence[Stretch]
) -> Iterator[Edit]:
    """White space between two arguments that touch in the source: ``{amount}{unit}``."""
    pairs = {
        (source[one.start : one.end], source[other.start : other.end])
        for one, other in pairwise(inside)
        if one.end == other.start and one.kind == other.kind == ARGUMENT
    }
    for one, other in pairwise(kept) if pairs else ():
        between = target[one.end : other.start]
        if (
            between.isspace()
            and (target[one.start : one.end], target[other.start : other.end]) in pairs
        ):
            yield one.end, other.start, ""


def _is_letter(sign: str) -> bool:
    """Whether a character is a letter or digit of a script with spaces between words."""
    return sign.isalnum() and not re.match(DENSE, sign)


def _owning(
    source: str, target: str, inside: Sequence[Stretch], kept: Sequence[Stretch]
) -> Iterator[Edit]:
    """The ending of an owner, as the source has it, where a word follows that would be none's.

    ``{name}'s files`` is not ``{name} Dateien``. After a short word (``von {name}``) an argument
    needs no ending, and what follows is a noun for sure only with a capital letter.
    """
    places = {target[start:end]: (start, end) for start, end, _ in kept}
    for start, end, kind in inside:
        text, ending = source[start:end], _OWNER.match(source, end)
        if not ending or kind != ARGUMENT or source.count(text) != 1 or target.count(text) != 1:
            continue
        first, last = places.get(text, (0, 0))
        is_owner = first < last and target[last : last + 1].isspace()
        is_noun = target[last + 1 : last + 2].isupper()
        if is_owner and is_noun and not _SHORT.search(target, 0, first):
            yield last, last, ending[0]


def _blanked(text: str, stretches: Iterable[Stretch]) -> str:
    """A text without the numbers in some stretches; all places stay."""
    parts, reached = [], 0
    for start, end, _ in stretches:
        parts += [text[reached:start], BLANK * (end - start)]
        reached = end
    return "".join([*parts, text[reached:]])


def _slips(
    lost: Sequence[Number], others: Sequence[Number], target: str
) -> list[tuple[Number, Number]]:
    """Lost numbers, each with the one that a slip has made of it."""
    free = [other for other in others if not scale(target, other.end)]
    found: list[tuple[Number, Number]] = []
    for is_slip in (_has_same_digits, _is_near):
        for number in lost:
            if any(number is one for one, _ in found):
                continue
            fitting = [other for other in free if is_slip(number, other)]
            # One digit more or less may be any number's: so there must be no choice.
            if is_slip is _has_same_digits or len(fitting) == len(lost) - len(found) == 1:
                for other in fitting[:1]:
                    found.append((number, other))
                    free.remove(other)
    return found


def _digits(number: Number) -> str:
    return "".join(filter(str.isdecimal, number.text))


def _has_same_digits(one: Number, other: Number) -> bool:
    return _digits(one) == _digits(other)


def _is_near(one: Number, other: Number) -> bool:
    """Whether one digit is another, missing or too much."""
    short, long = sorted((_digits(one), _digits(other)), key=len)
    if len(long) - len(short) > 1:
        return False
    pairs = enumerate(zip(short, long, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]
