"""The same figures, of which another amount was made: 5 million of 5 billion, 5 g of 5 kg.

Or another hour: 10 of 10 p.m.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from s2scli.guard.facts import Facts
from s2scli.guard.frequent import primary
from s2scli.guard.halves import halves
from s2scli.guard.limits import Limits
from s2scli.text.numbers import Number, numbers

__all__ = ["amounts"]

LEAST = 6  # zeros of the words that are compared: smaller ones begin other words too (milli-)
_MEASURED = r"\d[\s\u00a0-]?[^\W\d_]"  # a number with a word after it
_SCALED = r"\d[\s\u00a0-]?(?:m|b|trill)"  # as the words for millions and more begin
# Languages whose words for millions are known.
_WITH_SCALES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "nb", "nn", "pl")
_WORD = r"[\s\u00a0-]?[^\W\d_]+"


def amounts(facts: Facts, limits: Limits) -> Iterator[str]:
    """Phrases for numbers that both texts have, with words for other amounts, or without them.

    A number that stands several times in one of them is not looked at.
    """
    source, target = facts.source, facts.target
    if not re.search(_MEASURED, source):
        return
    # A billion is not the same in all languages.
    languages = primary(facts.source_language), primary(facts.target_language)
    there = _with_words(target)
    pairs = {(one, there[form]): None for form, one in _with_words(source).items() if form in there}
    for one, other in pairs:
        # Most have the same unit, which needs no look at what it is.
        same = _words(source, one).lower() == _words(target, other).lower()
        if not same and _differ((source, target), (one, other), languages):
            yield f"“{_named(source, one)}” has become “{_named(target, other)}”"
    yield from _shrunk(source, target, languages)
    yield from halves(source, target, languages[1])


def _shrunk(source: str, target: str, languages: tuple[str, str]) -> Iterator[str]:
    """Phrases for millions in whose place only their figures are: 5 million, 5."""
    if languages[1] not in _WITH_SCALES or not re.search(_SCALED, source, re.IGNORECASE):
        return
    from s2scli.text.spelling import has_scale, scale

    if has_scale(target):
        return
    found = list(numbers(target))
    for one in numbers(source):
        if scale(source, one.end, languages[0]) < LEAST:
            continue
        bare = next((other for other in found if other.text == one.text), None)
        whole = one.values.difference(_forms(one))
        if bare and whole.isdisjoint(value for other in found for value in other.values):
            yield f"“{_named(source, one)}” has become “{_named(target, bare)}”"


def _with_words(text: str) -> dict[str, Number]:
    """The numbers with a word after them that stand once in a text, by what figures may mean."""
    found = [(number, _forms(number)) for number in numbers(text)]
    often = Counter(form for _, forms in found for form in forms)
    return {
        form: number
        for number, forms in found
        if _words(text, number)
        for form in forms
        if often[form] < 2
    }


def _forms(number: Number) -> list[str]:
    """The values of a number without those by the words after it."""
    digits = _digits(number.text)
    return [value for value in number.values if _digits(value) == digits]


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text)).lstrip("0")


def _words(text: str, number: Number) -> str:
    match = re.compile(_WORD).match(text, number.end)
    return match[0] if match else ""


def _named(text: str, number: Number) -> str:
    return number.text + _words(text, number)


def _differ(
    texts: tuple[str, str], pair: tuple[Number, Number], languages: tuple[str, str]
) -> bool:
    """Whether the words after two numbers stand for different amounts of the same thing."""
    from s2scli.guard.measures import unit_sizes
    from s2scli.text.spelling import scale

    ends = [(text, number.end) for text, number in zip(texts, pair, strict=True)]
    one, other = (scale(*place, language) for place, language in zip(ends, languages, strict=True))
    if min(one, other) >= LEAST:
        return one != other
    first, second = (unit_sizes(*place) for place in ends)
    return any(first[kind] != second[kind] for kind in first.keys() & second)
