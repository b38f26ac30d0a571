"""Options of where a model runs and how much it does at once."""

from __future__ import annotations

import click

from s2scli.cli.numbers import Numbers, Whole
from s2scli.cli.options import OptionGroup, group
from s2scli.cli.unused import Rule
from s2scli.flow.stream import MOST_BATCH_TOKENS
from s2scli.inference.device import COMPUTE_TYPES, DEVICES, MOST_GPUS, MOST_THREADS
from s2scli.plugs import suggestion

__all__ = [
    "DEVICE_RULES",
    "THREADS_RULE",
    "DeviceOptions",
    "batch_tokens_option",
    "compute_type_option",
    "compute_types_option",
    "device_index_option",
    "device_option",
    "device_options",
    "threads_option",
]


class DeviceOptions(OptionGroup):
    """Where to run, and how much at once."""

    device: str
    device_index: tuple[int, ...]
    compute_type: str
    threads: int | None
    batch_tokens: int | None


device_option = click.option(
    "--device",
    type=click.Choice(DEVICES),
    metavar="DEVICE",
    default="cpu",
    show_default=True,
    help="Device: cpu, cuda or auto (a GPU if any).",
)
device_index_option = click.option(
    "--device-index",
    type=Numbers(Whole(0, MOST_GPUS - 1)),
    default="0",
    show_default=True,
    metavar="N[,N…]",
    help="Numbers of the GPUs to use.",
)
threads_option = click.option(
    "--threads",
    type=Whole(1, MOST_THREADS),
    help="CPU threads.  [default: one per core]",
)


def _types(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(value.split(",")))
    for name in names:
        if name not in COMPUTE_TYPES:
            raise click.BadParameter(
                f"there is no type {name!r}. {suggestion(name, COMPUTE_TYPES)}"
            )
    return names


compute_types_option = click.option(
    "--compute-type",
    "compute_types",
    metavar="TYPE[,TYPE…]",
    default="default",
    show_default=True,
    callback=_types,
    help="Kinds of arithmetic.",
)
batch_tokens_option = click.option(
    "--batch-tokens",
    type=Whole(1, MOST_BATCH_TOKENS),
    help="Maximum source tokens per batch.  [default: 1024, or 8192 on a GPU]",
)
compute_type_option = click.option(
    "--compute-type",
    type=click.Choice(COMPUTE_TYPES),
    default="default",
    show_default=True,
    metavar="TYPE",
    help="Arithmetic: default (as stored), auto (fastest), int8, float32, …",
)
THREADS_RULE = Rule(("threads",), lambda given: given["device"] != "cuda", "is for the CPU")
DEVICE_RULES = (
    Rule(
        ("device_index",),
        lambda given: given["device"] != "cpu",
        "is for GPUs",
        "Add --device cuda.",
    ),
    THREADS_RULE,
)
device_options = group(
    "device",
    DeviceOptions,
    device_option,
    device_index_option,
    compute_type_option,
    threads_option,
    batch_tokens_option,
)
