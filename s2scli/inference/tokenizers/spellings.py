"""All ways to write a word in the tokens of a vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["MOST", "marked_ways", "ways"]

MOST = 500  # ways that are looked at: those of the fewest tokens


def ways(form: str, known: Callable[[str], bool], inner: str = "") -> list[tuple[str, ...]]:
    """The ways to cut a string into tokens, those of the fewest tokens first, at most ``MOST``.

    Args:
        form: the string.
        known: whether a string is a token.
        inner: what tokens begin with, except the first one, as in WordPiece (``##``).
    """
    found: list[list[tuple[str, ...]]] = [[()]]  # for each place, the ways of what is before it
    for end in range(1, len(form) + 1):
        here: list[tuple[str, ...]] = []
        for start in range(end):
            piece = (inner if start else "") + form[start:end]
            if found[start] and known(piece):
                here += [(*way, piece) for way in found[start]]
        here.sort(key=len)
        found.append(here[:MOST])
    return found[-1]


def marked_ways(
    tokens: Sequence[str], mark: str, known: Callable[[str], bool]
) -> list[tuple[str, ...]]:
    """The ways to write a word at its beginning and within another, by the word mark of the first.

    Args:
        tokens: the tokens of the word.
        mark: the word mark, a character.
        known: whether a string is a token.
    """
    word = "".join(tokens).lstrip(mark)
    found = [way for form in (mark + word, word) if word for way in ways(form, known)]
    if found or not word or not all(map(known, tokens)):
        return found
    # Some of its characters are written as bytes.
    first = tokens[0].lstrip(mark)
    inside = (*([first] if first else []), *tokens[1:])
    return [way for way in (tuple(tokens), inside) if all(map(known, way))]
