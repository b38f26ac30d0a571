"""Unknown words of a translation, replaced by the words of the source that they come from.

The model wrote an unknown token where it looked at a word of the source that its own vocabulary
does not have: a name, as a rule, which stays as it is (Luong et al. 2015,
https://arxiv.org/abs/1410.8206; Jean et al. 2015, https://arxiv.org/abs/1412.2007, section 3.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from s2scli.data import Attended, Span
from s2scli.text.alignment import STAND_IN, most_attended
from s2scli.text.rewriting import Edit

__all__ = ["Copies", "copies"]


class Copies(NamedTuple):
    """What takes the place of unknown tokens in a text.

    Attributes:
        edits: what is to stand where, in order.
        words: the words that are copied, in order.
    """

    edits: list[Edit]
    words: list[str]


def copies(
    source: str, spans: Sequence[Span | None], text: str, words: Sequence[Attended], shown: str = ""
) -> Copies:
    """What is to stand in place of the stand-ins in a text.

    A word that is unknown as a whole is replaced by the word of the source that it suits best. Of a
    word that is unknown in part, what is known must be in that word too, as in ``Krz?sztof``.

    Args:
        source: the source text.
        spans: for each source token its characters; None for those that are not part of the text.
        text: the target text, with ``STAND_IN`` for each unknown token.
        words: its words with their attention, as ``attended`` returns them.
        shown: what stands for unknown tokens to which nothing of the source fits; most often
            nothing.
    """
    found = Copies([], [])
    reached = 0
    for word, span in zip(words, most_attended(source, spans, text, words), strict=True):
        written = text[word.start : word.end]
        if STAND_IN not in written or span is None or not _fits(written, source[slice(*span)]):
            continue
        found.edits.extend(_left(text, reached, word.start, shown))
        found.edits.append((word.start, word.end, source[slice(*span)]))
        found.words.append(source[slice(*span)])
        reached = word.end
    found.edits.extend(_left(text, reached, len(text), shown))
    return found


def _fits(written: str, word: str) -> bool:
    """Whether a word may be one of which some letters are unknown."""
    known = re.split(f"{STAND_IN}+", written)
    return bool(re.fullmatch(".+".join(map(re.escape, known)), word, re.IGNORECASE | re.DOTALL))


def _left(text: str, start: int, end: int, shown: str) -> list[Edit]:
    """Stand-ins that nothing fits; with one of the spaces around those that leave nothing."""
    found: list[Edit] = []
    for match in re.finditer(STAND_IN, text[start:end]):
        first, last = start + match.start(), start + match.end()
        alone = text[:first].endswith((" ",)) and text[last : last + 1] in ("", " ")
        free = not found or found[-1][1] < first
        found.append((first - (alone and not shown and free), last, shown))
    return found
