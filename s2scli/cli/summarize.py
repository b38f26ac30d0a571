"""``s2s summarize``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console
from s2scli.cli.document_rules import document_rules
from s2scli.cli.documenttexts import document_text
from s2scli.cli.files import STDIN
from s2scli.cli.folder_options import (
    TreeOptions,
    has_form,
    names_documents,
    tree_options,
)
from s2scli.cli.monitors import ReplacedNotice
from s2scli.cli.numbers import Whole
from s2scli.cli.options import (
    PROMPT_RULE,
    OptionGroup,
    encoding_option,
    group,
    output_option,
    prompt_tokens_option,
    server_option,
)
from s2scli.cli.records import read_lines, read_rows
from s2scli.cli.running import RUN_RULES, Prompt, RunOptions, run_options, text_run
from s2scli.cli.search_options import SearchOptions
from s2scli.cli.sections import Command
from s2scli.cli.step_options import GUARD_RULE, guard_option, min_confidence_option, step_facts
from s2scli.cli.summary_output import SummaryWriter
from s2scli.cli.unused import Given, Rule
from s2scli.errors import UsageError
from s2scli.tasks import STRATEGIES

if TYPE_CHECKING:
    from s2scli.data import Decoding
    from s2scli.session import Session
    from s2scli.tasks.guarding import Guarding
    from s2scli.tasks.summary import SourceText, Strategy, Summary

__all__ = ["command"]

LINES_ONLY = ("lines", "jsonl_field", "encoding_errors")  # what documents have no use for


class DocumentOptions(OptionGroup):
    """What a document is, and how its summary is written."""

    output: Path | None
    format: str
    lines: bool
    jsonl_field: str | None
    tree: bool
    evidence: bool
    encoding_errors: str

    def writer(self, model: Session, inputs: int) -> SummaryWriter:
        """What writes the summaries.

        Raises:
            UsageError: a line cannot hold what is asked for.
        """
        from s2scli.tasks.evidence import trace
        from s2scli.text.segmenter import sentence_splitter

        records = self.lines or self.jsonl_field is not None
        shows = self.tree or self.evidence
        split = sentence_splitter(model.model.source_language)
        return SummaryWriter(
            jsonl=self.format == "jsonl",
            headers=(inputs > 1 and not records) or (records and shows),
            lines=records,
            tree=self.tree,
            evidence=self.evidence,
            trace=lambda summary: trace(summary, split),
        )


document_options = group(
    "text",
    DocumentOptions,
    output_option,
    click.option(
        "--format",
        type=click.Choice(["text", "jsonl"]),
        default="text",
        show_default=True,
        help="Output format.",
    ),
    click.option(
        "--lines", is_flag=True, help="Read each line as a document; write one line each."
    ),
    click.option(
        "--jsonl-field",
        metavar="FIELD",
        help="Read JSON lines; this field of each is a document.",
    ),
    click.option("--tree", is_flag=True, help="Show the parts and the summary of each."),
    click.option(
        "--evidence", is_flag=True, help="Show the source sentences nearest to each sentence."
    ),
    encoding_option,
)


class PlanOptions(OptionGroup):
    """How a document is summarized."""

    length: str | None
    strategy: str
    overlap: int
    prompt: str | None
    prompt_tokens: bool
    guard: str
    min_confidence: float

    def guarding(self) -> Guarding:
        """What is done with summaries that seem wrong."""
        from s2scli.tasks.guarding import Guarding

        return Guarding.of(self.guard, self.min_confidence)

    def strategy_of(self) -> Strategy:
        """The same for the task."""
        from s2scli.calls import plan_of

        return plan_of(self.length, self.strategy, self.overlap)

    def facts(self) -> dict[str, object]:
        """What the run's signature says of it."""
        length = {} if self.length is None else {"length": self.length}
        steps = step_facts([], self.guarding())
        return {"strategy": self.strategy, "overlap": self.overlap, **length, **steps}

    def asked(self) -> Prompt:
        """What the model reads."""
        return Prompt(self.prompt, self.prompt_tokens)

    def check(self, search: SearchOptions) -> None:
        """Refuse what makes no sense.

        Raises:
            UsageError: a length is invalid, or is given twice.
        """
        if self.length is None:
            return
        from s2scli.tasks.lengths import Length

        Length.parse(self.length)
        if search.min_length is not None or search.max_length is not None:
            raise UsageError(
                "--length cannot be combined with --min-length or --max-length",
                "Give one or the other.",
            )


plan_options = group(
    "plan",
    PlanOptions,
    click.option(
        "--length",
        metavar="LENGTH",
        help="Length: short, medium, long, 120 words or 10%.",
    ),
    click.option(
        "--strategy",
        type=click.Choice(tuple(STRATEGIES)),
        metavar="STRATEGY",
        default="hierarchical",
        show_default=True,
        help="Long documents: hierarchical (summaries of summaries), per-chunk (one per part) "
        "or lead (the beginning only).",
    ),
    click.option(
        "--overlap",
        type=Whole(0, 1000),
        default=0,
        show_default=True,
        metavar="N",
        help="Sentences that a part shares with the one before.",
    ),
    click.option(
        "--prompt",
        metavar="TEMPLATE",
        help="Prompt with {text}.  [default: the model's]",
    ),
    prompt_tokens_option,
    guard_option,
    min_confidence_option,
)


