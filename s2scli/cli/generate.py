"""``s2s generate``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from s2scli.cli.files import STDIN, check_inputs, input_bytes, open_output
from s2scli.cli.monitors import ReplacedNotice, RunMonitor
from s2scli.cli.options import (
    SCORES_RULE,
    TextOptions,
    n_best_option,
    prompt_tokens_option,
    text_options,
)
from s2scli.cli.output import choose_format
from s2scli.cli.records import read_lines, read_rows
from s2scli.cli.running import (
    RUN_RULES,
    RunOptions,
    choose_decoding,
    load_model,
    report_run,
    run_options,
)
from s2scli.cli.sections import Command
from s2scli.errors import BadInputError
from s2scli.tasks.generate import Record, generate

__all__ = ["command"]


@click.command("generate", cls=Command, rules=(SCORES_RULE, *RUN_RULES))
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
    check_inputs(names, text.output)
    write = choose_format(text.format, scores=text.scores, n_best=n_best)
    console = run.messages.console()
    size = input_bytes(names)
    with open_output(text.output) as output:
        loaded = load_model(
            "generate", run, console, size=size, prompt=prompt, prompt_tokens=prompt_tokens
        )
        decoding = choose_decoding(ctx, loaded, run.search, console, n_best)
        console.hint_at_terminal(names)
        replaced = ReplacedNotice()
        records = _records(names, text.encoding_errors, replaced, slots if jsonl else None)
        flow = replace(loaded.flow, whole_windows=size is not None)
        with RunMonitor(console, output, size) as monitor:
            for results in generate(records, loaded.model, decoding, flow, monitor):
                output.write(write(results))
    replaced.report(console)
    report_run(run.messages, monitor, loaded, decoding)


def _records(
    names: Sequence[str], errors: str, replaced: ReplacedNotice, slots: Sequence[str] | None
) -> Iterator[list[Record]]:
    """What fills the prompt: fields of JSON lines, or each line as ``{text}``."""
    if slots is None:
        for segments in read_lines(names, errors, replaced):
            yield [Record(segment, {"text": segment.text}) for segment in segments]
        return
    for rows in read_rows(names, errors, replaced):
        records: list[Record] = []
        try:
            for row in rows:
                records.append(Record(row.segment, {slot: row.text(slot) for slot in slots}))
        except BadInputError:
            yield records
            raise
        yield records
