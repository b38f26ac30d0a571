"""Options of a Ray cluster: its address, the number and size of workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from s2scli.errors import UsageError

__all__ = ["LOCAL", "Cluster"]

LOCAL = "local"
CLIENT = "ray://"
LOOPBACK = ("127.0.0.1", "localhost")


def _keep_silent(_message: str) -> None:
    """Drop a message."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Ray cluster to decode on.

    Attributes:
        address: ``local`` starts a cluster on this machine for the run; ``auto`` is the cluster
            that this machine is a node of; ``HOST:PORT`` is the head node;
            ``ray://HOST:PORT`` is the client server, for a machine that is not a node.
        workers: number of processes that load the model; None for as many as fit.
        cpus_per_worker: cores per worker; each core decodes a batch.
        gpus_per_worker: GPUs per worker; each GPU decodes a batch.
        warn: receives warnings, such as the loss of a worker.
        note: receives information for the verbose mode.
    """

    address: str = LOCAL
    workers: int | None = None
    cpus_per_worker: int = 1
    gpus_per_worker: int = 0
    warn: Callable[[str], None] = field(default=_keep_silent, repr=False, compare=False)
    note: Callable[[str], None] = field(default=_keep_silent, repr=False, compare=False)

    def __post_init__(self) -> None:
        if min(self.workers or 1, self.cpus_per_worker, self.gpus_per_worker + 1) < 1:
            raise UsageError("A cluster has at least one worker with at least one core")
        if self.address not in (LOCAL, "auto") and not self._names_a_port:
            raise UsageError(
                f"{self.address!r} is not the address of a Ray cluster",
                "Give local, auto, HOST:PORT or ray://HOST:PORT.",
            )

    @property
    def device(self) -> str:
        """The device of the workers: ``cpu`` or ``cuda``."""
        return "cuda" if self.gpus_per_worker else "cpu"

    @property
    def slots(self) -> int:
        """The number of batches that each worker decodes at the same time."""
        return self.gpus_per_worker or self.cpus_per_worker

    @property
    def host(self) -> str:
        """The host of the address; empty if it has none."""
        return self.address.removeprefix(CLIENT).rpartition(":")[0]

    @property
    def port(self) -> int:
        """The port of the address."""
        return int(self.address.rpartition(":")[2])

    @property
    def on_loopback(self) -> bool:
        """Whether all traffic stays on this machine."""
        return self.address == LOCAL or self.host in LOOPBACK

    @property
    def _names_a_port(self) -> bool:
        host, _, port = self.address.removeprefix(CLIENT).rpartition(":")
        return bool(host) and port.isdecimal() and 0 < int(port) < 1 << 16
