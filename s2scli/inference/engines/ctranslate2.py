"""The only module that calls CTranslate2: options in, token strings out, errors translated."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import ctranslate2

from s2scli.addressspace import require_room
from s2scli.data import Decoding
from s2scli.errors import InvalidModelError, S2SError, UnavailableError, memory_error
from s2scli.inference.coverage import coverage
from s2scli.inference.device import Placement
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.models.manifest import Manifest

__all__ = ["CTranslate2Engine", "open_engine"]

# Address space of the engine besides its weights, and of each thread with its heap, in bytes.
ROOM = 480 << 20
THREAD_ROOM = 72 << 20
NAMES = {"cpu": "CPU", "cuda": "GPU"}

_Rows = list[list[float]]  # target tokens × source tokens
_Ranked = list[TokenHypothesis]
_Hypotheses = Sequence[Sequence[list[str]]]  # sources × hypotheses × tokens
_Attend = Callable[[_Hypotheses], Sequence[Sequence[_Rows | None]]]


class _PendingTokens:
    """A batch in the engine.

    Args:
        results: the engine's result of each source.
        target: how to read the results.
        attend: computes the attention of the hypotheses, if the results have none.
    """

    def __init__(
        self, results: Sequence[Any], target: _Target, attend: _Attend | None = None
    ) -> None:
        self._results = results
        self._target = target
        self._attend = attend

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch; the hypotheses of each source, best first."""
        with _engine_errors():
            results = [pending.result() for pending in self._results]
            attention: Sequence[Sequence[_Rows | None]] = (
                self._attend([result.hypotheses for result in results])
                if self._attend
                else [r.attention or [None] * len(r.hypotheses) for r in results]
            )
        return [
            self._ranked(
                [
                    self._hypothesis(tokens, score, rows)
                    for tokens, score, rows in zip(
                        result.hypotheses, result.scores, found, strict=True
                    )
                ],
                found,
            )
            for result, found in zip(results, attention, strict=True)
        ]

    def _ranked(self, hypotheses: list[TokenHypothesis], found: Sequence[_Rows | None]) -> _Ranked:
        """The best hypotheses; a forced end, of probability 1, counts as one more token."""
        target = self._target
        if not target.ranks:
            return hypotheses

        def value(pair: tuple[TokenHypothesis, _Rows | None]) -> float:
            hypothesis, rows = pair
            total = hypothesis.score * hypothesis.length
            # The target prefix counts in the length too.
            ended = target.prefix + hypothesis.length
            if target.longest is not None:
                ended += hypothesis.truncated
            score = total / math.pow(max(1, ended), target.length_penalty)
            if not (target.coverage and rows):
                return score
            return score + target.coverage * coverage(rows[: target.prefix + hypothesis.length])

        pairs = sorted(zip(hypotheses, found, strict=True), key=value, reverse=True)
        return [hypothesis for hypothesis, _ in pairs[: target.n_best]]

    def _hypothesis(
        self, tokens: list[str], score: float, attention: _Rows | None
    ) -> TokenHypothesis:
        target = self._target
        # The engine divides the sum of log-probabilities by length ** penalty.
        total = score * len(tokens) ** target.length_penalty
        tokens = tokens[target.prefix :]
        truncated = not tokens or tokens[-1] not in target.ends
        if truncated and target.longest is not None:
            tokens = tokens[: target.longest]
        length = len(tokens)
        mean = total / length if length else 0.0
        # An end token other than the model's own may be a word, which is part of the text.
        tokens = tokens[:-1] if tokens[-1:] == [target.end] else tokens
        wanted = target.alignment and attention is not None
        rows = attention[target.prefix :][: len(tokens)] if wanted and attention else None
        return TokenHypothesis(tokens, mean, length, truncated, rows)


class _Target(NamedTuple):
    """How to read the engine's hypotheses."""

    prefix: int  # number of prefix tokens in each hypothesis
    length_penalty: float
    end: str  # the model's own end token
    ends: tuple[str, ...]  # the tokens that end a target
    longest: int | None  # length of a truncated hypothesis, if a forced end follows
    n_best: int  # number of hypotheses per source
    coverage: float = 0.0  # weight of the penalty for source tokens that got little attention
    alignment: bool = False  # whether hypotheses come with their attention

    @property
    def ranks(self) -> bool:
        """Whether hypotheses are ranked here, and not by the engine."""
        return self.longest is not None or bool(self.coverage)


