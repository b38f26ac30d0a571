"""Commands on folders and documents: the run, and what is said of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from s2scli.addressspace import peak_memory_bytes
from s2scli.cli.clashes import refuse_among
from s2scli.cli.console import Console
from s2scli.cli.document_rules import note_unused
from s2scli.cli.files import write_report
from s2scli.cli.folder_options import FolderOptions, TreeOptions, find_documents
from s2scli.cli.guard_notes import GuardNotes, told
from s2scli.cli.monitors import first_of
from s2scli.cli.notes import Reranked
from s2scli.cli.running import (
    OWN_PROMPT,
    Prompt,
    RunOptions,
    choose_decoding,
    facts_of,
    load_model,
    signed,
)
from s2scli.cli.step_options import StepOptions
from s2scli.cli.unused import Given
from s2scli.signals import Interrupted
from s2scli.tasks.steps import RERANKED

if TYPE_CHECKING:
    from s2scli.cli.summary_output import SummaryWriter
    from s2scli.data import Decoding, Result
    from s2scli.session import Session
    from s2scli.tasks.document import Outcome
    from s2scli.tasks.documents import DocumentMonitor
    from s2scli.tasks.folder import Outcomes, Plan
    from s2scli.tasks.guarding import Guarding
    from s2scli.tasks.rerank.reranking import Reranking
    from s2scli.tasks.summary import Strategy
    from s2scli.tasks.tree import Destination, DocumentJob

__all__ = ["PARTLY_FAILED", "run_folder", "summaries", "translations"]

# What is done with the documents of a plan.
Work = Callable[["Plan", "Session", "Decoding", "DocumentMonitor"], "Outcomes"]

PARTLY_FAILED = 3  # exit code: done, but some documents failed
NAMED_TERMS = 3


class FolderMonitor:
    """Counts what becomes of documents, and shows it on a terminal.

    Args:
        console: whether and where to show something.
        jobs: the documents.
    """

    def __init__(self, console: Console, jobs: Sequence[DocumentJob]) -> None:
        self._console = console
        self.jobs = jobs
        self._start = time.monotonic()
        self._display: Any = None
        self.outcomes: list[Outcome] = []
        self.source_tokens = self.target_tokens = 0
        self._reranked = Reranked("texts")
        self.guard = GuardNotes("texts", "", "--report")

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
        """Texts are decoded; the outcome of a document is reported when it is finished."""
        for result in results:
            self._reranked.add(result.notes.get(RERANKED))
        if self._display:
            self._display.segments(sum(bool(result.hypotheses) for result in results))

    def document(self, outcome: Outcome) -> None:
        """A document is finished."""
        self.outcomes.append(outcome)
        for number, rows in groupby(outcome.findings, itemgetter("text")):
            place, findings = f"{outcome.job.name} text {number}", list(rows)
            self.guard.add(place, {"document": outcome.job.name}, findings)
            for row in findings:
                self._console.note(f"guard: {place}: {told(row)}")
        if self._display:
            self._display.document()
        if outcome.status == "failed":
            self._console.fail(f"failed: {outcome.job.name}: {outcome.reason}")
            return
        if outcome.fragments:
            self._console.warn(
                f"{outcome.job.name}: texts translated in fragments because the "
                f"model dropped their placeholders: {outcome.fragments}"
            )
        if outcome.lost:
            self._console.warn(
                f"{outcome.job.name}: texts left in the source language, wholly or in "
                f"part, to keep their placeholders, numbers or markup: {outcome.lost}"
            )
        for remark in outcome.remarks:
            self._console.warn(f"{outcome.job.name}: {remark}")
        if outcome.truncated:
            self._console.warn(
                f"{outcome.job.name}: outputs that reached the maximum length and were "
                f"cut off: {outcome.truncated}. Allow more with --max-length."
            )
        if outcome.missed:
            terms = dict.fromkeys(f"{term.source} → {term.target}" for term, _ in outcome.missed)
            self._console.warn(
                f"{outcome.job.name}: glossary terms missing from the translation: "
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
            **self._reranked.summary(),
            "terms_met": sum(outcome.terms for outcome in self.outcomes),
            "terms_missed": sum(len(outcome.missed) for outcome in self.outcomes),
            **self.guard.summary(listed=False),
            "words": words,
            "words_per_second": round(words / seconds, 1),
            "source_tokens": self.source_tokens,
            "target_tokens": self.target_tokens,
            "seconds": round(seconds, 3),
            "peak_memory_bytes": peak_memory_bytes(),
        }

    def report(self) -> None:
        """The closing remarks and the closing table, on stderr."""
        facts = self.summary()
        earlier = any(one.findings for one in self.outcomes if one.status == "skipped")
        for warning in self.guard.warnings(0 if earlier else facts["segments"]):
            self._console.warn(warning)
        if unmet := self._unmet():
            self._console.warn(f"--field names nothing in any document: {', '.join(unmet)}")
        names = ("done", "skipped", "failed", "segments", "words", "words_per_second")
        columns = tuple(name.upper().replace("_PER_SECOND", "/s") for name in names)
        row = tuple(f"{facts[name]:,}" for name in names)
        self._console.table(columns, [row], columns)
        for warning in self._reranked.warnings():
            self._console.warn(warning)

    def _unmet(self) -> list[str]:
        """The fields in which no document has text; nothing if that is not known of all."""
        if self.count("done") < len(self.outcomes):
            return []
        unmet = [outcome.unmet for outcome in self.outcomes if outcome.unmet is not None]
        return sorted(frozenset.intersection(*unmet)) if unmet else []


def translations(
    tree: TreeOptions,
    options: FolderOptions,
    steps: StepOptions,
    reranking: Reranking | None = None,
) -> Work:
    """Translating documents.

    Args:
        tree: what of them is text.
        options: how they are read, and where translations are kept.
        steps: what their translations must have.
        reranking: how their hypotheses are ranked.
    """
    from s2scli.documents.base import FormatOptions
    from s2scli.tasks.documents import Settings
    from s2scli.tasks.folder import translate_folder

    guarding = steps.guarding()
    format_options = FormatOptions(
        options.unit,
        tree.columns,
        tree.fields,
        options.overwrite,
        options.subtitle_width,
        options.sheet_names,
        options.anchors,
    )

    def work(
        plan: Plan, session: Session, decoding: Decoding, monitor: DocumentMonitor
    ) -> Outcomes:
        rerank = reranking and reranking.step(session.model, decoding, session.beside)
        settings = Settings(
            format_options,
            steps.demands,
            decoding,
            session.flow,
            rerank=rerank,
            guarding=guarding,
        )
        return translate_folder(plan, session.model, settings, options.memory, monitor)

    return work


def summaries(
    tree: TreeOptions,
    writer: Callable[[Session], SummaryWriter],
    strategy: Strategy,
    guarding: Guarding,
) -> Work:
    """Summarizing documents.

    Args:
        tree: what of them is text.
        writer: makes what writes a summary.
        strategy: how they are summarized.
        guarding: what is done with summaries that seem wrong.
    """
    from s2scli.documents.base import FormatOptions
    from s2scli.tasks.document_summaries import SummarySettings
    from s2scli.tasks.folder import summarize_folder

    options = FormatOptions(columns=tree.columns, fields=tree.fields)

    def work(
        plan: Plan, session: Session, decoding: Decoding, monitor: DocumentMonitor
    ) -> Outcomes:
        write = writer(session)
        form = f"{write.jsonl} {write.tree} {write.evidence}"
        how = strategy, write, form, guarding
        settings = SummarySettings(options, decoding, session.flow, *how)
        return summarize_folder(plan, session.model, settings, monitor)

    return work


def run_folder(
    ctx: click.Context,
    task: str,
    run: RunOptions,
    inputs: Sequence[str],
    tree: TreeOptions,
    destination: Destination,
    work: Work,
    prompt: Prompt = OWN_PROMPT,
    facts: Callable[[], Mapping[str, object]] = dict,
) -> int:
    """The frame of a command on documents; the exit code.

    Args:
        ctx: of the command.
        task: what the model is to do.
        run: which model, and where to run it.
        inputs: folders and files.
        tree: which of their documents, and what of these is text.
        destination: where results go.
        work: what is done with the documents.
        prompt: what the model reads.
        facts: returns what else decides on the outputs, for the signature; called at the end.
    """
    console = run.messages.console()
    plan = find_documents(inputs, tree, destination, console)
    refuse_among(run.messages.report, (job.source for job in plan.jobs), "input")
    refuse_among(run.messages.report, (job.target for job in plan.jobs), "output")
    note_unused(Given(ctx), plan.jobs, console)
    session = load_model(task, run, console, prompt=prompt)
    decoding = choose_decoding(ctx, session, run.search, console)
    if not plan.jobs:
        console.warn("no documents found; see --include and --hidden")
    with FolderMonitor(console, plan.jobs) as monitor:
        _follow(work(plan, session, decoding, monitor), monitor, console, tree)
    monitor.report()
    signature = signed(task, session, decoding, facts(), run.messages, console)
    if run.messages.report:
        about = facts_of(session, decoding, signature)
        write_report(run.messages.report, {**about, **_report(monitor)})
    monitor.guard.check()
    return PARTLY_FAILED if monitor.count("failed") else 0


def _follow(
    outcomes: Outcomes, monitor: FolderMonitor, console: Console, tree: TreeOptions
) -> None:
    """Tell of each document as it is finished."""
    with closing(outcomes):
        try:
            for outcome in outcomes:
                monitor.document(outcome)
                if outcome.status == "failed" and tree.fail_fast:
                    break
        except Interrupted:
            console.say("interrupted; run the same command again to resume")
            raise


def _report(monitor: FolderMonitor) -> dict[str, Any]:
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
            "remarks": list(outcome.remarks),
            "guard": list(outcome.findings),
            "terms_met": outcome.terms,
            "terms_missed": [
                {"source": term.source, "target": term.target, "text": text}
                for term, text in outcome.missed
            ],
        }
        for outcome in sorted(monitor.outcomes, key=lambda outcome: places[outcome.job])
    ]
    return {**monitor.summary(), "documents": documents}
