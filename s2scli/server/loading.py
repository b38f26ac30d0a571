"""How a server loads its models."""

from __future__ import annotations

from collections.abc import Callable

from s2scli.api import TextModel
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.models.store import Installed

__all__ = ["loader"]


def loader(device: str, threads: int | None) -> Callable[[Installed], TextModel]:
    """A function that loads a model, for any of its languages.

    Args:
        device: ``cpu``, ``cuda`` or ``auto``.
        threads: CPU threads; None for one per core.
    """

    def load(found: Installed) -> TextModel:
        where = place(device, threads=threads or 0, engine=found.manifest.engine)
        tasks = found.manifest.tasks
        job = Job("translate" if "translate" in tasks else tasks[0])
        return TextModel.open(found, job, where, undecided=True)

    return load
