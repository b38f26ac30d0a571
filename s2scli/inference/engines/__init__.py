"""Engines by name; all follow one protocol (``contract.Engine``).

``ENGINES`` is the plug point: one line here, one module beside it with a function
``open_engine(directory, manifest, placement, compute_type) -> Engine``. A model's manifest
names the engine that it was converted for.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from s2scli.errors import InvalidModelError
from s2scli.models.enginenames import CTRANSLATE2, NUMPY, ONNX
from s2scli.plugs import load

if TYPE_CHECKING:
    from s2scli.inference.device import Placement
    from s2scli.inference.engines.contract import Engine
    from s2scli.models.manifest import Manifest

    Factory = Callable[[Path, Manifest, Placement, str], Engine]

__all__ = ["ENGINES", "ON_GPUS", "PACKAGES", "engine_factory", "engine_versions"]

ENGINES: dict[str, str] = {
    CTRANSLATE2: "s2scli.inference.engines.ctranslate2:open_engine",
    NUMPY: "s2scli.inference.engines.arrays:open_engine",
    ONNX: "s2scli.inference.engines.graphs:open_engine",
}
# The packages that compute; a result may depend on their versions.
PACKAGES: dict[str, tuple[str, ...]] = {
    CTRANSLATE2: ("ctranslate2",),
    NUMPY: ("numpy",),
    ONNX: ("onnxruntime",),
}
# Engines that can run on a GPU.
ON_GPUS = frozenset({CTRANSLATE2})


def engine_factory(manifest: Manifest) -> Factory:
    """The function that opens a model, by the engine in its manifest.

    Raises:
        InvalidModelError: it was converted for an engine that this version does not have.
    """
    if manifest.engine not in ENGINES:
        by = f" (converted by s2s {manifest.converter})" if manifest.converter else ""
        raise InvalidModelError(
            f"The model {manifest.name}{by} needs the engine {manifest.engine!r}, which this "
            "version of s2s does not have",
            "Update s2s, or convert the model again with 's2s convert'.",
        )
    factory: Factory = load(ENGINES[manifest.engine])
    return factory


def engine_versions(engine: str) -> dict[str, str]:
    """The versions of an engine's packages; empty for one that is not installed."""
    return {package: _version(package) for package in PACKAGES.get(engine, ())}


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # the import is slow

    try:
        return version(package)
    except PackageNotFoundError:
        return ""
