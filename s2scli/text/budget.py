"""What can be told of a text's length before it is tokenized."""

from __future__ import annotations

__all__ = ["surely_over"]

# A text with more characters than this for each token of a budget is not tokenized whole:
# SentencePiece needs memory for all of it at once.
CHARACTERS_A_TOKEN = 8


def surely_over(text: str, budget: int) -> bool:
    """Whether a text is too long, to judge by its number of characters alone."""
    return len(text) > budget * CHARACTERS_A_TOKEN
