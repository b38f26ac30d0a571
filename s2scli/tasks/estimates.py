"""The quality of translations as a model without references estimates it, of many at once."""

from __future__ import annotations

from collections.abc import Iterable

from s2scli.inference.scoring.comet import HYPOTHESIS, SOURCE, CometScorer

__all__ = ["Estimates"]

MOST_KEPT = 1 << 14  # translations
Pair = tuple[str, str]


class Estimates:
    """Estimates by source and translation; the latest are kept.

    As in the reference implementation, the ends of texts that are longer than the model reads do
    not count.

    Args:
        scorer: a model of COMET's that reads no references.
    """

    def __init__(self, scorer: CometScorer) -> None:
        self._scorer = scorer
        self._kept: dict[Pair, float] = {}

    def __contains__(self, pair: Pair) -> bool:
        return pair in self._kept

    def __getitem__(self, pair: Pair) -> float:
        found = self._kept.get(pair)
        return self._computed([pair])[pair] if found is None else found

    def add(self, pairs: Iterable[Pair]) -> None:
        """Estimate all that are not known, in batches."""
        self._computed([pair for pair in dict.fromkeys(pairs) if pair not in self._kept])

    def _computed(self, pairs: list[Pair]) -> dict[Pair, float]:
        """The estimates of pairs, which are kept."""
        if not pairs:
            return {}
        sources, targets = ([pair[side] for pair in pairs] for side in (0, 1))
        found = self._scorer.estimates({SOURCE: sources, HYPOTHESIS: targets})
        new = {pair: each.score for pair, each in zip(pairs, found, strict=True)}
        # One assignment: documents are read in a thread of their own.
        room = len(self._kept) + len(new) <= MOST_KEPT
        self._kept = {**self._kept, **new} if room else new
        return new
