"""``s2s translate``."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from s2scli.cli.console import Console, ReplacedNotice, RunMonitor
from s2scli.cli.files import (
    STDIN,
    check_inputs,
    input_bytes,
    open_inputs,
    open_output,
    write_report,
)
from s2scli.cli.installation import obtain_model
from s2scli.cli.options import (
    DeviceOptions,
    MessageOptions,
    ModelOptions,
    SearchOptions,
    TextOptions,
    device_options,
    message_options,
    model_options,
    origin,
    search_options,
    text_options,
)
from s2scli.cli.output import choose_format
from s2scli.data import Decoding
from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.inference.model import Model

__all__ = ["command"]

# All threads share one batch if the input is known to be so small and the model so large. The
# matrices of smaller models are not worth dividing: two threads took seven times as long as one.
SMALL_INPUT_BYTES = 512
LARGE_MODEL_PARAMETERS = 50_000_000


@click.command("translate")
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path())
@text_options
@model_options
@search_options
@device_options
@message_options
@click.pass_context
def command(
    ctx: click.Context,
    inputs: tuple[str, ...],
    text: TextOptions,
    model: ModelOptions,
    search: SearchOptions,
    device: DeviceOptions,
    messages: MessageOptions,
) -> None:
    """Translate text files, or standard input, line by line.

    \b
    Examples:
      echo "Where is the station?" | s2s translate
      s2s translate letters.txt -o letters.de.txt
      s2s translate --beam 8 --n-best 3 --format jsonl < lines.txt
    """
    names = inputs or (STDIN,)
    check_inputs(names, text.output)
    write = choose_format(text.format, scores=text.scores, n_best=search.n_best)
    console = messages.console()
    size = input_bytes(names)
    with open_output(text.output) as output:
        from s2scli.flow.lines import read_segments
        from s2scli.tasks.translate import translate

        loaded = _load(model, device, console, size)
        decoding = _decoding(ctx, loaded, search, console)
        console.hint_at_terminal(names)
        replaced = ReplacedNotice()
        blocks = read_segments(open_inputs(names), text.encoding_errors, replaced)
        with RunMonitor(console, output, size) as monitor:
            for results in translate(blocks, loaded, decoding, device.flow(loaded.device), monitor):
                output.write(write(results))
    replaced.report(console)
    monitor.report()
    if messages.report:
        facts = {"model": loaded.manifest.name, "decoding": asdict(decoding), **monitor.summary()}
        write_report(messages.report, {"compute_type": loaded.engine.compute_type, **facts})


def _load(
    options: ModelOptions, device: DeviceOptions, console: Console, size: int | None
) -> Model:
    """Find the model and load it where the options say."""
    from s2scli.inference.device import place
    from s2scli.inference.frame import Job
    from s2scli.inference.model import Model
    from s2scli.models.manifest import Manifest

    directory = obtain_model(options, "translate", console)
    large = Manifest.load(directory).parameters >= LARGE_MODEL_PARAMETERS
    placement = place(
        device.device,
        indices=device.indices(),
        threads=device.threads or 0,
        single=large and size is not None and size <= SMALL_INPUT_BYTES,
    )
    if placement.note:
        console.warn(placement.note)
    job = Job("translate", options.source_language, options.target_language)
    model = Model(directory, placement, device.compute_type, job)
    if "translate" not in model.manifest.tasks:
        tasks = ", ".join(model.manifest.tasks)
        console.warn(f"warning: {model.manifest.name} is made for another task ({tasks})")
    console.note(
        f"model {model.manifest.name} ({model.manifest.parameters / 1e6:.1f}M parameters, "
        f"{model.manifest.quantization}) on {placement.device} in {model.engine.compute_type}, "
        f"{placement.workers} workers of {placement.threads} threads"
    )
    return model


def _decoding(
    ctx: click.Context, model: Model, search: SearchOptions, console: Console
) -> Decoding:
    """Flags and settings before the manifest's values, those before the defaults.

    Raises:
        UsageError: more hypotheses are asked for than the beam holds.
    """
    given = {name: value for name, value in asdict(search).items() if value is not None}
    decoding = model.decoding(given)
    if decoding.n_best > decoding.beam_size:
        if search.beam_size is not None:
            raise UsageError(
                f"--n-best {decoding.n_best} needs a beam at least as wide, not {search.beam_size}",
                f"Use --beam {decoding.n_best}.",
            )
        decoding = replace(decoding, beam_size=decoding.n_best)
    manifest = model.model_decoding
    for name, value in asdict(decoding).items():
        place = origin(ctx, name) if name in given else "model" if name in manifest else "default"
        console.note(f"{name} {value} ({place})")
    return decoding
