"""A batch that the engine is working on, from its tokens to texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from s2scli.data import Decoding, Detail, Hypothesis
from s2scli.inference.engines.contract import PendingTokens, TokenHypothesis
from s2scli.inference.tokenizers import Tokenizer
from s2scli.inference.tokenizers.bytes import HOLE, spelt_out
from s2scli.text.alignment import STAND_IN, attended

__all__ = ["Asked", "PendingTexts"]


class Asked(NamedTuple):
    """What a batch was asked for.

    Attributes:
        sources: what the model reads, for each source of the batch.
        decoding: how it decodes.
        frame: the tokens around a source, and the token that ends a target.
        unknown: the token for what the target's vocabulary does not have, if it is to be replaced.
    """

    sources: Sequence[Any]
    decoding: Decoding
    frame: tuple[Sequence[str], Sequence[str], str]
    unknown: str | None = None


class PendingTexts:
    """A submitted batch: waits for the engine, then detokenizes.

    Args:
        pending: the batch.
        asked: what it was asked for.
        tokenizer: the tokenizer.
        first: given tokens that each text begins with.
        tagged: whether special tokens mark fields of the texts.
    """

    def __init__(
        self,
        pending: PendingTokens,
        asked: Asked,
        tokenizer: Tokenizer,
        first: list[str],
        *,
        tagged: bool,
    ) -> None:
        self._pending = pending
        self._asked = asked
        self._tokenizer = tokenizer
        self._first = first
        self._tagged = tagged

    def result(self) -> list[tuple[Hypothesis, ...]]:
        """The hypotheses of each source, best first."""
        batch = self._pending.result()
        rows = [self._shown(h.tokens) for source in batch for h in source]
        texts = iter(self._tokenizer.decode(rows, HOLE))
        shown = iter(rows)
        return [
            tuple(self._hypothesis(next(texts), next(shown), h, number) for h in source)
            for number, source in enumerate(batch)
        ]

    def _shown(self, tokens: list[str]) -> list[str]:
        """The tokens of a text, with a sign for each unknown one that is to be replaced."""
        unknown = self._asked.unknown
        if unknown is not None and unknown in tokens:
            tokens = [STAND_IN if token == unknown else token for token in tokens]
        return [*self._first, *tokens]

    def _hypothesis(
        self, raw: str, shown: list[str], h: TokenHypothesis, number: int
    ) -> Hypothesis:
        text, holes = _without_holes(raw)
        asked = self._asked.decoding
        replaced = STAND_IN in text
        looks = h.attention is not None and (asked.alignment or replaced)
        words = None
        details: tuple[Detail, ...] = ()
        if looks or asked.detail:
            spans = self._tokenizer.target_spans(shown)[len(self._first) :]
            if looks:
                words = attended(text, spans, h.attention or [])
            if asked.detail:
                details = (self._detail(h, spans, number),)
        spelt = "" if text.isascii() else spelt_out(h.tokens)
        tagged = self._tokenizer.tagged([*self._first, *h.tokens]) if self._tagged else ""
        return Hypothesis(
            text, h.score, h.length, h.truncated, None, words, holes, spelt, tagged, details
        )

    def _detail(self, h: TokenHypothesis, spans: Sequence[tuple[int, int]], number: int) -> Detail:
        asked = self._asked
        source = tuple(map(str, asked.sources[number]))
        prefix, suffix, end = asked.frame
        return Detail(
            source,
            (len(prefix), len(source) - len(suffix)),
            tuple(h.tokens),
            tuple(spans),
            end if h.length > len(h.tokens) else "",
            asked.decoding.prefix,
            h.attention if asked.decoding.alignment else None,
        )


def _without_holes(raw: str) -> tuple[str, tuple[int, ...]]:
    """A text, and where in it there was a sign for missing bytes."""
    if HOLE not in raw:
        return raw, ()
    parts = raw.split(HOLE)
    text = "".join(parts)
    lead, text = len(text) - len(text.lstrip()), text.strip()
    places = accumulate(map(len, parts[:-1]))
    return text, tuple(min(max(0, place - lead), len(text)) for place in places)
