"""The one place that calls CTranslate2: options in, token strings out, its errors made ours."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import ctranslate2

from s2scli.addressspace import require_room
from s2scli.data import Decoding
from s2scli.errors import InvalidModelError, S2SError, UnavailableError, memory_error
from s2scli.inference.device import Placement
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.models.manifest import Manifest

__all__ = ["CTranslate2Engine", "open_engine"]

# Address space that the engine takes, beside its weights, and that of each thread with its heap.
ROOM = 480 << 20
THREAD_ROOM = 72 << 20
NAMES = {"cpu": "CPU", "cuda": "GPU"}

_Rows = list[list[float]]  # for each token of a target, a number for each of its source
_Hypotheses = Sequence[Sequence[list[str]]]  # for each source, tokens of each hypothesis
_Attend = Callable[[_Hypotheses], Sequence[Sequence[_Rows | None]]]


class _PendingTokens:
    """A batch inside the engine.

    Args:
        results: what the engine gave for each source.
        target: what must be known to read it.
        attend: gives the attention of each source's hypotheses, if the results do not.
    """

    def __init__(
        self, results: Sequence[Any], target: _Target, attend: _Attend | None = None
    ) -> None:
        self._results = results
        self._target = target
        self._attend = attend

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch: for each source its hypotheses, best first."""
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
                ]
            )
            for result, found in zip(results, attention, strict=True)
        ]

    def _ranked(self, hypotheses: list[TokenHypothesis]) -> list[TokenHypothesis]:
        """As many as are wanted; a forced end, which is certain, counts as one more token."""
        target = self._target
        if target.longest is None:
            return hypotheses
        penalty = target.length_penalty

        def value(hypothesis: TokenHypothesis) -> float:
            total = hypothesis.score * hypothesis.length
            # What a target begins with counts in its length too.
            ended = target.prefix + hypothesis.length + hypothesis.truncated
            return total / math.pow(max(1, ended), penalty)

        return sorted(hypotheses, key=value, reverse=True)[: target.n_best]

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
        # Another end than the model's own may be a word, and is then part of the text.
        tokens = tokens[:-1] if tokens[-1:] == [target.end] else tokens
        rows = attention[target.prefix :][: len(tokens)] if attention is not None else None
        return TokenHypothesis(tokens, mean, length, truncated, rows)


@dataclass(frozen=True, slots=True)
class _Target:
    """What must be known to read the engine's hypotheses."""

    prefix: int  # number of given tokens at the beginning of each hypothesis
    length_penalty: float
    end: str  # the model's own end token
    ends: tuple[str, ...]  # the tokens that end a target
    longest: int | None  # most tokens of one that was cut off, if an end takes the next one's place
    n_best: int  # hypotheses of each source