def _is_documents(given: Given) -> bool:
    """Whether each input becomes a separate file."""
    return names_documents(given["inputs"], given["output"], TreeOptions(given))


def _reads_text(given: Given) -> bool:
    """Whether some input is read as it is, and not as a document of some format."""
    inputs = given["inputs"] or (STDIN,)
    return bool(given["lines"] or given["jsonl_field"]) or not all(map(has_form, inputs))


RULES = (
    *document_rules(_is_documents, LINES_ONLY, TreeOptions),
    Rule(
        ("encoding_errors",),
        _reads_text,
        "is for plain text; these documents declare their own encoding",
    ),
    Rule(
        ("overlap",),
        lambda given: given["strategy"] != "lead",
        "has no effect with --strategy lead, which reads one part",
    ),
    PROMPT_RULE,
    GUARD_RULE,
    *RUN_RULES,
)


@click.command("summarize", cls=Command, rules=RULES)
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path())
@document_options
@plan_options
@tree_options
@server_option
@run_options
@click.pass_context
def command(
    ctx: click.Context,
    inputs: tuple[str, ...],
    text: DocumentOptions,
    plan: PlanOptions,
    tree: TreeOptions,
    run: RunOptions,
) -> None:
    """Summarize text files, standard input or folders, of any length.

    \b
    Examples:
      s2s summarize report.txt
      s2s summarize --length 10% --evidence report.txt
      s2s summarize --jsonl-field text --format jsonl < abstracts.jsonl
      s2s summarize reports/ -o summaries/
    """
    plan.check(run.search)
    if _is_documents(Given(ctx)):
        ctx.exit(_summarize_documents(ctx, inputs, text, plan, tree, run))
    if text.lines and text.jsonl_field is not None:
        raise UsageError("--lines and --jsonl-field cannot be combined")
    names = inputs or (STDIN,)
    with text_run(
        ctx, "summarize", run, names, text.output, prompt=plan.asked(), facts=plan.facts()
    ) as it:
        from s2scli.tasks.summarize import summarize

        write = text.writer(it.session, len(names))
        texts = _documents(names, text, it.replaced, it.console)
        how = plan.strategy_of(), it.monitor, plan.guarding()
        for summary in summarize(texts, *it.engine, *how):
            it.output.write(write(summary))
            _remark(summary, it.decoding, it.console)


def _summarize_documents(
    ctx: click.Context,
    inputs: Sequence[str],
    text: DocumentOptions,
    plan: PlanOptions,
    tree: TreeOptions,
    run: RunOptions,
) -> int:
    from s2scli.cli.folders import run_folder, summaries
    from s2scli.tasks.tree import Destination

    if text.output is None:
        raise UsageError(
            "Documents need an output folder for their summaries", "Give -o DIRECTORY."
        )
    destination = Destination(text.output, extension=".jsonl" if text.format == "jsonl" else ".txt")
    how = plan.strategy_of(), plan.guarding()
    work = summaries(tree, lambda session: text.writer(session, 1), *how)
    return run_folder(
        ctx, "summarize", run, inputs, tree, destination, work, plan.asked(), plan.facts
    )


def _documents(
    names: Sequence[str], text: DocumentOptions, replaced: ReplacedNotice, console: Console
) -> Iterator[SourceText]:
    from s2scli.tasks.summary import SourceText

    if text.lines:
        for segments in read_lines(names, text.encoding_errors, replaced):
            for line in segments:
                yield SourceText(line.index, f"line {line.index + 1}", line.text, line.ending)
    elif text.jsonl_field is not None:
        for rows in read_rows(names, text.encoding_errors, replaced):
            for row in rows:
                others = row.besides(text.jsonl_field)
                content = row.text(text.jsonl_field)
                yield SourceText(row.segment.index, row.place, content, fields=others)
    else:
        for index, name in enumerate(names):
            yield SourceText(index, *document_text(name, text.encoding_errors, replaced, console))


def _remark(summary: Summary, decoding: Decoding, console: Console) -> None:
    """What a person should know of one summary."""
    name = summary.document.name
    if not summary.nodes:
        console.warn(f"{name} is empty, and so is its summary")
        return
    read = sum(node.source_tokens for node in summary.chunks)
    if summary.left_out:
        console.warn(
            f"the last {summary.left_out} of {len(summary.document.text)} characters of "
            f"{name} were not read (--strategy lead)"
        )
    if summary.shorter or read < decoding.min_length:
        console.note(
            f"{name} is shorter than the requested summary; the model's own length is used"
        )
    console.note(
        f"{name}: levels {summary.levels}, chunks {len(summary.chunks)}, source tokens {read}"
    )
