"""Translation of many documents at once: batches fill across their borders.

documents → slots → segments → ``translate`` → texts → documents. Each document is written when its
last segment has come; what fails says why and stops nobody else. The journal makes a second run do
only what is missing or changed.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, Protocol

from s2scli.data import Decoding, Monitor, Result, Segment, Translation
from s2scli.disk.hashes import digest
from s2scli.documents.base import FormatOptions
from s2scli.errors import InputOutputError, S2SError
from s2scli.flow.stream import FlowOptions
from s2scli.inference.model import Model
from s2scli.memory.journal import Journal
from s2scli.memory.outputs import Outputs
from s2scli.tasks.demands import Demands
from s2scli.tasks.document import DONE, FAILED, OpenDocument, Outcome
from s2scli.tasks.guard import GuardStep
from s2scli.tasks.guarding import UNGUARDED, Guarding
from s2scli.tasks.opening import Opener, failed, reason
from s2scli.tasks.steps import Step, decoding_for
from s2scli.tasks.targets import keep, keep_changed, write
from s2scli.tasks.translate import Redecoder, translate
from s2scli.tasks.tree import DocumentJob

if TYPE_CHECKING:
    from s2scli.memory.memory import Memory

__all__ = ["DocumentMonitor", "Settings", "Store", "translate_documents"]

SEGMENTS_AT_ONCE = 64
# Enough that most batches of equal lengths are full (0.94 to 1.0 of the speed without that rule).
WINDOW_BATCHES = 32
WRITERS, MOST_WRITING = 4, 256
NOTHING = -1  # the position of the text of a document that has none to translate
UNTRANSLATED = "{} has text, but none of it could be translated without losing placeholders"
MOST_BYTES = 64 << 20  # of documents that are being translated; a larger one stands alone


class Store(Protocol):
    """Keeps translations: a journal, a translation memory."""

    def recall(self, texts: Sequence[str]) -> dict[str, Translation]:
        """The known translations, by text."""

    def remember(self, translations: dict[str, Translation]) -> None:
        """Keep translations by text."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How documents are translated.

    Attributes:
        format: how they are read.
        demands: what their translations must have.
        decoding: how texts are decoded.
        flow: memory and time.
        memory: a translation memory, which is asked before the journal.
        rerank: puts the hypotheses of a text in order; the first that has lost nothing is taken.
        guarding: what is done with translations that seem wrong.
    """

    format: FormatOptions
    demands: Demands
    decoding: Decoding
    flow: FlowOptions
    memory: Memory | None = None
    rerank: Step | None = None
    guarding: Guarding = UNGUARDED


class DocumentMonitor(Monitor, Protocol):
    """Receives the progress of a run over documents."""

    def opened(self, size: int, segments: int, recalled: int) -> None:
        """A document was read: its bytes, its texts, and those translated before."""


def translate_documents(
    jobs: Iterable[DocumentJob],
    model: Model,
    settings: Settings,
    journal: Journal,
    monitor: DocumentMonitor | None = None,
    outputs: Outputs | None = None,
) -> Iterator[Outcome]:
    """Translate documents and write them.

    Args:
        jobs: the documents.
        model: what translates them.
        settings: how.
        journal: what is done already.
        monitor: told how far the run has come.
        outputs: what any run wrote last to each place; None if that is not known.

    Yields:
        The outcome of each document, as it was finished.

    Raises:
        InputOutputError: the disk is full; all documents written so far are whole.
    """
    # A run that continues where another was killed must write what that would have written, and
    # what is decoded is to be in the journal at once.
    flow = settings.flow.narrowed(WINDOW_BATCHES)._replace(equal_lengths=True, in_order=False)
    settings = replace(settings, flow=flow)
    with ThreadPoolExecutor(WRITERS, "writer") as writers:
        run = _Run(model, settings, journal, outputs or Outputs(), writers, monitor)
        segments = run.segments(jobs)
        steps = [settings.rerank] if settings.rerank else []
        # All candidates are kept, for the first of them may have lost a placeholder.
        decoding = decoding_for(settings.decoding, steps)
        for results in translate(
            segments, model, decoding, flow, monitor, steps=steps, by_sentence=True
        ):
            yield from run.collect(results)
        yield from run.written(wait=True)


class _Run:
    """Documents under way. One with nothing to translate has a segment without text."""

    def __init__(
        self,
        model: Model,
        settings: Settings,
        journal: Journal,
        outputs: Outputs,
        writers: Executor,
        monitor: DocumentMonitor | None,
    ) -> None:
        self._monitor = monitor
        self._again = Redecoder(model, settings.decoding, settings.flow)
        self._settings = settings
        guarding, before = settings.guarding, [settings.demands.keeping]
        self._guard = GuardStep(guarding, model, before) if guarding.is_on else None
        self._journal = journal
        memory = [settings.memory] if settings.memory else []
        self._stores: list[Store] = [*memory, journal]
        people = settings.memory.people() if settings.memory else ()
        form = repr((settings.demands.glossary, *people))
        self._opener = Opener(settings.format, journal, form, outputs)
        self._held = _Held(MOST_BYTES)
        self._places: dict[int, _Place] = {}  # by the numbers of their segments
        # Documents that are being written: nothing waits for the disk but the disk.
        self._writers = writers
        self._writing: deque[tuple[OpenDocument | Outcome, Future[str] | None]] = deque()

    def segments(self, jobs: Iterable[DocumentJob]) -> Iterator[list[Segment]]:
        """The texts to translate; runs in the reader thread."""
        numbers = count()
        jobs = list(jobs)
        self._opener.survey(jobs)
        for job in jobs:
            block: list[Segment] = []
            opened = self._opened(job)
            for segment in _todo(opened):
                number = next(numbers)
                self._places[number] = _Place(opened, segment.index)
                block.append(replace(segment, index=number))
                if len(block) >= SEGMENTS_AT_ONCE:
                    yield block
                    block = []
            yield block

    def collect(self, results: Sequence[Result]) -> Iterator[Outcome]:
        """Put texts into their documents; complete documents are written meanwhile."""
        fresh: dict[str, Translation] = {}
        complete: list[OpenDocument | Outcome] = []
        if self._guard:
            self._guard.estimate(results)
        for result in results:
            document, position = self._places.pop(result.segment.index)
            if isinstance(document, OpenDocument) and position != NOTHING:
                if taken := document.take(position, result):
                    _keep(fresh, result.segment.text, taken)
                if document.missing:
                    continue
            complete.append(document)
        self._remember(fresh)
        for document in complete:
            self._finish(document)
        yield from self.written(wait=False)

    def written(self, *, wait: bool) -> Iterator[Outcome]:
        """The written documents, in the order in which they were completed.

        Args:
            wait: whether for all of them; else for as many as keep memory bounded.
        """
        while self._writing:
            document, future = self._writing[0]
            if not (wait or future is None or future.done() or len(self._writing) > MOST_WRITING):
                return
            self._writing.popleft()
            yield self._done(document, future)

    def _finish(self, document: OpenDocument | Outcome) -> None:
        """Hand a document to the writers."""
        if isinstance(document, Outcome):
            self._writing.append((document, None))
            return
        why = ""
        try:
            if document.broken:
                self._repair(document)
            if document.flagged and self._guard:
                flagged = list(document.flagged.values())
                document.settle(self._guard.settle(flagged, self._again))
            if document.is_left:
                why = UNTRANSLATED.format(document.job.name)
        except S2SError:
            raise  # the engine or a store has failed, and would for all others
        except Exception as error:
            why = reason(document.job, error, "translated")
        if why:
            self._held.give_back(document.size)
            self._writing.append((document.outcome(FAILED, why), None))
        else:
            self._writing.append((document, self._writers.submit(self._write, document)))

    def _opened(self, job: DocumentJob) -> OpenDocument | Outcome:
        size = self._held.take(job.size)
        opened = self._opener.open(job)
        if isinstance(opened, Outcome):
            self._held.give_back(size)
            return opened
        try:
            document = OpenDocument(
                job, size, opened.hash, self._settings.demands, opened.document, self._guard
            )
            document.changed, document.own = opened.changed, opened.own
            document.recall(self._recall)
        except S2SError:
            raise  # a store has failed, and would for all others
        except Exception as error:
            self._held.give_back(size)
            return failed(job, error)
        if self._monitor:
            self._monitor.opened(size, document.segments, document.recalled)
        return document

    def _done(self, document: OpenDocument | Outcome, written: Future[str] | None) -> Outcome:
        """The outcome of a document, once it is written."""
        if isinstance(document, Outcome):
            return document
        try:
            hash_ = written.result() if written else ""
        except _Unwritten as unwritten:
            return document.outcome(FAILED, unwritten.reason)
        self._journal.done(document.job.name, document.hash, hash_, document.findings)
        return document.outcome(DONE)

    def _repair(self, document: OpenDocument) -> None:
        """Translate again what has lost something."""
        keeping = self._settings.demands.keeping
        found = keeping.settle(list(document.broken.values()), self._again)
        if self._guard:
            self._guard.estimate(found)
        self._remember(document.mend(found))

    def _recall(self, texts: Sequence[str]) -> dict[str, Translation]:
        known: dict[str, Translation] = {}
        for store in self._stores:
            known = {**store.recall([text for text in texts if text not in known]), **known}
        return known

    def _remember(self, translations: dict[str, Translation]) -> None:
        for store in self._stores if translations else ():
            store.remember(translations)

    def _write(self, document: OpenDocument) -> str:
        """Write a document, whole or not at all; the hash of what was written.

        Raises:
            _Unwritten: it cannot be.
            InputOutputError: the disk is full.
        """
        job = document.job
        try:
            data = document.written()
            hash_ = digest(data)
            if job.target == job.source:
                keep(job.source)
                # What stands there afterwards must never be taken for a source.
                findings = document.findings
                self._journal.done(job.name, document.hash, hash_, findings, at_once=True)
            document.remarks += keep_changed(job, document.changed, hash_)
            write(data, job)
            self._opener.wrote(job, data, document.others() if job.target == job.source else set())
            return hash_
        except InputOutputError:
            raise
        except Exception as error:
            raise _Unwritten(reason(job, error, "written")) from error
        finally:
            self._held.give_back(document.size)


class _Place(NamedTuple):
    """Whose text a segment is, and which."""

    document: OpenDocument | Outcome
    position: int


class _Unwritten(Exception):
    """A document cannot be written; the others can."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Held:
    """Bounds the bytes of the documents that are under way."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._changed = threading.Condition()

    def take(self, size: int) -> int:
        """Wait until there is room, or nothing else is held; return ``size``."""
        with self._changed:
            self._changed.wait_for(lambda: not self._bytes or self._bytes + size <= self._most)
            self._bytes += size
        return size

    def give_back(self, size: int) -> None:
        """A document is done with."""
        with self._changed:
            self._bytes -= size
            self._changed.notify_all()


def _todo(document: OpenDocument | Outcome) -> Iterable[Segment]:
    if isinstance(document, Outcome) or not document.missing:
        return [Segment(NOTHING, "")]
    return document.todo()


def _keep(found: dict[str, Translation], text: str, translation: Translation) -> None:
    """Keep a translation, but none without links instead of one with them."""
    if translation.links is not None or text not in found:
        found[text] = translation
