"""What must come out of a translation as it went in, and how much of it did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from s2scli.text.spans import Protection
from tests.numerals import unmatched

__all__ = ["KINDS", "NUMBERS", "Kept", "things"]

NUMBERS = "numbers"
# What a protected stretch is, by how it begins or what it has in it.
PATTERNS = {
    "URLs": r"https?://|www\.",
    "e-mail addresses": r"[\w.+-]+@",
    "code spans": "`",
    "placeholders": r"[{%$<]",
}
KINDS = (*PATTERNS, NUMBERS)
PROTECTION = Protection()


class Share(NamedTuple):
    """How many things there were, and how many are left."""

    things: int
    kept: int


class Kept:
    """Counts what translations kept.

    Attributes:
        shares: by kind.
        whole: of the texts, those that kept all.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        there, left = Counter[str](), Counter[str]()
        texts = whole = 0
        for source, target in pairs:
            rows = list(_compared(source, target))
            for kind, wanted, kept in rows:
                there[kind] += wanted
                left[kind] += kept
            texts += 1
            whole += all(wanted == kept for _, wanted, kept in rows)
        self.shares = {kind: Share(there[kind], left[kind]) for kind in KINDS}
        self.whole = Share(texts, whole)


def things(text: str) -> dict[str, Counter[str]]:
    """The placeholders, addresses and code spans of a text, by kind, each as often as it is."""
    found: dict[str, Counter[str]] = {kind: Counter() for kind in PATTERNS}
    for start, end in PROTECTION.spans(text):
        for kind, pattern in PATTERNS.items():
            if end - start > 1 and re.match(pattern, text[start:end]):
                found[kind][text[start:end]] += 1
                break
    return found


def _compared(source: str, target: str) -> Iterator[tuple[str, int, int]]:
    """For each kind how many there are, and how many were kept; one too many is one less."""
    inside = things(source)
    for kind, counts in inside.items():
        off = {thing: abs(target.count(thing) - source.count(thing)) for thing in counts}
        kept = sum(max(0, count - off[thing]) for thing, count in counts.items())
        yield kind, counts.total(), kept
    for thing in (thing for counts in inside.values() for thing in counts):
        source, target = source.replace(thing, " "), target.replace(thing, " ")
    numbers = len(unmatched(source, "")[0])
    lost, invented = unmatched(source, target)
    # A number that was changed counts once; one made up beside those that are there counts too.
    yield NUMBERS, numbers, max(0, numbers - max(len(lost), len(invented)))
