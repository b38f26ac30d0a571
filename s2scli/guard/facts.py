"""What the guard looks at, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from s2scli.data import Covered

__all__ = ["Facts", "Finding"]


class Facts(NamedTuple):
    """A source, its translation, and what the model knows of it.

    Attributes:
        source: the source text.
        target: its translation.
        source_language: ISO 639 code, such as ``en``; empty if it is not known.
        target_language: the same of the translation.
        score: mean natural log-probability per target token; None if it is not known.
        tokens: number of target tokens, end tokens included; 0 if it is not known.
        source_tokens: number of source tokens; 0 if it is not known.
        truncated: whether the translation was cut off at its maximum length.
        coverage: the source's tokens, each with the attention that it got from all words of the
            translation (``s2scli.text.alignment.covered``); None if it is not known.
        quality: how good another model estimates the translation to be; None if none was asked.
        summary: whether the target is a summary: it need not have all that its source has.
    """

    source: str
    target: str
    source_language: str = ""
    target_language: str = ""
    score: float | None = None
    tokens: int = 0
    source_tokens: int = 0
    truncated: bool = False
    coverage: Sequence[Covered] | None = None
    quality: float | None = None
    summary: bool = False


class Finding(NamedTuple):
    """Something that seems wrong with a translation.

    Attributes:
        check: the name of the check, a key of ``s2scli.guard.checks.CHECKS``.
        detail: what it found, for people: "2 of 3 sentences are missing".
    """

    check: str
    detail: str
