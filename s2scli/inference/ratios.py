"""Lengths of outputs as people write them: in tokens, or as a multiple of the source's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from s2scli.errors import UsageError
from s2scli.limits import LIMITS

__all__ = ["RATIOS", "ratio_of", "with_ratios"]

# The field of ``Decoding`` for a length in tokens → that for one relative to the source.
RATIOS = {"min_length": "min_ratio", "max_length": "max_ratio"}
_RATIO = r"\s*(\d{1,4}(?:\.\d{1,6})?|\.\d{1,6})\s*[xX×]\s*"


def ratio_of(text: str) -> float | None:
    """The ratio that a text such as ``1.5x`` says; None if it says none.

    Raises:
        UsageError: it is out of range.
    """
    match = re.fullmatch(_RATIO, text, re.ASCII)
    if not match:
        return None
    ratio, most = float(match[1]), LIMITS["max_ratio"][1]
    if not 0 < ratio <= most:
        raise UsageError(
            f"{text!r} is out of range; a multiple of the source's length is above 0x and at most "
            f"{most:g}x"
        )
    return ratio


def with_ratios(given: Mapping[str, Any]) -> dict[str, Any]:
    """Decoding options by name, with lengths such as ``"1.5x"`` as ratios.

    A length in tokens replaces a ratio of the model's own, and a ratio a length.

    Raises:
        UsageError: a ratio is out of range.
    """
    found = dict(given)
    for length, ratio in RATIOS.items():
        value = found.get(length)
        relative = ratio_of(value) if isinstance(value, str) else None
        if relative is not None:
            del found[length]
            found[ratio] = relative
        elif length in found:
            found.setdefault(ratio, 0.0)
    return found
