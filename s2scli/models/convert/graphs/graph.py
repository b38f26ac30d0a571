"""A graph of operators under construction: nothing is read from disk, and nothing is imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from s2scli.models.convert.quantize import cast
from s2scli.models.convert.tensor import Array, Tensor

__all__ = [
    "RUNTIME",
    "Dimension",
    "Graph",
    "GraphValue",
    "NumberType",
    "Operator",
    "StoredNumbers",
]

# The domain of operators that ONNX Runtime adds to those of ONNX.
RUNTIME = "com.microsoft"

# A size, or the name of one that is known only when the graph runs.
Dimension = int | str


class NumberType(IntEnum):
    """Types of numbers, as ONNX numbers them (``TensorProto.DataType``)."""

    FLOAT32 = 1
    UINT8 = 2
    INT8 = 3
    INT64 = 7
    BOOL = 9
    FLOAT16 = 10


# Types of numbers that operators take one of.
SCALARS: dict[NumberType, Any] = {
    NumberType.FLOAT32: np.float32,
    NumberType.UINT8: np.uint8,
    NumberType.INT64: np.int64,
}


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of opset 20; one of ONNX Runtime has the attribute ``domain``."""

    kind: str
    inputs: tuple[str, ...]
    output: str
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredNumbers:
    """Numbers that are part of the model, still on disk.

    Attributes:
        kind: their type.
        shape: their dimensions.
        load: gives them.
        parameters: how many of the checkpoint's numbers they stand for.
    """

    kind: NumberType
    shape: tuple[int, ...]
    load: Callable[[], Array]
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class GraphValue:
    """What goes into a graph, or comes out."""

    name: str
    kind: NumberType
    shape: tuple[Dimension, ...]


class Graph:
    """Operators, constants, inputs and outputs, each by a name.

    Args:
        name: of the graph.
        quantization: how weights are stored, a key of ``s2scli.models.convert.QUANTIZATIONS``.
    """

    def __init__(self, name: str, quantization: str) -> None:
        self.name = name
        self.quantization = quantization
        self.nodes: list[Operator] = []
        self.constants: dict[str, StoredNumbers] = {}
        self.inputs: list[GraphValue] = []
        self.outputs: list[GraphValue] = []
        self._numbers: dict[tuple[Any, ...], str] = {}
        # By identity: the tensor is kept, so that its identity stays its own.
        self._tensors: dict[int, tuple[Tensor, str]] = {}

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator; the name of what it gives."""
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(Operator(kind, inputs, output, attributes))
        return output

    def input(self, name: str, kind: NumberType, *shape: Dimension) -> str:
        """Declare an input."""
        self.inputs.append(GraphValue(name, kind, shape))
        return name

    def output(self, value: str, name: str, *shape: Dimension) -> None:
        """Give a value (float32) out under a name."""
        self.nodes.append(Operator("Identity", (value,), name, {}))
        self.outputs.append(GraphValue(name, NumberType.FLOAT32, shape))

    def constant(self, constant: StoredNumbers) -> str:
        """Add numbers."""
        name = f"w{len(self.constants)}"
        self.constants[name] = constant
        return name

    def weights(self, tensor: Tensor) -> str:
        """Numbers of a checkpoint as float32, however they are stored; a tensor comes in once."""
        if id(tensor) not in self._tensors:
            half = self.quantization == "float16"
            kind = NumberType.FLOAT16 if half else NumberType.FLOAT32
            dtype = "float16" if half else "float32"
            parameters = int(np.prod(tensor.shape))
            name = self.constant(
                StoredNumbers(kind, tensor.shape, lambda: cast(tensor.array(), dtype), parameters)
            )
            # The engine widens constants once, as it loads the graph.
            name = self.op("Cast", name, to=NumberType.FLOAT32) if half else name
            self._tensors[id(tensor)] = tensor, name
        return self._tensors[id(tensor)][1]

    def sizes(self, *numbers: int) -> str:
        """A row of whole numbers, such as a shape."""
        return self._small(np.array(numbers, np.int64), NumberType.INT64)

    def number(self, number: float, kind: NumberType = NumberType.FLOAT32) -> str:
        """A number."""
        dtype = {
            NumberType.FLOAT32: np.float32,
            NumberType.UINT8: np.uint8,
            NumberType.INT64: np.int64,
        }[kind]
        return self._small(np.array(number, dtype), kind)

    def _small(self, array: Array, kind: NumberType) -> str:
        key = (kind, array.shape, array.tobytes())
        if key not in self._numbers:
            self._numbers[key] = self.constant(StoredNumbers(kind, array.shape, lambda: array))
        return self._numbers[key]
