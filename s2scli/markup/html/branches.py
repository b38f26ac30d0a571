"""Stretches of a page with branches: messages of ICU, and conditions of templates."""

from __future__ import annotations

from collections.abc import Sequence

from s2scli.data import Span
from s2scli.documents.icu import arguments
from s2scli.text.branches import branching

__all__ = ["branched"]


def branched(source: str, start: int, end: int) -> list[tuple[Span, Sequence[Span]]]:
    """Where they are in a stretch, and where the branches of each are.

    Those without branches are tags whose partners are elsewhere.
    """
    conditions = branching(source, start, end)
    every = sorted(
        [
            *(argument[:3] for argument in arguments(source, start, end)),
            *conditions.found,
            *((*loose, ()) for loose in conditions.loose),
        ]
    )
    found: list[tuple[Span, Sequence[Span]]] = []
    for first, last, branches in every:
        if not found or first >= found[-1][0][1]:
            found.append(((first, last), branches))
    return found
