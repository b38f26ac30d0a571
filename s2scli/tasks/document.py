"""A document on its way through a run: its texts, what is missing of them, its outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from s2scli.data import Result, Segment, Translation
from s2scli.documents.base import Mark, Slot, Target, parents
from s2scli.documents.filling import Document
from s2scli.documents.spacing import with_spaces_beside
from s2scli.memory.links import packed, unpacked
from s2scli.memory.outputs import mark
from s2scli.tasks.demands import Demands
from s2scli.tasks.guard import BY_LIMIT, GuardStep
from s2scli.tasks.protected import FRAGMENTS, LEFT, MASKED, PARTLY
from s2scli.tasks.steps import GUARD, PROTECTION
from s2scli.tasks.tree import DocumentJob
from s2scli.text.dateforms import is_date_form
from s2scli.text.glossary import Term
from s2scli.text.projection import project
from s2scli.text.unbroken import unbroken

__all__ = ["DONE", "FAILED", "SKIPPED", "OpenDocument", "Outcome"]

DONE, SKIPPED, FAILED = "done", "skipped", "failed"
ASKED_AT_ONCE = 500  # texts
OWN = "Texts that an earlier run wrote in it stay as they are: {}."
EXCERPT = 80  # characters of a text that a finding is about


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a document.

    Attributes:
        job: the document.
        status: ``done``, ``skipped`` (it was done before) or ``failed``.
        reason: why it failed.
        segments: how many texts it has.
        words: how many words these have.
        recalled: how many of the texts had been translated before.
        truncated: how many outputs were cut off at the maximum length.
        masked: how many texts were translated with marks in the places of their placeholders.
        fragments: how many were translated piece by piece around them.
        left: how many are in the source language still, or a part of them, for what is protected
            in them came out of no attempt, or could not be written safely.
        terms: how many terms of the glossary were met.
        missed: terms that were not, each with the text that it is in.
        remarks: what else whoever uses the result must know.
        findings: what the guard has noted: its note on a text, with the number of the text
            (``text``, from 1) and the beginning of its source (``source``).
        unmet: the wanted fields in which it has no text; None if it has no fields.
        lost: how many of those that are left came out of no attempt; remarks name the others.
    """

    job: DocumentJob
    status: str
    reason: str = ""
    segments: int = 0
    words: int = 0
    recalled: int = 0
    truncated: int = 0
    masked: int = 0
    fragments: int = 0
    left: int = 0
    terms: int = 0
    missed: tuple[tuple[Term, str], ...] = ()
    remarks: tuple[str, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = ()
    unmet: frozenset[str] | None = None
    lost: int = 0


def _segment(position: int, slot: Slot, demands: Demands) -> Segment:
    """A text with what must come out of it as it is."""
    literals = tuple(slot.text[start:end] for start, end in slot.kept)
    inner = any(_is_inside(slot, mark) for mark in slot.marks)
    segment = Segment(position, slot.text, literals=literals)
    if inner or demands.terms.needs_links(segment):
        return replace(segment, aligned=True)
    return segment


def _is_inside(slot: Slot, mark: Mark) -> bool:
    """Whether markup is on a part of a text, so that it must be known where that part goes."""
    size = len(slot.text)
    return (mark.start, mark.end) not in ((0, 0), (0, size), (size, size))


class _Translations:
    """The translations of a document's texts, by position; links as a database keeps them."""

    def __init__(self, count: int) -> None:
        self._texts: list[str | None] = [None] * count
        self._links: list[str | None] = [None] * count

    def __contains__(self, position: int) -> bool:
        return self._texts[position] is not None

    def __setitem__(self, position: int, translation: Translation) -> None:
        self._texts[position] = translation.text
        self._links[position] = packed(translation.links)

    def __getitem__(self, position: int) -> Translation:
        text = self._texts[position]
        if text is None:
            raise ValueError(f"text {position} has no translation")
        return Translation(text, unpacked(self._links[position]))


class OpenDocument:
    """A document that is being translated.

    Args:
        job: which.
        size: its bytes.
        hash_: of these, and of everything else that its form depends on.
        demands: what its translations must have.
        document: what is in it.
        guard: what looks for what is wrong with them, if anything.

    Attributes:
        segments: how many texts it has.
        recalled: how many of them had been translated before.
        missing: how many are still to be translated.
        broken: the results of those whose translations lost something, by position.
        flagged: the results of those that the guard repairs.
        changed: the hash of its earlier translation, if somebody has changed that; else empty.
        own: marks of the texts that an earlier run wrote in it; they stay.
        remarks: what else is to be said of what was written.
    """

    def __init__(
        self,
        job: DocumentJob,
        size: int,
        hash_: str,
        demands: Demands,
        document: Document,
        guard: GuardStep | None = None,
    ) -> None:
        self.job = job
        self.size = size
        self.hash = hash_
        self.segments = self.missing = len(document.slots)
        self.recalled = 0
        self.changed = ""
        self.own: frozenset[bytes] = frozenset()
        self.remarks: list[str] = []
        self.broken: dict[int, Result] = {}
        self.flagged: dict[int, Result] = {}
        self._demands = demands
        self._document = document
        self._guard = guard
        self._findings: dict[int, list[dict[str, Any]]] = {}
        self._translations = _Translations(self.segments)
        self._words = self._truncated = 0
        self._kept = 0  # texts with nothing to translate
        self._repairs: Counter[str] = Counter()
        self._left: set[int] = set()
        # Texts that stay: an earlier run wrote them, or the model was not sure.
        self._staying: set[int] = set()
        self._met = 0
        self._missed: list[tuple[Term, str]] = []

    def recall(self, known: Callable[[Sequence[str]], dict[str, Translation]]) -> None:
        """Take the known translations; the others are still missing."""
        stayed = 0
        slots = enumerate(self._document.slots)
        while some := list(islice(slots, ASKED_AT_ONCE)):
            found = known(list(dict.fromkeys(slot.text for _, slot in some)))
            recalled: dict[int, Result] = {}
            for position, slot in some:
                self._words += len(slot.text.split())
                segment = _segment(position, slot, self._demands)
                if self._says_nothing(segment):
                    self._translations[position] = Translation(slot.text)
                    self._kept += 1
                    continue
                if self.own and mark(slot.text) in self.own:
                    self._stay(position, slot.text)
                    stayed += 1
                    continue
                translation = found.get(slot.text)
                if (
                    translation
                    and (translation.links is not None or not segment.aligned)
                    and self._demands.protection.is_intact(
                        segment.text, translation.text, segment.literals
                    )
                ):
                    self._translations[position] = translation
                    self.recalled += 1
                    recalled[position] = Result(segment, (translation.hypothesis(),))
            self._look(recalled)
        if stayed:
            self.remarks.append(OWN.format(stayed))
        self._kept += stayed
        self.missing -= self.recalled + self._kept

    def _says_nothing(self, segment: Segment) -> bool:
        has_words = self._demands.protection.has_words
        return is_date_form(segment.text) or not has_words(segment.text, segment.literals)

    def _look(self, recalled: Mapping[int, Result]) -> None:
        """Have the guard look at translations that were known, by position."""
        if self._guard:
            self._guard.estimate(recalled.values())
            for position, result in recalled.items():
                looked = self._guard.looked(result)
                if looked is not result:
                    self._settle(position, looked)

    def todo(self) -> Iterator[Segment]:
        """The missing texts, by their positions."""
        for position, slot in enumerate(self._document.slots):
            if position not in self._translations:
                segment = _segment(position, slot, self._demands)
                wants = self._guard is not None and self._guard.needs_links(segment)
                yield replace(segment, aligned=True) if wants else segment

    def take(self, position: int, result: Result) -> Translation | None:
        """Take the translation of a missing text.

        Returns:
            What later runs may take instead of translating the text again; None if it has lost
            something, or if only the model knows what is wrong with it.
        """
        self.missing -= 1
        self._truncated += result.truncated
        whole = self._demands.keeping.take(result)
        if not whole:
            self._translations[position] = result.translation
            self.broken[position] = result
            return None
        return self._guarded(position, whole)

    def mend(self, repairs: Iterable[Result]) -> dict[str, Translation]:
        """Take repairs of the broken texts; return what later runs may take."""
        found = {}
        for position, repair in zip(self.broken, repairs, strict=True):
            how = repair.notes[PROTECTION]["how"]
            self._repairs[how] += 1
            if how == LEFT:
                self._left.add(position)
            kept = self._guarded(position, repair)
            if kept and how not in (PARTLY, LEFT):
                found[repair.segment.text] = kept
        return found

    def settle(self, repairs: Iterable[Result]) -> None:
        """Take what the guard has made of the flagged texts."""
        for position, repair in zip(self.flagged, repairs, strict=True):
            self._settle(position, repair)

    def _guarded(self, position: int, result: Result) -> Translation | None:
        """Take a translation as the guard lets it pass; return it if later runs may take it."""
        if self._guard:
            taken = self._guard.take(result)
            if not taken:
                self._translations[position] = result.translation
                self.flagged[position] = result
                return None
            result = taken
        found = self._settle(position, result)
        return None if any(row["check"] in BY_LIMIT for row in found) else result.translation

    def _settle(self, position: int, result: Result) -> Sequence[Mapping[str, Any]]:
        """Take a translation as it is to be written, and the guard's note, which is returned."""
        found = self._note(position, result)
        if not result.hypotheses and found:
            self._stay(position, result.segment.text)
        else:
            self._translations[position] = result.translation
        return found

    def _stay(self, position: int, text: str) -> None:
        self._staying.add(position)
        self._translations[position] = Translation(text, ((0, len(text)) * 2,))

    def _note(self, position: int, result: Result) -> Sequence[Mapping[str, Any]]:
        """Keep the guard's note on a text, and return it."""
        found: Sequence[Mapping[str, Any]] = result.notes.get(GUARD, ())
        if found:
            about = {"text": position + 1, "source": result.segment.text[:EXCERPT]}
            self._findings[position] = [{**about, **row} for row in found]
        return found

    def others(self) -> set[bytes]:
        """The marks of its texts that no earlier run wrote."""
        return {mark(slot.text) for slot in self._document.slots} - self.own

    @property
    def is_left(self) -> bool:
        """Whether there are texts to translate and none of them is."""
        return 0 < len(self._left) == self.segments - self._kept

    def written(self) -> bytes:
        """The document in the other language."""
        if self._demands.glossary:
            self._enforce()
        targets = _Targets(self._document, self._translations, self._left | self._staying)
        return b"".join(self._document.written(targets))

    def _enforce(self) -> None:
        """Put the terms of the glossary in."""
        for position, slot in enumerate(self._document.slots):
            if position in self._left or position in self._staying:
                continue
            segment = _segment(position, slot, self._demands)
            verdict = self._demands.terms.enforced(segment, self._translations[position])
            self._translations[position] = verdict.translation
            self._met += len(verdict.met)
            self._missed += [(term, slot.text) for term in verdict.missed]

    def outcome(self, status: str, reason: str = "") -> Outcome:
        """Its outcome."""
        lost = self._repairs[PARTLY] + self._repairs[LEFT]
        return Outcome(
            self.job,
            status,
            reason,
            self.segments,
            self._words,
            self.recalled,
            self._truncated,
            self._repairs[MASKED],
            self._repairs[FRAGMENTS],
            lost + self._document.left,
            self._met,
            tuple(self._missed),
            (*self._document.remarks, *self.remarks),
            self.findings if status != FAILED else (),
            self._document.unmet,
            lost,
        )

    @property
    def findings(self) -> tuple[Mapping[str, Any], ...]:
        """What the guard has noted, text by text."""
        return tuple(row for _, rows in sorted(self._findings.items()) for row in rows)


class _Targets:
    """The new texts of a document's slots; made while they are iterated.

    What is left says what it said: a message without a translation has none.
    """

    def __init__(self, document: Document, translations: _Translations, left: set[int]) -> None:
        self._document = document
        self._translations = translations
        self._left = left

    def __iter__(self) -> Iterator[Target]:
        for position, slot in enumerate(self._document.slots):
            translation = self._translations[position]
            if position in self._left and slot.says is not None and not slot.is_joined:
                yield Target(slot.says, ((0, 0),) * len(slot.marks))
                continue
            spans = project(
                slot.text,
                translation.text,
                [(mark.start, mark.end) for mark in slot.marks],
                parents(slot.marks),
                translation.links or (),
                slot.kept,
            )
            text = unbroken(slot.text, translation.text)
            yield with_spaces_beside(slot, Target(text, spans))
