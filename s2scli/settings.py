"""Settings: flag > environment > file > manifest > default.

This module finds and reads the file. It is YAML, one section for each command::

    translate:
      beam: 5
      threads: 4
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from s2scli.errors import ConfigurationError

__all__ = ["config_path", "load_settings", "refuse_traps"]

MAX_BYTES = 1 << 20


def config_path() -> Path:
    """The settings file: ``$S2S_CONFIG``, else the user's ``s2s/config.yaml``."""
    if given := os.environ.get("S2S_CONFIG"):
        return Path(given).expanduser()
    from platformdirs import user_config_path

    return user_config_path("s2s") / "config.yaml"


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
            raise ConfigurationError(f"{path}: {command!r} does not map options to values")
    return content


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigurationError(f"{path} is larger than {MAX_BYTES >> 20} MB")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationError(f"{path} is not UTF-8: {error}") from error
    if not text.strip():
        return None
    import yaml

    try:
        refuse_traps(yaml.compose(text, yaml.SafeLoader), set())
        loader = _loader()(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise ConfigurationError(f"{path} is not YAML: {reason}") from error


def refuse_traps(node: Any, seen: set[int]) -> None:
    """Refuse YAML's two traps: aliases, which multiply or form cycles, and duplicate keys.

    Raises:
        ValueError: there is one.
    """
    if node is None or isinstance(node.value, str):
        return
    line = f"line {node.start_mark.line + 1}"
    if id(node) in seen:
        raise ValueError(f"{line}: aliases (*name) are not allowed")
    seen.add(id(node))
    inner = list(node.value)
    if node.id == "mapping":
        keys = [key.value for key, _ in node.value if isinstance(key.value, str)]
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise ValueError(f"{line}: {twice[0]!r} comes twice")
        inner = [part for pair in node.value for part in pair]
    for child in inner:
        refuse_traps(child, seen)


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