class CTranslate2Engine:
    """A model that CTranslate2 has loaded; an ``Engine``.

    Args:
        directory: the model directory.
        placement: where to run it.
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.
        end_token: the token that ends a target.

    Raises:
        InvalidModelError: the engine cannot read the model.
        UnavailableError: the device cannot compute in that type.
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
                max_queued_batches=-1,  # the flow bounds what is under way
            )

    @property
    def workers(self) -> int:
        """How many batches are decoded at the same time."""
        return int(self._translator.num_translators)

    @property
    def compute_type(self) -> str:
        """The type that the engine computes in."""
        return str(self._translator.compute_type)

    def submit(
        self,
        sources: Sequence[list[str]],
        decoding: Decoding,
        target_prefix: Sequence[str] = (),
        start_given: bool = False,
    ) -> _PendingTokens:
        """Begin to decode one batch of source token lists.

        Args:
            sources: for each source its tokens.
            decoding: how.
            target_prefix: what every target begins with; left out of the hypotheses.
            start_given: whether its first token takes the place of the model's start token.
        """
        prefix = list(target_prefix)
        beams = decoding.alignment and decoding.beam_size > 1
        with _engine_errors():
            results = self._translator.translate_batch(
                sources,
                [prefix] * len(sources) if prefix else None,
                asynchronous=True,
                max_input_length=0,
                return_scores=True,
                return_end_token=True,  # counted by the length penalty, as in transformers
                return_attention=decoding.alignment and not beams,
                **_arguments(decoding),
            )
        # The engine leaves its start token out of the hypotheses, but not the rest of a prefix.
        generated = len(prefix) - start_given
        ends = decoding.ends or (self._end,)
        longest = max(0, decoding.max_length - 1 - generated) if decoding.forced_end else None
        target = _Target(
            generated, decoding.length_penalty, self._end, ends, longest, decoding.n_best
        )
        if not beams:
            return _PendingTokens(results, target)
        start = prefix[:1] if start_given else []
        return _PendingTokens(results, target, partial(self._attention, sources, start))

    def _attention(
        self, sources: Sequence[list[str]], start: list[str], hypotheses: _Hypotheses
    ) -> list[list[_Rows]]:
        """How much the model looks at each token of a source as it writes each of a hypothesis.

        The hypotheses are given to it again, with one beam: with several beams, the engine (4.8.5)
        mixes up the attention of different sources.

        Args:
            sources: for each source its tokens.
            start: the token that takes the place of the model's start token, if one does.
            hypotheses: of each source, each with all its tokens.
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
            max_decoding_length=max((len(tokens) for _, tokens in pairs), default=1),
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
        start_given: bool = False,
        batch_tokens: int = 1024,
    ) -> list[list[float]]:
        """Natural-log-probabilities of given target tokens, the end token last.

        Args:
            sources: for each source its tokens.
            targets: for each its target's, without prefix and end.
            target_prefix: as for ``submit``; its own probabilities are left out.
            start_given: as for ``submit``.
            batch_tokens: most tokens in a batch.
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
        """Free the model's memory; nothing can be decoded any more."""
        self._translator.unload_model()


def open_engine(
    directory: Path, manifest: Manifest, placement: Placement, compute_type: str
) -> CTranslate2Engine:
    """Load a model; the arguments and errors are those of ``CTranslate2Engine``."""
    return CTranslate2Engine(directory, placement, compute_type, manifest.tokenizer.end)


def _check_room(directory: Path, placement: Placement) -> None:
    """Make sure that there is address space enough, as the engine's own threads do not.

    Raises:
        UnavailableError: there is not.
    """
    weights = directory / "model.bin"
    threads = placement.workers * placement.threads
    size = ROOM + THREAD_ROOM * threads + (weights.stat().st_size if weights.exists() else 0)
    require_room(size, "the engine")


def _keep_freed_memory() -> None:
    """Let the C library keep what the engine frees, for the engine asks for it again at once.

    Giving large blocks back to the system and taking them again, page by page, costs a twentieth
    of the time. See ``mallopt(3)``; other C libraries than glibc have no such function.
    """
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        m_trim_threshold, m_top_pad, m_mmap_threshold = -1, -2, -3
        mallopt(m_mmap_threshold, 1 << 30)
        mallopt(m_trim_threshold, 1 << 30)
        mallopt(m_top_pad, 1 << 24)


def _arguments(decoding: Decoding) -> dict[str, Any]:
    """The options of a decode by the engine's names; its lengths count a target's prefix."""
    return {
        "beam_size": decoding.beam_size,
        # The engine ranks them as if a forced end were none: all are needed to find the best.
        "num_hypotheses": decoding.beam_size if decoding.forced_end else decoding.n_best,
        "length_penalty": decoding.length_penalty,
        "max_decoding_length": max(1, decoding.max_length - decoding.forced_end),
        "min_decoding_length": decoding.min_length,
        "patience": decoding.patience,
        "repetition_penalty": decoding.repetition_penalty,
        "no_repeat_ngram_size": decoding.no_repeat_ngram_size,
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
