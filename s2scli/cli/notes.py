"""What the steps after the decoding had to say of lines: counted, and said at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from s2scli.data import Result
from s2scli.tasks.steps import PROTECTION, RERANKED, TERMS

__all__ = ["Notes", "Reranked"]

SCORE = "score"
NAMED_LINES = 5
NAMED_TERMS = 3
# How the translation of a line was saved that has to be said, and its words.
SAID = {
    "fragments": "translated in fragments because the model dropped their placeholders or numbers",
    "partly": "left partly in the source language, for placeholders or numbers would be lost",
    "left": "left in the source language, for placeholders or numbers would be lost",
}


class Reranked:
    """Counts what reranking did.

    Args:
        unit: what is reranked: lines, texts.
    """

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._count = self._changed = 0
        self._left_out: Counter[str] = Counter()

    def add(self, note: Mapping[str, Any] | None) -> None:
        """The note of one more text; None for one that was not reranked."""
        if note and note["candidates"]:
            self._count += 1
            self._changed += note["candidates"][0]["rank"] != 1
            self._left_out.update(note["left_out"])

    def summary(self) -> dict[str, object]:
        """The counts for a report; nothing if nothing was reranked."""
        if not self._count:
            return {}
        counts = {"count": self._count, "changed": self._changed, "left_out": dict(self._left_out)}
        return {"reranked": counts}

    def warnings(self) -> Iterator[str]:
        """What a person should know."""
        for name, count in self._left_out.items():
            why = "without scores" if name == SCORE else f"too long for {name}"
            yield f"{self._unit} {why}, and ranked without that: {count}"


class Notes:
    """Counts the notes of results."""

    def __init__(self) -> None:
        self._reranked = Reranked("lines")
        self._hows: Counter[str] = Counter()
        self._left_out = 0
        self._lines: dict[str, list[int]] = {how: [] for how in SAID}  # the first ones, from 1
        self._met = self._missed = 0
        self._terms: dict[str, None] = {}

    def add(self, results: Sequence[Result]) -> None:
        """The notes of more results."""
        for result in results:
            self._reranked.add(result.notes.get(RERANKED))
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
        found = self._reranked.summary()
        if self._hows:
            found["protection"] = dict(sorted(self._hows.items()))
        if self._met or self._missed:
            found |= {"terms_met": self._met, "terms_missed": self._missed}
        return found

    def warnings(self) -> Iterator[str]:
        """What a person should know."""
        yield from self._reranked.warnings()
        for how, words in SAID.items():
            if count := self._hows[how]:
                lines = self._lines[how]
                places = ", ".join(map(str, lines)) + ", …" * (count > len(lines))
                yield f"lines {words}: {count} (lines {places})"
        if self._missed:
            terms = list(self._terms)
            named = ", ".join([*terms[:NAMED_TERMS], *["…"] * (len(terms) > NAMED_TERMS)])
            yield f"glossary terms missing from the translation: {self._missed} ({named})"
