"""What is asked for: the best outputs or samples; and options that mean nothing beside that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s2scli.errors import UsageError
from s2scli.limits import BEAM_ONLY, SAMPLING

__all__ = ["settled"]


def settled(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Decoding options by name, with what they imply.

    Raises:
        UsageError: some of them mean nothing together.
    """
    samples = given.get("sample") is True
    for name in BEAM_ONLY if samples else SAMPLING:
        if name in given and not (samples and given[name] == BEAM_ONLY[name]):
            raise UsageError(
                f"{name} has no effect on samples, of which each is drawn by itself"
                if samples
                else f"{name} is for samples",
                "Leave it out." if samples else "Add sample=True.",
            )
    return {**given, **BEAM_ONLY} if samples else given
