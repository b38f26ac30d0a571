"""The engine of models that are ONNX graphs, which ONNX Runtime runs.

``STEPPERS`` is the plug point: one line here, one module in ``s2scli.inference.steppers`` with a
function ``open_stepper(config, directory, placement) -> ClosableStepper``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, Protocol

from s2scli.data import SCORE
from s2scli.errors import InvalidModelError, UnavailableError, UsageError
from s2scli.inference.device import Placement
from s2scli.inference.engines.contract import Engine
from s2scli.inference.engines.searching import SearchEngine
from s2scli.inference.engines.stepper import Source, Stepper
from s2scli.models.arrays import read_config
from s2scli.models.exported import EXPORTED
from s2scli.models.manifest import Manifest
from s2scli.plugs import load

__all__ = ["STEPPERS", "ClosableStepper", "open_engine"]

OWN = "graphs"
# ``stepper`` of stepper.json → "module:function".
STEPPERS: dict[str, str] = {
    OWN: "s2scli.inference.steppers.graphs:open_stepper",
    EXPORTED: "s2scli.inference.steppers.exported:open_stepper",
}


class ClosableStepper(Stepper, Protocol):
    """A stepper that holds memory which is not Python's."""

    def close(self) -> None:
        """Free the weights."""


Opener = Callable[[Mapping[str, Any], Path, Placement], ClosableStepper]


def open_engine(
    directory: Path, manifest: Manifest, placement: Placement, compute_type: str
) -> Engine:
    """Load a model.

    Raises:
        InvalidModelError: it is damaged, of a kind that is not known, or reads files of other
            directories.
        UnavailableError: ONNX Runtime is not installed, or the model does not compute in the type
            that is asked for.
        UsageError: the model does nothing but score.
    """
    if SCORE in manifest.tasks:
        raise UsageError(
            f"The model {manifest.name} only scores texts",
            f"Use it so: s2s score --metric {_metric(manifest)}:{manifest.name}.",
        )
    config = read_config(directory)
    name = config.get("stepper", OWN)
    if name not in STEPPERS:
        raise InvalidModelError(
            f"{directory} holds a model of the kind {name!r}, which this version of s2s cannot run"
        )
    own = _compute_type(manifest, name)
    if compute_type not in ("default", "auto", own):
        raise UnavailableError(
            f"The model {manifest.name} was converted to compute in {own}, not in {compute_type}",
            "Convert its checkpoint again with another "
            f"{'--onnx' if name == EXPORTED else '--quantization'}.",
        )
    opener: Opener = load(STEPPERS[name])
    stepper = opener(config, directory, placement)
    return SearchEngine(
        stepper,
        manifest.tokenizer.end,
        placement.workers,
        own,
        manifest.search,
        stepper.close,
        apart=_by_itself if config.get("alone") is True else None,
    )


def _metric(manifest: Manifest) -> str:
    """The metric that a model is for."""
    return "comet" if manifest.family == "comet" else "bertscore"


def _by_itself(_source: Source) -> Hashable:
    """Something that no other source shares."""
    return object()


def _compute_type(manifest: Manifest, stepper: str) -> str:
    """The type that the graphs compute in."""
    if stepper == EXPORTED:
        return manifest.quantization
    return "int8" if manifest.quantization.startswith("int8") else "float32"
