"""Samples over a stepper: each token is drawn from the model's distribution.

The random numbers are our own: Philox (Salmon et al. 2011, https://doi.org/10.1145/2063384.2063405)
gives one for each token of the vocabulary, with a key that is a hash of the seed, the source, the
number of the sample and the step. So a sample depends neither on what else is in its batch nor on
the order of the sources, on threads or workers, and equal sources have equal samples.

A token is drawn by a race: the one for which an exponential number, divided by the token's
probability, is the least (the same as the Gumbel-max trick, Maddison et al. 2014,
https://arxiv.org/abs/1411.0030). Last digits of the logits, which do depend on the batch in
float32, hardly ever change who wins; an inverse of the cumulative distribution would move the
borders of all unlikely tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from s2scli.inference.engines.stepper import Floats, Ids, Source, Stepper
from s2scli.inference.search import BaseSearch, Found, SearchPlan, log_softmax
from s2scli.inference.warpers import Sampling, warp

__all__ = ["draw", "sample"]

BITS = 53  # of a random number between 0 and 1


def sample(stepper: Stepper, sources: Sequence[Source], options: SearchPlan) -> list[list[Found]]:
    """Draw ``options.beams`` targets for each source, in the order of their numbers.

    Their totals are by the model's own distribution, before it is warped.

    Args:
        stepper: the model.
        sources: the sources.
        options: how, with ``sampling``.

    Raises:
        S2SError: the stepper failed.
    """
    return _Samples(stepper, sources, options).run() if sources else []


def draw(scores: Floats, keys: Sequence[bytes]) -> Ids:
    """A token for each row.

    Args:
        scores: rows × vocabulary, logits or log-probabilities; minus infinity for what must not be.
        keys: for each row, the 16 bytes that its random numbers depend on.
    """
    tokens = np.zeros(len(scores), np.int64)
    for place, (row, key) in enumerate(zip(scores, keys, strict=True)):
        bits = np.random.Philox(key=int.from_bytes(key, "little")).random_raw(len(row))
        waits = -np.log(((bits >> np.uint64(64 - BITS)) + 0.5) / (1 << BITS))
        with np.errstate(over="ignore"):  # what is hardly possible waits without end
            waits *= np.exp((row.max() - row).astype(np.float64))
        tokens[place] = waits.argmin()
    return tokens


class _Samples(BaseSearch):
    """Rows are samples. One that has ended goes on as a copy of another one of its source, since a
    source has as many rows at every step; the last one takes them all out of the batch."""

    def __init__(self, stepper: Stepper, sources: Sequence[Source], options: SearchPlan) -> None:
        super().__init__(stepper, sources, options)
        self._how = options.sampling or Sampling()
        self._totals = np.zeros(len(sources) * options.beams)
        self._going = np.ones(len(sources) * options.beams, bool)
        self._keys = [_key(self._how.seed, source) for source in sources]
        self._drawn: list[list[Found | None]] = [[None] * options.beams for _ in sources]

    def advance(self) -> None:
        scores = self.scores(logarithms=False)
        rows = np.flatnonzero(self._going)
        stuck = np.isneginf(scores.max(-1))  # all tokens are forbidden
        tokens = np.zeros(len(scores), np.int64)
        able = rows[~stuck[rows]]
        if len(able):
            tokens[able] = draw(warp(scores[able], self._how), [self._place(row) for row in able])
            logs = log_softmax(scores[able])
            self._totals[able] += np.take_along_axis(logs, tokens[able, None], 1)[:, 0]
        ends = self.is_end(tokens) & ~stuck
        done = ends | stuck | self.is_last
        for row in rows[done[rows]]:
            self._finish(int(row), tokens, ended=bool(ends[row]), stuck=bool(stuck[row]))
        self._going &= ~done
        self._go_on(tokens)

    def _place(self, row: Any) -> bytes:
        """What the random numbers for a row's next token depend on."""
        source, number = divmod(int(row), self.options.beams)
        step = self.history.shape[1]
        place = number.to_bytes(4, "little") + step.to_bytes(4, "little")
        key = self._keys[self.sources[source]]
        return blake2b(place, digest_size=16, key=key).digest()

    def _finish(self, row: int, tokens: Ids, *, ended: bool, stuck: bool) -> None:
        ids = self.history[row] if stuck else np.append(self.history[row], tokens[row])
        source, number = divmod(row, self.options.beams)
        found = self.give(row, ids, float(self._totals[row]), ended=ended)
        self._drawn[self.sources[source]][number] = found

    def _go_on(self, tokens: Ids) -> None:
        """Drop the sources whose samples have all ended."""
        beams = self.options.beams
        going = self._going.reshape(-1, beams)
        kept = np.flatnonzero(going.any(1))
        for place in np.flatnonzero(~going.any(1)):
            source = self.sources[place]
            self.found[source] = [found for found in self._drawn[source] if found is not None]
        rows = np.arange(len(self._going)).reshape(-1, beams)
        first = np.take_along_axis(rows, going.argmax(1)[:, None], 1)
        parents = np.where(going, rows, first)[kept].ravel()
        own = rows[kept].ravel()
        self._append(tokens[parents], parents)
        self._totals, self._going = self._totals[own], self._going[own]
        self.sources = self.sources[kept]


def _key(seed: int, source: Source) -> bytes:
    """A hash of the seed and a source, as the model reads it."""
    found = blake2b(seed.to_bytes(8, "little"), digest_size=32)
    if isinstance(source, np.ndarray):
        found.update(np.ascontiguousarray(source).tobytes())
    else:
        for token in source:
            found.update(token.encode("utf-8", "surrogatepass") + b"\0")
    return found.digest()
