"""Rules that no translation may break, whatever its style."""

from __future__ import annotations

import re

from tests.numerals import unmatched

__all__ = ["MOST_IN_A_ROW", "faults", "repetition"]

MOST_IN_A_ROW = 2
LONGEST_PHRASE = 4  # words
UNKNOWN = "\ufffd"


def faults(source: str, target: str) -> list[str]:
    """What is wrong with a German translation of an English text, in words; nothing if all is well.

    Args:
        source: an English text with letters or figures in it.
        target: its translation.
    """
    found = []
    if not any(map(str.isalnum, target)):
        found.append("it is empty")
    if UNKNOWN in target:
        found.append("it has U+FFFD, which is no character")
    if len(target.splitlines()) > 1:
        found.append("it has a line break")
    repeated = repetition(target)
    if repeated and not repetition(source):
        found.append(f"it repeats {repeated!r}")
    lost, invented = unmatched(source, target)
    found += [f"it lost the number {number}" for number in lost]
    found += [f"it invented the number {number}" for number in invented]
    return found


def repetition(text: str) -> str | None:
    """The first word, or phrase of up to four, that comes three times in a row; case is ignored."""
    words = re.findall(r"\w+", text.casefold())
    for start in range(len(words)):
        for size in range(1, LONGEST_PHRASE + 1):
            phrase = words[start : start + size]
            times = MOST_IN_A_ROW + 1
            if len(phrase) == size and words[start : start + times * size] == phrase * times:
                return " ".join(phrase)
    return None
