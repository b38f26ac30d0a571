"""What the commands that run a model have in common: all but what they read and write.

``text_run`` is the frame of a command that writes one output: it checks the files, loads the model,
says how it will decode, counts, and reports. ``load_model`` and ``choose_decoding`` are its parts,
for commands that write a file for each document (``folders``).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from s2scli.cli.cluster import CLUSTER_RULES, ClusterOptions, choose_cluster, cluster_options
from s2scli.cli.console import Console
from s2scli.cli.device_options import DEVICE_RULES, DeviceOptions, device_options
from s2scli.cli.files import (
    Output,
    check_inputs,
    input_bytes,
    open_output,
    refuse_mixed,
    write_report,
)
from s2scli.cli.installation import obtain_model
from s2scli.cli.monitors import ReplacedNotice, RunMonitor
from s2scli.cli.options import (
    REGISTRY_RULE,
    MessageOptions,
    ModelOptions,
    message_options,
    model_options,
    origin,
)
from s2scli.cli.search_options import (
    SEARCH_RULES,
    SearchOptions,
    check_choices,
    default_shortlist,
    search_options,
)
from s2scli.cli.unused import Given, Rule
from s2scli.data import TASKS, Decoding
from s2scli.errors import UsageError
from s2scli.handover import State
from s2scli.limits import BEAM_ONLY

if TYPE_CHECKING:
    from s2scli.flow.stream import FlowOptions
    from s2scli.inference.model import Model
    from s2scli.session import Session

__all__ = [
    "OWN_PROMPT",
    "RUN_RULES",
    "Prompt",
    "RunOptions",
    "choose_decoding",
    "facts_of",
    "load_model",
    "run_options",
    "signed",
    "text_run",
]

# All threads share one batch if the input is known to be so small and the model so large. The
# matrices of smaller models are not worth dividing: two threads took seven times as long as one.
SMALL_INPUT_BYTES = 512
LARGE_MODEL_PARAMETERS = 50_000_000


# Option → the fields of ``Decoding`` that it sets, if they are not named like it.
FIELDS = {
    "max_length": ("max_length", "max_ratio"),
    "min_length": ("min_length", "min_ratio"),
    "suppress_words": ("suppress",),
}
COPYING = "replace_unknowns"
VIA = "via"
SHORTLIST = "shortlist"  # of translations alone
RUN_RULES = (
    *CLUSTER_RULES,
    *DEVICE_RULES,
    *SEARCH_RULES,
    Rule(("yes",), lambda given: not given["offline"], "has no effect with --offline"),
    REGISTRY_RULE,
    Rule(("verbose", "signature"), lambda given: not given["quiet"], "has no effect with --quiet"),
)


class RunOptions(NamedTuple):
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


class Prompt(NamedTuple):
    """What a model reads.

    Attributes:
        template: instead of the model's own; None for that.
        tokens: whether special tokens in it are tokens and no text.
    """

    template: str | None = None
    tokens: bool = False


OWN_PROMPT = Prompt()


class TextRun(NamedTuple):
    """A run under way: what decodes, and where results and remarks go.

    Attributes:
        session: the loaded model.
        decoding: how it decodes.
        output: where results are written.
        monitor: counts them.
        replaced: counts what is not UTF-8.
        console: for remarks.
        is_at_hand: whether the whole input can be read without waiting.
    """

    session: Session
    decoding: Decoding
    output: Output
    monitor: RunMonitor
    replaced: ReplacedNotice
    console: Console
    is_at_hand: bool

    @property
    def engine(self) -> tuple[Model, Decoding, FlowOptions]:
        """What a task decodes with, in the order in which all tasks take it."""
        return self.session.model, self.decoding, self.session.flow

    @property
    def engine_of_lines(self) -> tuple[Model, Decoding, FlowOptions]:
        """The same for inputs that do not wait for each other's results."""
        model, decoding, flow = self.engine
        return model, decoding, flow._replace(whole_windows=self.is_at_hand)


@contextmanager
def text_run(
    ctx: click.Context,
    task: str,
    run: RunOptions,
    names: Sequence[str],
    output: Path | None,
    *,
    n_best: int = 1,
    prompt: Prompt = OWN_PROMPT,
    by_bytes: bool = True,
    prefix: str | None = None,
    facts: Mapping[str, object] | None = None,
) -> Iterator[TextRun]:
    """The frame of a command: its block reads inputs, runs the task and writes results.

    Args:
        ctx: of the command.
        task: what the model is to do.
        run: which model, and where to run it.
        names: the inputs.
        output: the file for the results, which appears only when all is done; None for stdout.
        n_best: hypotheses wanted.
        prompt: what the model reads; its own prompt by default.
        prefix: what each output begins with.
        facts: what else decides on the outputs, for the signature.
        by_bytes: whether results hold their inputs, so that progress can be measured in bytes.

    Raises:
        MissingInputError: an input cannot be read.
        UsageError: options make no sense together.
    """
    check_inputs(names, output)
    refuse_mixed(run.messages.report, output)
    console = run.messages.console()
    size = input_bytes(names)
    with open_output(output) as out:
        session = load_model(task, run, console, size=size, prompt=prompt)
        decoding = choose_decoding(ctx, session, run.search, console, n_best, prefix)
        decoding = default_shortlist(ctx, session.model, decoding, console)
        console.hint_at_terminal(names)
        replaced = ReplacedNotice()
        total = size if by_bytes else None
        with RunMonitor(console, out, total, TASKS[task].unit) as monitor:
            yield TextRun(session, decoding, out, monitor, replaced, console, size is not None)
    replaced.report(console)
    monitor.report()
    signature = signed(task, session, decoding, facts, run.messages, console)
    if run.messages.report:
        about = facts_of(session, decoding, signature)
        write_report(run.messages.report, {**about, **monitor.summary()})


