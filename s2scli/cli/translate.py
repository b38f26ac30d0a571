"""``s2s translate``."""

from __future__ import annotations

import click

from s2scli.cli.console import ReplacedNotice, RunMonitor
from s2scli.cli.files import STDIN, check_inputs, input_bytes, open_inputs, open_output
from s2scli.cli.folders import FolderOptions, folder_options, names_documents, run_documents
from s2scli.cli.options import (
    DeviceOptions,
    MessageOptions,
    ModelOptions,
    SearchOptions,
    TextOptions,
    device_options,
    message_options,
    model_options,
    n_best_option,
    search_options,
    text_options,
)
from s2scli.cli.output import choose_format
from s2scli.cli.running import choose_decoding, load_model, report_run

__all__ = ["command"]


@click.command("translate")
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path())
@text_options
@model_options
@search_options
@n_best_option
@folder_options
@device_options
@message_options
@click.pass_context
def command(
    ctx: click.Context,
    inputs: tuple[str, ...],
    text: TextOptions,
    model: ModelOptions,
    search: SearchOptions,
    n_best: int,
    folder: FolderOptions,
    device: DeviceOptions,
    messages: MessageOptions,
) -> None:
    """Translate text files, or standard input, line by line; or folders of documents.

    \b
    Examples:
      echo "Where is the station?" | s2s translate
      s2s translate letters.txt -o letters.de.txt
      s2s translate --beam 8 --n-best 3 --format jsonl < lines.txt
      s2s translate docs/ -o docs-de/
    """
    if names_documents(inputs, text.output, folder):
        console = messages.console()
        loaded = load_model("translate", model, device, console)
        decoding = choose_decoding(ctx, loaded, search, console)
        ctx.exit(run_documents(inputs, text.output, folder, loaded, decoding, console, messages))
    names = inputs or (STDIN,)
    check_inputs(names, text.output)
    write = choose_format(text.format, scores=text.scores, n_best=n_best)
    console = messages.console()
    size = input_bytes(names)
    with open_output(text.output) as output:
        from s2scli.flow.lines import read_segments

        loaded = load_model("translate", model, device, console, size=size)
        decoding = choose_decoding(ctx, loaded, search, console, n_best)
        console.hint_at_terminal(names)
        replaced = ReplacedNotice()
        blocks = read_segments(open_inputs(names), text.encoding_errors, replaced)
        with RunMonitor(console, output, size) as monitor:
            for results in loaded.translate_blocks(blocks, decoding, monitor):
                output.write(write(results))
    replaced.report(console)
    report_run(messages, monitor, loaded, decoding)
