"""Files of ONNX, before they are run: their weights must stand beside them.

A graph may name files with weights by any path. Those of a model that somebody gave away must not
make us read other files of this machine.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError, UnavailableError, memory_error

__all__ = ["GraphFacts", "check_graph", "read_graph"]

# The operators that ONNX itself has, and those that ONNX Runtime adds. Others need a library of
# their own, which is never loaded.
DOMAINS = ("", "ai.onnx", "com.microsoft")


def check_graph(path: Path) -> None:
    """Make sure that a graph reads no files but those beside it.

    Raises:
        InvalidModelError: it does, has operators of others, or is no graph.
        UnavailableError: the package that knows the format is not installed.
    """
    for name in read_graph(path).files:
        if (path.parent / name).resolve().parent != path.parent.resolve():
            raise _elsewhere(path, name)


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What a file of ONNX says of itself.

    Attributes:
        inputs: the types of what it takes, as ONNX numbers them.
        shapes: the dimensions of what it takes; 0 for those that only a run knows.
        outputs: the last dimension of each thing that it gives; 0 if only a run knows it.
        operators: the names of its operators, each with how many there are.
        modules: the modules that it was exported from, by the names of operators and weights.
        files: the names of files beside it with weights.
        parameters: how many numbers the weights are.
    """

    inputs: Mapping[str, int]
    shapes: Mapping[str, tuple[int, ...]]
    outputs: Mapping[str, int]
    operators: Mapping[str, int]
    modules: frozenset[str]
    files: frozenset[str]
    parameters: int


def read_graph(path: Path) -> GraphFacts:
    """Read a graph without its weights.

    Raises:
        InvalidModelError: it has operators of others, names weights in another directory, or is
            no graph.
        UnavailableError: the package that knows the format is not installed.
    """
    model = _load(path)
    bodies = (function.node for function in model.functions)
    nodes = list(_nodes((model.graph.node, *bodies)))
    for node in nodes:
        if node.domain not in DOMAINS:
            raise InvalidModelError(f"{path} has operators of {node.domain!r}, which cannot be run")
    tensors = list(_tensors(model))
    weights = {each.name for each in model.graph.initializer}
    return GraphFacts(
        inputs={
            each.name: each.type.tensor_type.elem_type
            for each in model.graph.input
            if each.name not in weights
        },
        shapes={each.name: _shape(each) for each in model.graph.input},
        outputs={each.name: _last_dimension(each) for each in model.graph.output},
        operators=Counter(node.op_type for node in nodes),
        modules=frozenset(
            part for each in (*nodes, *tensors) for part in each.name.replace("/", ".").split(".")
        ),
        files=frozenset(_place(path, tensor) for tensor in tensors) - {""},
        parameters=sum(math.prod(each.dims) for each in tensors),
    )


def _load(path: Path) -> Any:
    try:
        import onnx
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            "This model is an ONNX graph, which needs the package onnx",
            "Install it: pip install 's2scli[onnx]'.",
        ) from error
    try:
        return onnx.load(str(path), load_external_data=False)
    except FileNotFoundError as error:
        raise InvalidModelError(f"The model directory {path.parent} has no {path.name}") from error
    except Exception as error:  # protobuf's own
        raise InvalidModelError(f"{path} is not an ONNX graph") from error


def _shape(value: Any) -> tuple[int, ...]:
    return tuple(int(size.dim_value) for size in value.type.tensor_type.shape.dim)


def _last_dimension(value: Any) -> int:
    sizes = _shape(value)
    return sizes[-1] if sizes else 0


def _place(path: Path, tensor: Any) -> str:
    """The name of the file with a tensor's numbers; empty if they are in the graph."""
    for entry in tensor.external_data:
        if entry.key != "location":
            continue
        if Path(entry.value).name != entry.value or entry.value in ("", ".", ".."):
            raise _elsewhere(path, entry.value)
        return str(entry.value)
    return ""


def _elsewhere(path: Path, name: str) -> InvalidModelError:
    return InvalidModelError(f"{path} reads weights from {name!r}, which is not a file beside it")


def _tensors(message: Any) -> Iterator[Any]:
    """All tensors of a message, those of graphs within graphs too."""
    if message.DESCRIPTOR.name == "TensorProto":
        yield message
        return
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for inner in value if isinstance(value, Iterable) else (value,):
                yield from _tensors(inner)


def _nodes(bodies: Iterable[Iterable[Any]]) -> Iterator[Any]:
    """All operators, those of graphs within graphs too."""
    for nodes in bodies:
        for node in nodes:
            yield node
            for attribute in node.attribute:
                yield from _nodes(graph.node for graph in (attribute.g, *attribute.graphs))
