"""Whether decoding options are of the right types, and in the range of the engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any

from s2scli.data import Decoding
from s2scli.limits import LIMITS, SEARCHES

__all__ = ["checked", "out_of_range"]


def checked(options: Decoding, target_prefix: Sequence[str]) -> Decoding:
    """The options with sequences as tuples.

    Args:
        options: as a manifest or a user gives them.
        target_prefix: the tokens that targets begin with; ``{to}`` stands for the last of them.

    Raises:
        TypeError: an option has a value of the wrong type.
    """
    for name in ("suppress", "ends", "prefix"):
        value = getattr(options, name)
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            raise TypeError(f"{name} is {value!r}; it must be a list")
    first = target_prefix[-1] if target_prefix else ""
    options = replace(
        options,
        suppress=_suppressed(options.suppress, first),
        ends=tuple(options.ends),
        prefix=tuple(options.prefix),
    )
    _check_types(options)
    return options


def _suppressed(sequences: Iterable[Any], first: str) -> tuple[tuple[str, ...], ...]:
    """The forbidden sequences as tuples; ``{to}`` in them stands for the target prefix."""
    rows = ((row,) if isinstance(row, str) else tuple(row) for row in sequences)
    return tuple(tuple(first if token == "{to}" else token for token in row) for row in rows)


def out_of_range(values: Mapping[str, Any]) -> str:
    """What is wrong with a number that the engine cannot handle; empty if nothing is."""
    for name, (least, most) in LIMITS.items():
        value = values.get(name, least)
        kind = int if isinstance(least, int) else (int, float)
        if isinstance(value, bool) or not isinstance(value, kind):
            return f"{name} is {value!r}; it must be a {'whole ' * (kind is int)}number"
        if not least <= value <= most:
            return f"{name} is {value!r}; it goes from {least:,} to {most:,}"
    return ""


@cache
def _types() -> list[tuple[str, tuple[type, ...]]]:
    """The types of each option, by its default."""
    found = ((entry.name, type(entry.default)) for entry in fields(Decoding))
    return [(name, (int, float) if kind is float else (kind,)) for name, kind in found]


def _check_types(options: Decoding) -> None:
    """Check that a manifest has set no number to a string.

    Raises:
        TypeError: it has.
    """
    for name, wanted in _types():
        value = getattr(options, name)
        if isinstance(value, bool) != (wanted == (bool,)) or not isinstance(value, wanted):
            raise TypeError(f"{name} is {value!r}")
    if not all(isinstance(token, str) for row in options.suppress for token in row):
        raise TypeError(f"suppress is {options.suppress!r}")
    if not all(isinstance(token, str) for token in options.prefix):
        raise TypeError(f"prefix is {options.prefix!r}")
    if options.search not in SEARCHES:
        raise TypeError(f"search is {options.search!r}; known: {', '.join(SEARCHES)}")
    if not all(isinstance(token, str) for token in options.ends):
        raise TypeError(f"ends is {options.ends!r}")
