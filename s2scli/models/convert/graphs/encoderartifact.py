"""Encoders that score texts as files: their graphs, and what must be known of them beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.models.convert.graphs.artifact import write_graphs
from s2scli.models.convert.graphs.graph import Graph
from s2scli.models.convert.quantize import Written
from s2scli.models.enginenames import ONNX

__all__ = ["EncoderArtifact"]


@dataclass(frozen=True, slots=True)
class EncoderArtifact:
    """An ``Artifact``.

    Attributes:
        build: makes the graphs, given the quantization.
        config: what ``stepper.json`` says; ``stepper`` in it is the kind.
        engine: a key of ``s2scli.inference.engines.ENGINES``.
    """

    build: Callable[[str], Sequence[Graph]]
    config: Mapping[str, Any]
    engine: str = ONNX

    def save(self, directory: Path, quantization: str, written: Written) -> None:
        """Write the graphs with their weights, and ``stepper.json``; see ``write_graphs``."""
        write_graphs(self.build, self.config, directory, quantization, written)
