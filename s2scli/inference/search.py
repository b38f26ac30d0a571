"""Greedy and beam search over a stepper, equal to that of transformers 4.57.

Each source is decoded as if it were alone: finished sources leave the batch, and no result depends
on the other sources.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from s2scli.inference.coverage import coverage
from s2scli.inference.engines.stepper import AttendingStepper, Floats, Ids, Source, Stepper
from s2scli.inference.greatest import greatest
from s2scli.inference.processors import Processors

if TYPE_CHECKING:  # few runs sample
    from s2scli.inference.warpers import Sampling

__all__ = ["BEST", "NEVER", "BaseSearch", "Found", "SearchPlan", "log_softmax", "search"]

FLOOR = np.float32(-1e9)  # below any sum of log-probabilities; the value that transformers uses
NEVER, BEST = "never", "best"
CACHED_NUMBERS = 1 << 16


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """The options of a search, with tokens as ids.

    Attributes:
        start: the id given to the first step.
        ends: the ids that end a target.
        processors: changes of the scores.
        prefix: ids that every target begins with, after the start; they count in lengths.
        uncounted: how many of these, the first ones, do not.
        beams: beam size; 1 is greedy search.
        n_best: number of hypotheses returned per source.
        length_penalty: a sum of log-probabilities is divided by length ** length_penalty.
        max_length: maximum tokens of a target, prefix and end included.
        forced_end: the last token of a target of maximum length; None for any.
        early_stopping: when a beam search ends. ``True``: when there are as many finished
            hypotheses as beams; ``False``: when no open one is better, at its current length,
            than the worst finished one; ``NEVER``: when none could become better at any length;
            ``BEST``: when the best of a step ends and there are ``n_best``, as in OpenNMT-py.
        patience: if not 1, a search ends after ``beams * patience`` finished hypotheses, rounded
            as CTranslate2 does.
        narrowing: whether the beam shrinks by one when a hypothesis ends, as in Marian; the
            search ends when the beam is empty.
        start_counts: whether the start token counts in lengths.
        attention: whether hypotheses come with the attention of a stepper that attends.
        coverage: weight of the penalty for source tokens that got little attention.
        sampling: how tokens are drawn, ``beams`` times for each source; None to search for the
            best (see ``s2scli.inference.sampling``).
    """

    start: int
    ends: tuple[int, ...]
    processors: Processors
    prefix: tuple[int, ...] = ()
    uncounted: int = 0
    beams: int = 1
    n_best: int = 1
    length_penalty: float = 1.0
    max_length: int = 256
    forced_end: int | None = None
    early_stopping: bool | str = False
    patience: float = 1.0
    narrowing: bool = False
    start_counts: bool = False
    attention: bool = False
    coverage: float = 0.0
    sampling: Sampling | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A hypothesis.

    Attributes:
        tokens: its ids without the prefix; the end token is the last one if it has ended.
        total: sum of the natural log-probabilities of all its tokens.
        ended: whether an end token ended it, not the maximum length.
        attention: target tokens × source tokens, the attention weights; None if not recorded.
    """

    tokens: list[str]
    total: float
    ended: bool
    attention: Floats | None = None


