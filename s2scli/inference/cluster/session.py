"""The connection to a Ray cluster, or a private one that ends with the run."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from types import FrameType
from typing import Any

from s2scli.errors import UnavailableError, memory_error
from s2scli.inference.cluster.options import LOCAL, Cluster
from s2scli.inference.device import available_threads

__all__ = ["ClusterSession", "one_line"]

CONNECT_SECONDS = 10
OBJECT_STORE_BYTES = 100 << 20  # bytes; of a local cluster, whose workers read the model from disk
MOST_CHARACTERS = 300  # characters of Ray's message when it cannot connect
DEFERRED: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM)


class ClusterSession:
    """A connection to a cluster, and the actors started through it.

    If Python is already connected to a cluster, that connection is used and stays open.

    Attributes:
        ray: the module ``ray``.
        closed: whether the end has begun; what fails from then on is no loss.

    Raises:
        UnavailableError: Ray is not installed, or there is no such cluster.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._actors: list[Any] = []
        self.closed = False
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # Else an answer that comes after the end starts Ray anew, from one of Ray's own threads.
        os.environ.setdefault("RAY_ENABLE_AUTO_CONNECT", "0")
        if cluster.address == LOCAL:
            # Other users of this machine can reach its ports, and Ray runs any code it receives.
            os.environ.setdefault("RAY_AUTH_MODE", "token")
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        self.ray = _import_ray()
        self._ours = not self.ray.is_initialized()
        if self._ours:
            self._connect()

    def _connect(self) -> None:
        cluster = self._cluster
        options: dict[str, Any] = {"address": cluster.address}
        if cluster.address == LOCAL:
            cpus = (cluster.workers or 1) * cluster.cpus_per_worker
            options |= {
                "num_cpus": cpus if cluster.workers else max(cpus, available_threads()),
                "include_dashboard": False,
                "object_store_memory": OBJECT_STORE_BYTES,
            }
        elif cluster.host:
            _knock(cluster)
        with ExitStack() as stack:
            stack.enter_context(_signals_deferred())
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            if cluster.on_loopback:
                stack.enter_context(self._loopback())
            try:
                self.ray.init(logging_level=logging.ERROR, log_to_driver=False, **options)
            except Exception as error:
                self.ray.shutdown()
                reason = " ".join(str(error).split())[:MOST_CHARACTERS].rstrip(".")
                raise UnavailableError(
                    f"Cannot use a Ray cluster ({cluster.address}): {reason}"
                ) from error

    @contextmanager
    def _loopback(self) -> Iterator[None]:
        """Let Ray bind to the loopback interface only, as on systems with strict firewalls."""
        constants = import_module("ray._private.ray_constants")
        before = getattr(constants, "ENABLE_RAY_CLUSTER", True)
        constants.ENABLE_RAY_CLUSTER = False  # type: ignore[attr-defined]
        try:
            yield
        finally:
            constants.ENABLE_RAY_CLUSTER = before  # type: ignore[attr-defined]

    def room(self) -> int:
        """The number of workers that fit on the present nodes, if nothing else runs there."""
        cluster, total = self._cluster, 0
        for node in self.ray.nodes():
            if node["Alive"]:
                held = node["Resources"]
                room = held.get("CPU", 0) // cluster.cpus_per_worker
                if cluster.gpus_per_worker:
                    room = min(room, held.get("GPU", 0) // cluster.gpus_per_worker)
                total += int(room)
        return total

    def start(self, cls: type) -> Any:
        """Ask for a worker, an actor of that class; it starts when there is room.

        Ray must not restart it: a worker may come back on another node, where it must report
        again what it has.
        """
        cluster = self._cluster
        actor = self.ray.remote(
            num_cpus=cluster.cpus_per_worker,
            num_gpus=cluster.gpus_per_worker,
            max_concurrency=2 * cluster.slots,  # the next batches are queued in the engine
            max_restarts=0,
            scheduling_strategy="SPREAD",
        )(cls).remote()
        self._actors.append(actor)
        return actor

    def stop(self, actor: Any) -> None:
        """End a worker, if it is still alive."""
        self._actors.remove(actor)
        with suppress(Exception):
            self.ray.kill(actor)

    def close(self) -> None:
        """End the workers and the connection, and the cluster if it was started here."""
        self.closed = True
        with _signals_deferred():
            if self._ours:
                self.ray.shutdown()
                return
            for actor in list(self._actors):
                self.stop(actor)


def one_line(error: BaseException) -> str:
    """The most informative line of one of Ray's long error messages."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(error).__name__


def _import_ray() -> Any:
    try:
        return import_module("ray")
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            "Ray is not installed", "Install it with: pip install 's2scli[ray]'"
        ) from error


def _knock(cluster: Cluster) -> None:
    """Check that the port answers, since Ray would try for minutes.

    Raises:
        UnavailableError: it does not answer.
    """
    try:
        socket.create_connection((cluster.host, cluster.port), CONNECT_SECONDS).close()
    except OSError as error:
        raise UnavailableError(
            f"Nobody answers at {cluster.address}: {error.strerror or error}",
            "Is it the address that 'ray start --head' gave?",
        ) from error


@contextmanager
def _signals_deferred() -> Iterator[None]:
    """Defer a signal to the end of the block; a second one is not deferred.

    Ray replaces the handler of SIGTERM, and an exception from a handler is lost while Ray's native
    code waits.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    before = {number: signal.getsignal(number) for number in DEFERRED}

    def wait(number: int, _frame: FrameType | None) -> None:
        if waiting:
            signal.signal(number, before[number])
            signal.raise_signal(number)
        waiting.append(number)

    for number in DEFERRED:
        signal.signal(number, wait)
    try:
        yield
    except SystemExit:  # raised by Ray's own handler
        waiting.append(signal.SIGTERM)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in waiting[:1]:
            signal.raise_signal(number)
