"""The registry: the models that s2s knows by alias, from ``models.yaml`` and the user's own.

An entry whose alias holds ``{from}`` and ``{to}`` stands for one model for each of its ``pairs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from s2scli.errors import ConfigurationError
from s2scli.settings import config_path, read_yaml

__all__ = [
    "ModelEntry",
    "PublishedScore",
    "asks_acceptance",
    "load_registry",
    "package_rows",
    "registry_path",
    "user_registry_path",
]

MAX_BYTES = 1 << 20
ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?")
REVISION = re.compile(r"[0-9a-f]{40}")
PAIR = re.compile(r"([A-Za-z]+)-([A-Za-z]+)")
# Licenses that ask something of the user before the first use.
ASKING = re.compile(r"unknown|.*-nc(-.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PublishedScore:
    """A published result: the metric, the test set and the source."""

    metric: str
    dataset: str
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of the registry; ``models.yaml`` explains the fields."""

    alias: str
    about: str
    licence: str
    tasks: tuple[str, ...]
    hub: str = ""
    revision: str = ""
    family: str = ""
    bundled: bool = False
    source_languages: tuple[str, ...] = ()
    target_languages: tuple[str, ...] = ()
    parameters: float = 0
    download: float = 0
    prompts: Mapping[str, str] = field(default_factory=dict)
    decoding: Mapping[str, Any] = field(default_factory=dict)
    scores: tuple[PublishedScore, ...] = ()

    @property
    def needs_acceptance(self) -> bool:
        """Whether its license is non-commercial or undeclared."""
        return asks_acceptance(self.licence)


def asks_acceptance(licence: str) -> bool:
    """Whether a license is non-commercial or undeclared."""
    return bool(ASKING.fullmatch(licence))


# Field of the file → (attribute, type).
FIELDS: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "alias": ("alias", str),
    "about": ("about", str),
    "licence": ("licence", str),
    "tasks": ("tasks", list),
    "hub": ("hub", str),
    "revision": ("revision", str),
    "family": ("family", str),
    "bundled": ("bundled", bool),
    "from": ("source_languages", (list, str)),
    "to": ("target_languages", (list, str)),
    "parameters": ("parameters", (int, float)),
    "download": ("download", (int, float)),
    "prompts": ("prompts", dict),
    "decoding": ("decoding", dict),
    "scores": ("scores", list),
    "pairs": ("", list),
}
KINDS: dict[tuple[type, ...], str] = {
    (int, float): "number",
    (list, str): "list of codes or the name of one",
}
REQUIRED = ("alias", "about", "licence", "tasks")


def registry_path() -> Path:
    """The package's own registry: inside an installed package, beside it in a source tree."""
    package = Path(__file__).parents[1]
    installed = package / "models.yaml"
    return installed if installed.exists() else package.parent / "models.yaml"


def user_registry_path() -> Path:
    """The user's own registry, which need not exist."""
    return config_path().with_name("models.yaml")


@cache
def load_registry(extra: Path | None = None) -> Mapping[str, ModelEntry]:
    """The package's entries, the user's, and those of ``extra``, by alias.

    A later entry of the same alias replaces the fields that it gives.

    Raises:
        ConfigurationError: a file, an entry or a field is wrong.
    """
    rows: dict[str, dict[str, Any]] = {}
    user = user_registry_path()
    others = [*([user] if user.is_file() else []), *([extra] if extra else [])]
    for place, row in chain(package_rows(), *map(_rows, others)):
        merged = {**rows.get(row["alias"], {}), **row}
        for name in REQUIRED:
            if name not in merged:
                raise ConfigurationError(f"{place}: {name} is missing")
        rows[row["alias"]] = merged
    return {alias: _entry(row) for alias, row in rows.items()}


@cache
def package_rows() -> tuple[tuple[str, dict[str, Any]], ...]:
    """The checked rows of the package's own registry, each with its place for messages.

    Raises:
        ConfigurationError: the file, an entry or a field is wrong.
    """
    return tuple(_rows(registry_path()))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The checked rows of a file, patterns replaced by what they stand for."""
    content = _read(path)
    models = content.get("models") if isinstance(content, dict) else None
    if not isinstance(models, list):
        raise ConfigurationError(f"{path} does not have a list named 'models'")
    for number, row in enumerate(models, 1):
        name = row.get("alias") if isinstance(row, dict) else None
        place = f"{path}: entry {number}" + (f" ({name})" if name else "")
        _check(place, row)
        row = _with_languages(place, row, content.get("languages"))
        for expanded in _expand(place, row):
            yield place, expanded


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigurationError(f"{path} is larger than {MAX_BYTES >> 20} MB")
        return read_yaml(f"the model registry {path}", path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}") from error


def _check(place: str, row: Any) -> None:
    if not isinstance(row, dict):
        raise ConfigurationError(f"{place} is not a mapping")
    for name, value in row.items():
        if name not in FIELDS:
            raise ConfigurationError(f"{place}: there is no field {name!r}")
        kind = FIELDS[name][1]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            wanted = kind.__name__ if isinstance(kind, type) else KINDS[kind]
            raise ConfigurationError(f"{place}: {name} must be a {wanted}, not {value!r}")
        if isinstance(value, list) and name != "scores":
            _check_strings(place, name, value)
    if "alias" not in row:
        raise ConfigurationError(f"{place}: alias is missing")
    patterns = (("hub", HUB_ID), ("revision", REVISION))
    for name, pattern in patterns if "pairs" not in row else ():
        if name in row and not pattern.fullmatch(row[name]):
            raise ConfigurationError(f"{place}: {name} is {row[name]!r}")
    for score in row.get("scores", []):
        if not isinstance(score, dict) or score.keys() != set(PublishedScore.__slots__):
            keys = ", ".join(PublishedScore.__slots__)
            raise ConfigurationError(f"{place}: scores: each must have {keys}")


def _check_strings(place: str, name: str, values: list[Any]) -> None:
    for value in values:
        if not isinstance(value, str):
            raise ConfigurationError(
                f"{place}: {name}: {value!r} is not text (quote it: no is false in YAML)"
            )


def _with_languages(place: str, row: dict[str, Any], lists: Any) -> dict[str, Any]:
    """A row in which names of lists of languages are replaced by the lists."""
    named = {key: row[key] for key in ("from", "to") if isinstance(row.get(key), str)}
    for key, name in named.items():
        languages = lists.get(name) if isinstance(lists, dict) else None
        if not isinstance(languages, list):
            raise ConfigurationError(f"{place}: {key}: there is no list of languages {name!r}")
        _check_strings(place, key, languages)
        named[key] = languages
    return {**row, **named}


def _expand(place: str, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "pairs" not in row:
        if not ALIAS.fullmatch(row["alias"]):
            raise ConfigurationError(f"{place}: alias is {row['alias']!r}")
        yield row
        return
    common = {key: value for key, value in row.items() if key != "pairs"}
    for pair in row["pairs"]:
        match = PAIR.fullmatch(pair)
        if not match:
            raise ConfigurationError(f"{place}: pairs: {pair!r} is not a pair such as en-de")
        named = ("alias", "hub", "about")
        texts = {key: _fill(common[key], *match.groups()) for key in named if key in row}
        yield {**common, **texts, "from": [match[1]], "to": [match[2]]}


def _fill(text: str, source: str, target: str) -> str:
    return text.replace("{from}", source).replace("{to}", target)


def _entry(row: dict[str, Any]) -> ModelEntry:
    values = {FIELDS[name][0]: value for name, value in row.items()}
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    values["scores"] = tuple(PublishedScore(**score) for score in row.get("scores", []))
    return ModelEntry(**values)
