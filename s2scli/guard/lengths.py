"""How long a translation is for its source, whether it ends, and how models rate it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from s2scli.guard.facts import Facts
from s2scli.guard.limits import Limits
from s2scli.text.alignment import DENSE
from s2scli.text.sentences import CLOSING, DENSE_END, SPACED_END

__all__ = ["confidence", "deviation", "is_without_stops", "length", "quality", "truncated"]

FEWEST_WORDS = 6  # of a source whose full stop must be kept
# Thai and Lao write no full stops.
_WITHOUT_STOPS = ("\u0e00", "\u0eff")
# What a sentence ends with, and what a line may end with where a sentence goes on elsewhere.
_ENDS = SPACED_END | DENSE_END
_CLOSING = CLOSING | frozenset("“‘*_~`|")  # German ones, and Markdown's signs
_PAUSES = _ENDS | frozenset(":;：；–—-/>")


def truncated(facts: Facts, limits: Limits) -> Iterator[str]:
    """Cut off at the maximum length, or without the end that its source has."""
    if facts.truncated:
        yield "it was cut off at its maximum length"
    elif not facts.summary and _last(facts.source) in _ENDS and _goes_on(_last(facts.target)):
        # Of "Attachment saved." translations often have no full stop.
        is_short = len(facts.source.split()) < FEWEST_WORDS
        if not is_short or re.search(DENSE, facts.source):
            yield "it stops within a sentence"


def confidence(facts: Facts, limits: Limits) -> Iterator[str]:
    """The probability of a token, as the geometric mean, is below the limit."""
    if limits.confidence and facts.score is not None:
        found = math.exp(facts.score)
        if found < limits.confidence:
            yield f"its confidence is {found:.2f}, below {limits.confidence:g}"


def quality(facts: Facts, limits: Limits) -> Iterator[str]:
    """The estimated quality is below the limit; as exact as ``s2s score`` prints it."""
    if facts.quality is not None and facts.quality < limits.quality:
        yield f"its estimated quality is {facts.quality:.4f}, below {limits.quality:g}"


def length(facts: Facts, limits: Limits) -> Iterator[str]:
    """The logarithm of the ratio is too many standard deviations away from the mean."""
    if not any(map(str.isalnum, facts.target)):
        yield "it is empty"
        return
    if facts.summary:
        return
    found = deviation(facts, limits)
    if abs(found) > limits.deviations:
        share = len(facts.target.strip()) / len(facts.source.strip()) / limits.usual(facts)
        yield f"it has {share:.0%} of the length that is usual"


def deviation(facts: Facts, limits: Limits) -> float:
    """How many standard deviations the length of a translation is away from what is usual.

    The logarithm of the ratio of the lengths is about normal (Gale and Church 1993,
    https://aclanthology.org/J93-1004, have the difference instead), with a variance that falls
    with the length.
    """
    source, target = len(facts.source.strip()), len(facts.target.strip())
    if not source or not target:
        return 0.0
    spread = math.sqrt(limits.spread**2 + limits.spread_of_short**2 / source)
    return math.log(target / source / limits.usual(facts)) / spread


def _last(text: str) -> str:
    """The last character that is neither white space nor a closing quote or bracket."""
    place = len(text)
    while place and (text[place - 1].isspace() or text[place - 1] in _CLOSING):
        place -= 1
    return text[place - 1 : place]


def _goes_on(last: str) -> bool:
    """Whether a text with that last character has more to say."""
    return bool(last) and last not in _PAUSES and not is_without_stops(last)


def is_without_stops(text: str) -> bool:
    """Whether some of the characters are of a language that writes no full stops."""
    return any(_WITHOUT_STOPS[0] <= sign <= _WITHOUT_STOPS[1] for sign in text)
