"""Paths of values, and which of them are wanted: ``items.*.title``.

A path has the keys on the way to a value, and numbers from 0 for the places in lists.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["FieldChooser", "Path"]

ANY = "*"
Path = tuple[str, ...]


class FieldChooser:
    """Says whether a path is one of those that are wanted.

    Args:
        fields: paths with dots; ``*`` stands for any key or number. The numbers of lists may be
            left out: ``items.title`` means the title of every item. Empty for all.

    Attributes:
        asked: whether it was asked about any path.
        unmet: those of the fields that met no path so far.
    """

    def __init__(self, fields: Sequence[str]) -> None:
        self._patterns = {field: tuple(field.split(".")) for field in fields}
        self.asked = False
        self.unmet = set(fields)

    def __call__(self, path: Path) -> bool:
        """Whether a path is wanted."""
        self.asked = True
        met = [field for field, pattern in self._patterns.items() if _matches(path, pattern)]
        self.unmet.difference_update(met)
        return bool(met) or not self._patterns


def _matches(path: Path, pattern: Path) -> bool:
    reached = {0}  # how much of the pattern may be met by what was read
    for part in path:
        further = {at + 1 for at in reached if pattern[at : at + 1] in ((ANY,), (part,))}
        reached = further | (reached if part.isdigit() else set())
    return len(pattern) in reached
