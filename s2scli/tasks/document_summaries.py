"""Summaries of many documents at once, each written to a file of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from s2scli.data import Decoding
from s2scli.disk.hashes import digest
from s2scli.documents import WRITTEN_AS
from s2scli.documents.base import FormatOptions
from s2scli.errors import BadInputError, InputOutputError
from s2scli.flow.stream import FlowOptions
from s2scli.inference.model import Model
from s2scli.memory.journal import Journal
from s2scli.memory.outputs import Outputs
from s2scli.tasks.document import DONE, EXCERPT, FAILED, Outcome
from s2scli.tasks.documents import DocumentMonitor
from s2scli.tasks.guarding import UNGUARDED, Guarding
from s2scli.tasks.opening import Opened, Opener, failed, reason
from s2scli.tasks.steps import GUARD
from s2scli.tasks.summarize import summarize
from s2scli.tasks.summary import SourceText, Strategy, Summary
from s2scli.tasks.targets import keep_changed, write
from s2scli.tasks.tree import DocumentJob

__all__ = ["SummarySettings", "summarize_documents"]


@dataclass(frozen=True, slots=True)
class SummarySettings:
    """How documents are summarized.

    Attributes:
        format: how they are read.
        decoding: how texts are decoded.
        flow: memory and time.
        strategy: what to do with long ones, and how long the summaries should be.
        written: a summary as it is written.
        form: all that what is written depends on beside the summary.
        guarding: what is done with summaries that seem wrong.
    """

    format: FormatOptions
    decoding: Decoding
    flow: FlowOptions
    strategy: Strategy
    written: Callable[[Summary], str]
    form: str
    guarding: Guarding = UNGUARDED


def summarize_documents(
    jobs: Iterable[DocumentJob],
    model: Model,
    settings: SummarySettings,
    journal: Journal,
    monitor: DocumentMonitor | None = None,
    outputs: Outputs | None = None,
) -> Iterator[Outcome]:
    """Summarize documents and write the summaries.

    Args:
        jobs: the documents.
        model: a model, ready for the job ``summarize``.
        settings: how.
        journal: what is done already.
        monitor: told how far the run has come.
        outputs: what any run wrote last to each place; None if that is not known.

    Yields:
        The outcome of each document, in order.

    Raises:
        InputOutputError: the disk is full; all summaries written so far are whole.
    """
    run = _Run(settings, journal, outputs or Outputs(), monitor)
    how = (settings.decoding, settings.flow, settings.strategy)
    summaries = summarize(run.documents(jobs), model, *how, monitor, settings.guarding)
    for summary in summaries:
        yield from run.collect(summary)
    yield from run.rest()


class _Run:
    """The documents under way, in order."""

    def __init__(
        self,
        settings: SummarySettings,
        journal: Journal,
        outputs: Outputs,
        monitor: DocumentMonitor | None,
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._monitor = monitor
        form = repr((settings.strategy, settings.form))
        self._opener = Opener(settings.format, journal, form, outputs)
        self._begun: deque[tuple[DocumentJob, Opened | Outcome]] = deque()

    def documents(self, jobs: Iterable[DocumentJob]) -> Iterator[SourceText]:
        """The texts to summarize; runs in the reader thread."""
        for index, job in enumerate(jobs):
            opened = self._opener.open(job)
            text = ""
            if isinstance(opened, Opened):
                try:
                    text = opened.document.read_whole(job.name)
                except BadInputError as error:
                    opened = failed(job, error)
            self._begun.append((job, opened))
            if isinstance(opened, Opened):
                if self._monitor:
                    self._monitor.opened(job.size, 1, 0)
                yield SourceText(index, job.name, text)

    def collect(self, summary: Summary) -> Iterator[Outcome]:
        """Write a summary."""
        yield from self.rest()
        job, opened = self._begun.popleft()
        if isinstance(opened, Opened):
            yield self._written(job, opened, summary)

    def rest(self) -> Iterator[Outcome]:
        """The outcome of the documents, up to the next that has a summary to come."""
        while self._begun:
            outcome = self._begun[0][1]
            if isinstance(outcome, Opened):
                return
            self._begun.popleft()
            yield outcome

    def _written(self, job: DocumentJob, opened: Opened, summary: Summary) -> Outcome:
        status, why = DONE, ""
        remarks = opened.document.remarks if job.format in WRITTEN_AS else []
        try:
            data = self._settings.written(summary).encode()
            remarks += keep_changed(job, opened.changed, digest(data))
            write(data, job)
            self._opener.wrote(job, data)
        except InputOutputError:
            raise
        except Exception as error:
            status, why = FAILED, reason(job, error, "written")
        else:
            self._journal.done(job.name, opened.hash, digest(data))
        words = len(summary.document.text.split())
        truncated = int(summary.truncated)
        unmet = opened.document.unmet
        about = {"text": 1, "source": summary.document.text[:EXCERPT]}
        findings = tuple({**about, **row} for row in summary.notes.get(GUARD, ()))
        return Outcome(
            job,
            status,
            why,
            1,
            words,
            remarks=tuple(remarks),
            truncated=truncated,
            unmet=unmet,
            findings=findings,
        )
