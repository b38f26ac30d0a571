"""Export the small checkpoints of ``tests/golden`` to ONNX in optimum's layout, without weights.

What is kept of a graph is all but the numbers that stand in the checkpoint too: an initializer
names the tensor that it is (``tests/exported.py`` puts them back). Needs the extras "oracle" and
"onnx", and optimum-onnx 0.1.0 (``pip install optimum-onnx``); from the root of the repository::

    PYTHONPATH=. python scripts/make_exported_golden.py [FAMILY]...
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper
from optimum.exporters.onnx import main_export
from safetensors.numpy import load_file

from tests.exported import EXPORTED, GOLDEN, TRANSPOSED

TASKS = {"vit-gpt2": "image-to-text-with-past"}
USUAL_TASK = "text2text-generation-with-past"
LEAST = 64  # numbers of an initializer that is worth a name


def graphs(graph: Any) -> Iterator[Any]:
    """A graph and those within it."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from graphs(attribute.g)


def without_weights(model: Any, tensors: dict[str, np.ndarray[Any, Any]]) -> None:
    """Name the tensors that the initializers are, and leave out their numbers."""
    for graph in graphs(model.graph):
        del graph.value_info[:]
        for node in graph.node:
            node.doc_string = ""
        for initializer in graph.initializer:
            numbers = numpy_helper.to_array(initializer)
            if numbers.size < LEAST or numbers.dtype != np.float32:
                continue
            for name, tensor in tensors.items():
                for suffix, other in (("", tensor), (TRANSPOSED, tensor.T)):
                    if other.shape == numbers.shape and np.array_equal(other, numbers):
                        initializer.doc_string = f"{name}{suffix}"
            if initializer.doc_string:
                initializer.ClearField("raw_data")


def main() -> None:
    """Write ``tests/golden/exported/FAMILY/*.onnx.gz``."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("families", nargs="*", default=list(EXPORTED), metavar="FAMILY")
    for family in parser.parse_args().families:
        tensors = {
            name: tensor.astype(np.float32)
            for name, tensor in load_file(GOLDEN / family / "model.safetensors").items()
        }
        target = GOLDEN / "exported" / family
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as work:
            main_export(
                str(GOLDEN / family), work, task=TASKS.get(family, USUAL_TASK), do_validation=False
            )
            for name in EXPORTED[family]:
                model = onnx.load(str(Path(work) / f"{name}.onnx"))
                without_weights(model, tensors)
                data = gzip.compress(model.SerializeToString(), mtime=0)
                (target / f"{name}.onnx.gz").write_bytes(data)
                print(f"{family}/{name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
