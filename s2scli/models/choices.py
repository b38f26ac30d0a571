"""What a user has decided once: default models, and licenses that were accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from s2scli.disk.atomic import write_whole
from s2scli.errors import ConfigurationError, write_error
from s2scli.languages.codes import find_language

__all__ = [
    "accept_licence",
    "default_key",
    "default_model",
    "defaults",
    "is_accepted",
    "set_default",
]

FILE = "choices.json"
MAX_BYTES = 1 << 20


def default_key(task: str, source: str | None, target: str | None) -> str:
    """How a job is written: ``translate``, ``translate en-fr``, ``translate *-fr``."""
    if not source and not target:
        return task
    pair = (find_language(language) if language else "*" for language in (source, target))
    return f"{task} {'-'.join(pair)}"


def default_model(home: Path, task: str, source: str | None, target: str | None) -> str | None:
    """The model that the user chose for a job: for the pair, else for the task."""
    chosen = defaults(home)
    if not chosen:
        return None  # names of languages take long to look up
    return chosen.get(default_key(task, source, target)) or (
        chosen.get(task) if not source and not target else None
    )


def defaults(home: Path) -> dict[str, str]:
    """Job → model, as the user chose."""
    return dict(_read(home).get("defaults", {}))


def set_default(home: Path, key: str, model: str | None) -> None:
    """Choose a model for a job, or with None forget the choice."""
    content = _read(home)
    chosen = {**content.get("defaults", {}), key: model}
    content["defaults"] = {job: name for job, name in chosen.items() if name}
    _write(home, content)


def is_accepted(home: Path, model: str, licence: str) -> bool:
    """Whether the user has accepted this license of this model."""
    return bool(_read(home).get("licences", {}).get(model) == licence)


def accept_licence(home: Path, model: str, licence: str) -> None:
    """Remember that the user accepts it."""
    content = _read(home)
    content["licences"] = {**content.get("licences", {}), model: licence}
    _write(home, content)


def _read(home: Path) -> dict[str, Any]:
    path = home / FILE
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("it is too large")
        content = json.loads(path.read_bytes())
        if not isinstance(content, dict) or not all(isinstance(v, dict) for v in content.values()):
            raise ValueError("it does not hold an object of objects")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is damaged: {error}", "Repair or remove it.") from error
    return content


def _write(home: Path, content: dict[str, Any]) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(f"Cannot create {home}", error) from error
    write_whole(home / FILE, json.dumps(content, indent=2, ensure_ascii=False).encode())
