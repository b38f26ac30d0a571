"""The results of the latest sources, so that a repeated one need not be decoded again."""

from __future__ import annotations

from collections import OrderedDict

from s2scli.data import Decoding, Hypothesis

__all__ = ["Recent"]

Key = tuple[Decoding, tuple[str, ...]]


class Recent:
    """Hypotheses by their sources; those that were asked for least recently are forgotten.

    Args:
        most: source tokens that are kept in all.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._tokens = 0
        self._kept: OrderedDict[Key, tuple[Hypothesis, ...]] = OrderedDict()

    def get(self, key: Key) -> tuple[Hypothesis, ...] | None:
        """The hypotheses of a source, if they are known still."""
        if found := self._kept.get(key):
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, hypotheses: tuple[Hypothesis, ...]) -> None:
        """Keep the hypotheses of a source."""
        if key not in self._kept:
            self._tokens += len(key[1])
        self._kept[key] = hypotheses
        while self._tokens > self._most:
            (_, tokens), _ = self._kept.popitem(last=False)
            self._tokens -= len(tokens)
