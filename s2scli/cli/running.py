"""What the commands that run a model have in common: find and load it, say how it will decode."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from s2scli.cli.cluster import CLUSTER_RULES, ClusterOptions, choose_cluster, cluster_options
from s2scli.cli.console import Console
from s2scli.cli.device_options import DEVICE_RULES, DeviceOptions, device_options
from s2scli.cli.files import write_report
from s2scli.cli.installation import obtain_model
from s2scli.cli.monitors import RunMonitor
from s2scli.cli.options import (
    REGISTRY_RULE,
    MessageOptions,
    ModelOptions,
    SearchOptions,
    message_options,
    model_options,
    origin,
    search_options,
)
from s2scli.cli.unused import Given, Rule
from s2scli.data import Decoding
from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.api import TextModel

__all__ = [
    "BEAM_REASON",
    "RUN_RULES",
    "RunOptions",
    "choose_decoding",
    "facts_of",
    "load_model",
    "report_run",
    "run_options",
]

# All threads share one batch if the input is known to be so small and the model so large. The
# matrices of smaller models are not worth dividing: two threads took seven times as long as one.
SMALL_INPUT_BYTES = 512
LARGE_MODEL_PARAMETERS = 50_000_000


BEAM_REASON = "has no effect with a beam of 1, which compares no outputs of other lengths"
RUN_RULES = (
    *CLUSTER_RULES,
    *DEVICE_RULES,
    Rule(
        ("length_penalty",),
        lambda given: given["beam_size"] != 1,
        BEAM_REASON,
    ),
    Rule(("yes",), lambda given: not given["offline"], "has no effect with --offline"),
    REGISTRY_RULE,
    Rule(("verbose",), lambda given: not given["quiet"], "has no effect with --quiet"),
)


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Which model, how it decodes, where it runs and what is said of it."""

    model: ModelOptions
    search: SearchOptions
    device: DeviceOptions
    cluster: ClusterOptions
    messages: MessageOptions


def run_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that adds the options of all commands that run a model, as one ``run``."""

    @model_options
    @search_options
    @device_options
    @cluster_options
    @message_options
    @functools.wraps(function)
    def wrapper(
        *args: Any,
        model: ModelOptions,
        search: SearchOptions,
        device: DeviceOptions,
        cluster: ClusterOptions,
        messages: MessageOptions,
        **kwargs: Any,
    ) -> Any:
        run = RunOptions(model, search, device, cluster, messages)
        return function(*args, run=run, **kwargs)

    return wrapper


def load_model(
    task: str,
    run: RunOptions,
    console: Console,
    *,
    size: int | None = None,
    prompt: str | None = None,
    prompt_tokens: bool = False,
) -> TextModel:
    """Find the model, fetch it if the user wants that, and load it where the options say.

    Args:
        task: what it shall do.
        run: which model, and where to run it.
        console: for questions and notes.
        size: bytes of input, if they are known.
        prompt: a template in the place of the model's own.
        prompt_tokens: whether special tokens in it are tokens and no text.
    """
    from s2scli.api import TextModel
    from s2scli.inference.device import place
    from s2scli.inference.frame import Job

    ctx = click.get_current_context()
    cluster = choose_cluster(run.cluster, console)
    options, device = run.model, run.device
    found = obtain_model(options, task, console)
    large = found.manifest.parameters >= LARGE_MODEL_PARAMETERS
    where = cluster or place(
        device.device,
        indices=device.device_index,
        threads=device.threads or 0,
        single=large and size is not None and size <= SMALL_INPUT_BYTES,
        engine=found.manifest.engine,
    )
    job = Job(task, options.source_language, options.target_language, prompt, prompt_tokens)
    loaded = TextModel.open(
        found, job, where, device.compute_type, device.batch_tokens, undecided=False
    )
    if cluster:
        ctx.call_on_close(loaded.close)  # its workers do not end with this process
    model, placement = loaded.model, loaded.placement
    if placement.note:
        console.say(placement.note)
    if task not in model.manifest.tasks and task != "generate":
        tasks = ", ".join(model.manifest.tasks)
        console.warn(f"{model.manifest.name} was trained for: ({tasks})")
    console.note(
        f"model {model.manifest.name} ({model.manifest.parameters / 1e6:.1f}M parameters, "
        f"{model.manifest.quantization}) by {model.manifest.engine} on {placement.device} "
        f"in {model.engine.compute_type}, "
        f"{placement.workers} workers of {placement.threads} threads"
    )
    return loaded


def choose_decoding(
    ctx: click.Context, model: TextModel, search: SearchOptions, console: Console, n_best: int = 1
) -> Decoding:
    """Flags and settings before the manifest's values, those before the defaults.

    Raises:
        UsageError: more hypotheses are asked for than the beam holds, or lengths that exclude
            each other.
    """
    given = {name: value for name, value in asdict(search).items() if value is not None}
    decoding = model.model.decoding({**given, "n_best": n_best})
    if decoding.n_best > decoding.beam_size:
        if search.beam_size is not None:
            raise UsageError(
                f"--n-best {n_best} needs a beam at least as wide, not {search.beam_size}",
                f"Use --beam {n_best}.",
            )
        decoding = replace(decoding, beam_size=n_best)
    if search.max_length and decoding.max_length < search.max_length:
        console.warn(
            f"--max-length {search.max_length} is more than the model can write; "
            f"it is {decoding.max_length}"
        )
    if decoding.beam_size == 1 and Given(ctx).says("length_penalty"):
        raise UsageError(f"--length-penalty {BEAM_REASON}", "Add --beam 4.")
    if decoding.min_length > decoding.max_length:
        if search.min_length is not None:
            raise UsageError(
                f"--min-length {decoding.min_length} is more than the maximum length of "
                f"{decoding.max_length} tokens"
            )
        decoding = replace(decoding, min_length=decoding.max_length)
    own = model.model.model_decoding
    for name, value in asdict(decoding).items():
        place = origin(ctx, name) if name in given else "model" if name in own else "default"
        console.note(f"{name} {value} ({place})")
    return decoding


def report_run(
    messages: MessageOptions, monitor: RunMonitor, model: TextModel, decoding: Decoding
) -> None:
    """Say what there is to say at the end, and write the report if one is asked for."""
    monitor.report()
    if messages.report:
        write_report(messages.report, {**facts_of(model, decoding), **monitor.summary()})


def facts_of(model: TextModel, decoding: Decoding) -> dict[str, Any]:
    """What a report says of the model."""
    asked = asdict(decoding)
    del asked["alignment"]  # no option of the command: each text has it or not
    return {
        "compute_type": model.model.engine.compute_type,
        "model": model.model.manifest.name,
        "decoding": asked,
    }
