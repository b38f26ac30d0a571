"""Settings: flag > environment > file > manifest > default.

This module finds and reads the file. It is YAML, one section for each command::

    translate:
      beam: 5
      threads: 4
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from s2scli.errors import ConfigurationError

__all__ = ["config_path", "has_settings", "is_tuned", "load_settings", "read_yaml", "tuned_path"]

MAX_BYTES = 1 << 20


def config_path() -> Path:
    """The settings file: ``$S2S_CONFIG``, else the user's ``s2s/config.yaml``."""
    if given := os.environ.get("S2S_CONFIG"):
        return Path(os.path.expanduser(given))
    from platformdirs import user_config_path

    return user_config_path("s2s") / "config.yaml"


def tuned_path() -> Path:
    """The file beside it in which ``s2s bench --tune`` writes what it found."""
    return config_path().with_name("tuned.json")


def is_tuned() -> bool:
    """Whether something was found."""
    return tuned_path().exists()


def has_settings() -> bool:
    """Whether there is a settings file, or one is named, there or not; a null device is none."""
    if os.environ.get("S2S_CONFIG"):
        return os.environ["S2S_CONFIG"] != os.devnull
    return config_path().exists()


def load_settings(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Read a settings file; without one there are no settings.

    Returns:
        Command → option (as on the command line, without leading dashes) → value: text, as on the
        command line too, or a list of texts.

    Raises:
        ConfigurationError: the file is not such a mapping, or ``$S2S_CONFIG`` names one that does
            not exist.
    """
    if not path.exists():
        if os.environ.get("S2S_CONFIG"):
            raise ConfigurationError(f"There is no settings file {path}, which S2S_CONFIG names")
        return {}
    content = _read(path) or {}
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path} does not map commands to options")
    content = {command: options for command, options in content.items() if options is not None}
    for command, options in content.items():
        if not isinstance(options, dict) or not all(isinstance(key, str) for key in options):
            raise ConfigurationError(
                f"{path}: {command!r} does not map options to values",
                "Write options below the command that they are for: translate: {beam: 4}.",
            )
    return content


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigurationError(f"{path} is larger than {MAX_BYTES >> 20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}") from error
    return read_yaml(str(path), data, _loader) if data.strip() else None


def read_yaml(name: str, data: bytes, loader: Callable[[], Any] | None = None) -> Any:
    """What a YAML file of a user's holds.

    Args:
        name: the file, for messages.
        data: its bytes.
        loader: gives the class that reads the values; by default that of plain data.

    Raises:
        ConfigurationError: it is not UTF-8, not YAML, or has one of YAML's traps.
    """
    import yaml

    try:
        text = data.decode("utf-8-sig")
        opened = loader()(text) if loader else yaml.SafeLoader(text)
        try:
            node = opened.get_single_node()
            _refuse_traps(node, set())
            return None if node is None else opened.construct_document(node)
        finally:
            opened.dispose()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"{name}: line {line} is not UTF-8 (0x{data[error.start]:02x})", "Save it as UTF-8."
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{name} is not YAML: {_reason(error, text)}") from error


def _reason(error: Exception, text: str) -> str:
    """What is wrong with YAML, and in which line."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    mark = getattr(error, "problem_mark", None)
    place = mark.index if mark else getattr(error, "position", None)
    if place is None:
        return " ".join(str(error).split())
    what = getattr(error, "problem", None) or f"the character U+{ord(text[place]):04X}"
    return f"line {text.count(chr(10), 0, place) + 1}: {what}"


def _refuse_traps(node: Any, seen: set[int]) -> None:
    """Refuse YAML's traps: aliases, which multiply or form cycles, keys that come twice, and what
    is written as a character and is none.

    Raises:
        ValueError: there is one.
    """
    if node is None:
        return
    line = f"line {node.start_mark.line + 1}"
    if isinstance(node.value, str):
        if found := re.search("[\0\ud800-\udfff]", node.value):
            raise ValueError(f"{line}: U+{ord(found[0]):04X} is no character")
        return
    if id(node) in seen:
        raise ValueError(f"{line}: aliases (*name) are not allowed")
    seen.add(id(node))
    inner = list(node.value)
    if node.id == "mapping":
        keys: set[str] = set()
        for key, _ in node.value:
            if isinstance(key.value, str) and key.value in keys:
                raise ValueError(f"line {key.start_mark.line + 1}: {key.value!r} comes twice")
            keys.update([key.value] if isinstance(key.value, str) else ())
        inner = [part for pair in node.value for part in pair]
    for child in inner:
        _refuse_traps(child, seen)


def _loader() -> Any:
    """Values as they are written: ``no`` is Norwegian, ``1e5`` may be a commit.

    Options convert them, as on the command line; an empty or null value is not set.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012
            first: [(tag, pattern) for tag, pattern in found if tag.endswith((":null", ":merge"))]
            for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    return Loader
