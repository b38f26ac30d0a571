"""Words that must not come, as sequences of tokens that are never generated."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from s2scli.errors import UsageError
from s2scli.inference.tokenizers import Tokenizer

__all__ = ["sequences_of", "target_vocabulary"]

# The target vocabulary in a directory of CTranslate2, which refuses other tokens.
VOCABULARIES = ("target_vocabulary.json", "shared_vocabulary.json")


def sequences_of(
    words: Iterable[Any], tokenizer: Tokenizer, directory: Path
) -> tuple[tuple[str, ...], ...]:
    """All ways in which a model could write some words.

    Args:
        words: the words, or phrases.
        tokenizer: the model's.
        directory: the model's.

    Raises:
        UsageError: the model could not write one, or it is not a word.
    """
    if isinstance(words, str):
        raise UsageError(f"suppress_words is {words!r}; it must be a list")
    vocabulary = target_vocabulary(directory)
    found: dict[tuple[str, ...], None] = {}
    for word in words:
        if not isinstance(word, str) or not word.strip():
            raise UsageError(f"{word!r} is not a word to suppress")
        ways = [
            way
            for way in tokenizer.spellings(word.strip())
            if vocabulary is None or vocabulary.issuperset(way)
        ]
        if not ways:
            raise UsageError(
                f"The model cannot write {word!r}, so that there is nothing to suppress",
                "Leave it out.",
            )
        found |= dict.fromkeys(ways)
    # What ends with another one cannot come anyway.
    return tuple(w for w in found if not any(w[n:] in found for n in range(1, len(w))))


def target_vocabulary(directory: Path) -> frozenset[str] | None:
    """The target tokens of a model of CTranslate2; None for another engine, which drops others."""
    for name in VOCABULARIES:
        path = directory / name
        if path.is_file():
            return frozenset(json.loads(path.read_bytes()))
    return None
