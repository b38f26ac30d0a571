"""Paths of values, and which of them are wanted: ``items.*.title``.

A path has the keys on the way to a value, and numbers from 0 for the places in lists.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["Path", "chooser"]

ANY = "*"
Path = tuple[str, ...]


def chooser(fields: Sequence[str]) -> Callable[[Path], bool]:
    """What says whether a path is one of those that are wanted.

    Args:
        fields: paths with dots; ``*`` stands for any key or number. The numbers of lists may be
            left out: ``items.title`` means the title of every item. Empty for all.
    """
    patterns = [tuple(field.split(".")) for field in fields]
    return lambda path: not patterns or any(_matches(path, pattern) for pattern in patterns)


def _matches(path: Path, pattern: Path) -> bool:
    reached = {0}  # how much of the pattern may be met by what was read
    for part in path:
        further = {at + 1 for at in reached if pattern[at : at + 1] in ((ANY,), (part,))}
        reached = further | (reached if part.isdigit() else set())
    return len(pattern) in reached
