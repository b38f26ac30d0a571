"""A document on its way through a run: its texts, what is missing of them, what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from s2scli.data import Segment, Translation
from s2scli.documents.base import Mark, Slot, Target, parents
from s2scli.documents.filling import Document
from s2scli.documents.tree import Job
from s2scli.tasks.protected import FRAGMENTS, MASKED, Repair, Wanted
from s2scli.text.glossary import Glossary, Term
from s2scli.text.projection import project
from s2scli.text.spans import Protection

__all__ = ["DONE", "FAILED", "SKIPPED", "Demands", "OpenDocument", "Outcome"]

DONE, SKIPPED, FAILED = "done", "skipped", "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document.

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
        terms: how many terms of the glossary were met.
        missed: terms that were not, each with the text that it is in.
    """

    job: Job
    status: str
    reason: str = ""
    segments: int = 0
    words: int = 0
    recalled: int = 0
    truncated: int = 0
    masked: int = 0
    fragments: int = 0
    terms: int = 0
    missed: tuple[tuple[Term, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Demands:
    """What a translation must have.

    Attributes:
        protection: what must come out exactly once.
        glossary: how terms must be translated.
    """

    protection: Protection
    glossary: Glossary

    def need_links(self, slot: Slot) -> bool:
        """Whether it must be known which words of a text become which."""
        inner = any(_is_inside(slot, mark) for mark in slot.marks)
        return inner or any(True for _ in self.glossary.found(slot.text))

    def are_met(self, wanted: Wanted, text: str) -> bool:
        """Whether a translation has all that is protected."""
        return self.protection.is_intact(wanted.text, text, wanted.literals)


def _is_inside(slot: Slot, mark: Mark) -> bool:
    """Whether markup is on a part of a text, so that it must be known where that part goes."""
    size = len(slot.text)
    return (mark.start, mark.end) not in ((0, 0), (0, size), (size, size))


@dataclass(slots=True)
class OpenDocument:
    """A document that is being translated.

    Attributes:
        job: which.
        size: its bytes.
        hash: of these, and of all else that its form depends on.
        recalled: how many of its texts had been translated before.
        truncated: how many outputs were cut off.
        todo: positions of the texts that have to be translated, in order.
        missing: how many of them are still missing.
        broken: positions of those that lost something protected.
    """

    job: Job
    size: int
    hash: str
    demands: Demands
    document: Document
    texts: list[Translation | None] = field(default_factory=list)
    recalled: int = 0
    truncated: int = 0
    todo: list[int] = field(default_factory=list)
    missing: int = 0
    broken: list[int] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)
    met: int = 0
    missed: list[tuple[Term, str]] = field(default_factory=list)

    def wanted(self, position: int) -> Wanted:
        """A text with what is protected in it."""
        slot = self.document.slots[position]
        return Wanted(slot.text, tuple(slot.text[start:end] for start, end in slot.kept))

    def recall(self, known: Callable[[Sequence[str]], dict[str, Translation]]) -> None:
        """Take the translations that are known; the others are to be made."""
        slots = self.document.slots
        found = known(list(dict.fromkeys(slot.text for slot in slots)))
        for position, slot in enumerate(slots):
            translation = found.get(slot.text)
            if translation and (
                (translation.links is None and self.demands.need_links(slot))
                or not self.demands.are_met(self.wanted(position), translation.text)
            ):
                translation = None
            self.texts.append(translation)
            if translation is None:
                self.todo.append(position)
        self.recalled = len(slots) - len(self.todo)
        self.missing = len(self.todo)

    def segment(self, position: int, index: int) -> Segment:
        """A text as it is translated."""
        slot = self.document.slots[position]
        return Segment(index, slot.text, aligned=self.demands.need_links(slot))

    def take(self, position: int, translation: Translation, truncated: bool) -> bool:
        """Take the translation of a missing text; whether it has all that is protected."""
        self.missing -= 1
        self.texts[position] = translation
        self.truncated += truncated
        intact = self.demands.are_met(self.wanted(position), translation.text)
        if not intact:
            self.broken.append(position)
        return intact

    def mend(self, repairs: Iterable[Repair]) -> None:
        """Take repairs of the broken texts."""
        for position, repair in zip(self.broken, repairs, strict=True):
            self.texts[position] = repair.translation
            self.repairs[repair.how] += 1

    def written(self) -> bytes:
        """The document in the other language."""
        positions = range(len(self.texts))
        return b"".join(self.document.written([self._target(position) for position in positions]))

    def _target(self, position: int) -> Target:
        slot, translation = self.document.slots[position], self.texts[position]
        if translation is None:
            raise ValueError(f"text {position} of {self.job.name} has no translation")
        if self.demands.glossary:
            wanted = self.wanted(position)
            verdict = self.demands.glossary.enforced(
                slot.text, translation, lambda text: self.demands.are_met(wanted, text)
            )
            translation = verdict.translation
            self.met += len(verdict.met)
            self.missed += [(term, slot.text) for term in verdict.missed]
        spans = project(
            slot.text,
            translation.text,
            [(mark.start, mark.end) for mark in slot.marks],
            parents(slot.marks),
            translation.links or (),
        )
        return Target(translation.text, spans)

    def outcome(self, status: str, reason: str = "") -> Outcome:
        """What became of it."""
        slots = self.document.slots
        return Outcome(
            self.job,
            status,
            reason,
            len(slots),
            sum(len(slot.text.split()) for slot in slots),
            self.recalled,
            self.truncated,
            self.repairs[MASKED],
            self.repairs[FRAGMENTS],
            self.met,
            tuple(self.missed),
        )
