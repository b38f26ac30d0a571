"""``s2s generate``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from s2scli.cli.files import STDIN
from s2scli.cli.monitors import ReplacedNotice
from s2scli.cli.options import (
    SCORES_RULE,
    TextOptions,
    n_best_option,
    prompt_tokens_option,
    server_option,
    text_options,
)
from s2scli.cli.output import choose_format
from s2scli.cli.prefix_options import PREFIX_RULE, PrefixOptions, prefix_options
from s2scli.cli.records import prefixed, read_lines, read_rows
from s2scli.cli.running import RUN_RULES, Prompt, RunOptions, run_options, text_run
from s2scli.cli.sections import Command
from s2scli.errors import BadInputError
from s2scli.tasks.generate import Record, generate

__all__ = ["command"]


@click.command("generate", cls=Command, rules=(SCORES_RULE, PREFIX_RULE, *RUN_RULES))
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path())
@click.option(
    "--prompt",
    required=True,
    metavar="TEMPLATE",
    help="What the model reads: {text} is the line, {FIELD} a field with --jsonl.",
)
@prompt_tokens_option
@click.option("--jsonl", is_flag=True, help="Read JSON lines.")
@text_options
@n_best_option
@prefix_options
@server_option
@run_options
@click.pass_context
def command(
    ctx: click.Context,
    inputs: tuple[str, ...],
    prompt: str,
    prompt_tokens: bool,
    jsonl: bool,
    text: TextOptions,
    n_best: int,
    prefixes: PrefixOptions,
    run: RunOptions,
) -> None:
    """Run a text-to-text model on any prompt, line by line.

    \b
    Examples:
      s2s generate -m flan-t5-base --prompt "Is this polite? {text}" mails.txt
      s2s generate -m flan-t5-base --jsonl --prompt "{title}: {body}" posts.jsonl
    """
    from s2scli.text.templates import Template

    slots = Template.parse(prompt).slots
    names = inputs or (STDIN,)
    write = choose_format(text.format, scores=text.scores, n_best=n_best)
    asked = Prompt(prompt, prompt_tokens)
    prefix, errors = prefixes.prefix, text.encoding_errors
    with text_run(
        ctx, "generate", run, names, text.output, n_best=n_best, prompt=asked, prefix=prefix
    ) as it:
        records = _records(names, errors, it.replaced, slots if jsonl else None)
        begun = prefixed(records, prefixes.prefix_file, errors, it.replaced, _begun)
        for results in generate(begun, *it.engine_of_lines, it.monitor):
            it.output.write(write(results))


def _records(
    names: Sequence[str], errors: str, replaced: ReplacedNotice, slots: Sequence[str] | None
) -> Iterator[list[Record]]:
    """What fills the prompt: fields of JSON lines, with what stands beside them; or each line as
    ``{text}``."""
    if slots is None:
        for segments in read_lines(names, errors, replaced):
            yield [Record(segment, {"text": segment.text}) for segment in segments]
        return
    for rows in read_rows(names, errors, replaced):
        records: list[Record] = []
        try:
            for row in rows:
                texts = {slot: row.text(slot) for slot in slots}
                records.append(Record(row.segment, texts, {"fields": row.besides(*slots)}))
        except BadInputError:
            yield records
            raise
        yield records


def _begun(record: Record, prefix: str) -> Record:
    return replace(record, segment=replace(record.segment, prefix=prefix))
