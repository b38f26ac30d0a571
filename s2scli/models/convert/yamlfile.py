"""YAML that comes with a model: plain data, of a bounded size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.gzipped import read_at_most

__all__ = ["MAX_BYTES", "read_bounded", "yaml_object"]

MAX_BYTES = 64 << 20


def read_bounded(path: Path) -> bytes:
    """The bytes of a file, unpacked if it is gzipped.

    Raises:
        InvalidModelError: they are too many, or it is damaged.
    """
    return read_at_most(path, MAX_BYTES)


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
