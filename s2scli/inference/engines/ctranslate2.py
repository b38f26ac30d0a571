"""The engine CTranslate2 with its own search: options in, token strings out, errors translated.

Only this module and ``recomputing`` beside it call CTranslate2.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ctranslate2

from s2scli.addressspace import keep_freed_memory, require_room
from s2scli.data import Decoding
from s2scli.errors import InvalidModelError, UnavailableError, memory_error
from s2scli.inference.device import Placement, products_overflow
from s2scli.inference.engines.contract import PendingTokens, RankedToken, engine_errors
from s2scli.inference.engines.reading import AttendLater, Hypotheses, ReadLater, ResultRules, Rows
from s2scli.inference.engines.shortlisted import DividedLater, NearTies, RescoredLater, divided
from s2scli.limits import REFERENCE
from s2scli.models.manifest import Manifest
from s2scli.models.shortlist import stored_reach

if TYPE_CHECKING:  # few runs need our own search
    from s2scli.inference.engines.recomputing import RecomputingStepper
    from s2scli.inference.engines.searching import SearchEngine

__all__ = ["CTranslate2Engine", "open_engine"]

# Address space of the engine besides its weights, and of each thread with its heap, in bytes.
ROOM = 480 << 20
THREAD_ROOM = 72 << 20
NAMES = {"cpu": "CPU", "cuda": "GPU"}


class CTranslate2Engine:
    """A model loaded by CTranslate2; an ``Engine``.

    Args:
        directory: the model directory.
        placement: where to run it.
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.
        end_token: the token that ends a target.
        manifest: the directory's, which our own search needs.

    Raises:
        InvalidModelError: the engine cannot read the model.
        UnavailableError: the device does not support the compute type.
    """

    attends = True

    def __init__(
        self,
        directory: Path,
        placement: Placement,
        compute_type: str,
        end_token: str = "</s>",
        manifest: Manifest | None = None,
    ) -> None:
        ctranslate2.set_log_level(logging.ERROR)
        if placement.device == "cpu":
            keep_freed_memory()
        self._directory, self._end, self._manifest = directory, end_token, manifest
        supported = ctranslate2.get_supported_compute_types(placement.device)
        if compute_type not in ("default", "auto") and compute_type not in supported:
            raise UnavailableError(
                f"This {NAMES[placement.device]} cannot compute in {compute_type}",
                f"Choose one of: {', '.join(sorted(supported))}.",
            )
        _check_room(directory, placement)
        with _load_errors(directory):
            files = _changed_files(directory, placement, compute_type)
            self.seven_bits = files is not None
            self._translator = ctranslate2.Translator(
                str(directory),
                files=files,
                device=placement.device,
                device_index=list(placement.indices),
                compute_type=compute_type,
                inter_threads=placement.workers if placement.device == "cpu" else 1,
                intra_threads=placement.threads,
                max_queued_batches=-1,  # the flow limits the number of batches
            )
        # Read when the engine reads it: the file may be made again meanwhile.
        self._reach = stored_reach(directory, manifest.shortlist if manifest else None)

    @property
    def workers(self) -> int:
        """The number of batches decoded at the same time."""
        return int(self._translator.num_translators)

    @property
    def compute_type(self) -> str:
        """The compute type in use."""
        return str(self._translator.compute_type)

    @cached_property
    def unknown_token(self) -> str:
        """The token for all that the target vocabulary does not have."""
        return self.searching.unknown_token

    @cached_property
    def searching(self) -> SearchEngine:
        """The same loaded model under our own search, for what the engine's cannot do.

        Raises:
            InvalidModelError: its vocabulary cannot be read.
        """
        from s2scli.inference.engines.searching import SearchEngine

        rules = (self._manifest or Manifest.load(self._directory)).search
        return SearchEngine(self.stepper, self._end, self.workers, self.compute_type, rules)

    @cached_property
    def stepper(self) -> RecomputingStepper:
        """The same loaded model one step at a time.

        Raises:
            InvalidModelError: its vocabulary cannot be read.
        """
        from s2scli.inference.engines.recomputing import RecomputingStepper

        manifest = self._manifest or Manifest.load(self._directory)
        return RecomputingStepper(
            self._translator, self._directory, manifest.family, manifest.max_target_tokens
        )

    def submit(
        self,
        sources: Sequence[list[str]],
        decoding: Decoding,
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
    ) -> PendingTokens:
        """Submit a batch of source token lists for decoding.

        Args:
            sources: the tokens of each source.
            decoding: the decoding options.
            target_prefix: tokens that every target begins with; left out of the hypotheses.
            start_given: whether the first of these (1) replaces the model's start token.
        """
        if not decoding.is_shortlisted:
            return self._submitted(sources, decoding, target_prefix, start_given)
        with_it, without = divided(sources, self._reach)
        parts = []
        if with_it:
            some = [sources[place] for place in with_it]
            parts.append((self._short(some, decoding, target_prefix, start_given), with_it))
        if without:
            others = [sources[place] for place in without]
            parts.append((self._submitted(others, decoding, target_prefix, start_given), without))
        return parts[0][0] if len(parts) == 1 else DividedLater(parts)

    def _short(
        self,
        sources: Sequence[list[str]],
        decoding: Decoding,
        target_prefix: Sequence[str],
        start_given: int,
    ) -> PendingTokens:
        """Submit sources that the shortlist serves; the whole vocabulary decides near ties.

        A model with several ends has scores that cannot be had again: which one it was is unknown.
        """
        n_best = 1 if decoding.ends else decoding.beam_size
        several = replace(decoding, n_best=n_best)
        pending = self._submitted(sources, several, target_prefix, start_given, use_vmap=True)
        if n_best == 1:
            return pending
        rules = NearTies(
            partial(self.score, target_prefix=target_prefix, start_given=start_given),
            decoding.length_penalty,
            len(target_prefix) - start_given,
        )
        return RescoredLater(pending, sources, rules)

    def _submitted(
        self,
        sources: Sequence[list[str]],
        decoding: Decoding,
        target_prefix: Sequence[str],
        start_given: int,
        *,
        use_vmap: bool = False,
    ) -> PendingTokens:
        """Submit sources that are decoded in the same way."""
        prefix = list(target_prefix)
        start = prefix[:1] if start_given else []
        shows = decoding.alignment or decoding.replace_unknowns
        all_show = decoding.alignment or bool(decoding.coverage_penalty) or not shows
        only = None if all_show else self.unknown_token
        attend = partial(self._attention, sources, start, only=only)
        if decoding.sample or decoding.search == REFERENCE:
            pending = self.searching.submit(sources, decoding, target_prefix, start_given)
            return AttendLater(pending, prefix[start_given:], attend) if shows else pending
        looks = shows or bool(decoding.coverage_penalty)
        later = looks and (decoding.beam_size > 1 or only is not None)
        with engine_errors():
            results = self._translator.translate_batch(
                sources,
                [prefix] * len(sources) if prefix else None,
                asynchronous=True,
                max_input_length=0,
                return_scores=True,
                return_end_token=True,  # they count in the length penalty, as in transformers
                return_attention=looks and not later,
                use_vmap=use_vmap,
                **_arguments(decoding),
            )
        # The engine leaves the start token out of the hypotheses, but keeps the rest of a prefix.
        generated = len(prefix) - start_given
        ends = decoding.ends or (self._end,)
        longest = max(0, decoding.max_length - 1 - generated) if decoding.forced_end else None
        target = ResultRules(
            generated,
            decoding.length_penalty,
            self._end,
            ends,
            longest,
            decoding.n_best,
            decoding.coverage_penalty,
            shows,
        )
        return ReadLater(results, target, attend if later else None)

    def _attention(
        self,
        sources: Sequence[list[str]],
        start: list[str],
        hypotheses: Hypotheses,
        only: str | None = None,
    ) -> list[list[Rows | None]]:
        """The attention of hypotheses, target tokens × source tokens each.

        The hypotheses are decoded again, with beam size 1: with several beams, the engine (4.8.5)
        mixes up the attention of different sources.

        Args:
            sources: the tokens of each source.
            start: the token that replaces the model's start token, if any.
            hypotheses: the hypotheses of each source, each with all its tokens.
            only: a token that the others need not have; None if all need their attention.
        """
        pairs = [
            (source, [*start, *(tokens[:-1] if tokens[-1:] == [self._end] else tokens)])
            for source, several in zip(sources, hypotheses, strict=True)
            for tokens in several
            if only in (None, *tokens)
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
        return [[next(rows) if only in (None, *row) else None for row in one] for one in hypotheses]

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
        with engine_errors():
            results = self._translator.score_batch(
                sources,
                [[*prefix, *target] for target in targets],
                max_batch_size=batch_tokens,
                batch_type="tokens",
                max_input_length=0,
            )
        generated = len(prefix) - start_given
        return [result.log_probs[generated:] for result in results]

    def ranked(self, *arguments: Any) -> list[list[RankedToken]]:
        """Given target tokens among all others; see ``RankingEngine.ranked``."""
        return self.searching.ranked(*arguments)

    def close(self) -> None:
        """Free the model's memory. The engine cannot be used afterwards."""
        if "searching" in vars(self):
            self.searching.close()
        self._translator.unload_model()


def open_engine(
    directory: Path, manifest: Manifest, placement: Placement, compute_type: str
) -> CTranslate2Engine:
    """Load a model; the arguments and errors are those of ``CTranslate2Engine``."""
    end = manifest.tokenizer.end
    return CTranslate2Engine(directory, placement, compute_type, end, manifest)


def _check_room(directory: Path, placement: Placement) -> None:
    """Check that there is enough address space; the engine's own threads do not check.

    Raises:
        UnavailableError: there is too little.
    """
    weights = directory / "model.bin"
    threads = placement.workers * placement.threads
    size = ROOM + THREAD_ROOM * threads + (weights.stat().st_size if weights.exists() else 0)
    require_room(size, "the engine")


def _changed_files(
    directory: Path, placement: Placement, compute_type: str
) -> dict[str, bytes] | None:
    """The model's files if they are not to be read as they are."""
    integers = compute_type == "auto" or compute_type.startswith("int8")
    if placement.device != "cpu" or not products_overflow():
        return None
    from s2scli.inference.engines.sevenbits import with_seven_bits

    return with_seven_bits(directory, integers) if integers or compute_type == "default" else None


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
