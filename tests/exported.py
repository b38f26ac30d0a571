"""The small checkpoints of ``tests/golden`` as others export them to ONNX.

``scripts/make_exported_golden.py`` has made the graphs; their weights are the checkpoint's.
"""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from s2scli.models.convert.weights import open_weights

__all__ = ["EXPORTED", "GOLDEN", "MERGED", "PAIR", "TRANSPOSED", "tokens_of", "write_exported"]

GOLDEN = Path(__file__).parent / "golden"
TRANSPOSED = ".T"
MERGED = ("encoder_model", "decoder_model_merged")
PAIR = ("encoder_model", "decoder_model", "decoder_with_past_model")
# The checkpoint → the files that were made of it.
EXPORTED: dict[str, tuple[str, ...]] = {
    "marian-tiny": MERGED,
    "t5": PAIR,
    "mt5": MERGED,
    "bart": MERGED,
    "mbart50": PAIR,
    "pegasus": MERGED,
    "m2m100": PAIR,
    "nllb": MERGED,
    "vit-gpt2": MERGED,
}


def write_exported(family: str, directory: Path, *, folder: str = "onnx") -> Path:
    """Write a checkpoint whose weights are ONNX files.

    Args:
        family: a key of ``EXPORTED``.
        directory: where; is made.
        folder: that of the graphs within it; empty for none.
    """
    import onnx

    ignored = shutil.ignore_patterns("*.safetensors", "*.bin")
    shutil.copytree(GOLDEN / family, directory, ignore=ignored)
    (directory / folder).mkdir(exist_ok=True)
    weights = open_weights(GOLDEN / family)
    for name in EXPORTED[family]:
        packed = GOLDEN / "exported" / family / f"{name}.onnx.gz"
        model: Any = onnx.load_from_string(gzip.decompress(packed.read_bytes()))
        _fill(model.graph, weights)
        (directory / folder / f"{name}.onnx").write_bytes(model.SerializeToString())
    return directory


def _fill(graph: Any, weights: Any) -> None:
    """Put the checkpoint's numbers where they are named."""
    for initializer in graph.initializer:
        if name := initializer.doc_string:
            plain = name.removesuffix(TRANSPOSED)
            tensor = weights.look(plain, *weights.shape(plain)).array().astype(np.float32)
            tensor = tensor.T if name.endswith(TRANSPOSED) else tensor
            initializer.raw_data = np.ascontiguousarray(tensor).tobytes()
            initializer.doc_string = ""
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                _fill(attribute.g, weights)


def tokens_of(model: Path) -> list[str]:
    """The target tokens of a converted model, by id."""
    found: list[str] = json.loads((model / "stepper.json").read_text("utf-8"))["tokens"]
    return found
