"""``--engine ray``: its options, and what they exclude."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click

from s2scli.cli.console import Console
from s2scli.cli.numbers import Whole
from s2scli.cli.options import group
from s2scli.cli.unused import Given, Rule
from s2scli.inference.cluster.options import LOCAL, Cluster
from s2scli.inference.device import MOST_GPUS, MOST_THREADS

__all__ = ["CLUSTER_RULES", "ClusterOptions", "choose_cluster", "cluster_options"]

# Options of the one engine → what to give in their place to the other.
OF_RAY = {
    "address": "Add --engine ray.",
    "workers": "Add --engine ray, or use --threads.",
    "cpus_per_worker": "Add --engine ray, or use --threads.",
    "gpus_per_worker": "Add --engine ray, or use --device cuda.",
}
OF_LOCAL = {
    "device": "Use --gpus-per-worker.",
    "device_index": "Ray gives each worker GPUs of its own: use --gpus-per-worker.",
    "threads": "Use --workers and --cpus-per-worker.",
}


def _is_on(engine: str) -> Callable[[Given], bool]:
    return lambda given: given["engine"] == engine


CLUSTER_RULES = (
    *(
        Rule((name,), _is_on("ray"), "does nothing with --engine local", advice)
        for name, advice in OF_RAY.items()
    ),
    *(
        Rule((name,), _is_on("local"), "does nothing with --engine ray", advice)
        for name, advice in OF_LOCAL.items()
    ),
)


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Which engine, and on which cluster."""

    engine: str
    address: str | None
    workers: int | None
    cpus_per_worker: int | None
    gpus_per_worker: int | None


cluster_options = group(
    "cluster",
    ClusterOptions,
    click.option(
        "--engine",
        type=click.Choice(["local", "ray"]),
        default="local",
        show_default=True,
        help="Decode in this process, or in workers of a Ray cluster.",
    ),
    click.option(
        "--address",
        metavar="ADDRESS",
        help="Ray: local (start a cluster here), auto (use the running one), HOST:PORT or "
        f"ray://HOST:PORT.  [default: {LOCAL}]",
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
    if options.engine != "ray":
        return None
    return Cluster(
        options.address or LOCAL,
        options.workers,
        options.cpus_per_worker or 1,
        options.gpus_per_worker or 0,
        console.warn,
        console.note,
    )