class CTranslate2Engine:
    """A model loaded by CTranslate2; an ``Engine``.

    Args:
        directory: the model directory.
        placement: where to run it.
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.
        end_token: the token that ends a target.

    Raises:
        InvalidModelError: the engine cannot read the model.
        UnavailableError: the device does not support the compute type.
    """

    def __init__(
        self, directory: Path, placement: Placement, compute_type: str, end_token: str = "</s>"
    ) -> None:
        ctranslate2.set_log_level(logging.ERROR)
        if placement.device == "cpu":
            _keep_freed_memory()
        self._end = end_token
        supported = ctranslate2.get_supported_compute_types(placement.device)
        if compute_type not in ("default", "auto") and compute_type not in supported:
            raise UnavailableError(
                f"This {NAMES[placement.device]} cannot compute in {compute_type}",
                f"Choose one of: {', '.join(sorted(supported))}.",
            )
        _check_room(directory, placement)
        with _load_errors(directory):
            self._translator = ctranslate2.Translator(
                str(directory),
                device=placement.device,
                device_index=list(placement.indices),
                compute_type=compute_type,
                inter_threads=placement.workers if placement.device == "cpu" else 1,
                intra_threads=placement.threads,
                max_queued_batches=-1,  # the flow limits the number of batches
            )

    @property
    def workers(self) -> int:
        """The number of batches decoded at the same time."""
        return int(self._translator.num_translators)

    @property
    def compute_type(self) -> str:
        """The compute type in use."""
        return str(self._translator.compute_type)

    def submit(
        self,
        sources: Sequence[list[str]],
        decoding: Decoding,
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
    ) -> _PendingTokens:
        """Submit a batch of source token lists for decoding.

        Args:
            sources: the tokens of each source.
            decoding: the decoding options.
            target_prefix: tokens that every target begins with; left out of the hypotheses.
            start_given: whether the first of these (1) replaces the model's start token.
        """
        prefix = list(target_prefix)
        looks = decoding.alignment or bool(decoding.coverage_penalty)
        beams = looks and decoding.beam_size > 1
        with _engine_errors():
            results = self._translator.translate_batch(
                sources,
                [prefix] * len(sources) if prefix else None,
                asynchronous=True,
                max_input_length=0,
                return_scores=True,
                return_end_token=True,  # they count in the length penalty, as in transformers
                return_attention=looks and not beams,
                **_arguments(decoding),
            )
        # The engine leaves the start token out of the hypotheses, but keeps the rest of a prefix.
        generated = len(prefix) - start_given
        ends = decoding.ends or (self._end,)
        longest = max(0, decoding.max_length - 1 - generated) if decoding.forced_end else None
        target = _Target(
            generated,
            decoding.length_penalty,
            self._end,
            ends,
            longest,
            decoding.n_best,
            decoding.coverage_penalty,
            decoding.alignment,
        )
        if not beams:
            return _PendingTokens(results, target)
        start = prefix[:1] if start_given else []
        return _PendingTokens(results, target, partial(self._attention, sources, start))

    def _attention(
        self, sources: Sequence[list[str]], start: list[str], hypotheses: _Hypotheses
    ) -> list[list[_Rows]]:
        """The attention of hypotheses, target tokens × source tokens each.

        The hypotheses are decoded again, with beam size 1: with several beams, the engine (4.8.5)
        mixes up the attention of different sources.

        Args:
            sources: the tokens of each source.
            start: the token that replaces the model's start token, if any.
            hypotheses: the hypotheses of each source, each with all its tokens.
        """
        pairs = [
            (source, [*start, *(tokens[:-1] if tokens[-1:] == [self._end] else tokens)])
            for source, several in zip(sources, hypotheses, strict=True)
            for tokens in several
        ]
        results = self._translator.translate_batch(
            [source for source, _ in pairs],
            [tokens for _, tokens in pairs],
            max_input_length=0,
            beam_size=1,
            max_decoding_length=max((len(tokens) for _, tokens in pairs), default=0) + 1,
            return_attention=True,
            return_end_token=True,
        )
        rows = (result.attention[0] for result in results)
        return [[next(rows) for _ in several] for several in hypotheses]

    def score(
        self,
        sources: Sequence[list[str]],
        targets: Sequence[list[str]],
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
        batch_tokens: int = 1024,
    ) -> list[list[float]]:
        """Natural log-probabilities of given target tokens, the end token last.

        Args:
            sources: the tokens of each source.
            targets: the target tokens of each source, without prefix and end.
            target_prefix: as for ``submit``; its probabilities are left out.
            start_given: as for ``submit``.
            batch_tokens: maximum tokens per batch.
        """
        prefix = list(target_prefix)
        with _engine_errors():
            results = self._translator.score_batch(
                sources,
                [[*prefix, *target] for target in targets],
                max_batch_size=batch_tokens,
                batch_type="tokens",
                max_input_length=0,
            )
        generated = len(prefix) - start_given
        return [result.log_probs[generated:] for result in results]

    def close(self) -> None:
        """Free the model's memory. The engine cannot be used afterwards."""
        self._translator.unload_model()


