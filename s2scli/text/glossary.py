"""Terms that must be translated as a user says.

A term that the model has translated otherwise is replaced where the links between the words say
that its translation stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from s2scli.data import Link, Span, Translation
from s2scli.errors import BadInputError, UsageError
from s2scli.text.alignment import DENSE
from s2scli.text.oneline import BREAKS, has_break
from s2scli.text.projection import linked
from s2scli.text.reading import checked

__all__ = ["Glossary", "Term", "Verdict"]

SURE_LENGTH = (
    4  # of a term that begins or ends another word, that it is no chance: Hauses, Baumhaus
)
_LETTER = rf"(?!{DENSE})\w"  # of a script in which words have borders


class Term(NamedTuple):
    """A term in both languages."""

    source: str
    target: str


class Verdict(NamedTuple):
    """The outcome of the terms of a text.

    Attributes:
        translation: the text with its terms.
        met: those that are in it, once for each time the source has them.
        missed: those that are not.
    """

    translation: Translation
    met: tuple[Term, ...] = ()
    missed: tuple[Term, ...] = ()


class Glossary:
    """Terms by their source.

    A term in lower case is found in any case; one with capitals only as it is written. Of terms
    that begin at one place the longest counts.

    Args:
        terms: the terms; of several with one source, the first counts.
    """

    def __init__(self, terms: Sequence[Term] = ()) -> None:
        self._terms: dict[str, Term] = {}
        for term in terms:
            self._terms.setdefault(term.source, term)
        longest_first = sorted(self._terms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_pattern, longest_first)) or r"(?!)")

    @classmethod
    def parse(cls, name: str, text: str) -> Glossary:
        """Read terms: on each line the source, a tab, the target; what follows a further tab is a
        remark.

        Empty lines, and those that begin with ``#``, say nothing.

        Raises:
            BadInputError: a line is not a term, or a source has two targets.
        """
        terms: dict[str, tuple[Term, int]] = {}
        for number, line in enumerate(text.split("\n"), 1):
            line = line.strip("\r ")
            if not line or line.startswith("#"):
                continue
            columns = [column.strip() for column in line.split("\t")]
            place = f"{name}, line {number}"
            if len(columns) < 2 or not columns[0] or not columns[1]:
                raise BadInputError(
                    f"{place} is not a term", "Write the source, a tab and the target."
                )
            if found := re.search(BREAKS, "\t".join(columns)):
                sign = f"U+{ord(found[0][0]):04X}"
                raise BadInputError(
                    f"{place} has a line break within ({sign})", "End lines with a line feed."
                )
            term = Term(*columns[:2])
            first, line_of_first = terms.setdefault(term.source, (term, number))
            if term != first:
                raise BadInputError(
                    f"{place}: {term.source!r} has another target in line {line_of_first}",
                    "Keep one of them.",
                )
        return cls([term for term, _ in terms.values()])

    @classmethod
    def of(cls, terms: Mapping[str, str]) -> Glossary:
        """Terms by their sources.

        Raises:
            UsageError: they are no terms.
        """
        if not isinstance(terms, Mapping):
            kind = type(terms).__name__
            raise UsageError(f"A glossary is a mapping from sources to targets, not {kind}")
        for term in terms.items():
            if not all(isinstance(text, str) and text.strip() for text in term):
                raise UsageError(f"{term} is not a term", "Source and target are texts.")
            for text in term:
                checked(text, f"The term {text!r}")
            if any(map(has_break, term)):
                raise UsageError(f"{term} is not a term, for there is a line break in it")
        return cls([Term(*term) for term in terms.items()])

    def __bool__(self) -> bool:
        return bool(self._terms)

    def __repr__(self) -> str:
        return f"Glossary({sorted(self._terms.values())})"

    def found(self, text: str) -> Iterator[tuple[Span, Term]]:
        """The terms in a source, in order."""
        for match in self._pattern.finditer(text):
            # Letters without a lower case of their own kind find no term.
            if term := self._terms.get(match[0]) or self._terms.get(match[0].lower()):
                yield match.span(), term

    def enforced(
        self, source: str, translation: Translation, is_intact: Callable[[str], bool]
    ) -> Verdict:
        """A translation with the terms of its source.

        Args:
            source: the text.
            translation: what a model made of it.
            is_intact: whether a text still has all that is protected.
        """
        met: list[Term] = []
        missed: list[Term] = []
        wanted = list(self.found(source))
        for position, (span, term) in enumerate(wanted):
            needed = 1 + sum(other == term for _, other in wanted[:position])
            place = linked(source, translation.text, span, translation.links or ())
            if _count(term.target, translation.text) < needed and not (
                place and _is_within(term.target, translation.text[slice(*place)])
            ):
                changed = _replaced(translation, span, place, term.target)
                if changed is None or not is_intact(changed.text):
                    missed.append(term)
                    continue
                translation = changed
            met.append(term)
        return Verdict(translation, tuple(met), tuple(missed))


def _pattern(source: str) -> str:
    pattern = rf"(?<!\w){re.escape(source)}(?!\w)"
    return f"(?i:{pattern})" if source == source.lower() else pattern


def _count(term: str, text: str) -> int:
    """How often a term is in a text, in any case; a long one also as a part of a word."""
    word = re.escape(term)
    first, last = f"(?<!{_LETTER}){word}", f"{word}(?!{_LETTER})"
    either = f"{first}|{last}" if len(term) >= SURE_LENGTH else f"(?<!{_LETTER}){last}"
    return sum(1 for _ in re.finditer(either, text, re.IGNORECASE))


def _is_within(term: str, words: str) -> bool:
    """Whether one of the words that a model made of a term begins or ends with it."""
    word = re.escape(term)
    return bool(re.search(f"(?<!{_LETTER}){word}|{word}(?!{_LETTER})", words, re.IGNORECASE))


def _replaced(
    translation: Translation, span: Span, place: Span | None, term: str
) -> Translation | None:
    """A translation with a term instead of what the model made of a stretch."""
    if place is None:
        return None
    start, end = place
    text = translation.text
    if start == 0 and text[:1].isupper():
        term = term[:1].upper() + term[1:]
    grown = len(term) - (end - start)
    moved: list[Link] = [(*span, start, start + len(term))]
    for first, last, begin, close in translation.links or ():
        if close <= start:
            moved.append((first, last, begin, close))
        elif begin >= end:
            moved.append((first, last, begin + grown, close + grown))
    return translation._replace(text=text[:start] + term + text[end:], links=tuple(sorted(moved)))
