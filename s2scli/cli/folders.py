"""Commands on folders and documents: the run, and what is said of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s2scli._version import __version__
from s2scli.cli.console import Console, first_of, peak_memory_bytes
from s2scli.cli.files import write_report
from s2scli.cli.folder_options import FolderOptions, TreeOptions
from s2scli.cli.options import MessageOptions
from s2scli.cli.running import facts_of
from s2scli.cli.signals import Interrupted
from s2scli.errors import CannotCreateError

if TYPE_CHECKING:
    from s2scli.api import TextModel
    from s2scli.cli.summary_output import SummaryWriter
    from s2scli.data import Decoding, Result
    from s2scli.memory.journal import Journal
    from s2scli.memory.memory import Memory
    from s2scli.tasks.document import Demands, Outcome
    from s2scli.tasks.tree import Job

__all__ = ["PARTLY_FAILED", "run_documents", "run_summaries"]

PARTLY_FAILED = 3  # exit code: done, but some documents failed
NAMED_TERMS = 3


class FolderMonitor:
    """Counts what becomes of documents, and shows it on a terminal.

    Args:
        console: whether and where to show something.
        jobs: the documents.
    """

    def __init__(self, console: Console, jobs: Sequence[Job]) -> None:
        self._console = console
        self.jobs = jobs
        self._start = time.monotonic()
        self._display: Any = None
        self.outcomes: list[Outcome] = []
        self.source_tokens = self.target_tokens = 0

    def __enter__(self) -> FolderMonitor:
        if self._console.has_display:
            from s2scli.cli.progress import DocumentsDisplay

            self._display = DocumentsDisplay(len(self.jobs), sum(job.size for job in self.jobs))
        return self

    def __exit__(self, *_: object) -> None:
        if self._display:
            self._display.close()

    def opened(self, size: int, segments: int, recalled: int) -> None:
        """A document was read."""
        if self._display:
            self._display.opened(size, segments, recalled)

    def decoded(self, pieces: int, source_tokens: int, target_tokens: int) -> None:
        """A batch has been decoded."""
        self.source_tokens += source_tokens
        self.target_tokens += target_tokens

    def finished(self, results: Sequence[Result]) -> None:
        """Segments are translated; what becomes of their document is told by itself."""
        if self._display:
            self._display.segments(sum(bool(result.hypotheses) for result in results))

    def document(self, outcome: Outcome) -> None:
        """A document is finished."""
        self.outcomes.append(outcome)
        if self._display:
            self._display.document()
        if outcome.status == "failed":
            self._console.warn(f"failed: {outcome.job.name}: {outcome.reason}")
            return
        if outcome.fragments:
            self._console.warn(
                f"warning: {outcome.job.name}: texts translated in pieces, for the model loses "
                f"their placeholders: {outcome.fragments}"
            )
        if outcome.left:
            self._console.warn(
                f"warning: {outcome.job.name}: texts left in the source language, wholly or in "
                f"part, for their placeholders, numbers or markup would be lost: {outcome.left}"
            )
        if outcome.truncated:
            self._console.warn(
                f"warning: {outcome.job.name}: outputs that reached the maximum length and were "
                f"cut off: {outcome.truncated}. Allow more with --max-length."
            )
        if outcome.missed:
            terms = dict.fromkeys(f"{term.source} → {term.target}" for term, _ in outcome.missed)
            self._console.warn(
                f"warning: {outcome.job.name}: terms of the glossary that were not met: "
                f"{len(outcome.missed)} ({first_of(list(terms), NAMED_TERMS)})"
            )

    def count(self, status: str) -> int:
        """How many documents ended so."""
        return sum(outcome.status == status for outcome in self.outcomes)

    def summary(self) -> dict[str, Any]:
        """The run in numbers."""
        seconds = time.monotonic() - self._start
        words = sum(outcome.words for outcome in self.outcomes)
        return {
            **{status: self.count(status) for status in ("done", "skipped", "failed")},
            "segments": sum(outcome.segments for outcome in self.outcomes),
            "recalled": sum(outcome.recalled for outcome in self.outcomes),
            "left": sum(outcome.left for outcome in self.outcomes),
            "terms_met": sum(outcome.terms for outcome in self.outcomes),
            "terms_missed": sum(len(outcome.missed) for outcome in self.outcomes),
            "words": words,
            "words_per_second": round(words / seconds, 1),
            "source_tokens": self.source_tokens,
            "target_tokens": self.target_tokens,
            "seconds": round(seconds, 3),
            "peak_memory_bytes": peak_memory_bytes(),
        }

    def table(self) -> None:
        """The closing table, on stderr."""
        if self._console.quiet:
            return
        from s2scli.cli.tables import print_table

        facts = self.summary()
        names = ("done", "skipped", "failed", "segments", "words", "words_per_second")
        columns = tuple(name.upper().replace("_PER_SECOND", "/s") for name in names)
        row = tuple(f"{facts[name]:,}" for name in names)
        print_table(columns, [row], right=columns, stderr=True)


def run_documents(
    jobs: Sequence[Job],
    folder: Path,
    tree: TreeOptions,
    options: FolderOptions,
    loaded: TextModel,
    decoding: Decoding,
    messages: MessageOptions,
) -> int:
    """Translate documents; the exit code.

    Args:
        jobs: the documents.
        folder: where the journal is.
        tree: what of them is text.
        options: what their translations must have.
        loaded: what translates them.
        decoding: how.
        messages: what is said of it.
    """
    from s2scli.documents.base import FormatOptions

    format_options = FormatOptions(
        options.unit,
        tree.columns,
        tree.fields,
        options.overwrite,
        options.subtitle_width,
        options.sheet_names,
        options.anchors,
    )
    demands = _demands(options)
    key = _key(loaded, decoding, options.protect)
    with _memory(options.memory, loaded, key) as memory:

        def outcomes(journal: Journal, monitor: FolderMonitor) -> Iterator[Outcome]:
            return loaded.translate_documents(
                jobs, decoding, format_options, demands, journal, memory, monitor
            )

        return _run(outcomes, jobs, folder, key, tree, loaded, decoding, messages)


def run_summaries(
    jobs: Sequence[Job],
    folder: Path,
    tree: TreeOptions,
    writer: SummaryWriter,
    plan: Mapping[str, Any],
    loaded: TextModel,
    decoding: Decoding,
    messages: MessageOptions,
) -> int:
    """Summarize documents; the exit code.

    Args:
        jobs: the documents.
        folder: where the journal is.
        tree: what of them is text.
        writer: writes a summary.
        plan: how they are summarized, as ``TextModel.summarize`` takes it.
        loaded: what summarizes them.
        decoding: how.
        messages: what is said of it.
    """
    from s2scli.documents.base import FormatOptions

    options = FormatOptions(columns=tree.columns, fields=tree.fields)

    def outcomes(journal: Journal, monitor: FolderMonitor) -> Iterator[Outcome]:
        form = f"{writer.jsonl} {writer.tree} {writer.evidence}"
        return loaded.summarize_documents(
            jobs, decoding, options, plan, writer, form, journal, monitor
        )

    key = _key(loaded, decoding, repr(sorted(plan.items())))
    return _run(outcomes, jobs, folder, key, tree, loaded, decoding, messages)


def _run(
    outcomes: Callable[[Journal, FolderMonitor], Iterator[Outcome]],
    jobs: Sequence[Job],
    folder: Path,
    key: str,
    tree: TreeOptions,
    loaded: TextModel,
    decoding: Decoding,
    messages: MessageOptions,
) -> int:
    from s2scli.disk.atomic import remove_leftovers
    from s2scli.disk.places import is_local
    from s2scli.memory.journal import Journal

    console = messages.console()
    if not jobs:
        console.warn("warning: no documents were found there; see --include and --hidden")
    label = "-{}-of-{}".format(*tree.shard) if tree.shard else ""
    with closing(Journal(_created(folder), key, label)) as journal:
        if not tree.shard:  # others may be writing
            remove_leftovers({job.target.parent for job in jobs if is_local(job.target)})
        with FolderMonitor(console, jobs) as monitor:
            try:
                for outcome in outcomes(journal, monitor):
                    monitor.document(outcome)
                    if outcome.status == "failed" and tree.fail_fast:
                        break
            except Interrupted:
                console.warn("interrupted: the same command goes on where this one was")
                raise
    monitor.table()
    if messages.report:
        write_report(messages.report, _report(monitor, loaded, decoding))
    return PARTLY_FAILED if monitor.count("failed") else 0


def _demands(options: FolderOptions) -> Demands:
    """What translations must have.

    Raises:
        BadInputError: the glossary is none.
        UsageError: a pattern is none.
    """
    from s2scli.cli.documents import whole_texts
    from s2scli.tasks.document import Demands
    from s2scli.text.glossary import Glossary
    from s2scli.text.spans import Protection

    glossary = Glossary()
    if options.glossary:
        for name, text in whole_texts([options.glossary]):
            glossary = Glossary.parse(name, text)
    return Demands(Protection(options.protect), glossary)


@contextmanager
def _memory(path: Path | None, loaded: TextModel, key: str) -> Iterator[Memory | None]:
    if path is None:
        yield None
        return
    from s2scli.memory.memory import Memory, Origin

    model = loaded.model
    languages = (model.frame.source_language, model.frame.target_language)
    with closing(Memory(path, Origin.of_model(*languages, model.manifest.name, key))) as memory:
        yield memory


def _created(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotCreateError(f"Cannot create {folder}: {error.strerror}") from error
    return folder


def _key(loaded: TextModel, decoding: Decoding, *others: object) -> str:
    """All that a translation or a summary depends on beside its text."""
    from s2scli.disk.hashes import digest

    model = loaded.model
    files = sorted((name, record.sha256) for name, record in model.manifest.files.items())
    return digest(
        __version__,
        repr(files),
        repr(model.frame),
        repr(model.engine.compute_type),
        repr(decoding),
        repr(others),
    )


def _report(monitor: FolderMonitor, loaded: TextModel, decoding: Decoding) -> dict[str, Any]:
    places = {job: number for number, job in enumerate(monitor.jobs)}
    documents = [
        {
            "name": outcome.job.name,
            "source": str(outcome.job.source),
            "target": str(outcome.job.target),
            "format": outcome.job.format,
            "status": outcome.status,
            "reason": outcome.reason,
            "segments": outcome.segments,
            "words": outcome.words,
            "recalled": outcome.recalled,
            "truncated": outcome.truncated,
            "masked": outcome.masked,
            "fragments": outcome.fragments,
            "left": outcome.left,
            "terms_met": outcome.terms,
            "terms_missed": [
                {"source": term.source, "target": term.target, "text": text}
                for term, text in outcome.missed
            ],
        }
        for outcome in sorted(monitor.outcomes, key=lambda outcome: places[outcome.job])
    ]
    return {**facts_of(loaded, decoding), **monitor.summary(), "documents": documents}
