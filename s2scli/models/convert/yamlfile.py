"""YAML that comes with a model: plain data, of a bounded size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError

__all__ = ["MAX_BYTES", "read_bounded", "yaml_object"]

MAX_BYTES = 64 << 20


def read_bounded(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        InvalidModelError: it is too large.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InvalidModelError(f"{path} is larger than {MAX_BYTES >> 20} MB")
    return path.read_bytes()


def yaml_object(data: bytes, path: Path) -> dict[str, Any]:
    """An object in YAML.

    Raises:
        InvalidModelError: it is something else.
    """
    import yaml

    try:
        content = yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidModelError(f"{path} is not YAML: {str(error).splitlines()[0]}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise InvalidModelError(f"{path} does not hold a YAML object")
    return {str(key): value for key, value in content.items()}
