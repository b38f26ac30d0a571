"""``s2s translate``."""

from __future__ import annotations

import click

from s2scli.cli.document_rules import DESTINATION_RULES, document_rules
from s2scli.cli.fields import FIELD_RULES, FieldOptions, Fields, field_options
from s2scli.cli.files import STDIN, open_inputs
from s2scli.cli.folder_options import (
    FolderOptions,
    TreeOptions,
    folder_options,
    has_forms,
    names_documents,
    tree_options,
)
from s2scli.cli.options import (
    SCORES_RULE,
    TextOptions,
    n_best_option,
    text_options,
)
from s2scli.cli.output import choose_format
from s2scli.cli.prefix_options import PREFIX_RULE, PrefixOptions, prefix_options
from s2scli.cli.records import prefixed
from s2scli.cli.running import RUN_RULES, RunOptions, run_options, text_run
from s2scli.cli.sections import Command
from s2scli.cli.step_options import StepOptions, step_options, step_rules
from s2scli.cli.unused import Given, Rule

__all__ = ["command"]

# What documents have no use for.
LINES_ONLY = (
    *("format", "scores", "n_best", "encoding_errors", "prefix", "prefix_file"),
    *("jsonl_field", "tsv_column"),
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


RULES = (
    *document_rules(_is_documents, LINES_ONLY, TreeOptions, FolderOptions),
    *step_rules(_is_documents),
    *DESTINATION_RULES,
    SCORES_RULE,
    *FIELD_RULES,
    PREFIX_RULE,
    Rule(
        ("prefix", "prefix_file"),
        lambda given: not (given["protection"] or given["protect"] or given["glossary"]),
        "cannot be combined with --protection, --protect or --glossary, which translate parts of "
        "lines again",
    ),
    *RUN_RULES,
)


@click.command("translate", cls=Command, rules=RULES)
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path())
@text_options
@field_options
@n_best_option
@prefix_options
@step_options
@tree_options
@folder_options
@run_options
@click.pass_context
def command(
    ctx: click.Context,
    inputs: tuple[str, ...],
    text: TextOptions,
    parts: FieldOptions,
    n_best: int,
    prefixes: PrefixOptions,
    steps: StepOptions,
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
    if _is_documents(Given(ctx)):
        from s2scli.cli.folders import run_folder, translations

        destination = folder.destination(inputs, text.output, tree)
        work = translations(tree, folder, steps)
        ctx.exit(run_folder(ctx, "translate", run, inputs, tree, destination, work))
    names = inputs or (STDIN,)
    format_ = parts.format(ctx)
    write = choose_format(format_, scores=text.scores, n_best=n_best)
    after = steps.steps()
    if after:  # a prefix of the settings passes by
        prefixes.prefix = prefixes.prefix_file = None
    prefix, errors = prefixes.prefix, text.encoding_errors
    with text_run(ctx, "translate", run, names, text.output, n_best=n_best, prefix=prefix) as it:
        from s2scli.flow.lines import read_segments
        from s2scli.tasks.prefixes import with_prefix
        from s2scli.tasks.translate import translate

        border = "\n" if format_ in ("jsonl", "tsv") else " "  # the others have a line for each
        table = Fields(parts, names, errors, it.replaced, border) if parts.given else None
        blocks = table.read() if table else read_segments(open_inputs(names), errors, it.replaced)
        begun = prefixed(blocks, prefixes.prefix_file, errors, it.replaced, with_prefix)
        lines = table.lines(begun) if table else begun
        found = translate(lines, *it.engine_of_lines, it.monitor, steps=after)
        for results in table.whole(found) if table else found:
            it.output.write(write(results))
