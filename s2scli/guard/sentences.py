"""Whether a translation has as many sentences as its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from s2scli.guard.facts import Facts
from s2scli.guard.lengths import deviation, is_without_stops
from s2scli.guard.limits import Limits
from s2scli.text.alignment import DENSE
from s2scli.text.segmenter import sentence_splitter
from s2scli.text.sentences import Splitter
from s2scli.text.sentences import sentences as by_signs

__all__ = ["sentences"]

_ORDINAL = r"(?<!\d)\d{1,3}\.\Z"


def sentences(facts: Facts, limits: Limits) -> Iterator[str]:
    """Fewer sentences than the source has, and shorter than usual.

    A translator may make one sentence of two; that makes a text no shorter.
    """
    source, target = facts.source.strip(), facts.target.strip()
    if not target or is_without_stops(source[-1] + target[-1]):
        return
    found = min(_counts(source, facts.source_language, least=2))
    if found < 2:
        return
    there = max(_counts(target, facts.target_language, least=1))
    if there < found and deviation(facts, limits) < limits.shorter:
        missing = found - there
        yield f"{missing} of {found} sentences {'is' if missing == 1 else 'are'} missing"


def _counts(text: str, language: str, least: int) -> Iterator[int]:
    """The number of sentences, by the language's own rules and by those for all languages.

    Either takes some abbreviations or ordinals for ends. Sentences with fewer words than the least
    do not count.
    """
    for split in (_splitter(language), by_signs):
        count, start = 0, 0
        for _, end in split(text, 0, len(text)):
            if _is_sentence(text, start, end, least):
                count, start = count + 1, end
        yield max(count, 1)


def _is_sentence(text: str, start: int, end: int, least: int) -> bool:
    """Whether a part of a text is a sentence, and neither ends with an ordinal nor goes on."""
    part = text[start:end].rstrip()
    if re.search(_ORDINAL, part) or text[end : end + 1].islower():
        return False
    count = sum(any(map(str.isalnum, word)) for word in part.split())
    return count >= least or re.search(DENSE, part) is not None


@lru_cache(maxsize=16)
def _splitter(language: str) -> Splitter:
    return sentence_splitter(language)
