"""What works here and what does not: packages, the machine, GPUs, installed models.

``EXAMINATIONS`` is the plug point: part → ``"module:function"``, a function without arguments that
yields a ``Diagnosis`` for each thing it looks at. Each part is looked at whatever became of the
others, and nothing is changed on the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from s2scli.plugs import load
from s2scli.tasks.health.diagnosis import BROKEN, Diagnosis

__all__ = ["EXAMINATIONS", "examine"]

EXAMINATIONS: dict[str, str] = {
    "packages": "s2scli.tasks.health.packages:packages",
    "extras": "s2scli.tasks.health.packages:extras",
    "machine": "s2scli.tasks.health.machine:machine",
    "gpu": "s2scli.tasks.health.machine:gpus",
    "network": "s2scli.tasks.health.store:network",
    "store": "s2scli.tasks.health.store:store",
    "models": "s2scli.tasks.health.models:models",
}


def examine() -> Iterator[tuple[str, Diagnosis]]:
    """Look at every part; each finding with the name of its part.

    An examination that fails itself is one more thing that is broken.
    """
    for part, target in EXAMINATIONS.items():
        try:
            for finding in load(target)():
                yield part, finding
        except Exception as error:
            reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
            yield part, Diagnosis("examination", reason, BROKEN)
