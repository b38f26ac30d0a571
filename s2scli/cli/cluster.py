"""``--on ray``: its options, and what they exclude."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from s2scli.cli.console import Console
from s2scli.cli.numbers import Whole
from s2scli.cli.options import OptionGroup, group
from s2scli.cli.unused import Given, Rule
from s2scli.errors import UsageError
from s2scli.inference.device import MOST_GPUS, MOST_THREADS

if TYPE_CHECKING:
    from s2scli.inference.cluster.options import Cluster

__all__ = ["CLUSTER_RULES", "ClusterOptions", "choose_cluster", "cluster_options"]

PLACES = ("local", "ray")
FORMER = "--engine"  # what --on was called once
# Options of the one place → what to give in their place at the other.
OF_RAY = {
    "address": "Add --on ray.",
    "workers": "Add --on ray, or use --threads.",
    "cpus_per_worker": "Add --on ray, or use --threads.",
    "gpus_per_worker": "Add --on ray, or use --device cuda.",
}
OF_LOCAL = {
    "device": "Use --gpus-per-worker.",
    "device_index": "Ray gives each worker GPUs of its own: use --gpus-per-worker.",
    "threads": "Use --workers and --cpus-per-worker.",
}


def _is_on(place: str) -> Callable[[Given], bool]:
    return lambda given: given["on"] == place


CLUSTER_RULES = (
    *(
        Rule((name,), _is_on("ray"), "has no effect with --on local", advice)
        for name, advice in OF_RAY.items()
    ),
    *(
        Rule((name,), _is_on("local"), "has no effect with --on ray", advice)
        for name, advice in OF_LOCAL.items()
    ),
)


class ClusterOptions(OptionGroup):
    """Where to decode, and on which cluster."""

    on: str
    address: str | None
    workers: int | None
    cpus_per_worker: int | None
    gpus_per_worker: int | None


def _remember_former(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    """Keep the value of the name that the option once had, for ``--on``, which is read later."""
    ctx.meta[FORMER] = value


def _read_former(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Where to decode; ``--engine`` counts where ``--on`` is not given.

    Raises:
        UsageError: both stand on the command line.
    """
    former: str | None = ctx.meta.get(FORMER)
    if former is None:
        return value
    given = Given(ctx)
    if given.says("on") and given.says("engine"):
        raise UsageError("--engine is the former name of --on", "Give --on alone.")
    console = Console()
    console.warn(
        "--engine is called --on now; the former name will be removed in the next "
        f"release. Write --on {former}."
    )
    return former if ctx.get_parameter_source("on") is ParameterSource.DEFAULT else value


cluster_options = group(
    "cluster",
    ClusterOptions,
    click.option(
        FORMER,
        type=click.Choice(PLACES),
        hidden=True,
        is_eager=True,
        expose_value=False,
        callback=_remember_former,
    ),
    click.option(
        "--on",
        type=click.Choice(PLACES),
        default=PLACES[0],
        show_default=True,
        callback=_read_former,
        help="Decode in this process, or in workers of a Ray cluster.",
    ),
    click.option(
        "--address",
        metavar="ADDRESS",
        help="Ray: local (start a cluster here), auto (use the running one), HOST:PORT or "
        "ray://HOST:PORT.  [default: local]",
    ),
    click.option(
        "--workers",
        type=Whole(1, 10_000),
        help="Ray: number of worker processes.  [default: as many as fit]",
    ),
    click.option(
        "--cpus-per-worker",
        type=Whole(1, MOST_THREADS),
        help="Ray: CPU cores per worker.  [default: 1]",
    ),
    click.option(
        "--gpus-per-worker",
        type=Whole(0, MOST_GPUS),
        help="Ray: GPUs per worker.  [default: 0]",
    ),
)


def choose_cluster(options: ClusterOptions, console: Console) -> Cluster | None:
    """The cluster to run on, if any.

    Raises:
        UsageError: the address is none.
    """
    if options.on != "ray":
        return None
    from s2scli.inference.cluster.options import LOCAL, Cluster

    return Cluster(
        options.address or LOCAL,
        options.workers,
        options.cpus_per_worker or 1,
        options.gpus_per_worker or 0,
        console.warn,
        console.note,
    )
