"""What runs on a node: a worker that says what it has, loads the model once, and decodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from s2scli._version import __version__
from s2scli.errors import UnavailableError
from s2scli.inference.cluster.shipping import Parts, has_model, receive
from s2scli.inference.device import Placement, place
from s2scli.inference.engine import Engine, TokenHypothesis
from s2scli.models.integrity import check_files
from s2scli.models.manifest import Manifest

__all__ = ["VERSIONS", "Order", "Worker", "versions"]

VERSIONS = ("s2scli", "ctranslate2")


@dataclass(frozen=True, slots=True)
class Order:
    """What every worker shall load.

    Attributes:
        directory: where the model is on the machine of the command.
        identity: its identity (see ``s2scli.inference.cluster.shipping``).
        end_token: the token that ends a target.
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.
        cpus: cores of a worker.
        gpus: GPUs of a worker.
    """

    directory: str
    identity: str
    end_token: str
    compute_type: str
    cpus: int
    gpus: int


def versions() -> dict[str, str]:
    """The versions that must be the same everywhere: others may translate otherwise."""
    return {"s2scli": __version__, "ctranslate2": version("ctranslate2")}


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
        return {"node": node, "model": has_model(Path(directory), identity), **versions()}

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
        self._engine = Engine(directory, placement, order.compute_type, order.end_token)
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
        return place("cuda", indices=range(order.gpus))  # Ray shows a worker only its own
    except UnavailableError as error:
        raise UnavailableError(error.message, "Leave out --gpus-per-worker.") from error


def _get() -> Callable[[Any], bytes]:
    get: Callable[[Any], bytes] = import_module("ray").get
    return get
