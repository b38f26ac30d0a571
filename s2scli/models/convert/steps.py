"""What merging pairs (BPE) goes through on its way to the tokens of a vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["with_steps"]


def with_steps(known: Mapping[str, int], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The vocabulary with the letters and pieces that merging goes through.

    Those that the checkpoint does not have are not tokens of the model: to it, they are unknown.

    Args:
        known: the vocabulary, numbered from 0 without gaps.
        pairs: what is merged.
    """
    found = dict(known)
    for pair in pairs:
        for piece in (*pair, "".join(pair)):
            found.setdefault(piece, len(found))
    return found
