"""Files of ONNX, before they are run: their weights must stand beside them.

A graph may name files with weights by any path. Those of a model that somebody gave away must not
make us read other files of this machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError, UnavailableError, memory_error

__all__ = ["check_graph"]

# The operators that ONNX itself has, and those that ONNX Runtime adds. Others need a library of
# their own, which is never loaded.
DOMAINS = ("", "ai.onnx", "com.microsoft")


def check_graph(path: Path) -> None:
    """Make sure that a graph reads no files but those beside it.

    Raises:
        InvalidModelError: it does, has operators of others, or is no graph.
        UnavailableError: the package that knows the format is not installed.
    """
    try:
        import onnx
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            "This model is a graph of ONNX, for which the package onnx is missing",
            "Install it: pip install 's2scli[onnx]'.",
        ) from error
    try:
        model = onnx.load(str(path), load_external_data=False)
    except FileNotFoundError as error:
        raise InvalidModelError(f"The model directory {path.parent} has no {path.name}") from error
    except Exception as error:  # protobuf's own
        raise InvalidModelError(f"{path} is no graph of ONNX") from error
    bodies = (function.node for function in model.functions)
    for domain in _domains((model.graph.node, *bodies)):
        if domain not in DOMAINS:
            raise InvalidModelError(f"{path} has operators of {domain!r}, which cannot be run")
    for tensor in _tensors(model):
        _check_place(path, tensor)


def _check_place(path: Path, tensor: Any) -> None:
    for entry in tensor.external_data:
        if entry.key != "location":
            continue
        beside = path.parent / entry.value
        plain = Path(entry.value).name == entry.value and entry.value not in ("", ".", "..")
        if not plain or beside.resolve().parent != path.parent.resolve():
            raise InvalidModelError(
                f"{path} reads weights from {entry.value!r}, which is not a file beside it"
            )


def _tensors(message: Any) -> Iterator[Any]:
    """All tensors of a message, those of graphs within graphs too."""
    if message.DESCRIPTOR.name == "TensorProto":
        yield message
        return
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for inner in value if isinstance(value, Iterable) else (value,):
                yield from _tensors(inner)


def _domains(bodies: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The domains of all operators, those of graphs within graphs too."""
    for nodes in bodies:
        for node in nodes:
            yield node.domain
            for attribute in node.attribute:
                yield from _domains(graph.node for graph in (attribute.g, *attribute.graphs))
