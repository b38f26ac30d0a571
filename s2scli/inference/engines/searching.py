"""An engine built from a stepper and our own search."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from s2scli.data import Decoding
from s2scli.errors import S2SError, UsageError
from s2scli.inference.engines.contract import RankedToken, TokenHypothesis, engine_errors
from s2scli.inference.engines.stepper import (
    AttendingStepper,
    Floats,
    ForcingStepper,
    RestrictedStepper,
    Source,
    Stepper,
)
from s2scli.inference.processors import Processors
from s2scli.inference.search import Found, SearchPlan, log_softmax, search
from s2scli.models.manifest import SearchRules

if TYPE_CHECKING:
    from s2scli.inference.warpers import Sampling

__all__ = ["SearchEngine"]

T = TypeVar("T")


class SearchEngine:
    """An ``Engine`` for a stepper. Each of its threads decodes a batch.

    Args:
        stepper: the model.
        end_token: the token that ends a target.
        workers: number of batches decoded at the same time.
        compute_type: the type that the stepper computes in.
        rules: the search rules of the model's reference implementation.
        close: frees the stepper's resources, if dropping the reference is not enough.
        apart: gives what sources must share to be decoded together, since the stepper's results
            depend on what else is in a batch; None for all together.
    """

    seven_bits = False

    def __init__(
        self,
        stepper: Stepper,
        end_token: str,
        workers: int,
        compute_type: str,
        rules: SearchRules | None = None,
        close: Callable[[], None] | None = None,
        *,
        apart: Callable[[Source], Hashable] | None = None,
    ) -> None:
        self._stepper: Stepper | None = stepper
        self._ids = {token: number for number, token in enumerate(stepper.tokens)}
        self._end = end_token
        self._workers = workers
        self._compute_type = compute_type
        self._rules = rules or SearchRules()
        self._close = close
        self._apart = apart
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="s2s-search")

    @property
    def workers(self) -> int:
        """The number of batches decoded at the same time."""
        return self._workers

    @property
    def compute_type(self) -> str:
        """The compute type in use."""
        return self._compute_type

    @property
    def attends(self) -> bool:
        """Whether hypotheses can come with their attention."""
        return isinstance(self._open(), AttendingStepper)

    @property
    def unknown_token(self) -> str:
        """The token for all that the target vocabulary does not have.

        GPT-2's tokenizer calls its end so, since it writes all there is: such a model has none.
        """
        stepper = self._open()
        token = stepper.tokens[stepper.unknown] if stepper.unknown >= 0 else ""
        return token if token != self._end else ""

    def submit(
        self,
        sources: Sequence[Source],
        decoding: Decoding,
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
    ) -> Pending:
        """Submit a batch for decoding; see ``Engine.submit``."""
        with engine_errors():
            stepper, known = self._open(), self._ids
            if decoding.is_shortlisted and isinstance(stepper, RestrictedStepper):
                stepper = stepper.restricted(sources)
                known = {token: number for number, token in enumerate(stepper.tokens)}
            options = self._options(stepper, known, decoding, target_prefix, start_given)
            return Pending(self._pool.submit(self._decode, stepper, list(sources), options))

    def score(
        self,
        sources: Sequence[Source],
        targets: Sequence[list[str]],
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
        batch_tokens: int = 1024,
    ) -> list[list[float]]:
        """Natural log-probabilities of given target tokens; see ``Engine.score``."""
        start, prefix = _parted(target_prefix, start_given)
        with engine_errors():
            pairs = zip(sources, targets, strict=True)
            lengths = [len(source) + len(target) for source, target in pairs]
            scores: list[list[float]] = [[] for _ in sources]
            for group in self._groups(sources):
                order = sorted(group, key=lambda n: lengths[n])
                for batch in _batches(order, lengths, batch_tokens):
                    rows = [[*prefix, *targets[n], self._end] for n in batch]
                    found = self._forced([sources[n] for n in batch], rows, start)
                    for number, row in zip(batch, found, strict=True):
                        scores[number] = row[len(prefix) :]
            return scores

    def ranked(
        self,
        sources: Sequence[Source],
        targets: Sequence[list[str]],
        count: int,
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
    ) -> list[list[RankedToken]]:
        """Given target tokens among all others; see ``RankingEngine.ranked``."""
        start, prefix = _parted(target_prefix, start_given)
        found: list[list[RankedToken]] = []
        with engine_errors():
            for source, target in zip(sources, targets, strict=True):
                row = [*prefix, *target, self._end]
                found.append(self._ranks(source, row, start, count)[len(prefix) :])
        return found

    def _ranks(
        self, source: Source, target: Sequence[str], start: Sequence[str], count: int
    ) -> list[RankedToken]:
        stepper = self._open()
        if not isinstance(stepper, ForcingStepper):
            return [ranked for _, (ranked,) in self._steps([source], [[*target]], start, count)]
        first = self._ids.get(start[0], stepper.unknown) if start else stepper.start_token
        ids = [self._ids.get(token, stepper.unknown) for token in target]
        logs = log_softmax(stepper.forced(source, [first, *ids[:-1]]))
        return [
            self._ranked(None, row, 0, token, count) for row, token in zip(logs, ids, strict=True)
        ]

    def close(self) -> None:
        """Free the model's memory. The engine cannot be used afterwards."""
        self._pool.shutdown(cancel_futures=True)
        self._stepper = None
        if self._close:
            self._close()

    def _options(
        self,
        stepper: Stepper,
        known: Mapping[str, int],
        decoding: Decoding,
        target_prefix: Sequence[str],
        start_given: int,
    ) -> SearchPlan:
        """The search options in ids; sequences with tokens outside the vocabulary are dropped.

        Args:
            stepper: what will decode.
            known: its vocabulary.
            decoding: as for ``submit``.
            target_prefix: as for ``submit``.
            start_given: as for ``submit``.
        """
        ids = [known.get(token, stepper.unknown) for token in target_prefix]
        start, prefix = _parted(ids, start_given)
        ends = tuple(known[token] for token in decoding.ends or (self._end,) if token in known)
        suppress = [
            tuple(known[token] for token in row)
            for row in decoding.suppress
            if all(token in known for token in row)
        ]
        if decoding.no_unknown and self.unknown_token:
            suppress.append((stepper.unknown,))
        if decoding.coverage_penalty and not isinstance(stepper, AttendingStepper):
            raise UsageError(
                "The engine of this model gives no attention, which a coverage penalty needs",
                "Leave out --coverage-penalty.",
            )
        return SearchPlan(
            start=start[0] if start else stepper.start_token,
            ends=ends,
            processors=Processors(
                decoding.min_length,
                decoding.repetition_penalty,
                decoding.no_repeat_ngram_size,
                suppress,
                ends,
            ),
            prefix=tuple(prefix),
            uncounted=max(0, start_given - 1),
            beams=decoding.n_best if decoding.sample else decoding.beam_size,
            n_best=decoding.n_best,
            length_penalty=decoding.length_penalty,
            max_length=decoding.max_length,
            forced_end=known.get(self._end) if decoding.forced_end else None,
            early_stopping=self._rules.early_stopping,
            patience=decoding.patience,
            narrowing=self._rules.narrowing,
            start_counts=self._rules.start_counts,
            attention=decoding.alignment or decoding.replace_unknowns,
            coverage=decoding.coverage_penalty,
            sampling=_sampling(decoding) if decoding.sample else None,
        )

    def _decode(
        self, stepper: Stepper, sources: Sequence[Source], options: SearchPlan
    ) -> list[list[TokenHypothesis]]:
        found: list[list[TokenHypothesis]] = [[] for _ in sources]
        run = search
        if options.sampling:
            from s2scli.inference.sampling import sample as run  # few runs need it
        for group in self._groups(sources):
            together = run(stepper, [sources[number] for number in group], options)
            for number, several in zip(group, together, strict=True):
                found[number] = [self._hypothesis(each) for each in several]
        return found

    def _groups(self, sources: Sequence[Source]) -> list[list[int]]:
        """The numbers of the sources that are decoded together."""
        if self._apart is None:
            return [list(range(len(sources)))]
        groups: dict[Hashable, list[int]] = {}
        for number, source in enumerate(sources):
            groups.setdefault(self._apart(source), []).append(number)
        return list(groups.values())

    def _hypothesis(self, found: Found) -> TokenHypothesis:
        tokens, length = found.tokens, len(found.tokens)
        mean = min(0.0, found.total / length) if length else 0.0
        # An end token other than the model's own may be a word, which is part of the text.
        if found.ended and tokens[-1] == self._end:
            tokens = tokens[:-1]
        looked = None if found.attention is None else found.attention[: len(tokens)].tolist()
        return TokenHypothesis(tokens, mean, length, not found.ended, looked)

    def _forced(
        self, sources: Sequence[Source], targets: Sequence[list[str]], start: Sequence[str]
    ) -> list[list[float]]:
        """The natural log-probability of each token of given targets."""
        scores: list[list[float]] = [[] for _ in sources]
        for place, logs in self._steps(sources, targets, start):
            for row, target in enumerate(targets):
                if place < len(target):
                    scores[row].append(logs[row].log_prob)
        return scores

    def _steps(
        self,
        sources: Sequence[Source],
        targets: Sequence[list[str]],
        start: Sequence[str],
        count: int = 0,
    ) -> Iterator[tuple[int, list[RankedToken]]]:
        """For each place of given targets, the tokens that stand there among all others.

        A target that has ended repeats its end.
        """
        stepper = self._open()
        state = stepper.start(sources, 1)
        rows = np.arange(len(sources))
        first = self._ids.get(start[0], stepper.unknown) if start else stepper.start_token
        tokens = np.full(len(sources), first)
        for place in range(max(map(len, targets))):
            logs = log_softmax(stepper.step(state, tokens, rows))
            given = [target[min(place, len(target) - 1)] for target in targets]
            tokens = np.array(
                [
                    self._ids[token] if token in self._ids else stepper.number(state, row, token)
                    for row, token in enumerate(given)
                ]
            )
            numbers = enumerate(tokens.tolist())
            yield place, [self._ranked(state, logs[row], row, n, count) for row, n in numbers]

    def _ranked(self, state: Any, logs: Floats, row: int, token: int, count: int) -> RankedToken:
        """A token among all others, by their log-probabilities."""
        own = float(logs[token])
        if not count:
            return RankedToken(own, 0, [])
        stepper = self._open()
        known = len(stepper.tokens)
        best = np.argsort(-logs, kind="stable")[:count].tolist()
        return RankedToken(
            own,
            int((logs > logs[token]).sum()) + 1,
            [
                (stepper.tokens[n] if n < known else stepper.token(state, row, n), float(logs[n]))
                for n in best
            ],
        )

    def _open(self) -> Stepper:
        if self._stepper is None:
            raise S2SError("The engine has been closed")
        return self._stepper


class Pending:
    """A batch that a thread decodes."""

    def __init__(self, future: Future[list[list[TokenHypothesis]]]) -> None:
        self._future = future

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch; the hypotheses of each source, best first."""
        with engine_errors():
            return self._future.result()


def _sampling(decoding: Decoding) -> Sampling:
    from s2scli.inference.warpers import Sampling  # few runs need it

    return Sampling(decoding.temperature, decoding.top_k, decoding.top_p, decoding.seed)


def _parted(prefix: Sequence[T], start_given: int) -> tuple[Sequence[T], Sequence[T]]:
    """The token that replaces the model's start, if one does, and those after it."""
    first = min(1, start_given)
    return prefix[:first], prefix[first:]


def _batches(order: Sequence[int], lengths: Sequence[int], tokens: int) -> Iterator[Sequence[int]]:
    """The order cut into groups of at most so many tokens, padding included."""
    begin = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or (end - begin + 1) * lengths[order[end]] > tokens:
            yield order[begin:end]
            begin = end
