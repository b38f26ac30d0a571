"""An encoder and a decoder as graphs: what a conversion makes for the engine ONNX Runtime."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.models.arrays import CONFIG_FILE
from s2scli.models.convert.graphs.graph import Graph
from s2scli.models.convert.graphs.onnxfile import write_onnx
from s2scli.models.convert.quantize import Written
from s2scli.models.enginenames import ONNX

__all__ = ["QUANTIZATIONS", "GraphsArtifact", "write_graphs"]

# How weights can be stored; ``int8_float32`` is another name of int8, which computes the rest so.
QUANTIZATIONS = ("int8", "int8_float32", "float16", "float32")


@dataclass(frozen=True, slots=True)
class GraphsArtifact:
    """An ``Artifact``.

    Attributes:
        build: makes the graphs, given the quantization.
        tokens: those of the target by id.
        unknown: the id of the token for all others.
        start_token: the id that the first step is given.
        alone: whether the encoder takes one source at a time.
        engine: a key of ``s2scli.inference.engines.ENGINES``.
    """

    build: Callable[[str], Sequence[Graph]]
    tokens: Sequence[str]
    unknown: int
    start_token: int
    alone: bool = False
    engine: str = ONNX

    def save(self, directory: Path, quantization: str, written: Written) -> None:
        """Write the graphs with their weights, and ``stepper.json``; see ``write_graphs``."""
        content = {
            "tokens": list(self.tokens),
            "unknown": self.unknown,
            "start_token": self.start_token,
            "alone": self.alone,
        }
        write_graphs(self.build, content, directory, quantization, written)


def write_graphs(
    build: Callable[[str], Sequence[Graph]],
    config: Mapping[str, Any],
    directory: Path,
    quantization: str,
    written: Written,
) -> None:
    """Write graphs with their weights, and ``stepper.json``, which says what it is given.

    Raises:
        ValueError: the quantization is none of this engine's.
        UnavailableError: the package that knows the format is not installed.
    """
    if quantization not in QUANTIZATIONS:
        raise ValueError(f"its engine has no {quantization}; use int8, float16 or float32")
    for graph in build(quantization):
        write_onnx(graph, directory, written)
    text = json.dumps(config, indent=1, ensure_ascii=False)
    (directory / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")