def load_model(
    task: str,
    run: RunOptions,
    console: Console,
    *,
    size: int | None = None,
    prompt: Prompt = OWN_PROMPT,
) -> Session:
    """Find the model, fetch it if the user wants that, and load it where the options say.

    Args:
        task: what it is to do.
        run: which model, and where to run it.
        console: for questions and notes.
        size: bytes of input, if they are known.
        prompt: what the model reads; its own prompt by default.
    """
    from s2scli.inference.device import place
    from s2scli.inference.frame import Job
    from s2scli.session import Session
    from s2scli.settings import is_tuned

    ctx = click.get_current_context()
    cluster = choose_cluster(run.cluster, console)
    options, device = run.model, run.device
    if via := ctx.params.get(VIA):  # an option of translations alone
        from s2scli.cli.pivot import lead_in, two_models

        first, options = two_models(options, via)
    found = obtain_model(options, task, console)
    if cluster is None and is_tuned():
        from s2scli.cli.tuning import tuned_options

        device = tuned_options(ctx, device, found.manifest, console)
    large = found.manifest.parameters >= LARGE_MODEL_PARAMETERS
    where = cluster or place(
        device.device,
        indices=device.device_index,
        threads=device.threads or 0,
        single=large and size is not None and size <= SMALL_INPUT_BYTES,
        engine=found.manifest.engine,
    )
    job = Job(task, options.source_language, options.target_language, *prompt)
    loaded = Session.open(
        found, job, where, device.compute_type, device.batch_tokens, undecided=False
    )
    if via:
        lead_in(loaded, first, run, console)
    if cluster:
        ctx.call_on_close(loaded.close)  # its workers do not end with this process
    while State.reasons:
        console.note(f"not at the server: {State.reasons.pop(0)}")
    model, at = loaded.model, loaded.placement
    if at.note:
        console.say(at.note)
    if task not in model.manifest.tasks or job.source_language or job.target_language:
        from s2scli.cli.misfits import warn_of_misfits

        warn_of_misfits(model.manifest, job, console, via=bool(via))
    console.note(
        f"model {model.manifest.name} ({model.manifest.parameters / 1e6:.1f}M parameters, "
        f"{model.manifest.quantization}) by {model.manifest.engine} on {at.device} "
        f"in {model.engine.compute_type}, {at.workers} workers of {at.threads} threads"
    )
    return loaded


def choose_decoding(
    ctx: click.Context,
    model: Session,
    search: SearchOptions,
    console: Console,
    n_best: int = 1,
    prefix: str | None = None,
) -> Decoding:
    """Flags and settings before the manifest's values, those before the defaults.

    Raises:
        UsageError: more hypotheses are asked for than the beam holds, or lengths that exclude
            each other.
    """
    from s2scli.inference.decoding import check_attention, check_room, lengths_at_odds

    given = search.given()
    if prefix is not None:
        given["prefix"] = prefix
    if ctx.params.get(COPYING):  # an option of translations alone
        check_attention(model.model, f"--{COPYING.replace('_', '-')}")
        given[COPYING] = True
    if ctx.params.get(SHORTLIST):
        given[SHORTLIST] = True
    decoding = model.model.decoding({**given, "n_best": n_best})
    if decoding.n_best > decoding.beam_size and not decoding.sample:
        if search.beam_size is not None:
            raise UsageError(
                f"--n-best {n_best} needs a beam at least as wide, not {search.beam_size}",
                f"Use --beam {n_best}.",
            )
        decoding = replace(decoding, beam_size=n_best)
    if isinstance(search.max_length, int) and decoding.max_length < search.max_length:
        console.warn(
            f"--max-length {search.max_length} is more than the model can write; "
            f"it is {decoding.max_length}"
        )
    check_room(decoding)
    check_choices(Given(ctx), decoding)
    if note := lengths_at_odds(decoding, given, model.model.manifest.max_source_tokens):
        console.warn(f"{note}.")
    if decoding.min_length > decoding.max_length:
        if isinstance(search.min_length, int):
            raise UsageError(
                f"--min-length {decoding.min_length} is more than the maximum length of "
                f"{decoding.max_length} tokens"
            )
        decoding = replace(decoding, min_length=decoding.max_length)
    own = model.model.model_decoding
    options = {decoded: name for name in given for decoded in FIELDS.get(name, (name,))}
    if decoding.sample:
        options |= dict.fromkeys(BEAM_ONLY, "sample")
    for name, value in asdict(decoding).items():
        own_place = "model" if name in own else "default"
        place = origin(ctx, options[name]) if name in options else own_place
        if value != "":
            console.note(f"{name} {value} ({place})")
    return decoding


def signed(
    task: str,
    session: Session,
    decoding: Decoding,
    facts: Mapping[str, object] | None,
    messages: MessageOptions,
    console: Console,
) -> str:
    """The signature of a run, told if that was asked for; empty if nobody wants it.

    Args:
        task: what the model did.
        session: the model.
        decoding: how it decoded.
        facts: what else decides on the outputs.
        messages: what is asked for.
        console: for the signature.
    """
    if not (messages.signature or messages.report):
        return ""
    from s2scli.tasks.signature import run_signature

    signature = run_signature(session.model, task, decoding, facts)
    if messages.signature:
        console.say(f"signature: {signature}")
    return signature


def facts_of(model: Session, decoding: Decoding, signature: str) -> dict[str, Any]:
    """What a report says of the model."""
    asked = asdict(decoding)
    for name in ("alignment", "detail"):  # they say what is shown of outputs
        del asked[name]
    return {
        "compute_type": model.model.engine.compute_type,
        "model": model.model.manifest.name,
        "decoding": asked,
        "signature": signature,
    }
