"""``s2s bench``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.bench_output import described, print_measured
from s2scli.cli.console import Console
from s2scli.cli.device_options import THREADS_RULE, compute_types_option, device_option
from s2scli.cli.files import check_inputs
from s2scli.cli.numbers import Numbers, Real, Whole
from s2scli.cli.options import (
    REGISTRY_RULE,
    ModelOptions,
    OptionGroup,
    group,
    limited,
    model_options,
)
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule
from s2scli.errors import BadInputError, UsageError
from s2scli.flow.options import BATCH_TOKENS, MOST_BATCH_TOKENS
from s2scli.inference.device import MOST_THREADS, available_threads, place

if TYPE_CHECKING:
    from s2scli.models.manifest import Manifest
    from s2scli.models.store import Installed
    from s2scli.tasks.bench import Measured, Setting, Workload

__all__ = ["command"]

SAMPLE = Path(__file__).parents[1] / "tasks" / "bench" / "sample.txt"
MOST_TEXTS = 10_000
LEAST_GAIN = 1.01  # less is within what measurements vary
BATCHES = (256, 512, 1024, 2048, 4096)  # candidates of --tune, in tokens


class SweepOptions(OptionGroup):
    """What is measured, and how often."""

    device: str
    compute_types: tuple[str, ...]
    beams: tuple[int, ...] | None
    batches: tuple[int, ...] | None
    threads: tuple[int, ...] | None
    rounds: int
    seconds: float

    def settings(self, *, tune: bool) -> list[Setting]:
        """The settings to measure, the default first.

        Args:
            tune: whether the fastest is wanted.
        """
        from s2scli.tasks.bench import Setting

        is_cpu, usual = self.device == "cpu", BATCH_TOKENS[self.device]
        batches = self.batches or (BATCHES if tune and is_cpu else (usual,))
        counts = self.threads or (_thread_counts() if is_cpu else (0,))
        beams = self.beams or ((0,) if tune else (1, 4))
        found = list(map(Setting._make, product(self.compute_types, beams, batches, counts)))
        if not tune:
            return found
        # What holds without any tuning is always among the candidates.
        cores = available_threads() if is_cpu else 0
        default = Setting("default", beams[0], usual, cores)
        return list(dict.fromkeys([default, *found]))


def _thread_counts() -> tuple[int, ...]:
    """One, two, four … and as many as there are cores."""
    cores = available_threads()
    powers = (1 << power for power in range(cores.bit_length()))
    return tuple(dict.fromkeys([*(count for count in powers if count < cores), cores]))


sweep_options = group(
    "sweep",
    SweepOptions,
    device_option,
    compute_types_option,
    click.option(
        "--beam",
        "beams",
        type=Numbers(limited("beam_size")),
        metavar="N[,N…]",
        help="Beam sizes.  [default: 1,4; with --tune the model's]",
    ),
    click.option(
        "--batch-tokens",
        "batches",
        type=Numbers(Whole(1, MOST_BATCH_TOKENS)),
        metavar="N[,N…]",
        help="Maximum source tokens per batch.  [default: 1024; with --tune 256 to 4096]",
    ),
    click.option(
        "--threads",
        type=Numbers(Whole(1, MOST_THREADS)),
        metavar="N[,N…]",
        help="CPU threads.  [default: 1, 2, 4 … up to the cores]",
    ),
    click.option(
        "--rounds",
        type=Whole(1, 100),
        default=3,
        show_default=True,
        help="Measurements of each setting; medians are shown.",
    ),
    click.option(
        "--seconds",
        type=Real(0.0, 3600.0),
        default=1.0,
        show_default=True,
        help="Each measurement takes at least so long.",
    ),
)
MEASURED = ("compute-type", "batch-tokens", "threads")
RULES = (
    THREADS_RULE,
    Rule(("tune",), lambda given: not given["forget"], "cannot be combined with --forget"),
    Rule(("yes",), lambda given: not given["offline"], "has no effect with --offline"),
    REGISTRY_RULE,
)


@click.command("bench", cls=Command, rules=RULES, shown=MEASURED)
@click.argument("inputs", nargs=-1, metavar="[INPUT]...", type=click.Path())
@model_options
@sweep_options
@click.option("--tune", is_flag=True, help="Find the fastest setting, and use it from now on.")
@click.option("--forget", is_flag=True, help="Forget what --tune found for the model.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def command(
    inputs: tuple[str, ...],
    model: ModelOptions,
    sweep: SweepOptions,
    tune: bool,
    forget: bool,
    as_json: bool,
) -> None:
    """Measure how fast a model runs on this machine, with several settings.

    INPUT is text like yours, a line each; without it, 64 English sentences. --tune changes how fast
    outputs come, and never what they are, unless you list several types of arithmetic.

    \b
    Examples:
      s2s bench
      s2s bench -m opus-mt-en-fr --compute-type int8,float32 --beam 1,4 lines.txt
      s2s bench --tune
    """
    from s2scli.cli.installation import obtain_model
    from s2scli.tasks.bench import fastest, measure_apart, measured

    if tune and len(sweep.beams or ()) > 1:
        raise UsageError("--tune takes one beam size: outputs depend on it")
    console = Console()
    found = obtain_model(model, "translate", console)
    if forget:
        _forget(found.manifest, console)
        return
    sweep.device = place(sweep.device, engine=found.manifest.engine).device
    work = _workload(found, model, sweep, inputs)

    def measure(setting: Setting) -> Measured:
        console.say(f"{found.manifest.name}: {described(setting)}")
        return measure_apart(setting, work)

    settings = sweep.settings(tune=tune)
    if not tune:
        print_measured(measured(settings, measure, sweep.rounds), work, as_json=as_json)
        return
    by_clock = sweep.device != "cpu"
    best, gain, numbers = fastest(settings, measure, sweep.rounds, by_clock=by_clock)
    print_measured(numbers, work, as_json=as_json, best=best)
    kept = best if gain >= LEAST_GAIN else settings[0]
    if kept == settings[0]:
        _forget(found.manifest, console, quiet=True)
        console.say("the defaults are as fast as anything else; nothing is kept")
        return
    _keep(found.manifest, kept, gain, sweep, console)


def _workload(
    found: Installed, model: ModelOptions, sweep: SweepOptions, inputs: Sequence[str]
) -> Workload:
    """What is run: the texts of the inputs, or the sample.

    Raises:
        UsageError: the model reads images.
        BadInputError: there is no text.
    """
    from s2scli.cli.records import read_lines
    from s2scli.tasks.bench import Workload

    manifest = found.manifest
    if manifest.images is not None:
        raise UsageError(f"The model {manifest.name} reads images; bench measures models of texts")
    names = inputs or (str(SAMPLE),)
    check_inputs(names, None)
    lines = (line.text for block in read_lines(names) for line in block)
    texts = [text for text in islice(lines, MOST_TEXTS) if any(map(str.isalnum, text))]
    if not texts:
        raise BadInputError(f"There is no text in {', '.join(names)}")
    task = "translate" if "translate" in manifest.tasks else "generate"
    return Workload(
        str(found.directory),
        task,
        model.source_language,
        model.target_language,
        sweep.device,
        texts,
        sweep.seconds,
    )


def _keep(
    manifest: Manifest, best: Setting, gain: float, sweep: SweepOptions, console: Console
) -> None:
    """Remember the fastest setting."""
    from s2scli.settings import tuned_path
    from s2scli.tuned import Tuned, keep

    cores = available_threads()
    threads = 0 if best.threads == cores else best.threads
    name, fingerprint = manifest.name, manifest.fingerprint
    keep(
        Tuned(
            name, fingerprint, sweep.device, cores, threads, best.batch_tokens, best.compute_type,
            round(gain, 3),
        )
    )  # fmt: skip
    console.say(
        f"{name} runs with {described(best)} from now on, {gain:.2f} times as fast as by default "
        f"({tuned_path()}); options and settings of yours come first"
    )


def _forget(manifest: Manifest, console: Console, *, quiet: bool = False) -> None:
    from s2scli.tuned import forget

    count = forget(manifest.fingerprint)
    if not quiet:
        console.say(
            f"{manifest.name} runs with the defaults again" if count else
            f"nothing was kept for {manifest.name}"
        )  # fmt: skip
