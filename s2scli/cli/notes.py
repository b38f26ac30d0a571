"""What the steps after the decoding had to say of lines: counted, and said at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from s2scli.data import Result
from s2scli.tasks.steps import PROTECTION, TERMS

__all__ = ["Notes"]

NAMED_LINES = 5
NAMED_TERMS = 3
# How the translation of a line was saved that has to be said, and its words.
SAID = {
    "fragments": "translated in fragments because the model dropped their placeholders or numbers",
    "partly": "left partly in the source language, for placeholders or numbers would be lost",
    "left": "left in the source language, for placeholders or numbers would be lost",
}


class Notes:
    """Counts the notes of results."""

    def __init__(self) -> None:
        self._hows: Counter[str] = Counter()
        self._left_out = 0
        self._lines: dict[str, list[int]] = {how: [] for how in SAID}  # the first ones, from 1
        self._met = self._missed = 0
        self._terms: dict[str, None] = {}

    def add(self, results: Sequence[Result]) -> None:
        """The notes of more results."""
        for result in results:
            if note := result.notes.get(PROTECTION):
                self._protection(note, result.segment.index + 1)
            if note := result.notes.get(TERMS):
                self._met += len(note["met"])
                self._missed += len(note["missed"])
                for term in note["missed"] if len(self._terms) <= NAMED_TERMS else ():
                    self._terms[f"{term['source']} → {term['target']}"] = None

    def _protection(self, note: dict[str, Any], line: int) -> None:
        how = note["how"]
        self._hows[how] += 1
        self._left_out += note["left_out"]
        if how in SAID and len(self._lines[how]) < NAMED_LINES:
            self._lines[how].append(line)

    def summary(self) -> dict[str, object]:
        """The counts for a report; nothing of steps that had nothing to say."""
        found: dict[str, object] = {}
        if self._hows:
            found["protection"] = dict(sorted(self._hows.items()))
        if self._met or self._missed:
            found |= {"terms_met": self._met, "terms_missed": self._missed}
        return found

    def warnings(self) -> Iterator[str]:
        """What a person should know."""
        for how, words in SAID.items():
            if count := self._hows[how]:
                lines = self._lines[how]
                places = ", ".join(map(str, lines)) + ", …" * (count > len(lines))
                yield f"lines {words}: {count} (lines {places})"
        if self._missed:
            terms = list(self._terms)
            named = ", ".join([*terms[:NAMED_TERMS], *["…"] * (len(terms) > NAMED_TERMS)])
            yield f"glossary terms missing from the translation: {self._missed} ({named})"
