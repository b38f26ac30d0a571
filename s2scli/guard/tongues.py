"""Whether a translation is in the language that it should be in, and its source is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from s2scli.guard.facts import Facts
from s2scli.guard.frequent import LETTERS, are_one, primary, speakers
from s2scli.guard.limits import Limits
from s2scli.guard.scripts import is_foreign
from s2scli.guard.words import folded

__all__ = ["language"]

FEWEST_WORDS = 4  # of a text whose language can be told
MOST = 2_000  # characters that are looked at
MANY_WORDS = 8  # of which some must be small ones of the language
OWN = 0.1  # of all words, that these must be, or another language is looked for
FEWEST_HITS = 2  # small words of another language
MANY_HITS = 4  # say enough where nothing else does
SHARE = 0.2  # of all words, that they are
STRANGE = 0.12  # of all words, that have letters of other languages
VERY_SURE = 0.95  # confidence in another language where nothing but a lack of small words says so


def language(facts: Facts, limits: Limits) -> Iterator[str]:
    """The translation is in another script, or in a language other than the one asked for.

    Or its source is in that language already, or in another one that the model does not read.
    """
    wanted, own = primary(facts.target_language), primary(facts.source_language)
    if not wanted:
        return
    facts = facts._replace(target=facts.target[:MOST])
    if is_foreign(facts.target_language, facts.target, facts.source):
        yield "it is in another script than its language"
        return
    found = _found(wanted, facts)
    if found:
        from s2scli.languages.names import display_name

        yield f"it seems to be in {display_name(found)}, not {display_name(wanted)}"
    elif own and not are_one(own, wanted):
        yield from _of_source(own, wanted, facts.source[:MOST])


def _found(wanted: str, facts: Facts) -> str:
    """The language of a text if it is another than the one that is wanted; else empty."""
    hits = _hits(wanted, folded(facts.target))
    if not (hits.is_other or hits.is_strange or _has_strange_letters(wanted, facts)):
        return ""
    if not _is_known(wanted):
        return ""
    from s2scli.languages.detection import SURE, detect

    found = detect(facts.target, sure=VERY_SURE if hits.is_strange else SURE)
    if found.is_sure:
        return "" if are_one(found.language, wanted) else found.language
    return hits.language if hits.is_other and hits.words >= MANY_HITS else ""


def _of_source(own: str, wanted: str, source: str) -> Iterator[str]:
    """What is wrong with the language of a source: it has more small words of another one."""
    if is_foreign(own, source, ""):
        yield "its source is in another script than its language"
        return
    hits = _hits(own, folded(source))
    found = _found(own, Facts("", source)) if hits.is_other and _is_known(own) else ""
    if found and are_one(found, hits.language):
        from s2scli.languages.names import display_name

        rest = " already" if are_one(found, wanted) else f", not {display_name(own)}"
        yield f"its source seems to be in {display_name(found)}{rest}"


class Hits(NamedTuple):
    """What small words say of a text.

    Attributes:
        language: the language that has most of them.
        words: how many.
        is_other: whether that is enough to suspect that the text is in that language.
        is_strange: whether it has next to none of the language that is wanted.
    """

    language: str
    words: int
    is_other: bool
    is_strange: bool


def _hits(wanted: str, found: Sequence[str]) -> Hits:
    """The small words of a text, by languages: a cheap test."""
    if len(found) < FEWEST_WORDS:
        return Hits("", 0, False, False)
    known = speakers()
    counts = Counter(code for word in found for code in known.get(word, ()))
    best, most = max(counts.items(), key=lambda row: row[1], default=("", 0))
    own = max((n for code, n in counts.items() if are_one(code, wanted)), default=0)
    is_other = False
    if most >= max(FEWEST_HITS, len(found) * SHARE) and not are_one(best, wanted):
        theirs = _only(found, best, wanted)
        is_other = most > 2 * own or (theirs >= FEWEST_HITS and not _only(found, wanted, best))
    is_strange = wanted in LETTERS and len(found) >= MANY_WORDS and own < len(found) * OWN
    return Hits(best, most, is_other, is_strange and not is_other)


def _only(found: Sequence[str], one: str, other: str) -> int:
    """How many small words of a language are none of another one."""
    known = speakers()
    return sum(one in known.get(word, ()) and other not in known[word] for word in found)


def _has_strange_letters(wanted: str, facts: Facts) -> bool:
    """Whether many words have letters that the language does not write; a cheap test."""
    extra = LETTERS.get(wanted)
    if extra is None or facts.target.isascii():
        return False
    found = [word for word in folded(facts.target) if not word.isascii()]
    source = facts.source.casefold()
    strange = sum(
        any(sign.isalpha() and not sign.isascii() and sign not in extra for sign in word)
        for word in found
        if word not in source
    )
    return strange >= max(2, len(folded(facts.target)) * STRANGE)


@cache
def _is_known(code: str) -> bool:
    """Whether something can be said of a language."""
    from s2scli.errors import UsageError
    from s2scli.languages.detection import detectable

    try:
        return detectable(code)
    except UsageError:
        return False