def open_engine(
    directory: Path, manifest: Manifest, placement: Placement, compute_type: str
) -> CTranslate2Engine:
    """Load a model; the arguments and errors are those of ``CTranslate2Engine``."""
    return CTranslate2Engine(directory, placement, compute_type, manifest.tokenizer.end)


def _check_room(directory: Path, placement: Placement) -> None:
    """Check that there is enough address space; the engine's own threads do not check.

    Raises:
        UnavailableError: there is too little.
    """
    weights = directory / "model.bin"
    threads = placement.workers * placement.threads
    size = ROOM + THREAD_ROOM * threads + (weights.stat().st_size if weights.exists() else 0)
    require_room(size, "the engine")


def _keep_freed_memory() -> None:
    """Let the C library keep freed memory, since the engine allocates it again at once.

    Returning large blocks to the system and faulting them in again, page by page, costs 5% of the
    time. See ``mallopt(3)``; C libraries other than glibc have no such function.
    """
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        m_trim_threshold, m_top_pad, m_mmap_threshold = -1, -2, -3
        mallopt(m_mmap_threshold, 1 << 30)
        mallopt(m_trim_threshold, 1 << 30)
        mallopt(m_top_pad, 1 << 24)


def _arguments(decoding: Decoding) -> dict[str, Any]:
    """The decoding options as the engine's arguments; its lengths include the target prefix."""
    return {
        "beam_size": decoding.beam_size,
        # The engine's ranking ignores the forced end, so all are needed to find the best; and its
        # coverage penalty takes the attention of other sources in the batch (4.8.5).
        "num_hypotheses": decoding.beam_size
        if decoding.forced_end or decoding.coverage_penalty
        else decoding.n_best,
        "length_penalty": decoding.length_penalty,
        "max_decoding_length": max(1, decoding.max_length - decoding.forced_end),
        "min_decoding_length": decoding.min_length,
        "patience": decoding.patience,
        "repetition_penalty": decoding.repetition_penalty,
        "no_repeat_ngram_size": decoding.no_repeat_ngram_size,
        "disable_unk": decoding.no_unknown,
        "suppress_sequences": [list(tokens) for tokens in decoding.suppress] or None,
        "end_token": list(decoding.ends) or None,
    }


@contextmanager
def _load_errors(directory: Path) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ValueError, MemoryError) as error:
        if short := memory_error(error):
            raise short from error
        if "CUDA" in str(error) or "compute type" in str(error):
            raise UnavailableError(f"The engine cannot run {directory}: {error}") from error
        raise InvalidModelError(
            f"The engine cannot read the model in {directory}: {error}",
            "Convert its checkpoint again with 's2s convert'.",
        ) from error


@contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ValueError, MemoryError) as error:
        raise memory_error(error) or S2SError(f"The engine failed: {error}") from error
