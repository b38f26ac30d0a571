"""How much room a package takes, with all that it needs; runs in the environment that has it.

``python installed.py PACKAGE[EXTRA]`` prints megabytes.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

__all__ = ["megabytes"]


def megabytes(package: str) -> float:
    """The size of the files of a package and of what it needs, in this environment."""
    seen: set[tuple[str, frozenset[str]]] = set()
    sizes: dict[str, int] = {}
    waiting = [Requirement(package)]
    while waiting:
        wanted = waiting.pop()
        key = (wanted.name.lower(), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            found = distribution(wanted.name)
        except PackageNotFoundError:
            continue
        files = (Path(str(file.locate())) for file in found.files or ())
        sizes[key[0]] = sum(file.stat().st_size for file in files if file.is_file())
        for text in found.requires or ():
            needed = Requirement(text)
            extras = wanted.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(needed)
    return sum(sizes.values()) / 1e6


if __name__ == "__main__":
    print(megabytes(sys.argv[1]))
