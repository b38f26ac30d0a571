"""A graph as a file of ONNX, its weights in another beside it, which is read by mapping it."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from s2scli.errors import UnavailableError, memory_error
from s2scli.models.convert.graphs.graph import Graph, GraphValue, StoredNumbers
from s2scli.models.convert.quantize import Written

__all__ = ["write_onnx"]

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
    try:
        from onnx import helper
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            "Models of this family are written as ONNX, which needs the package onnx",
            "Install it: pip install 's2scli[onnx]'.",
        ) from error
    with (directory / f"{graph.name}.weights").open("wb") as file:
        weights = [_tensor(name, c, file, written) for name, c in graph.constants.items()]
    nodes = [helper.make_node(n.kind, n.inputs, [n.output], **n.attributes) for n in graph.nodes]
    inputs, outputs = (
        [_value(value) for value in values] for values in (graph.inputs, graph.outputs)
    )
    model = helper.make_model(
        helper.make_graph(nodes, graph.name, inputs, outputs, weights),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="s2s",
    )
    (directory / f"{graph.name}.onnx").write_bytes(model.SerializeToString())


def _value(value: GraphValue) -> Any:
    from onnx import helper

    return helper.make_tensor_value_info(value.name, int(value.kind), value.shape)


def _tensor(name: str, constant: StoredNumbers, file: IO[bytes], written: Written) -> Any:
    """A constant, inside the graph if it is small, else in the file."""
    from onnx import TensorProto

    array = constant.load()
    if array.shape != constant.shape:
        raise ValueError(f"a constant has the shape {array.shape}, not {constant.shape}")
    data = array.tobytes()
    tensor = TensorProto(name=name, data_type=int(constant.kind), dims=constant.shape)
    if len(data) <= MOST_INSIDE:
        tensor.raw_data = data
    else:
        file.write(b"\0" * (-file.tell() % ALIGNMENT))
        place = {"location": Path(file.name).name, "offset": file.tell(), "length": len(data)}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        tensor.data_location = TensorProto.EXTERNAL
        file.write(data)
    written(constant.parameters)
    return tensor
