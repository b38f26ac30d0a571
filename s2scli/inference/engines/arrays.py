"""The engine for models stored as plain arrays, which NumPy runs.

``STEPPERS`` is the plug point: one line here, one module in ``s2scli.inference.steppers`` with a
function ``open_stepper(config, arrays, matrix) -> Stepper``. Matrices compute in float32, or in
int8 by ONNX Runtime if that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from s2scli.addressspace import NUMPY_THREAD, require_room
from s2scli.errors import InvalidModelError, UnavailableError
from s2scli.inference.device import Placement
from s2scli.inference.engines.blas import limit_threads
from s2scli.inference.engines.contract import Engine
from s2scli.inference.engines.matrices import FloatMatrix, IntegerMatrices, MatrixMaker
from s2scli.inference.engines.searching import SearchEngine
from s2scli.inference.engines.sessions import runtime_is_installed
from s2scli.inference.engines.stepper import PaddingStepper, Stepper
from s2scli.models.arrays import Arrays, read_config
from s2scli.models.manifest import Manifest
from s2scli.plugs import load

__all__ = ["STEPPERS", "open_engine"]

# ``stepper`` of stepper.json → "module:function".
STEPPERS: dict[str, str] = {
    "gru-pair": "s2scli.inference.steppers.grupair:open_stepper",
    "marian-recurrent": "s2scli.inference.steppers.marianrecurrent:open_stepper",
    "marian-student": "s2scli.inference.steppers.student:open_stepper",
    "opennmt": "s2scli.inference.steppers.opennmt:open_stepper",
}
FLOATS, INTEGERS = "float32", "int8"
ROOM = 48 << 20  # in addition to the weights and the threads

Opener = Callable[[Mapping[str, Any], Arrays, MatrixMaker], Stepper]


def open_engine(
    directory: Path, manifest: Manifest, placement: Placement, compute_type: str
) -> Engine:
    """Load a model.

    Raises:
        InvalidModelError: it is damaged or of an unknown kind.
        UnavailableError: it cannot compute in the type that was asked for, or ONNX Runtime, which
            that needs, is not installed.
    """
    computes = _compute_type(manifest, compute_type)
    config = read_config(directory)
    name = config.get("stepper")
    if name not in STEPPERS:
        raise InvalidModelError(
            f"{directory} holds a model of the kind {name!r}, which this version of s2s cannot run"
        )
    size = sum(file.stat().st_size for file in directory.iterdir())
    threads = placement.workers * (placement.threads + 1)
    require_room(ROOM + size + NUMPY_THREAD * threads, "the engine")
    limit_threads(placement.threads)
    opener: Opener = load(STEPPERS[name])
    matrix = IntegerMatrices(placement.threads) if computes == INTEGERS else FloatMatrix
    stepper = opener(config, Arrays(directory), matrix)
    return SearchEngine(
        stepper,
        manifest.tokenizer.end,
        placement.workers,
        computes,
        manifest.search,
        apart=stepper.shape
        if computes == INTEGERS and isinstance(stepper, PaddingStepper)
        else None,
    )


def _compute_type(manifest: Manifest, wanted: str) -> str:
    """What a model computes in.

    Raises:
        UnavailableError: it cannot compute in what was asked for.
    """
    integers = manifest.quantization.startswith(INTEGERS)
    if wanted == "auto":  # the fastest
        return INTEGERS if integers and runtime_is_installed() else FLOATS
    if wanted == INTEGERS and integers:
        return INTEGERS
    if wanted not in ("default", FLOATS):
        raise UnavailableError(
            f"The engine of {manifest.name} (NumPy) cannot compute in {wanted}",
            f"Choose one of: {FLOATS}{f', {INTEGERS}' * integers}.",
        )
    return FLOATS
