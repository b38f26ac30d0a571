"""What runs on a node: a worker that says what it has, loads the model once, and decodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from s2scli._version import __version__
from s2scli.errors import UnavailableError
from s2scli.inference.cluster.shipping import Parts, has_model, receive
from s2scli.inference.device import Placement, place
from s2scli.inference.engines import PACKAGES, engine_factory, engine_versions
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.models.integrity import check_files
from s2scli.models.manifest import Manifest

__all__ = ["Order", "Worker", "versions"]


@dataclass(frozen=True, slots=True)
class Order:
    """What every worker shall load.

    Attributes:
        directory: where the model is on the machine of the command.
        identity: its identity (see ``s2scli.inference.cluster.shipping``).
        engine: what runs it, a key of ``s2scli.inference.engines.ENGINES``.
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.
        cpus: cores of a worker.
        gpus: GPUs of a worker.
    """

    directory: str
    identity: str
    engine: str
    compute_type: str
    cpus: int
    gpus: int


def versions(*engines: str) -> dict[str, str]:
    """The versions of s2s and of engines that must be the same everywhere.

    Others may translate otherwise.
    """
    found = {"s2scli": __version__}
    for engine in engines:
        found |= engine_versions(engine)
    return found


class Worker:
    """An engine on a node.

    The constructor and ``introduce`` are called before it is known which version of s2s answers:
    they must stay as they are, and take and give plain values only.
    """

    def introduce(self, directory: str, identity: str) -> dict[str, Any]:
        """Where the worker is, which versions it has, and whether it has the model.

        Args:
            directory: the model's directory on another machine, perhaps on this one too.
            identity: which model.
        """
        node = import_module("ray").util.get_node_ip_address()
        return {"node": node, "model": has_model(Path(directory), identity), **versions(*PACKAGES)}

    def load(self, order: Order, parts: Parts | None) -> str:
        """Load the model; the type that the engine computes in.

        Args:
            order: what to load.
            parts: the model's files, if it is not here.

        Raises:
            UnavailableError: the node cannot run the model.
            InvalidModelError: the model's files here are damaged.
        """
        placement = _placement(order)
        if parts is None:
            directory = Path(order.directory)
            check_files(directory, Manifest.load(directory))
        else:
            directory = receive(parts, order.identity, _get())
        manifest = Manifest.load(directory)
        self._engine = engine_factory(manifest)(directory, manifest, placement, order.compute_type)
        return self._engine.compute_type

    def decode(self, *arguments: Any) -> list[list[TokenHypothesis]]:
        """One batch, as ``Engine.submit`` takes it."""
        return self._engine.submit(*arguments).result()

    def score(self, *arguments: Any) -> list[list[float]]:
        """Given targets, as ``Engine.score`` takes them."""
        return self._engine.score(*arguments)


def _placement(order: Order) -> Placement:
    if not order.gpus:
        return place("cpu", threads=order.cpus)
    try:
        # Ray shows a worker only its own.
        return place("cuda", indices=range(order.gpus), engine=order.engine)
    except UnavailableError as error:
        raise UnavailableError(error.message, "Leave out --gpus-per-worker.") from error


def _get() -> Callable[[Any], bytes]:
    get: Callable[[Any], bytes] = import_module("ray").get
    return get
