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

__all__ = ["config_path", "load_settings"]

MAX_BYTES = 1 << 20


def config_path() -> Path:
    """Where the settings file is: ``$S2S_CONFIG``, else ``s2s/config.yaml`` of the user's."""
    if given := os.environ.get("S2S_CONFIG"):
        return Path(given)
    from platformdirs import user_config_path

    return user_config_path("s2s") / "config.yaml"


def load_settings(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Read a settings file; without one there are no settings.

    Returns:
        Command → option (as on the command line, without dashes in front) → value.

    Raises:
        ConfigurationError: the file is not such a mapping.
    """
    if not path.is_file():
        return {}
    import yaml

    if path.stat().st_size > MAX_BYTES:
        raise ConfigurationError(f"{path} is larger than {MAX_BYTES >> 20} MB")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ConfigurationError(f"{path} is not YAML: {reason}") from error
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path} does not map commands to options")
    for command, options in content.items():
        if not isinstance(options, dict) or not all(isinstance(key, str) for key in options):
            raise ConfigurationError(f"{path}: {command!r} does not map options to values")
    return content
