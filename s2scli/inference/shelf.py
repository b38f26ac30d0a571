"""Models that a run may need beside its own: each is loaded when it is first needed, and once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from s2scli.inference.device import Placement
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.store import Installed

__all__ = ["ModelShelf"]


class ModelShelf:
    """Loaded models by their directories.

    Args:
        place: says where a model of an engine runs.
    """

    def __init__(self, place: Callable[[str], Placement]) -> None:
        self._place = place
        self._models: dict[Path, Model] = {}

    def __call__(self, found: Installed, job: Job, compute_type: str = "default") -> Model:
        """A model, ready for a job; the arithmetic is that of its first.

        Raises:
            UnavailableError: the device cannot run it.
            InvalidModelError: its directory is damaged.
            UsageError: it cannot do the job.
        """
        if found.directory not in self._models:
            where = self._place(found.manifest.engine)
            model = Model(found.directory, where, compute_type, job, manifest=found.manifest)
            self._models[found.directory] = model
        return self._models[found.directory].doing(job)

    def close(self) -> None:
        """Free the memory of all."""
        for model in self._models.values():
            model.engine.close()
        self._models.clear()
