"""A run over folders of documents: what it reads, where it writes, and how it resumes.

A plan says which documents there are and where the journal is. The journal is opened under a key,
the hash of all that an output depends on beside its text, so that the same run continues where it
was ended and another one begins again.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from s2scli._version import __version__
from s2scli.data import Decoding
from s2scli.disk.atomic import remove_leftovers
from s2scli.disk.hashes import digest
from s2scli.disk.places import cache, is_local, journal_of, place
from s2scli.errors import UsageError, write_error
from s2scli.inference.model import Model
from s2scli.memory.journal import Journal
from s2scli.memory.memory import Memory, Origin
from s2scli.memory.outputs import Outputs
from s2scli.tasks.document import Outcome
from s2scli.tasks.documents import DocumentMonitor, Settings, translate_documents
from s2scli.tasks.tree import Destination, DocumentJob, Selection, home, jobs

if TYPE_CHECKING:
    from s2scli.tasks.document_summaries import SummarySettings

__all__ = ["Outcomes", "Plan", "summarize_folder", "translate_folder"]

Outcomes = Generator[Outcome, None, None]


@dataclass(frozen=True, slots=True)
class Plan:
    """The documents of a run.

    Attributes:
        jobs: the documents, each with its output.
        journal: the folder of the run's journal.
        shard: which part of how many this is; each part has a journal of its own.
        left_out: the files of folders that are in no known format, what is no file there, and
            hidden names.
    """

    jobs: tuple[DocumentJob, ...]
    journal: Path
    shard: tuple[int, int] | None = None
    left_out: tuple[Path, ...] = ()

    @classmethod
    def of(
        cls,
        inputs: Iterable[str | Path],
        selection: Selection,
        destination: Destination,
        shard: tuple[int, int] | None = None,
    ) -> Plan:
        """Find the documents among files, folders and URLs.

        The journal is in the output folder, else in that of the first input; of a single document
        that stays and of what is on another file system, in a folder of the user's cache.

        Args:
            inputs: files and folders.
            selection: which files of the folders.
            destination: where outputs go.
            shard: ``(1, 4)`` for the first of four parts; a document is always in the same part.

        Raises:
            UsageError: two documents would be written to one place, or one over its source.
            MissingInputError: an input does not exist.
            BadInputError: a file that is named has an unknown format.
        """
        paths = [place(name) if isinstance(name, str) else name for name in inputs]
        output = destination.output
        if destination.in_place and not all(map(is_local, paths)):
            raise UsageError("--in-place is for local files", "Give -o URL.")
        if output is not None and is_local(output) and output.exists() and not output.is_dir():
            raise UsageError(f"-o {output} is not a directory", "Documents need one.")
        unknown: list[Path] = []
        found = list(jobs(paths, selection, destination, unknown.append))
        file = destination.file or _only_target(paths, found, destination)
        folder = output or file or next(map(home, paths), Path())
        if file or not is_local(folder):
            folder = journal_of(folder)
        if shard:
            part, parts = shard
            if not 1 <= part <= parts:
                raise UsageError(f"There is no part {part} of {parts}; parts are numbered from 1")
            found = [job for job in found if int(digest(job.name), 16) % parts == part - 1]
        return cls(tuple(found), folder, shard, tuple(unknown))


def _only_target(
    inputs: Sequence[Path], found: Sequence[DocumentJob], destination: Destination
) -> Path | None:
    """Where the translation of a file goes, if no other was named and it stands beside it."""
    is_beside = destination.output is None and not destination.in_place
    is_one = len(inputs) == len(found) == 1 and inputs[0].is_file()
    return found[0].target if is_beside and is_one else None


def translate_folder(
    plan: Plan,
    model: Model,
    settings: Settings,
    memory: Path | None = None,
    monitor: DocumentMonitor | None = None,
) -> Outcomes:
    """Translate the documents of a plan, except those that are done.

    Args:
        plan: which documents.
        model: what translates them, ready for the job ``translate``.
        settings: how.
        memory: the file of a translation memory.
        monitor: told how far the run has come.

    Yields:
        The outcome of each document, as it was finished.

    Raises:
        LockedError: another run writes to that folder.
        CannotCreateError: the output folder cannot be created.
        InputOutputError: the disk is full; all documents written so far are whole.
    """
    ranks = [settings.rerank.signature] if settings.rerank else []
    patterns, guarding = settings.demands.protection.patterns, settings.guarding
    key = _key(model, settings.decoding, patterns, *ranks, *[guarding.key] * guarding.is_special)
    languages = (model.source_language, model.target_language)
    options = replace(settings.format, source_language=languages[0], target_language=languages[1])
    with _memory(memory, model, key) as store, _journal(plan, key) as (journal, outputs):
        settings = replace(settings, format=options, memory=store)
        yield from translate_documents(plan.jobs, model, settings, journal, monitor, outputs)


def summarize_folder(
    plan: Plan,
    model: Model,
    settings: SummarySettings,
    monitor: DocumentMonitor | None = None,
) -> Outcomes:
    """Summarize the documents of a plan, except those that are done.

    Args:
        plan: which documents.
        model: what summarizes them, ready for the job ``summarize``.
        settings: how.
        monitor: told how far the run has come.

    Yields:
        The outcome of each document, in order.

    Raises:
        LockedError: another run writes to that folder.
        CannotCreateError: the output folder cannot be created.
        InputOutputError: the disk is full; all summaries written so far are whole.
    """
    from s2scli.tasks.document_summaries import summarize_documents

    guarding = settings.guarding
    key = _key(model, settings.decoding, settings.strategy, *[guarding.key] * guarding.is_special)
    with _journal(plan, key) as (journal, outputs):
        yield from summarize_documents(plan.jobs, model, settings, journal, monitor, outputs)


def _key(model: Model, decoding: Decoding, *others: object) -> str:
    """The hash of all that an output depends on beside its text."""
    before = [_key(*model.before)] if model.before else []
    facts = (
        model.manifest.fingerprint,
        model.frame,
        model.engine.compute_type,
        decoding,
        others,
        *before,
    )
    return digest(__version__, *map(repr, facts))


@contextmanager
def _journal(plan: Plan, key: str) -> Iterator[tuple[Journal, Outputs]]:
    """The journal of a run and what all runs wrote; what killed ones have left is removed."""
    try:
        plan.journal.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        elsewhere = plan.journal.parent == journal_of(plan.journal).parent
        advice = "Set XDG_CACHE_HOME to a folder that can be written." if elsewhere else ""
        raise write_error(f"Cannot create {plan.journal}", error, advice) from error
    label = "-{}-of-{}".format(*plan.shard) if plan.shard else ""
    with (
        closing(Journal(plan.journal, key, label)) as journal,
        closing(Outputs(cache())) as outputs,
    ):
        if not plan.shard:  # others may be writing
            remove_leftovers({job.target.parent for job in plan.jobs if is_local(job.target)})
        yield journal, outputs


@contextmanager
def _memory(path: Path | None, model: Model, key: str) -> Iterator[Memory | None]:
    if path is None:
        yield None
        return
    with closing(
        Memory(path, Origin.of_model(*model.languages, model.manifest.name, key))
    ) as memory:
        yield memory
