"""``s2s bench``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2scli.cli.bench_output import described, print_measured, print_race
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
    quiet_option,
)
from s2scli.cli.sections import Command
from s2scli.cli.unused import Rule
from s2scli.errors import BadInputError, UsageError
from s2scli.flow.options import BATCH_TOKENS, MOST_BATCH_TOKENS
from s2scli.inference.device import MOST_THREADS, available_threads, place

if TYPE_CHECKING:
    from s2scli.models.manifest import Manifest
    from s2scli.models.store import Installed
    from s2scli.tasks.bench import Measured, Setting, Speed, Workload

__all__ = ["command"]

SAMPLE = Path(__file__).parents[1] / "tasks" / "bench" / "sample.txt"
MOST_TEXTS = 10_000
LEAST_GAIN = 1.01  # less is not worth another setting
SECONDS, TUNING_SECONDS = 1.0, 2.0  # of a measurement
PROBE = 64  # texts that show how fast the default is
BATCHES = (256, 512, 1024, 2048, 4096)  # candidates of --tune, in tokens


class SweepOptions(OptionGroup):
    """What is measured, and how often."""

    device: str
    compute_types: tuple[str, ...]
    beams: tuple[int, ...] | None
    batches: tuple[int, ...] | None
    threads: tuple[int, ...] | None
    rounds: int
    seconds: float | None

    def settings(self, *, beams: Sequence[int], batches: Sequence[int]) -> list[Setting]:
        """All combinations with these beams and sizes of batches, unless others were given."""
        from s2scli.tasks.bench import Setting

        counts = self.threads or (_thread_counts() if self.device == "cpu" else (0,))
        wanted = (self.compute_types, self.beams or beams, self.batches or batches, counts)
        return list(map(Setting._make, product(*wanted)))


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
        help="Measurements of each setting; with --tune up to 8 times as many.",
    ),
    click.option(
        "--seconds",
        type=Real(0.0, 3600.0),
        help="A measurement takes about so long.  [default: 1; with --tune 2]",
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
@quiet_option
def command(
    inputs: tuple[str, ...],
    model: ModelOptions,
    sweep: SweepOptions,
    tune: bool,
    forget: bool,
    as_json: bool,
    quiet: bool,
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
    from s2scli.tasks.bench import measure_apart, measured

    if tune and len(sweep.beams or ()) > 1:
        raise UsageError("--tune takes one beam size: outputs depend on it")
    console = Console(quiet=quiet)
    found = obtain_model(model, "translate", console)
    if forget:
        _forget(found.manifest, console)
        return
    sweep.device = place(sweep.device, engine=found.manifest.engine).device
    work = _workload(found, model, sweep, inputs)

    if tune:
        _tune(found.manifest, work, sweep, console, as_json=as_json)
        return

    def measure(setting: Setting) -> Measured:
        console.say(f"{found.manifest.name}: {described(setting)}")
        return measure_apart(setting, work)

    settings = sweep.settings(beams=(1, 4), batches=(BATCH_TOKENS[sweep.device],))
    print_measured(measured(settings, measure, sweep.rounds), work, as_json=as_json)


def _tune(
    manifest: Manifest,
    work: Workload,
    sweep: SweepOptions,
    console: Console,
    *,
    as_json: bool,
) -> None:
    """Find the fastest setting, print how fast each is, and keep it if it gains enough."""
    from s2scli.tasks.bench import Setting, speeds_apart
    from s2scli.tasks.bench.race import CLOSE, run_race
    from s2scli.tasks.bench.texts import full_batches, lines_needed, so_many

    is_cpu, usual = sweep.device == "cpu", BATCH_TOKENS[sweep.device]
    cores = available_threads() if is_cpu else 0
    batches = BATCHES if is_cpu else tuple(8 * size for size in BATCHES)
    default = Setting("default", (sweep.beams or (0,))[0], usual, cores)
    seconds = TUNING_SECONDS if sweep.seconds is None else sweep.seconds
    work = work._replace(seconds=0.0)  # each text once
    if seconds:
        sample = so_many(work.texts, min(len(work.texts), PROBE))
        (probe,) = speeds_apart([default], work._replace(texts=sample))
        threads = cores or 1
        lines = lines_needed(probe, threads, usual, max(sweep.batches or (0,)), seconds)
        work = work._replace(texts=so_many(work.texts, lines))
        batches = full_batches(batches, probe, threads, lines)
        console.say(f"each measurement decodes {lines:,} lines")
    candidates = sweep.settings(beams=(0,), batches=batches)
    # What holds without any tuning is always among the candidates.
    settings = list(dict.fromkeys([default, *candidates]))

    def measure(some: Sequence[Setting]) -> list[Speed]:
        sizes = ", ".join(str(each.batch_tokens) for each in some)
        console.say(f"{described(some[0]._replace(batch_tokens=0))}: batches of {sizes} tokens")
        return speeds_apart(some, work)

    race = run_race(settings, measure, sweep.rounds, by_clock=not is_cpu)
    gain = race.gains[race.best]
    gains = gain >= LEAST_GAIN
    print_race(race, race.best if gains else default, work, as_json=as_json)
    if race.error > CLOSE:
        console.warn(
            f"this machine is busy: the comparison is uncertain by {race.error:.0%}; "
            "run --tune again when it is idle"
        )
    if gains:
        _keep(manifest, race.best, gain, sweep, console)
    else:
        _forget(manifest, console, quiet=True)
        console.say("the defaults are as fast as anything else; nothing is kept")


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
    from s2scli.text.reading import called

    manifest = found.manifest
    if manifest.images is not None:
        raise UsageError(f"The model {manifest.name} reads images; bench measures models of texts")
    names = inputs or (str(SAMPLE),)
    check_inputs(names, None)
    lines = (line.text for block in read_lines(names) for line in block)
    texts = [text for text in islice(lines, MOST_TEXTS) if any(map(str.isalnum, text))]
    if not texts:
        raise BadInputError(f"There is no text in {', '.join(map(called, names))}")
    task = "translate" if "translate" in manifest.tasks else "generate"
    return Workload(
        str(found.directory),
        task,
        model.source_language,
        model.target_language,
        sweep.device,
        texts,
        SECONDS if sweep.seconds is None else sweep.seconds,
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
