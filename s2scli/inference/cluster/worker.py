"""The process on a node: it reports what it has, loads the model once, and decodes."""

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
    """What every worker loads.

    Attributes:
        directory: the model directory on the machine of the command.
        identity: the model's identity (see ``s2scli.inference.cluster.shipping``).
        engine: the engine, a key of ``s2scli.inference.engines.ENGINES``.
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.
        cpus: cores per worker.
        gpus: GPUs per worker.
    """

    directory: str
    identity: str
    engine: str
    compute_type: str
    cpus: int
    gpus: int


def versions(*engines: str) -> dict[str, str]:
    """The versions of s2s and of the engines, which must be the same on all nodes.

    Other versions may give other translations.
    """
    found = {"s2scli": __version__}
    for engine in engines:
        found |= engine_versions(engine)
    return found


class Worker:
    """An engine on a node.

    The constructor and ``introduce`` are called before the node's version of s2s is known: their
    signatures must not change, and they take and return plain values only.
    """

    def introduce(self, directory: str, identity: str) -> dict[str, Any]:
        """The worker's node, its versions, and whether it has the model.

        Args:
            directory: the model directory on the machine of the command; it may exist here too.
            identity: the model's identity.
        """
        node = import_module("ray").util.get_node_ip_address()
        return {"node": node, "model": has_model(Path(directory), identity), **versions(*PACKAGES)}

    def load(self, order: Order, parts: Parts | None) -> str:
        """Load the model; return the compute type in use.

        Args:
            order: what to load.
            parts: the model's files, if the node does not have them.

        Raises:
            UnavailableError: the node cannot run the model.
            InvalidModelError: the model's files here are damaged.
        """
        placement = _placement(order)
        directory = (
            Path(order.directory) if parts is None else receive(parts, order.identity, _get())
        )
        manifest = Manifest.load(directory)
        check_files(directory, manifest)
        self._engine = engine_factory(manifest)(directory, manifest, placement, order.compute_type)
        return self._engine.compute_type

    def decode(self, *arguments: Any) -> list[list[TokenHypothesis]]:
        """Decode a batch; arguments as for ``Engine.submit``."""
        return self._engine.submit(*arguments).result()

    def fact(self, name: str) -> Any:
        """A property of ``Engine``."""
        return getattr(self._engine, name)

    def score(self, *arguments: Any) -> list[list[float]]:
        """Score given targets; arguments as for ``Engine.score``."""
        return self._engine.score(*arguments)


def _placement(order: Order) -> Placement:
    if not order.gpus:
        return place("cpu", threads=order.cpus)
    try:
        # Ray shows a worker only its own GPUs.
        return place("cuda", indices=range(order.gpus), engine=order.engine)
    except UnavailableError as error:
        raise UnavailableError(error.message, "Leave out --gpus-per-worker.") from error


def _get() -> Callable[[Any], bytes]:
    get: Callable[[Any], bytes] = import_module("ray").get
    return get
