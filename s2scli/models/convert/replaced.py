"""What a model directory held beside the model, which goes when another takes its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from s2scli.errors import InvalidModelError, UnavailableError
from s2scli.models.manifest import SHORTLIST_FILE, Manifest

__all__ = ["Replaced", "lost_settings", "replaced"]

# What a user may have set in s2s.json; of another checkpoint, the first alone still matters.
SETTINGS = (
    "guard",
    "name",
    "tasks",
    "source_languages",
    "target_languages",
    "prompts",
    "decoding",
    "job_decoding",
    "licence",
)


class Replaced(NamedTuple):
    """A model that another takes the place of.

    Attributes:
        manifest: what its ``s2s.json`` says; None if that cannot be read.
        shortlist: whether it has a lexical shortlist.
    """

    manifest: Manifest | None = None
    shortlist: bool = False


def replaced(directory: Path) -> Replaced:
    """The model in a directory; nothing if there is none."""
    has_list = (directory / SHORTLIST_FILE).is_file()
    try:
        manifest = Manifest.load(directory)
    except (InvalidModelError, UnavailableError):
        return Replaced(None, has_list)
    return Replaced(manifest, has_list and manifest.shortlist is not None)


def lost_settings(before: Manifest | None, now: Manifest) -> dict[str, Any]:
    """What the manifest before says and the one in its place does not, by the names there."""
    if before is None:
        return {}
    same = before.checkpoint_sha256 == now.checkpoint_sha256
    old, new = (json.loads(manifest.encoded()) for manifest in (before, now))
    names = SETTINGS if same else SETTINGS[:1]
    return {name: old[name] for name in names if old[name] and old[name] != new[name]}
