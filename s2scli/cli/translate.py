"""``s2s translate``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from s2scli.cli.alternatives import (
    ALTERNATIVE_RULES,
    AlternativeOptions,
    alternative_options,
    write_alternatives,
)
from s2scli.cli.document_rules import DESTINATION_RULES, document_rules, note_lines
from s2scli.cli.fields import FIELD_RULES, FieldOptions, Fields, field_options
from s2scli.cli.files import STDIN, Output, open_inputs
from s2scli.cli.folder_options import (
    FolderOptions,
    TreeOptions,
    folder_options,
    has_forms,
    names_documents,
    tree_options,
)
from s2scli.cli.look_options import LOOK_RULES, LookOptions, look_options
from s2scli.cli.options import SCORES_RULE, TextOptions, n_best_option, server_option, text_options
from s2scli.cli.output import Writer, choose_format
from s2scli.cli.prefix_options import PREFIX_RULE, PrefixOptions, prefix_options
from s2scli.cli.records import prefixed
from s2scli.cli.running import RUN_RULES, RunOptions, run_options, text_run
from s2scli.cli.search_options import SHORTLIST_RULES, shortlist_option
from s2scli.cli.sections import Command
from s2scli.cli.step_options import (
    RERANK_RULES,
    RerankOptions,
    StepOptions,
    document_facts,
    rerank_options,
    step_facts,
    step_options,
    step_rules,
)
from s2scli.cli.unused import Given, Rule
from s2scli.data import Result, Segment
from s2scli.errors import UsageError
from s2scli.tasks.guarding import REPAIR, UNGUARDED

if TYPE_CHECKING:
    from s2scli.cli.detecting import Detecting
    from s2scli.cli.looks import Look
    from s2scli.cli.running import TextRun
    from s2scli.data import Decoding
    from s2scli.inference.model import Model
    from s2scli.session import Session
    from s2scli.tasks.guarding import Guarding
    from s2scli.tasks.rerank.reranking import Reranking
    from s2scli.tasks.steps import Step

__all__ = ["command"]

F = TypeVar("F", bound=Callable[..., Any])
AUTO = "auto"  # for the language of the input: each line's own
# What documents have no use for.
LINES_ONLY = (
    *("format", "scores", "n_best", "encoding_errors", "prefix", "prefix_file"),
    *("jsonl_field", "tsv_column", *LookOptions.names(), *AlternativeOptions.names()),
    "shortlist",
)


def _is_documents(given: Given) -> bool:
    """Whether documents are translated, and not lines."""
    inputs, output, tree = given["inputs"], given["output"], TreeOptions(given)
    return (
        bool(given["suffix"])
        or bool(given["in_place"])
        or names_documents(inputs, output, tree)
        or has_forms(given, inputs, output, tree, LINES_ONLY)
    )


def _all_steps(
    reranking: Reranking | None,
    demanded: Sequence[Step],
    guarding: Guarding,
    session: Session,
    model: Model,
    decoding: Decoding,
) -> list[Step]:
    """What happens to results of a model: ranks, what they must have, and the guard at last."""
    from s2scli.tasks.guard import guarded

    before = [reranking.step(model, decoding, session.beside)] if reranking else []
    return [*before, *guarded(demanded, guarding, model)]


def _translated(
    lines: Iterable[list[Segment]],
    it: TextRun,
    steps_of: Callable[[Model, Decoding], list[Step]],
    look: Look | None,
    detecting: Detecting | None,
    watching: Guarding,
) -> Iterable[list[Result]]:
    """Lines, translated.

    Args:
        lines: the lines.
        it: the run.
        steps_of: what happens to a model's results.
        look: what is shown of them beside.
        detecting: finds the language of each; None if all are in one.
        watching: how the guard looks at lines that have been written, which need not wait for it.
    """
    from s2scli.tasks.guard import GuardStep
    from s2scli.tasks.translate import translate

    if detecting:
        return detecting.translated(lines, it, steps_of, look.asked if look else None)
    model, decoding, flow = it.engine_of_lines
    wanted = look.asked(decoding, model) if look else decoding
    steps = steps_of(model, wanted)
    noting = GuardStep(watching, model, steps).looked if watching.is_on else None
    found = translate(lines, model, wanted, flow, it.monitor, steps=steps, noting=noting)
    return look.seen(found, model) if look else found


def _documents(
    ctx: click.Context,
    inputs: Sequence[str],
    text: TextOptions,
    tree: TreeOptions,
    folder: FolderOptions,
    steps: StepOptions,
    reranking: Reranking | None,
    run: RunOptions,
    detecting: Detecting | None,
) -> int:
    """Translate documents; the exit code."""
    from s2scli.cli.folders import run_folder, translations

    destination = folder.destination(inputs, text.output, tree)
    work = translations(tree, folder, steps, reranking)
    about = partial(document_facts, steps, reranking, folder.unit)
    if detecting:
        work, about = detecting.of_documents(work), partial(detecting.facts, about)
    return run_folder(ctx, "translate", run, inputs, tree, destination, work, facts=about)


def _detecting(ctx: click.Context, run: RunOptions) -> Detecting | None:
    """The run on lines of several languages, if it is one.

    Raises:
        UsageError: other options exclude it.
    """
    given = Given(ctx)
    if given["source_language"] != AUTO:
        return None
    for name in ("via", "token_level", "attention", "log_probs"):
        if given[name]:
            raise UsageError(f"{given.option(name)} cannot be combined with --from auto")
    if given["on"] != "local":
        raise UsageError("--from auto is for models on this machine, not for --on ray")
    from s2scli.cli.detecting import Detecting

    found = Detecting(run.model, given["from_default"], run.search.given())
    ctx.call_on_close(partial(found.report, run.messages.console()))
    return found


def _lines(
    names: Sequence[str], errors: str, prefix_file: str | None, it: TextRun
) -> Iterable[list[Segment]]:
    """The lines of the inputs, each with its prefix if there is a file of them."""
    from s2scli.flow.lines import read_segments
    from s2scli.tasks.prefixes import with_prefix

    blocks = read_segments(open_inputs(names), errors, it.replaced)
    return prefixed(blocks, prefix_file, errors, it.replaced, with_prefix)


def _write(
    blocks: Iterable[Sequence[Result]],
    output: Output,
    write: Writer,
    look: Look | None,
) -> None:
    """Write results, and their alignments where these go to a file.

    Args:
        blocks: the results.
        output: where they go.
        write: their form.
        look: what is shown of them.
    """
    with look.kept() if look else nullcontext(_keep_nothing) as keep:
        for results in blocks:
            keep(results)
            output.write(write(results))


def _keep_nothing(_results: Sequence[Result]) -> None:
    """For runs without a file of alignments."""


WAY_RULES = (
    Rule(
        ("from_default",),
        lambda given: given["source_language"] == AUTO,
        "has no effect without --from auto",
    ),
    Rule(
        ("via",),
        lambda given: given["on"] == "local",
        "is for models on this machine, not for --on ray",
    ),
    Rule(
        ("attention", "token_level"),
        lambda given: not given["via"],
        "cannot be combined with --via: the tokens are not those of the text",
    ),
)
RULES = (
    *document_rules(_is_documents, LINES_ONLY, TreeOptions, FolderOptions),
    *step_rules(_is_documents),
    *RERANK_RULES,
    *DESTINATION_RULES,
    SCORES_RULE,
    *FIELD_RULES,
    PREFIX_RULE,
    *ALTERNATIVE_RULES,
    *LOOK_RULES,
    Rule(
        ("prefix", "prefix_file"),
        lambda given: not (given["protection"] or given["protect"] or given["glossary"]),
        "cannot be combined with --protection, --protect or --glossary, which translate parts of "
        "lines again",
    ),
    *WAY_RULES,
    *SHORTLIST_RULES,
    *RUN_RULES,
)


def way_options(function: F) -> F:
    """A decorator that adds options of which model; what loads one looks for their values."""

    @click.option(
        "--from-default",
        metavar="LANG",
        help="Language of texts whose own cannot be told, with --from auto.",
    )
    @click.option(
        "--via",
        metavar="LANG",
        help="Translate through this language, with two models; -m FIRST,SECOND names them.",
    )
    @shortlist_option
    @functools.wraps(function)
    def wrapper(
        *args: Any,
        via: str | None,
        from_default: str | None,
        shortlist: bool | None,
        **kwargs: Any,
    ) -> Any:
        return function(*args, **kwargs)

    return cast(F, wrapper)


@click.command("translate", cls=Command, rules=RULES)
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path())
@text_options
@field_options
@n_best_option
@prefix_options
@alternative_options
@step_options
@look_options
@tree_options
@folder_options
@server_option
@run_options
@rerank_options
@way_options
@click.pass_context
def command(
    ctx: click.Context,
    inputs: tuple[str, ...],
    text: TextOptions,
    parts: FieldOptions,
    n_best: int,
    prefixes: PrefixOptions,
    others: AlternativeOptions,
    steps: StepOptions,
    ranks: RerankOptions,
    looks: LookOptions,
    tree: TreeOptions,
    folder: FolderOptions,
    run: RunOptions,
) -> None:
    """Translate text files or standard input line by line, or folders of documents.

    \b
    Examples:
      echo "Where is the station?" | s2s translate
      s2s translate letters.txt -o letters.de.txt
      s2s translate --beam 8 --n-best 3 --format jsonl < lines.txt
      s2s translate docs/ -o docs-de/
    """
    reranking = ranks.reranking(Given(ctx), run.model.registry)
    detecting = _detecting(ctx, run)
    run = run._replace(model=detecting.options) if detecting else run
    if _is_documents(Given(ctx)):
        ctx.exit(_documents(ctx, inputs, text, tree, folder, steps, reranking, run, detecting))
    names = inputs or (STDIN,)
    note_lines(names, run.messages.console(), parts.formats)
    if others.alternatives:
        file = others.beginnings(prefixes.prefix_file)
        read = partial(_lines, names, text.encoding_errors, file)
        return write_alternatives(ctx, run, names, text, others, read)
    format_ = parts.format(ctx)
    after = steps.steps()
    guarding = steps.guarding(shown=format_ != "jsonl")
    look = looks.look(format_, changed=bool(after or guarding.signature))
    write = choose_format(format_, scores=text.scores, n_best=n_best, look=look)
    if after or guarding.mode == REPAIR:  # a prefix of the settings passes by
        prefixes.prefix = prefixes.prefix_file = None
    prefix, errors = prefixes.prefix, text.encoding_errors
    facts = step_facts(after, guarding, reranking)
    with text_run(
        ctx, "translate", run, names, text.output, n_best=n_best, prefix=prefix, facts=facts
    ) as it:
        from s2scli.flow.lines import read_segments
        from s2scli.tasks.prefixes import with_prefix

        border = "\n" if format_ in ("jsonl", "tsv") else " "  # the others have a line for each
        table = Fields(parts, names, errors, it.replaced, border) if parts.given else None
        blocks = table.read() if table else read_segments(open_inputs(names), errors, it.replaced)
        begun = prefixed(blocks, prefixes.prefix_file, errors, it.replaced, with_prefix)
        lines = table.lines(begun) if table else begun
        it.monitor.place = table.place if table else int
        late = guarding.only_notes and format_ == "text" and not detecting
        before, behind = (UNGUARDED, guarding) if late else (guarding, UNGUARDED)
        steps_of = partial(_all_steps, reranking, after, before, it.session)
        seen = _translated(lines, it, steps_of, look, detecting, behind)
        _write(table.whole(seen) if table else seen, it.output, write, look)
        facts |= detecting.facts(dict) if detecting else {}
    it.monitor.guard.check()
