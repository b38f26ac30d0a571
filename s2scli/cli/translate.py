"""``s2s translate``."""

from __future__ import annotations

import click

from s2scli.cli.console import ReplacedNotice, RunMonitor
from s2scli.cli.files import STDIN, check_inputs, input_bytes, open_inputs, open_output
from s2scli.cli.folder_options import (
    FolderOptions,
    TreeOptions,
    find_documents,
    folder_options,
    has_forms,
    names_documents,
    refuse_unused,
    tree_options,
)
from s2scli.cli.options import (
    TextOptions,
    n_best_option,
    text_options,
)
from s2scli.cli.output import choose_format
from s2scli.cli.running import (
    RunOptions,
    choose_decoding,
    load_model,
    report_run,
    run_options,
)
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule, refuse_useless

__all__ = ["command"]

RULES = (
    Rule(
        ("scores",),
        lambda given: given["format"] in ("text", "tsv"),
        "is for --format text and tsv; the other formats have the scores anyway",
    ),
)

LINES_ONLY = ("format", "scores", "n_best", "encoding_errors")  # what documents have no use for


@click.command("translate", cls=Command)
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path())
@text_options
@n_best_option
@tree_options
@folder_options
@run_options
@click.pass_context
def command(
    ctx: click.Context,
    inputs: tuple[str, ...],
    text: TextOptions,
    n_best: int,
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
    documents = (
        bool(folder.suffix)
        or folder.in_place
        or names_documents(inputs, text.output, tree)
        or has_forms(ctx, inputs, text.output, tree, LINES_ONLY)
    )
    refuse_unused(ctx, documents=documents, lines_only=LINES_ONLY)
    refuse_useless(ctx, RULES)
    if documents:
        from s2scli.cli.folders import run_documents

        console = run.messages.console()
        destination = folder.destination(inputs, text.output, tree)
        plan = find_documents(inputs, tree, destination, console)
        loaded = load_model("translate", run, console)
        decoding = choose_decoding(ctx, loaded, run.search, console)
        ctx.exit(run_documents(plan, tree, folder, loaded, decoding, run.messages))
    names = inputs or (STDIN,)
    check_inputs(names, text.output)
    write = choose_format(text.format, scores=text.scores, n_best=n_best)
    console = run.messages.console()
    size = input_bytes(names)
    with open_output(text.output) as output:
        from s2scli.flow.lines import read_segments

        loaded = load_model("translate", run, console, size=size)
        decoding = choose_decoding(ctx, loaded, run.search, console, n_best)
        console.hint_at_terminal(names)
        replaced = ReplacedNotice()
        blocks = read_segments(open_inputs(names), text.encoding_errors, replaced)
        with RunMonitor(console, output, size) as monitor:
            for results in loaded.translate_blocks(blocks, decoding, monitor):
                output.write(write(results))
    replaced.report(console)
    report_run(run.messages, monitor, loaded, decoding)