def log_softmax(scores: Floats) -> Floats:
    """Turn each row of logits into natural log-probabilities, in place."""
    # A few rows at a time fit into the processor's cache.
    step = max(1, CACHED_NUMBERS // scores.shape[1])
    for start in range(0, len(scores), step):
        rows = scores[start : start + step]
        rows -= rows.max(-1, keepdims=True)
        rows -= np.log(np.exp(rows).sum(-1, keepdims=True))
    return scores


def search(stepper: Stepper, sources: Sequence[Source], options: SearchPlan) -> list[list[Found]]:
    """Decode a batch; return the hypotheses of each source, best first.

    Raises:
        S2SError: the stepper failed.
    """
    if not sources:
        return []
    kind = _Greedy if options.beams == 1 and not options.narrowing else _Beams
    return kind(stepper, sources, options).run()


class BaseSearch(ABC):
    """What all searches share: stepping, recording, building hypotheses.

    Rows are beams of the sources still decoded; ``sources`` has the indices of those sources.
    """

    def __init__(self, stepper: Stepper, sources: Sequence[Source], options: SearchPlan) -> None:
        self.stepper, self.options = stepper, options
        self._attending: AttendingStepper | None = None
        if (options.attention or options.coverage) and isinstance(stepper, AttendingStepper):
            self._attending = stepper
        self.sources: Ids = np.arange(len(sources))
        self.found: list[list[Found]] = [[] for _ in sources]
        # Source lengths without padding; None for an image, whose attention has none.
        self._widths = [None if isinstance(each, np.ndarray) else len(each) for each in sources]
        self._state: Any = stepper.start(sources, options.beams)
        rows = len(sources) * options.beams
        self.length = -options.uncounted  # current target length in tokens
        # The history begins with the start, if that is a token.
        self._hidden = int(options.start < 0)
        self.history: Ids = np.full((rows, 1), options.start)
        self.parents: Ids = np.arange(rows)
        self._trail: list[tuple[Ids, Floats | None]] = []
        for token in options.prefix[: options.max_length + options.uncounted]:
            self._step()
            self._append(np.full(rows, token), np.arange(rows))

    def run(self) -> list[list[Found]]:
        """Search to the end."""
        if self.length >= self.options.max_length:  # the prefix leaves no room
            return [[Found([], 0.0, ended=False)] for _ in self.found]
        with np.errstate(invalid="ignore"):  # if all tokens of a row are forbidden
            while len(self.sources):
                self.advance()
        return self.found

    @abstractmethod
    def advance(self) -> None:
        """Take one step."""

    @property
    def is_last(self) -> bool:
        """Whether the next token reaches the maximum length."""
        return self.length + 1 >= self.options.max_length

    def _step(self) -> Floats:
        scores = self.stepper.step(self._state, self.history[:, -1], self.parents)
        looked = self._attending.attention(self._state) if self._attending else None
        self._trail.append((self.parents, looked))
        return scores

    def scores(self, *, logarithms: bool) -> Floats:
        """The next tokens' scores: logits, or log-probabilities."""
        scores = self._step()
        if logarithms:
            scores = log_softmax(scores)
        self.options.processors.apply(self.history[:, self._hidden :], self.length, scores)
        if self.is_last and self.options.forced_end is not None:
            scores[:] = -np.inf
            scores[:, self.options.forced_end] = 0
        return scores

    def _append(self, tokens: Ids, parents: Ids) -> None:
        """Append tokens, each to one of the rows."""
        self.history = np.concatenate([self.history[parents], tokens[:, None]], 1)
        self.parents = parents
        self.length += 1

    def is_end(self, tokens: Ids) -> Any:
        """Which tokens end a target."""
        return np.isin(tokens, self.options.ends)

    def give(self, row: int, tokens: Ids, total: float, *, ended: bool) -> Found:
        """Build a hypothesis from the tokens after the prefix.

        Args:
            row: the row of its last token.
            tokens: all its tokens, including the start.
            total: the sum of their log-probabilities.
            ended: whether the last one ends it.
        """
        first = 1 + len(self.options.prefix)
        known = len(self.stepper.tokens)
        names = [
            self.stepper.tokens[n] if n < known else self.stepper.token(self._state, row, n)
            for n in map(int, tokens[first:])
        ]
        forced = self.is_last and self.options.forced_end is not None
        if forced and names:
            names.pop()
        looked = (
            self._looked(row, len(names) + forced)
            if self.options.attention and self._attending
            else None
        )
        if looked is not None:
            looked = looked[: len(names), : self._widths[self.sources[row // self.options.beams]]]
        return Found(names, total, ended and not forced, looked)

    def _looked(self, row: int, count: int) -> Floats:
        """The attention of the last steps of a row, oldest first."""
        rows = []
        for parents, looked in reversed(self._trail[len(self._trail) - count :]):
            assert looked is not None
            rows.append(looked[row])
            row = int(parents[row])
        return np.array(rows[::-1], np.float32).reshape(count, -1)


class _Greedy(BaseSearch):
    """Greedy search: the best token at each step."""

    def __init__(self, stepper: Stepper, sources: Sequence[Source], options: SearchPlan) -> None:
        super().__init__(stepper, sources, options)
        self._totals = np.zeros(len(sources))

    def advance(self) -> None:
        scores = self.scores(logarithms=False)
        tokens = scores.argmax(-1)
        best = scores.max(-1)
        stuck = np.isneginf(best)  # all tokens are forbidden
        self._totals -= np.where(stuck, 0, np.log(np.exp(scores - best[:, None]).sum(-1)))
        ends = self.is_end(tokens) & ~stuck
        done = ends | stuck | self.is_last
        for row in np.flatnonzero(done):
            ids = self.history[row]
            if not stuck[row]:
                ids = np.append(ids, tokens[row])
            hypothesis = self.give(int(row), ids, float(self._totals[row]), ended=bool(ends[row]))
            self.found[self.sources[row]] = [hypothesis]
        kept = np.flatnonzero(~done)
        self._append(tokens[kept], kept)
        self.sources, self._totals = self.sources[kept], self._totals[kept]


@dataclass(frozen=True, slots=True)
class _Finished:
    """A finished hypothesis and its score."""

    score: float
    hypothesis: Found


class _Beams(BaseSearch):
    """Beam search."""

    def __init__(self, stepper: Stepper, sources: Sequence[Source], options: SearchPlan) -> None:
        super().__init__(stepper, sources, options)
        size, beams = len(sources), options.beams
        self._totals: Floats = np.full((size, beams), FLOOR)
        self._totals[:, 0] = 0  # all beams are still the same, so only one counts
        self._finished: list[list[_Finished]] = [[] for _ in sources]
        self._count = np.zeros(size, np.int64)  # finished hypotheses of each source, over all steps
        self._open = np.full(size, beams)  # current beam size of each source

    def advance(self) -> None:
        logs = self.scores(logarithms=True)
        size, beams = self._totals.shape
        # Enough candidates to fill the beam even if all others end.
        alone = self.options.narrowing or self.options.early_stopping == BEST
        keep = beams if alone else max(2, 1 + len(self.options.ends)) * beams
        logs += self._totals.reshape(-1, 1)
        totals, index = greatest(logs.reshape(size, -1), keep)
        origins, tokens = np.divmod(index, logs.shape[1])
        ends = self.is_end(tokens)
        stops = ends | self.is_last
        rows = origins + np.arange(size)[:, None] * beams
        limits = self._open if self.options.narrowing else np.full(size, beams)
        first = (np.arange(totals.shape[1]) < limits[:, None]) & (totals > FLOOR)
        for source, candidate in zip(*np.nonzero(stops & first), strict=True):
            self._finish(source, rows, tokens, totals, ends, candidate)
        if self.options.narrowing:
            self._open = (first & ~stops).sum(1)
            totals = np.where(first & ~stops, totals, FLOOR)
        going, chosen = greatest(totals + stops * FLOOR, beams)
        # A source is also finished if no hypothesis is open.
        done = self._done(going[:, 0], ends[:, 0]) | (going[:, 0] <= FLOOR)
        self._go_on(
            np.flatnonzero(~done),
            np.take_along_axis(tokens, chosen, 1),
            np.take_along_axis(rows, chosen, 1),
            going,
        )

    def _finish(
        self, source: Any, rows: Ids, tokens: Ids, totals: Floats, ends: Any, candidate: Any
    ) -> None:
        """Add a finished hypothesis, unless there are enough better ones."""
        options, total = self.options, totals[source, candidate]
        score = float(total / np.float32(self._next_length**options.length_penalty))
        if options.coverage:
            row, width = int(rows[source, candidate]), self._widths[self.sources[source]]
            looked = self._looked(row, len(self._trail))[:, :width]
            score += options.coverage * coverage(looked.tolist())
        pool = self._finished[self.sources[source]]
        self._count[source] += 1
        if len(pool) >= options.beams and score <= pool[-1].score:
            return
        row = int(rows[source, candidate])
        ids = np.append(self.history[row], tokens[source, candidate])
        ended = bool(ends[source, candidate])
        pool.append(_Finished(score, self.give(row, ids, float(total), ended=ended)))
        pool.sort(key=lambda each: -each.score)
        del pool[options.beams :]

    @property
    def _next_length(self) -> int:
        """The length of a hypothesis after this step, for the length penalty."""
        return self.length + 1 + self.options.start_counts

    def _done(self, best: Floats, best_ends: Any) -> Any:
        """Which sources are finished.

        Args:
            best: for each source, the largest sum of log-probabilities of its open hypotheses.
            best_ends: for each source, whether its best candidate ends.
        """
        options, length = self.options, self._next_length
        if self.is_last:
            return np.ones(len(best), bool)
        if options.narrowing:
            return self._open <= 0
        if options.early_stopping == BEST:
            return best_ends & (self._count >= options.n_best)
        if options.patience != 1.0:
            return self._count >= math.floor(options.beams * options.patience + 0.5)
        pools = [self._finished[source] for source in self.sources]
        full = np.array([len(pool) >= options.beams for pool in pools])
        if options.early_stopping is True:
            return full
        if options.early_stopping == NEVER and options.length_penalty > 0:
            length = options.max_length
        worst = [np.float32(pool[-1].score) if pool else FLOOR for pool in pools]
        reach = best / np.float32(length**options.length_penalty)
        return full & ~(reach > np.array(worst))

    def _go_on(self, kept: Ids, tokens: Ids, rows: Ids, totals: Floats) -> None:
        """Drop the finished sources and store their hypotheses."""
        for place in set(range(len(self.sources))) - set(kept.tolist()):
            number, row = self.sources[place], place * self.options.beams
            pool = self._finished[number][: self.options.n_best]
            self.found[number] = [each.hypothesis for each in pool]
            if not pool:  # all next tokens were forbidden
                total = float(self._totals[place, 0])
                self.found[number] = [self.give(row, self.history[row], total, ended=False)]
        self._append(tokens[kept].ravel(), rows[kept].ravel())
        self._totals, self._count, self._open = totals[kept], self._count[kept], self._open[kept]
        self.sources = self.sources[kept]
