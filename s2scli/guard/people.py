"""Names in a summary that its source does not have: models make up people and places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.guard.calendar import names as calendar
from s2scli.guard.facts import Facts
from s2scli.guard.frequent import primary
from s2scli.guard.limits import Limits
from s2scli.guard.signs import named
from s2scli.guard.words import words

__all__ = ["names"]

# Languages in which every noun has a capital, so that a capital says nothing.
_NOUNS = frozenset(("de", "lb", "gsw", "nds", "bar"))
# A word with a capital within a sentence: what is before it ends none, and begins no quotation.
_NAME = r"(?<=[^\W_][,;]\s)[^\W\d_]\w+|(?<=[^\W_]\s)[^\W\d_]\w+"
KEPT = 4  # letters that a name and what is derived of it have in common: America, American
ENDING = 4  # letters that may differ at its end
MOST = 0.25  # of the words of a text in an unknown language: more capitals say nothing
MOST_NEW = 0.5  # of a summary's words; more in headlines


def names(facts: Facts, limits: Limits) -> Iterator[str]:
    """Words with a capital within a sentence that are in no form in the source.

    Abbreviations may be the first letters of words there. Nothing is said of languages in which
    all nouns have capitals.
    """
    language = primary(facts.source_language)
    if language in _NOUNS or (not language and _has_many(facts.source)):
        return
    found = [word for word in dict.fromkeys(re.findall(_NAME, facts.target)) if _is_name(word)]
    if not found or len(found) > MOST_NEW * len(words(facts.target)):
        return
    dates = [calendar(table, facts.target_language) for table in ("months", "days")]
    found = [word for word in found if not any(each and each.fullmatch(word) for each in dates)]
    source = facts.source.casefold()
    new = [word for word in found if not _is_there(word, source)]
    if new:
        yield f"{named(new)} {'is' if len(new) == 1 else 'are'} not in the source"


def _has_many(text: str) -> bool:
    """Whether too many words within sentences have a capital."""
    found = re.findall(_NAME, text)
    return sum(map(_is_name, found)) > MOST * len(found)


def _is_name(word: str) -> bool:
    return word[0].isupper() and not any(map(str.isdigit, word))


def _is_there(name: str, source: str) -> bool:
    """Whether a source, without regard to case, has a name in some form."""
    folded = name.casefold()
    stem = folded[: max(KEPT, len(folded) - ENDING)]
    if stem in source:
        return True
    short = name.removesuffix("s")
    return short.isupper() and _is_short_for(short.casefold(), source)


def _is_short_for(letters: str, source: str) -> bool:
    """Whether words in a row begin with these letters."""
    firsts = "".join(word[0] for word in re.findall(r"[^\W_]+", source))
    return letters in firsts
