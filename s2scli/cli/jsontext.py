"""JSON as it is written: valid, whatever the values are."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from s2scli.text.reading import Constant

__all__ = ["json_text"]

_HALF = "[\ud800-\udfff]"


def json_text(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON.

    Halves of characters (from JSON that was passed through, or names of files that are not UTF-8)
    are escaped, for UTF-8 cannot hold them. A result that is not a number is null; ``NaN`` in a
    field that was passed through stays.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, indent=indent)
    return re.sub(_HALF, lambda match: f"\\u{ord(match[0]):04x}", text)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) or isinstance(value, Constant) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value
