"""Models of other pairs of languages for tests: the bundled one under other names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from s2scli.models.store import bundled_directory

__all__ = ["install_pair"]


def install_pair(home: Path, source: str, target: str) -> str:
    """Put a model that says that it translates a pair into a store; its name.

    It is the bundled one: whatever it reads, it writes German.
    """
    name = f"{source}-{target}"
    directory = home / "models" / f"{name}@local-int8"
    shutil.copytree(bundled_directory("en-de"), directory)
    manifest = json.loads((directory / "s2s.json").read_bytes())
    changes = {"name": name, "source_languages": [source], "target_languages": [target]}
    (directory / "s2s.json").write_text(json.dumps({**manifest, **changes}))
    return name
