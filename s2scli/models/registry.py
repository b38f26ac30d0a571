"""The registry: the models that s2s knows by alias, from ``models.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from s2scli.errors import ConfigurationError

__all__ = ["ModelEntry", "load_registry", "registry_path"]

FIELDS: dict[str, type] = {
    "alias": str,
    "bundled": bool,
    "tasks": list,
    "from": list,
    "to": list,
    "licence": str,
    "about": str,
}


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A row of ``models.yaml``; its attributes are the file's fields."""

    alias: str
    bundled: bool
    tasks: tuple[str, ...]
    source_languages: tuple[str, ...]
    target_languages: tuple[str, ...]
    licence: str
    about: str


def registry_path() -> Path:
    """The package's own registry: inside an installed package, beside it in a source tree."""
    package = Path(__file__).parents[1]
    installed = package / "models.yaml"
    return installed if installed.exists() else package.parent / "models.yaml"


@cache
def load_registry(path: Path | None = None) -> dict[str, ModelEntry]:
    """Read a registry: alias → entry.

    Raises:
        ConfigurationError: the file, an entry or a field is wrong.
    """
    import yaml

    path = path or registry_path()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows = content["models"]
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise ConfigurationError(f"{path} is not a model registry: {error}") from error
    entries = [_entry(path, number, row) for number, row in enumerate(rows, 1)]
    return {entry.alias: entry for entry in entries}


def _entry(path: Path, number: int, row: Any) -> ModelEntry:
    if not isinstance(row, dict):
        raise ConfigurationError(f"{path}: entry {number} is no mapping")
    for name, kind in FIELDS.items():
        if not isinstance(row.get(name), kind):
            raise ConfigurationError(
                f"{path}: entry {number} ({row.get('alias')}): {name} must be a {kind.__name__}"
            )
    if unknown := row.keys() - FIELDS.keys():
        raise ConfigurationError(f"{path}: entry {number}: unknown field {min(unknown)}")
    return ModelEntry(
        row["alias"],
        row["bundled"],
        tuple(row["tasks"]),
        tuple(row["from"]),
        tuple(row["to"]),
        row["licence"],
        row["about"],
    )
