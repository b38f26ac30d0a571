"""Documents opened: read, unless they are done already; what cannot be read stops nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from s2scli.disk.hashes import digest
from s2scli.disk.places import is_local
from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError, MissingInputError, S2SError
from s2scli.memory.journal import Journal
from s2scli.memory.outputs import LastOutput, Outputs, mark
from s2scli.tasks.crosslinks import named_anchors
from s2scli.tasks.document import FAILED, SKIPPED, Outcome
from s2scli.tasks.tree import DocumentJob

__all__ = ["Opened", "Opener", "failed", "reason"]


class Opened(NamedTuple):
    """A document that was read.

    Attributes:
        document: what is in it.
        hash: of its bytes, and of everything else that its form depends on.
        changed: the hash of its earlier translation, if that is not as it was written; else empty.
        own: marks of the texts in it that an earlier run wrote there, in the language wanted now.
    """

    document: Document
    hash: str
    changed: str = ""
    own: frozenset[bytes] = frozenset()


class Opener:
    """Opens documents.

    Args:
        options: how they are read.
        journal: what is done already.
        form: everything else that the form of what is written depends on.
        outputs: what this run and others wrote last to each place.
    """

    def __init__(
        self, options: FormatOptions, journal: Journal, form: str, outputs: Outputs
    ) -> None:
        self._options = options
        self._journal = journal
        self._outputs = outputs
        self._form = digest(repr(options), form)
        self._linked: Mapping[str, tuple[str, ...]] = {}

    def survey(self, jobs: Sequence[DocumentJob]) -> None:
        """Collect what documents require of each other: the anchors that links name."""
        self._linked = named_anchors(jobs) if self._options.anchors else {}

    def open(self, job: DocumentJob) -> Opened | Outcome:
        """A document, or its outcome if there is nothing to do or it cannot be read."""
        try:
            data = job.source.read_bytes()
            linked = self._linked.get(job.name, ())
            hash_ = digest(data, digest(self._form, job.format, *linked))
            if self._is_done(job, data, hash_):
                return Outcome(job, SKIPPED, findings=self._journal.findings(job.name))
            options = replace(self._options, linked=linked) if linked else self._options
            document = read_document(open_format(job.format, options), job.name, data)
            if not document.slots and document.has_text:
                raise BadInputError(f"{job.name} contains text, but nothing translatable")
        except OSError as error:
            return failed(job, MissingInputError(f"Cannot read {job.source}: {error.strerror}"))
        except Exception as error:
            return failed(job, error)
        own = self._own(job)
        return Opened(document, hash_, self._changed(job), own.marks if own else frozenset())

    def wrote(self, job: DocumentJob, data: bytes, before: Set[bytes] = frozenset()) -> None:
        """Remember what was written for a document, for later runs of this journal or another.

        Args:
            job: which.
            data: its bytes.
            before: if it took the place of its source, marks of that one's texts, but for its own.
        """
        if is_local(job.target):
            marks = self._marks(job, data) - before if job.target == job.source else frozenset()
            output = LastOutput(digest(data), self._options.target_language, frozenset(marks))
            self._outputs.wrote(job.target, output)

    def _marks(self, job: DocumentJob, data: bytes) -> Set[bytes]:
        """The marks of the texts that a later run will find in what was written."""
        try:
            document = read_document(open_format(job.format, self._options), job.name, data)
        except Exception:  # as of a page that now says that it is in the target language
            return frozenset()
        return {mark(slot.text) for slot in document.slots}

    def _own(self, job: DocumentJob) -> LastOutput | None:
        """What took the place of its source last, if it was in the language that is wanted now."""
        last = self._outputs.of(job.target) if job.target == job.source else None
        return last if last and last.language == self._options.target_language else None

    def _changed(self, job: DocumentJob) -> str:
        """The hash of a translation that somebody has changed since it was written; else empty."""
        if job.target == job.source or not is_local(job.target):
            return ""
        last = self._outputs.of(job.target)
        written = {self._journal.target_of(job.name), last and last.target} - {None}
        try:
            found = digest(job.target.read_bytes()) if written else ""
        except OSError:
            return ""
        return "" if found in written else found

    def _is_done(self, job: DocumentJob, data: bytes, hash_: str) -> bool:
        if job.target == job.source:
            found, own = digest(data), self._own(job)
            return self._journal.is_target(found) or (own is not None and own.target == found)
        target = self._journal.is_done(job.name, hash_)
        try:
            return target is not None and digest(job.target.read_bytes()) == target
        except OSError:
            return False


def failed(job: DocumentJob, error: Exception) -> Outcome:
    """A failed document: the others continue, whatever went wrong with this one."""
    return Outcome(job, FAILED, reason(job, error, f"read as {job.format}"))


def reason(job: DocumentJob, error: Exception, deed: str) -> str:
    """Why a document failed.

    Args:
        job: which.
        error: what was raised.
        deed: what could not be done.
    """
    if isinstance(error, S2SError):
        return str(error)
    return f"{job.name} could not be {deed} ({type(error).__name__}: {error})"
