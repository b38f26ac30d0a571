"""A graph as a file of ONNX, its weights in another beside it, which is read by mapping it."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from s2scli.errors import UnavailableError, memory_error
from s2scli.models.convert.graphs.graph import RUNTIME, Graph, GraphValue, StoredNumbers
from s2scli.models.convert.quantize import Written

__all__ = ["onnx_bytes", "write_onnx"]

OPSET, IR_VERSION = 20, 10
# Shapes and the like must be in the graph itself.
MOST_INSIDE = 1024  # bytes
ALIGNMENT = 64


def write_onnx(graph: Graph, directory: Path, written: Written) -> None:
    """Write ``NAME.onnx`` and ``NAME.weights``.

    Args:
        graph: the graph.
        directory: where.
        written: is told how many of the checkpoint's numbers each constant stands for.

    Raises:
        UnavailableError: the package that knows the format is not installed.
    """
    _require_onnx()
    with (directory / f"{graph.name}.weights").open("wb") as file:
        weights = [_tensor(name, c, file, written) for name, c in graph.constants.items()]
    (directory / f"{graph.name}.onnx").write_bytes(_model(graph, weights))


def onnx_bytes(graph: Graph) -> bytes:
    """The content of a file of ONNX that has its weights inside (2 GB at most).

    Raises:
        UnavailableError: the package that knows the format is not installed.
    """
    _require_onnx()
    return _model(graph, [_inside(name, c) for name, c in graph.constants.items()])


def _require_onnx() -> None:
    try:
        import onnx  # noqa: F401
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            "Models of this family are written as ONNX, which needs the package onnx",
            "Install it: pip install 's2scli[onnx]'.",
        ) from error


def _model(graph: Graph, weights: list[Any]) -> bytes:
    from onnx import helper

    nodes = [helper.make_node(n.kind, n.inputs, [n.output], **n.attributes) for n in graph.nodes]
    inputs, outputs = (
        [_value(value) for value in values] for values in (graph.inputs, graph.outputs)
    )
    model = helper.make_model(
        helper.make_graph(nodes, graph.name, inputs, outputs, weights),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME, 1)],
        ir_version=IR_VERSION,
        producer_name="s2s",
    )
    content: bytes = model.SerializeToString()
    return content


def _value(value: GraphValue) -> Any:
    from onnx import helper

    return helper.make_tensor_value_info(value.name, int(value.kind), value.shape)


def _tensor(name: str, constant: StoredNumbers, file: IO[bytes], written: Written) -> Any:
    """A constant, inside the graph if it is small, else in the file."""
    from onnx import TensorProto

    tensor = _inside(name, constant)
    data = tensor.raw_data
    if len(data) > MOST_INSIDE:
        tensor.ClearField("raw_data")
        file.write(b"\0" * (-file.tell() % ALIGNMENT))
        place = {"location": Path(file.name).name, "offset": file.tell(), "length": len(data)}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        tensor.data_location = TensorProto.EXTERNAL
        file.write(data)
    written(constant.parameters)
    return tensor


def _inside(name: str, constant: StoredNumbers) -> Any:
    """A constant inside the graph."""
    from onnx import TensorProto

    array = constant.load()
    if array.shape != constant.shape:
        raise ValueError(f"a constant has the shape {array.shape}, not {constant.shape}")
    return TensorProto(
        name=name, data_type=int(constant.kind), dims=constant.shape, raw_data=array.tobytes()
    )
