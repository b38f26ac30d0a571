"""BLEU, chrF and TER by sacrebleu (Post 2018, https://aclanthology.org/W18-6319)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any

from s2scli.errors import UnavailableError, UsageError
from s2scli.metrics.base import (
    Metric,
    MetricOptions,
    References,
    Statistics,
    column_sums,
    signature_of,
)
from s2scli.metrics.spm import PIECE_TOKENIZERS, piece_tokenizer
from s2scli.plugs import suggestion

if TYPE_CHECKING:
    from s2scli.metrics.resample import Interval

__all__ = ["TITLES", "SacreMetric", "bleu", "chrf", "chrf_plus_plus", "length_ratio", "ter"]

# What sacrebleu calls its scores.
TITLES = {"bleu": "BLEU", "chrf": "chrF2", "chrf++": "chrF2++", "ter": "TER"}


class SacreMetric(Metric):
    """One of sacrebleu's metrics; its statistics and its arithmetic are sacrebleu's own."""

    def __init__(self, name: str, metric: Any, sentence_metric: Any = None, spm: str = "") -> None:
        self.name = name
        self.title = TITLES[name]
        self.spm = spm  # hash of the tokenizer's model, if that is a user's file
        self.lower_is_better = name == "ter"
        self.largest = math.inf if name == "ter" else 100.0
        self._metric = metric
        self._sentence_metric = sentence_metric or metric

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """Counts of each segment."""
        most = max(map(len, references))
        # sacrebleu expects documents of references, and None where a segment has fewer.
        padded = [[*row, *[None] * (most - len(row))] for row in references]
        documents = list(zip(*padded, strict=True))
        found: Statistics = self._metric._extract_corpus_statistics(hypotheses, documents)
        return found

    def value(self, sums: Sequence[float]) -> float:
        """The score of sums of counts."""
        return float(self._metric._compute_score_from_stats(_plain(sums)).score)

    def sentence_scores(self, statistics: Statistics) -> list[float]:
        """Of BLEU with effective order: a short sentence has no n-gram of 4 words."""
        compute = self._sentence_metric._compute_score_from_stats
        return [compute(_plain(row)).score for row in statistics]

    def pairwise(self, texts: Sequence[str]) -> list[list[float]]:
        """As every metric's; the n-grams of a text are counted once, not once for each other."""
        if self.name == "ter":
            return super().pairwise(texts)
        from s2scli.metrics.pairwise import chrf_scores, common

        metric = self._metric
        found = [metric._extract_reference_info([metric._preprocess_segment(t)]) for t in texts]
        if self.name != "bleu":
            counts = [info["ref_ngrams"][0] for info in found]
            return [list(map(float, row)) for row in chrf_scores(counts, metric.beta)]
        orders = [
            [{k: v for k, v in info["ref_ngrams"].items() if len(k) == n} for info in found]
            for n in range(1, metric.max_ngram_order + 1)
        ]
        met = [common(counts) for counts in orders]
        sizes = [[sum(one.values()) for one in counts] for counts in orders]
        lengths = [info["ref_lens"][0] for info in found]
        numbers = range(len(texts))
        return [
            self.sentence_scores(
                [
                    [lengths[i], lengths[j], *(m[i, j] for m in met), *(s[i] for s in sizes)]
                    for j in numbers
                ]
            )
            for i in numbers
        ]

    def details(self, statistics: Statistics) -> dict[str, Any]:
        """BLEU's precisions, brevity penalty and lengths."""
        if self.name != "bleu":
            return {}
        found = self._metric._compute_score_from_stats(_plain(column_sums(statistics)))
        return {
            "precisions": found.precisions,
            "brevity_penalty": found.bp,
            "hypothesis_length": found.sys_len,
            "reference_length": found.ref_len,
        }

    def signature(self, references: int) -> str:
        """sacrebleu's own; with the hash of a tokenizer's model that is a user's file."""
        self._metric.num_refs = references
        found = self._metric.get_signature()
        if self.spm:
            found.update("spm", self.spm)
        return str(found)

    def printed(
        self,
        statistics: Statistics,
        references: int,
        digits: int,
        interval: Interval | None = None,
        draws: tuple[int, int] | None = None,
    ) -> str:
        """The score of a corpus as ``sacrebleu`` prints it as JSON.

        Args:
            statistics: of each segment.
            references: how many a segment has; -1 if that varies.
            digits: decimal places.
            interval: the score's interval, if it has one.
            draws: the number of resamples and their seed, of an interval.
        """
        found = self._metric._compute_score_from_stats(_plain(column_sums(statistics)))
        metric = copy(self._metric)
        metric.num_refs = references
        if interval and draws:
            metric.n_bootstrap, metric.seed = draws
            found._mean, found._ci = interval.mean, interval.half_width
        return str(found.format(digits, False, str(metric.get_signature()), True))


