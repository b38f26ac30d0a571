"""The versions of s2s, of Python, and of the packages that s2s asks for."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from s2scli._version import __version__
from s2scli.tasks.health.diagnosis import BROKEN, NOTE, Diagnosis

__all__ = ["EXTRAS", "extras", "packages"]

DISTRIBUTION = "s2scli"
# Extra → what it is for.
EXTRAS = {
    "cuda": "NVIDIA GPUs",
    "onnx": "models that run as ONNX graphs",
    "vision": "images: s2s caption",
    "moses": "models that split texts by Moses' rules (FSMT)",
    "ray": "--on ray, a cluster",
    "remote": "documents by URL",
    "pdf": "PDF documents",
    "serve": "s2s serve, a server over HTTP",
    "wordnet": "METEOR's synonyms",
}


def packages() -> Iterator[Diagnosis]:
    """s2s itself, Python, and each package that s2s cannot do without."""
    yield Diagnosis("s2s", f"{__version__} ({__file__.partition('/tasks/')[0]})")
    yield Diagnosis("python", f"{platform.python_version()} ({sys.executable})")
    for requirement in _requirements(""):
        found = _found(requirement)
        if not found:
            yield Diagnosis(requirement.name, "not installed", BROKEN, _install(str(requirement)))
        elif found not in requirement.specifier:
            yield Diagnosis(
                requirement.name,
                f"{found}, and s2s needs {requirement.specifier}",
                BROKEN,
                _install(str(requirement)),
            )
        else:
            yield Diagnosis(requirement.name, found)


def extras() -> Iterator[Diagnosis]:
    """Each extra: installed, or how to install it."""
    for extra, purpose in EXTRAS.items():
        found = [(each, _found(each)) for each in _requirements(extra)]
        have = ", ".join(f"{each.name} {installed}" for each, installed in found if installed)
        if not all(installed for _, installed in found):
            yield Diagnosis(extra, f"not installed ({purpose})", advice=_install_extra(extra))
        elif all(installed in each.specifier for each, installed in found):
            yield Diagnosis(extra, f"{have} ({purpose})")
        else:
            yield Diagnosis(extra, f"{have}: too old ({purpose})", NOTE, _install_extra(extra))


def _requirements(extra: str) -> list[Requirement]:
    """What an extra adds on this machine; what s2s itself needs, if the name is empty."""
    known = [Requirement(text) for text in requires(DISTRIBUTION) or ()]
    return sorted(_of(known, extra), key=lambda requirement: requirement.name)


def _of(known: Iterable[Requirement], extra: str) -> Iterator[Requirement]:
    for requirement in known:
        marker = requirement.marker
        anyway = marker is None or marker.evaluate({"extra": ""})
        if anyway if not extra else not anyway and marker and marker.evaluate({"extra": extra}):
            requirement.marker = None
            yield requirement


def _found(requirement: Requirement) -> str:
    try:
        return version(requirement.name)
    except PackageNotFoundError:
        return ""


def _install(what: str) -> str:
    return f"Install it: {sys.executable} -m pip install '{what}'."


def _install_extra(extra: str) -> str:
    return _install(f"{DISTRIBUTION}[{extra}]")
