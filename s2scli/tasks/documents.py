"""Translation of many documents at once: batches fill across their borders.

documents → slots → segments → ``translate`` → texts → documents. Each document is written when its
last segment has come; what fails says why and stops nobody else. The journal makes a second run do
only what is missing or changed.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from s2scli.data import Decoding, Monitor, Result, Segment
from s2scli.documents import open_format
from s2scli.documents.atomic import whole_file
from s2scli.documents.base import Format, FormatOptions, Slot, Source, filled
from s2scli.documents.journal import Journal, digest
from s2scli.documents.tree import Job
from s2scli.errors import BadInputError, CannotCreateError, MissingInputError, S2SError
from s2scli.flow.stream import FlowOptions
from s2scli.inference.model import Model
from s2scli.tasks.protected import FRAGMENTS, MASKED, repaired
from s2scli.tasks.translate import translate
from s2scli.text.spans import Protection

__all__ = [
    "DONE",
    "FAILED",
    "SKIPPED",
    "DocumentMonitor",
    "Outcome",
    "Settings",
    "translate_documents",
]

DONE, SKIPPED, FAILED = "done", "skipped", "failed"
SEGMENTS_AT_ONCE = 64
# What is decoded and not yet in the journal is lost with a crash: some seconds' work.
WINDOW_BATCHES = 16
WRITERS, MOST_WRITING = 4, 256


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


@dataclass(frozen=True, slots=True)
class Settings:
    """How documents are translated.

    Attributes:
        format: how they are read.
        protection: what must come out exactly once.
        decoding: how texts are decoded.
        flow: memory and time.
    """

    format: FormatOptions
    protection: Protection
    decoding: Decoding
    flow: FlowOptions


class DocumentMonitor(Monitor, Protocol):
    """Whoever wants to know how far a run over documents has come."""

    def document(self, outcome: Outcome) -> None:
        """A document is finished."""


@dataclass(slots=True)
class _Document:
    """A document on its way."""

    job: Job
    source: Source
    format: Format
    slots: list[Slot]
    texts: list[str | None]
    hash: str
    recalled: int
    truncated: int = 0
    todo: deque[int] = field(default_factory=deque)  # positions of the texts that are missing
    broken: list[int] = field(default_factory=list)  # of those that lost something protected
    repairs: Counter[str] = field(default_factory=Counter)

    def outcome(self, status: str, reason: str = "") -> Outcome:
        words = sum(len(slot.text.split()) for slot in self.slots)
        return Outcome(
            self.job,
            status,
            reason,
            len(self.slots),
            words,
            self.recalled,
            self.truncated,
            self.repairs[MASKED],
            self.repairs[FRAGMENTS],
        )


def translate_documents(
    jobs: Iterable[Job],
    model: Model,
    settings: Settings,
    journal: Journal,
    monitor: DocumentMonitor | None = None,
) -> Iterator[Outcome]:
    """Translate documents and write them.

    Args:
        jobs: the documents.
        model: what translates them.
        settings: how.
        journal: what is done already.
        monitor: told how far the run has come.

    Yields:
        What became of each document, in order.

    Raises:
        InputOutputError: the disk is full; all documents written so far are whole.
    """
    decoding = settings.decoding
    flow = settings.flow.narrowed(WINDOW_BATCHES)
    with ThreadPoolExecutor(WRITERS, "writer") as writers:
        run = _Run(model, settings, journal, writers)
        segments = run.segments(jobs)
        for results in translate(segments, model, decoding, flow, monitor, by_sentence=True):
            yield from _told(run.collect(results), monitor)
        yield from _told(run.written(wait=True), monitor)


def _told(outcomes: Iterable[Outcome], monitor: DocumentMonitor | None) -> Iterator[Outcome]:
    for outcome in outcomes:
        if monitor:
            monitor.document(outcome)
        yield outcome


class _Run:
    """Documents under way, in order. Each ends with a segment without text: its turn has come."""

    def __init__(
        self, model: Model, settings: Settings, journal: Journal, writers: Executor
    ) -> None:
        self._model = model
        self._settings = settings
        self._journal = journal
        self._begun: deque[_Document | Outcome] = deque()
        # Documents that are being written: nothing waits for the disk but the disk.
        self._writers = writers
        self._writing: deque[tuple[_Document | Outcome, Future[str] | None]] = deque()

    def segments(self, jobs: Iterable[Job]) -> Iterator[list[Segment]]:
        """What has to be translated; the reader thread runs this."""
        index = 0
        for job in jobs:
            block: list[Segment] = []
            opened = self._opened(job)
            self._begun.append(opened)
            if isinstance(opened, _Document):
                for position in tuple(opened.todo):  # the main loop takes from it meanwhile
                    block.append(Segment(index, opened.slots[position].text))
                    index += 1
                    if len(block) >= SEGMENTS_AT_ONCE:
                        yield block
                        block = []
            yield [*block, Segment(-1, "")]

    def collect(self, results: Iterable[Result]) -> Iterator[Outcome]:
        """Put texts where they belong; what is complete is written meanwhile."""
        fresh: dict[str, str] = {}
        for result in results:
            current = self._begun[0]
            if result.segment.index < 0:
                self._begun.popleft()
                self._journal.remember(fresh)
                fresh = {}
                self._finish(current)
            elif isinstance(current, _Document):
                position = current.todo.popleft()
                current.texts[position] = result.text
                current.truncated += result.truncated
                if self._settings.protection.is_intact(result.segment.text, result.text):
                    fresh[result.segment.text] = result.text
                else:
                    current.broken.append(position)
        self._journal.remember(fresh)
        yield from self.written(wait=False)

    def written(self, *, wait: bool) -> Iterator[Outcome]:
        """The documents that are written, in order.

        Args:
            wait: whether for all of them; else for as many as keep memory bounded.
        """
        while self._writing:
            document, future = self._writing[0]
            if not (wait or future is None or future.done() or len(self._writing) > MOST_WRITING):
                return
            self._writing.popleft()
            yield self._done(document, future)

    def _finish(self, document: _Document | Outcome) -> None:
        """Hand a document to the writers."""
        if isinstance(document, Outcome):
            self._writing.append((document, None))
            return
        self._repair(document)
        self._writing.append((document, self._writers.submit(_write, document)))

    def _opened(self, job: Job) -> _Document | Outcome:
        try:
            try:
                data = job.source.read_bytes()
            except OSError as error:
                raise MissingInputError(f"Cannot read {job.source}: {error.strerror}") from error
            hash_ = digest(data)
            if self._is_done(job, hash_):
                return Outcome(job, SKIPPED)
            source = Source.decode(job.name, data)
            format_ = open_format(job.format, self._settings.format)
            slots = list(format_.slots(source))
            if not slots and any(map(str.isalpha, source.text)):
                raise BadInputError(f"{job.name} has text, but none to translate was found")
        except S2SError as error:
            return Outcome(job, FAILED, str(error))
        known = self._journal.recall(list(dict.fromkeys(slot.text for slot in slots)))
        texts = [known.get(slot.text) for slot in slots]
        recalled = sum(text is not None for text in texts)
        document = _Document(job, source, format_, slots, texts, hash_, recalled)
        document.todo.extend(i for i, text in enumerate(texts) if text is None)
        return document

    def _is_done(self, job: Job, hash_: str) -> bool:
        target = self._journal.is_done(job.name, hash_)
        try:
            return target is not None and digest(job.target.read_bytes()) == target
        except OSError:
            return False

    def _done(self, document: _Document | Outcome, written: Future[str] | None) -> Outcome:
        """What became of a document, once it is written."""
        if isinstance(document, Outcome):
            return document
        try:
            hash_ = written.result() if written else ""
        except CannotCreateError as error:
            return document.outcome(FAILED, str(error))
        self._journal.done(document.job.name, document.hash, hash_)
        return document.outcome(DONE)

    def _repair(self, document: _Document) -> None:
        """Translate again what has lost something protected."""
        if not document.broken:
            return
        sources = [document.slots[position].text for position in document.broken]
        found = repaired(sources, self._translated, self._settings.protection)
        for position, repair in zip(document.broken, found, strict=True):
            document.texts[position] = repair.text
            document.repairs[repair.how] += 1
        repairs = zip(sources, found, strict=True)
        self._journal.remember({source: repair.text for source, repair in repairs})

    def _translated(self, texts: Sequence[str]) -> list[str]:
        settings = self._settings
        segments = [[Segment(number, text)] for number, text in enumerate(texts)]
        runs = translate(segments, self._model, settings.decoding, settings.flow, by_sentence=True)
        return [result.text for results in runs for result in results]


def _write(document: _Document) -> str:
    """Write a document, whole or not at all; the hash of what was written.

    Raises:
        CannotCreateError: its file or folder cannot be created.
        InputOutputError: the disk is full.
    """
    target = document.job.target
    texts = [text if text is not None else "" for text in document.texts]
    parts = filled(document.format, document.source, document.slots, texts)
    data = b"".join(document.source.encode(parts))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotCreateError(f"Cannot create {target.parent}: {error.strerror}") from error
    # A name that a power failure takes away is missed by the next run.
    with whole_file(target, name_on_disk=False) as descriptor:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
    return digest(data)
