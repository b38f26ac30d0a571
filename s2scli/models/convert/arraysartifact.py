"""Models that run by NumPy: a configuration and arrays (``s2scli.models.arrays``)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.models.arrays import CONFIG_FILE, SCALE, WEIGHTS_FILE
from s2scli.models.convert import QUANTIZATIONS
from s2scli.models.convert.quantize import Int8, Variable, Written, cast
from s2scli.models.convert.tensor import Array, Tensor
from s2scli.models.enginenames import NUMPY

__all__ = ["ArraysArtifact"]

# The names that safetensors has for types.
NAMES = {"float32": "F32", "float16": "F16", "bfloat16": "BF16", "int8": "I8"}


@dataclass(frozen=True, slots=True)
class ArraysArtifact:
    """A model as arrays; an ``Artifact``.

    Attributes:
        stepper: a key of ``s2scli.inference.engines.arrays.STEPPERS``.
        config: what the stepper must know beside the weights, as JSON has it.
        tensors: the weights. Those of two dimensions are tables of int8 if that is asked for, with
            one scale a row: store a layer's matrix with one row an output.
        engine: a key of ``s2scli.inference.engines.ENGINES``.
    """

    stepper: str
    config: Mapping[str, Any]
    tensors: Mapping[str, Tensor]
    engine: str = NUMPY

    def save(self, directory: Path, quantization: str, written: Written) -> None:
        """Write ``stepper.json`` and ``weights.safetensors``.

        Raises:
            ValueError: the quantization is none of this engine's.
        """
        if quantization == "int16":
            raise ValueError("its engine has no int16; use int8, float16, bfloat16 or float32")
        content = {"stepper": self.stepper, **self.config}
        text = json.dumps(content, indent=1, ensure_ascii=False)
        (directory / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")
        _write(directory / WEIGHTS_FILE, self._variables(quantization, written))

    def _variables(self, quantization: str, written: Written) -> dict[str, Variable]:
        found: dict[str, Variable] = {}
        for name, tensor in self.tensors.items():
            read = _counted(tensor, written)
            if quantization.startswith("int8") and len(tensor.shape) == 2:
                # Integers come before their scales, here and in the file.
                pair = Int8(read, tensor.integers)
                found[name] = Variable(tensor.shape, "int8", pair.integers)
                found[name + SCALE] = Variable(tensor.shape[:1], "float32", pair.scale)
            else:
                dtype = QUANTIZATIONS[quantization] or "float32"
                found[name] = Variable(tensor.shape, dtype, _as(read, dtype))
        return found


def _counted(tensor: Tensor, written: Written) -> Callable[[], Array]:
    def read() -> Array:
        written(math.prod(tensor.shape))
        return tensor.array()

    return read


def _as(read: Callable[[], Array], dtype: str) -> Callable[[], Array]:
    return lambda: cast(read(), dtype)


def _write(path: Path, variables: Mapping[str, Variable]) -> None:
    """Write a file of safetensors, one tensor at a time."""
    header: dict[str, Any] = {}
    reached = 0
    for name, variable in variables.items():
        end = reached + variable.num_bytes()
        header[name] = {
            "dtype": NAMES[variable.dtype],
            "shape": list(variable.shape),
            "data_offsets": [reached, end],
        }
        reached = end
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)  # the data is aligned to eight bytes
    with path.open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        for variable in variables.values():
            file.write(variable.to_bytes())
