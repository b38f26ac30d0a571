"""Numbers: lost, changed or new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, partial

from s2scli.guard.facts import Facts
from s2scli.guard.frequent import primary
from s2scli.guard.limits import Limits
from s2scli.guard.measures import without_converted
from s2scli.guard.numerals import is_said, lost_romans
from s2scli.guard.signs import missing, named
from s2scli.text.codes import lost_codes
from s2scli.text.numbers import Number, differences

__all__ = ["numbers"]


def numbers(facts: Facts, limits: Limits) -> Iterator[str]:
    """Numbers that only one of the texts has, in whatever form: ``1,234.5`` is ``1.234,5``.

    Those that are words in the other text, or that are the same measure in another unit, are none
    of them. A lost one in a name is there if any number or name has it; ``CO2`` is a word.
    """
    source, target = facts.source, facts.target
    languages = primary(facts.source_language), primary(facts.target_language)
    lost, new = differences(source, target, languages[1])
    if facts.summary:
        lost = []
    else:
        gone = lost_romans(source, target, facts.target_language)
        if gone := gone + ([] if lost else lost_codes(source, target)):
            yield missing(gone)
        if not source.isascii():
            from s2scli.guard.marks import small_figures

            gone, others = small_figures(source, target)
            if gone:
                yield missing(gone)
            if others:  # in other signs: 1½ is 1,5
                lost, new = [n for n in lost if source[n.end : n.end + 1] not in others], []
    if not lost and not new:
        return
    # Each is asked once, however often it stands there.
    there = cache(partial(is_said, text=target, language=facts.target_language))
    here = cache(partial(is_said, text=source, language=facts.source_language))
    lost = [n for n in lost if not there(n.text) and not _is_gas(n, source)]
    new = [number for number in _free(new, target) if not here(number.text)]
    if lost and new:
        lost, new = without_converted(source, lost, target, new)
    if len(lost) == len(new) == 1 and lost[0].text != new[0].text:
        yield f"{named([lost[0].text])} has become {named([new[0].text])}"
        return
    if lost:
        yield f"{_numbers(lost)} {'is' if len(lost) == 1 else 'are'} missing"
    if new:
        yield f"{_numbers(new)} {'is' if len(new) == 1 else 'are'} not in the source"


def _is_gas(number: Number, text: str) -> bool:
    """Whether a number is a part of a formula that translations have as a word."""
    return re.search(r"(?<!\w)(?:CO|H|O)\Z", text[: number.start]) is not None


def _numbers(found: Iterable[Number]) -> str:
    texts = [number.text for number in found]
    return f"the number{'s' if len(texts) > 1 else ''} {named(texts)}"


def _free(found: Iterable[Number], text: str) -> Iterator[Number]:
    """Numbers that are no part of a word."""
    return (
        number for number in found if not text[max(0, number.start - 1) : number.start].isalpha()
    )
