"""Engines by name; all follow one protocol (``contract.Engine``).

``ENGINES`` is the plug point: one line here, one module beside it with a function
``open_engine(directory, manifest, placement, compute_type) -> Engine``. A model's manifest
names the engine that it was converted for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from s2scli.addressspace import require_folder
from s2scli.errors import InvalidModelError
from s2scli.models.enginenames import CTRANSLATE2, NUMPY, ONNX
from s2scli.plugs import load

if TYPE_CHECKING:
    from pathlib import Path

    from s2scli.inference.device import Placement
    from s2scli.inference.engines.contract import Engine
    from s2scli.models.manifest import Manifest

    Factory = Callable[[Path, Manifest, Placement, str], Engine]
    # The last argument opens the model in this process.
    Lender = Callable[[Path, Manifest, Placement, str, Callable[[], Engine]], Engine | None]

__all__ = [
    *("ENGINES", "LENDERS", "ON_GPUS", "PACKAGES", "engine_factory", "engine_versions"),
    "package_version",
]

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
# Those that compute as well in some types: products of integers (``matrices.IntegerMatrices``).
BY_TYPE = dict.fromkeys(((NUMPY, "int8"), (NUMPY, "auto")), PACKAGES[ONNX])
# Engines that can run on a GPU.
ON_GPUS = frozenset({CTRANSLATE2})
# Who may have a model loaded for this process: asked before it is loaded here.
LENDERS: list[Lender] = []


def engine_factory(manifest: Manifest) -> Factory:
    """The function that opens a model, by the engine in its manifest.

    Raises:
        InvalidModelError: it was converted for an engine that this version does not have.
        MissingInputError: the folder that the process is in has been removed.
    """
    if manifest.engine not in ENGINES:
        by = f" (converted by s2s {manifest.converter})" if manifest.converter else ""
        raise InvalidModelError(
            f"The model {manifest.name}{by} needs the engine {manifest.engine!r}, which this "
            "version of s2s does not have",
            "Update s2s, or convert the model again with 's2s convert'.",
        )
    if manifest.engine == CTRANSLATE2:
        require_folder()
    factory: Factory = load(ENGINES[manifest.engine])
    return factory


def engine_versions(engine: str, compute_type: str = "") -> dict[str, str]:
    """The versions of an engine's packages; empty for one that is not installed.

    Args:
        engine: a key of ``ENGINES``.
        compute_type: what it computes in, or is asked to; some types need other packages too.
    """
    packages = (*PACKAGES.get(engine, ()), *BY_TYPE.get((engine, compute_type), ()))
    return {package: package_version(package) for package in packages}


def package_version(package: str) -> str:
    """The version of a Python package; empty if it is not installed.

    The name of the folder that records an installation has it, see
    https://packaging.python.org/en/latest/specifications/recording-installed-packages/. Only where
    there is no such folder Python is asked: its module for this takes long to import.
    """
    if find_spec(package) is None:
        return ""
    start, end = f"{package}-", ".dist-info"
    for name in _names(sys.path):
        if name.startswith(start) and name.endswith(end):
            return name[len(start) : -len(end)]
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _names(folders: Iterable[str]) -> Iterator[str]:
    """The names in some folders; those that are none, or cannot be read, have none."""
    for folder in folders:
        with suppress(OSError):
            yield from os.listdir(folder)
