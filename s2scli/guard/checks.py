"""All checks of the guard, and the run through them.

``CHECKS`` lists them, in the order in which they run: name → ("module:function", what it finds).
The function takes the facts and the limits, and yields a phrase for each thing that is wrong. Some
hold for translations or for summaries alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from s2scli.guard.facts import Facts, Finding
from s2scli.guard.limits import USUAL, Limits
from s2scli.plugs import load

__all__ = ["CHECKS", "Check", "find", "holding"]

Check = Callable[[Facts, Limits], Iterator[str]]

CHECKS: dict[str, tuple[str, str]] = {
    "truncated": (
        "s2scli.guard.lengths:truncated",
        "The translation was cut off at its maximum length, or stops within a sentence",
    ),
    "length": (
        "s2scli.guard.lengths:length",
        "The translation is much shorter or longer than translations of such texts are",
    ),
    "sentences": (
        "s2scli.guard.sentences:sentences",
        "The translation has fewer sentences than its source, and is shorter than usual",
    ),
    "coverage": (
        "s2scli.guard.covering:coverage",
        "Words of the source got no attention from the model; where attention is known",
    ),
    "repetition": (
        "s2scli.guard.repetition:repetition",
        "The translation says the same words again and again",
    ),
    "numbers": (
        "s2scli.guard.figures:numbers",
        "Numbers are lost, changed or new",
    ),
    "amounts": (
        "s2scli.guard.amounts:amounts",
        "Figures have other units, or stand for other millions or another half of the day",
    ),
    "dates": (
        "s2scli.guard.dates:dates",
        "Another month or day of the week is named than in the source",
    ),
    "addresses": (
        "s2scli.guard.signs:addresses",
        "Web or e-mail addresses are lost, changed or new; or keys or paths are lost",
    ),
    "names": (
        "s2scli.guard.people:names",
        "Names are new; in summaries",
    ),
    "placeholders": (
        "s2scli.guard.signs:placeholders",
        "Placeholders, tags or escapes are lost, doubled or new",
    ),
    "symbols": (
        "s2scli.guard.marks:symbols",
        "Symbols are lost, doubled or new; code, hashtags or words in a third script are lost",
    ),
    "brackets": (
        "s2scli.guard.signs:brackets",
        "A bracket or a quotation mark has no partner",
    ),
    "copied": (
        "s2scli.guard.copies:copied",
        "The source, or a good part of it, came out untranslated",
    ),
    "language": (
        "s2scli.guard.tongues:language",
        "The translation is in another language or script than was asked for",
    ),
    "confidence": (
        "s2scli.guard.lengths:confidence",
        "The model gives its translation a low probability; off unless a limit is set",
    ),
    "quality": (
        "s2scli.guard.lengths:quality",
        "Another model estimates the quality to be low; off unless a limit is set",
    ),
}

_ROMAN = "[IVX]{2}|[MDCLXVI]{4}|[A-Za-z] [IVXLC](?!['’a-z])"
# Of what has none of these, no sign of ASCII can be lost.
_MARKS = (
    r"`|#\w|([=*#~+_<>|?!&.])\1|(?:[?!:]|--)\s*$|(?<!\w)[*_~]\w|^\s*(?:---|//|\(?[ivx]{1,6}[.)])"
)

# A summary leaves out, and may take over whole sentences.
_OF_TRANSLATIONS = frozenset(
    ("sentences", "coverage", "amounts", "placeholders", "symbols", "copied", "quality")
)
_OF_SUMMARIES = frozenset(("names",))


def holding(*, summary: bool) -> list[str]:
    """The names of the checks of translations, or of summaries."""
    others = _OF_TRANSLATIONS if summary else _OF_SUMMARIES
    return [name for name in CHECKS if name not in others]


def _has_digits(facts: Facts) -> bool:
    return any(map(str.isnumeric, facts.source)) or any(map(str.isnumeric, facts.target))


def _may_have_numbers(facts: Facts) -> bool:
    return _has_digits(facts) or re.search(_ROMAN, facts.source) is not None


def _may_have_several(facts: Facts) -> bool:
    """Whether there may be more sentences than one."""
    text = facts.source.rstrip()[:-1]
    return any(sign in text for sign in ".?!…。！？।؟։።။")


def _may_have_symbols(facts: Facts) -> bool:
    if not facts.source.isascii() or not facts.target.isascii():
        return True
    return re.search(_MARKS, facts.source) is not None


def _has_coverage(facts: Facts) -> bool:
    return facts.coverage is not None


# Cheap tests without which a check finds nothing: most lines need not even import some of them.
_NEEDS: dict[str, Callable[[Facts], bool]] = {
    "sentences": _may_have_several,
    "coverage": _has_coverage,
    "numbers": _may_have_numbers,
    "amounts": _has_digits,
    "symbols": _may_have_symbols,
}


def find(facts: Facts, limits: Limits = USUAL, names: Iterable[str] | None = None) -> list[Finding]:
    """What seems wrong with a translation; nothing if the source has no letters or figures.

    Args:
        facts: the translation.
        limits: the thresholds.
        names: of the checks, keys of ``CHECKS``; None for all that hold for such a target.
    """
    if not any(map(str.isalnum, facts.source)):
        return []
    return [
        Finding(name, detail)
        for name in (holding(summary=facts.summary) if names is None else names)
        if name not in _NEEDS or _NEEDS[name](facts)
        for detail in _check(name)(facts, limits)
    ]


@cache
def _check(name: str) -> Check:
    found: Check = load(CHECKS[name][0])
    return found