class _LengthRatio(Metric):
    name = "length-ratio"
    ranks = False
    digits = 3
    largest = math.inf

    def __init__(self, options: MetricOptions) -> None:
        self._bleu = bleu(options)
        self._tokenize = options.tokenize

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """Words of the hypothesis and of the closest reference."""
        return [row[:2] for row in self._bleu.statistics(hypotheses, references)]

    def value(self, sums: Sequence[float]) -> float:
        """Words per reference word; 0 if there is none."""
        return sums[0] / sums[1] if sums[1] else 0.0

    def signature(self, references: int) -> str:
        """Number of references and tokenizer."""
        model = {"spm": self._bleu.spm} if self._bleu.spm else {}
        return signature_of(references, tok=self._tokenize, **model)


def bleu(options: MetricOptions) -> SacreMetric:
    """BLEU.

    Raises:
        UsageError: there is no such tokenizer.
        UnavailableError: the tokenizer needs a package or data that are not here.
    """
    from sacrebleu.metrics.bleu import BLEU

    if options.tokenize not in BLEU.TOKENIZERS:
        raise UsageError(
            f"There is no tokenizer {options.tokenize!r}",
            suggestion(options.tokenize, sorted(BLEU.TOKENIZERS)),
        )
    tokenizer, digest = _given_tokenizer(options)
    with _tokenizer_errors(options.tokenize):
        corpus, sentence = (
            BLEU(
                lowercase=options.lowercase,
                force=True,
                tokenize="none" if tokenizer else options.tokenize,
                effective_order=effective,
            )
            for effective in (False, True)
        )
    for metric in (corpus, sentence) if tokenizer else ():
        metric.tokenizer, metric.tokenizer_signature = tokenizer, tokenizer.signature()
    return SacreMetric("bleu", corpus, sentence, digest)


def _given_tokenizer(options: MetricOptions) -> tuple[Any, str]:
    """The tokenizer of a user's file and the hash of its model; None if there is no such file."""
    if options.spm is None:
        return None, ""
    if options.tokenize not in PIECE_TOKENIZERS:
        raise UsageError(
            f"The tokenizer {options.tokenize} has no model, and {options.spm} is given as one",
            f"Name one of: {', '.join(PIECE_TOKENIZERS)}.",
        )
    return piece_tokenizer(options.tokenize, options.spm)


def chrf(options: MetricOptions) -> Metric:
    """chrF2."""
    from sacrebleu.metrics.chrf import CHRF

    return SacreMetric("chrf", CHRF(lowercase=options.lowercase))


def chrf_plus_plus(options: MetricOptions) -> Metric:
    """chrF2++."""
    from sacrebleu.metrics.chrf import CHRF

    return SacreMetric("chrf++", CHRF(word_order=2, lowercase=options.lowercase))


def ter(_options: MetricOptions) -> Metric:
    """TER, which ignores case, as tercom does."""
    from sacrebleu.metrics.ter import TER

    return SacreMetric("ter", TER())


def length_ratio(options: MetricOptions) -> Metric:
    """Words of the hypotheses by words of the references."""
    return _LengthRatio(options)


@contextmanager
def _tokenizer_errors(name: str) -> Iterator[None]:
    try:
        yield
    except (ImportError, RuntimeError) as error:
        raise UnavailableError(
            f"The tokenizer {name} needs a package that is not installed",
            f"Install it with: pip install 'sacrebleu[{name.split('-')[0]}]'.",
        ) from error
    except OSError as error:
        raise UnavailableError(
            f"The tokenizer {name} needs data that cannot be fetched: {error}",
            "Give its model with --spm FILE." if name in PIECE_TOKENIZERS else "Try 13a or char.",
        ) from error


def _plain(row: Sequence[float]) -> list[float]:
    """A list that sacrebleu may change; whole numbers where they are, for it prints them."""
    return [int(number) if number == int(number) else number for number in row]
