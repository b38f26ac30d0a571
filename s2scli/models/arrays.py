"""Models as plain arrays: a configuration, and weights that are read as they are needed.

``stepper.json`` says which stepper runs the model (``s2scli.inference.engines.arrays.STEPPERS``)
and all it must know beside the weights; ``weights.safetensors`` holds those, memory-mapped. A table
stored as int8 has one scale a row beside it, by which the numbers were multiplied.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from s2scli.errors import InvalidModelError
from s2scli.models.convert.safetensors import read_safetensors

__all__ = ["CONFIG_FILE", "SCALE", "WEIGHTS_FILE", "Arrays", "read_config"]

CONFIG_FILE, WEIGHTS_FILE = "stepper.json", "weights.safetensors"
SCALE = ".scale"  # the end of the name of a table's scales
MAX_BYTES = 64 << 20

Array = npt.NDArray[np.float32]


class Arrays:
    """The weights of a model directory.

    Args:
        directory: the model directory.

    Raises:
        InvalidModelError: they are missing or damaged.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / WEIGHTS_FILE
        if not self._path.is_file():
            raise InvalidModelError(f"The model directory {directory} has no {WEIGHTS_FILE}")
        self._tensors = read_safetensors(self._path)

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def file(self, name: str) -> bytes | None:
        """The content of another file of the directory; None if it has none of this name.

        Raises:
            InvalidModelError: it cannot be read.
        """
        path = self._path.with_name(name)
        try:
            return path.read_bytes() if path.is_file() else None
        except OSError as error:
            raise InvalidModelError(f"Cannot read {path}: {error}") from error

    def take(self, name: str, *shape: int) -> Array:
        """The numbers of a tensor as float32, in whatever type they are stored.

        Args:
            name: its name.
            shape: what its dimensions must be.

        Raises:
            InvalidModelError: it is missing or has another shape.
        """
        tensor = self._tensors.get(name)
        if tensor is None or tensor.shape != shape:
            found = "no" if tensor is None else f"{list(tensor.shape)} numbers in"
            raise InvalidModelError(f"{self._path} has {found} {name}; it needs {list(shape)}")
        numbers = tensor.array().astype(np.float32, copy=False)
        if tensor.dtype != "I8":
            return numbers
        scale = self.take(name + SCALE, shape[0])
        return np.divide(numbers, scale.reshape(-1, *[1] * (len(shape) - 1)), out=numbers)


def read_config(directory: Path) -> Mapping[str, Any]:
    """What ``stepper.json`` says.

    Raises:
        InvalidModelError: it is missing or damaged.
    """
    path = directory / CONFIG_FILE
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(MAX_BYTES))
        if not isinstance(content, dict):
            raise ValueError("it is no JSON object")
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidModelError(f"{path} is missing or damaged: {error}") from error
    return content
