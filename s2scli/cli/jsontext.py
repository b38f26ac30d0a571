"""JSON as it is written: valid, whatever the values are."""

from __future__ import annotations

import json
import math
import os
import re
from typing import Any

from s2scli.text.reading import Digits

__all__ = ["json_text"]

_HALF = "[\ud800-\udfff]"
# Stands for a number that keeps its digits; no text of a user can be it.
_MARK = f"number-{os.urandom(16).hex()}"


def json_text(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON.

    Halves of characters (from JSON that was passed through, or names of files that are not UTF-8)
    are escaped, for UTF-8 cannot hold them. A result that is not a number is null; numbers in a
    field that was passed through keep their digits.
    """
    literals: list[str] = []

    def mark(number: Any) -> str:
        if not isinstance(number, Digits):
            raise TypeError(f"{type(number).__name__} is no value of JSON")
        literals.append(number.literal)
        return _MARK

    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, default=mark)
    except ValueError:
        literals.clear()
        text = json.dumps(_finite(value), ensure_ascii=False, indent=indent, default=mark)
    if literals:
        left = iter(literals)
        text = re.sub(f'"{_MARK}"', lambda _: next(left), text)
    return re.sub(_HALF, lambda match: f"\\u{ord(match[0]):04x}", text)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value
