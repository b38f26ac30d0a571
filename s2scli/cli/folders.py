"""``s2s translate`` on folders and documents: what is read, where it goes, what is said of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from s2scli.cli.console import Console, peak_memory_bytes
from s2scli.cli.files import STDIN, write_report
from s2scli.cli.options import MessageOptions, group
from s2scli.errors import CannotCreateError, UsageError

if TYPE_CHECKING:
    from s2scli.api import TextModel
    from s2scli.data import Decoding, Result
    from s2scli.documents.tree import Job
    from s2scli.tasks.documents import Outcome

__all__ = [
    "PARTLY_FAILED",
    "FolderOptions",
    "find_jobs",
    "folder_options",
    "names_documents",
    "refuse_unused",
    "run_documents",
]

LINES_ONLY = ("format", "scores", "n_best", "encoding_errors")
PARTLY_FAILED = 3  # exit code: done, but some documents failed
FORMAT_NAMES = (
    "text",
    "srt",
    "vtt",
    "po",
    "csv",
    "tsv",
    "json",
    "jsonl",
)  # s2scli.documents.FORMATS
UNITS = ("paragraph", "sentence", "line")  # s2scli.documents.plain.UNITS


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """Which documents, how they are read, and where their translations go."""

    files_from: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    hidden: bool
    input_format: str | None
    unit: str
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    overwrite: bool
    subtitle_width: int
    protect: tuple[str, ...]
    suffix: str
    shard: tuple[int, int] | None
    fail_fast: bool


def _shard(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
    """Which part of how many, from ``3/8``."""
    if value is None:
        return None
    part, sign, parts = value.partition("/")
    if not (sign and part.isdecimal() and parts.isdecimal() and 0 < int(part) <= int(parts)):
        raise click.BadParameter(f"{value!r} is no part such as 1/4")
    return int(part), int(parts)


folder_options = group(
    "folder",
    FolderOptions,
    click.option(
        "--files-from",
        metavar="LIST",
        help="Documents: the files and folders named in LIST, one a line.",
    ),
    click.option(
        "--include",
        multiple=True,
        metavar="PATTERN",
        help="Of folders: only files that match, such as '*.txt'; repeatable.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Of folders: no files or folders that match; repeatable.",
    ),
    click.option("--hidden", is_flag=True, help="Of folders: names that begin with a dot too."),
    click.option(
        "--input-format",
        type=click.Choice(FORMAT_NAMES),
        help="Documents: of this format.  [default: as their names say]",
    ),
    click.option(
        "--unit",
        type=click.Choice(UNITS),
        default=UNITS[0],
        show_default=True,
        help="Text documents: what is translated at once and wrapped as it was.",
    ),
    click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="COLUMN",
        help="Tables: a column with text, by name or number; repeatable.  [default: all]",
    ),
    click.option(
        "--field",
        "fields",
        multiple=True,
        metavar="PATH",
        help="JSON: values with text, such as items.title; repeatable.  [default: all strings]",
    ),
    click.option(
        "--overwrite", is_flag=True, help="PO files: translate anew what has a translation."
    ),
    click.option(
        "--subtitle-width",
        type=click.IntRange(min=10),
        default=42,
        show_default=True,
        help="Subtitles: most characters a line.",
    ),
    click.option(
        "--protect",
        multiple=True,
        metavar="REGEX",
        help="Documents: what matches comes out as it is, as placeholders do; repeatable.",
    ),
    click.option(
        "--suffix",
        default="",
        metavar="SUFFIX",
        help="Documents: in front of the extension; .de makes a.txt into a.de.txt, beside it "
        "without -o.",
    ),
    click.option(
        "--shard",
        metavar="I/N",
        callback=_shard,
        help="Documents: only the I-th of N parts, for as many runs side by side.",
    ),
    click.option("--fail-fast", is_flag=True, help="Documents: end at the first that fails."),
)


def names_documents(inputs: Sequence[str], output: Path | None, options: FolderOptions) -> bool:
    """Whether the inputs are documents, each with a translation of its own, and no lines."""
    return bool(
        options.files_from
        or options.suffix
        or options.input_format
        or options.shard
        or any(name != STDIN and Path(name).is_dir() for name in inputs)
        or (output is not None and output.is_dir())
    )


def refuse_unused(ctx: click.Context, *, documents: bool) -> None:
    """Refuse options that would do nothing.

    Raises:
        UsageError: one is given that is for lines only, or for documents only.
    """
    unused = LINES_ONLY if documents else tuple(field.name for field in fields(FolderOptions))
    for parameter in ctx.command.params:
        source = ctx.get_parameter_source(str(parameter.name))
        if parameter.name in unused and source is ParameterSource.COMMANDLINE:
            option = max(parameter.opts, key=len)
            if documents:
                raise UsageError(f"{option} is for lines, not for documents")
            raise UsageError(
                f"{option} is for documents", "Name a folder, or -o FOLDER or --input-format."
            )


class FolderMonitor:
    """Counts what becomes of documents, and shows it on a terminal."""

    def __init__(self, console: Console, *, fail_fast: bool) -> None:
        self._console = console
        self._fail_fast = fail_fast
        self._start = time.monotonic()
        self._display: Any = None
        self.outcomes: list[Outcome] = []
        self.source_tokens = self.target_tokens = 0

    def __enter__(self) -> FolderMonitor:
        if self._console.has_display:
            from s2scli.cli.progress import Display

            self._display = Display(None, "documents")
        return self

    def __exit__(self, *_: object) -> None:
        if self._display:
            self._display.close()

    def decoded(self, pieces: int, source_tokens: int, target_tokens: int) -> None:
        """A batch has been decoded."""
        self.source_tokens += source_tokens
        self.target_tokens += target_tokens
        if self._display:
            self._display.tokens(source_tokens + target_tokens)

    def finished(self, results: Sequence[Result]) -> None:
        """Segments are translated; their document tells."""

    def document(self, outcome: Outcome) -> None:
        """A document is finished."""
        self.outcomes.append(outcome)
        if self._display:
            self._display.finished(1, 0)
        if outcome.status == "failed":
            self._console.warn(f"failed: {outcome.job.name}: {outcome.reason}")
            return
        if outcome.fragments:
            self._console.warn(
                f"warning: {outcome.job.name}: texts translated in pieces, for the model loses "
                f"their placeholders: {outcome.fragments}"
            )
        if outcome.truncated:
            self._console.warn(
                f"warning: {outcome.job.name}: outputs that reached the maximum length and were "
                f"cut off: {outcome.truncated}. Allow more with --max-length."
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
    output: Path | None,
    options: FolderOptions,
    loaded: TextModel,
    decoding: Decoding,
    console: Console,
    messages: MessageOptions,
) -> int:
    """Translate documents; the exit code."""
    from s2scli.documents.atomic import remove_leftovers
    from s2scli.documents.base import FormatOptions
    from s2scli.documents.journal import Journal
    from s2scli.text.spans import Protection

    format_options = FormatOptions(
        options.unit, options.columns, options.fields, options.overwrite, options.subtitle_width
    )
    protection = Protection(options.protect)
    label = "-{}-of-{}".format(*options.shard) if options.shard else ""
    journal = Journal(_folder(output, jobs), _key(loaded, decoding, options.protect), label)
    try:
        if not options.shard:  # others may be writing
            remove_leftovers({job.target.parent for job in jobs})
        with FolderMonitor(console, fail_fast=options.fail_fast) as monitor:
            for outcome in loaded.translate_documents(
                jobs, decoding, format_options, protection, journal, monitor
            ):
                if outcome.status == "failed" and options.fail_fast:
                    break
    finally:
        journal.close()
    monitor.table()
    if messages.report:
        write_report(messages.report, _report(monitor, loaded, decoding))
    return PARTLY_FAILED if monitor.count("failed") else 0


def find_jobs(inputs: Sequence[str], output: Path | None, options: FolderOptions) -> list[Job]:
    """The documents that the inputs name.

    Raises:
        UsageError: there is nowhere to write to, or an input is no document.
        MissingInputError: an input does not exist.
        BadInputError: a file that is named has an unknown format.
    """
    from s2scli.documents.tree import Selection, jobs

    if output is None and not options.suffix:
        raise UsageError(
            "Documents need a place for their translations", "Give -o DIRECTORY or --suffix .de."
        )
    if output is not None and output.exists() and not output.is_dir():
        raise UsageError(f"-o {output} is no directory", "Documents need one.")
    paths = [Path(name) for name in (*inputs, *_listed(options.files_from))]
    if Path(STDIN) in paths:
        raise UsageError("Standard input is no document", "Name files and folders.")
    selection = Selection(options.include, options.exclude, options.hidden, options.input_format)
    found = jobs(paths, selection, output, options.suffix)
    if options.shard is None:
        return list(found)
    from s2scli.documents.journal import digest

    part, parts = options.shard
    # By name, so that a document is always of the same part.
    return [job for job in found if int(digest(job.name), 16) % parts == part - 1]


def _listed(name: str | None) -> Iterator[str]:
    if name is None:
        return
    from s2scli.cli.documents import whole_texts

    for _, text in whole_texts([name], "strict", lambda _: None):
        yield from (line.rstrip("\r") for line in text.split("\n") if line.strip())


def _folder(output: Path | None, jobs: Sequence[Job]) -> Path:
    """Where the journal is: in the output folder, else in that of the first translation."""
    folder = output or (jobs[0].target.parent if jobs else Path())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotCreateError(f"Cannot create {folder}: {error.strerror}") from error
    return folder


def _key(loaded: TextModel, decoding: Decoding, protect: Sequence[str]) -> str:
    """All that a translation depends on beside its text."""
    from s2scli import __version__
    from s2scli.documents.journal import digest

    model = loaded.model
    files = sorted((name, record.sha256) for name, record in model.manifest.files.items())
    return digest(
        __version__,
        repr(files),
        repr(model.frame),
        repr(model.engine.compute_type),
        repr(decoding),
        repr(protect),
    )


def _report(monitor: FolderMonitor, loaded: TextModel, decoding: Decoding) -> dict[str, Any]:
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
        }
        for outcome in monitor.outcomes
    ]
    return {
        "compute_type": loaded.model.engine.compute_type,
        "model": loaded.model.manifest.name,
        "decoding": asdict(decoding),
        **monitor.summary(),
        "documents": documents,
    }
