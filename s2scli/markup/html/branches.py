"""Stretches of a page with branches: messages of ICU, and conditions of templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from s2scli.data import Span
from s2scli.documents.icu import arguments
from s2scli.text.branches import branching

__all__ = ["Branched", "branched", "outermost"]

# Where a message or a condition is, and where its branches are.
Branched = tuple[Span, Sequence[Span]]


def branched(source: str, start: int, end: int) -> list[Branched]:
    """Where they are in a stretch, and where the branches of each are.

    Those without branches are tags whose partners are elsewhere.
    """
    conditions = branching(source, start, end)
    return [
        *((argument[:2], argument[2]) for argument in arguments(source, start, end)),
        *((one[:2], one.branches) for one in conditions.found),
        *((loose, ()) for loose in conditions.loose),
    ]


def outermost(every: Iterable[Branched]) -> list[Branched]:
    """Those that are in none of the others, in order."""
    found: list[Branched] = []
    for one in sorted(every):
        if not found or one[0][0] >= found[-1][0][1]:
            found.append(one)
    return found
