"""BLEU, chrF and TER by sacrebleu (Post 2018, https://aclanthology.org/W18-6319)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from s2scli.errors import UnavailableError, UsageError
from s2scli.metrics.base import (
    Metric,
    MetricOptions,
    References,
    Statistics,
    column_sums,
    signature_of,
)
from s2scli.plugs import suggestion

__all__ = ["bleu", "chrf", "chrf_plus_plus", "length_ratio", "ter"]


class _Sacre(Metric):
    """One of sacrebleu's metrics; its statistics and its arithmetic are sacrebleu's own."""

    def __init__(self, name: str, metric: Any, sentence_metric: Any = None) -> None:
        self.name = name
        self.lower_is_better = name == "ter"
        self.largest = math.inf if name == "ter" else 100.0
        self._metric = metric
        self._sentence_metric = sentence_metric or metric

    def statistics(self, hypotheses: Sequence[str], references: References) -> Statistics:
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
        """sacrebleu's own."""
        self._metric.num_refs = references
        return str(self._metric.get_signature())


class _LengthRatio(Metric):
    name = "length-ratio"
    digits = 3
    largest = math.inf

    def __init__(self, options: MetricOptions) -> None:
        self._bleu = bleu(options)
        self._tokenize = options.tokenize

    def statistics(self, hypotheses: Sequence[str], references: References) -> Statistics:
        """Words of the hypothesis and of the closest reference."""
        return [row[:2] for row in self._bleu.statistics(hypotheses, references)]

    def value(self, sums: Sequence[float]) -> float:
        """Words per reference word; 0 if there is none."""
        return sums[0] / sums[1] if sums[1] else 0.0

    def signature(self, references: int) -> str:
        """Number of references and tokenizer."""
        return signature_of(references, tok=self._tokenize)


def bleu(options: MetricOptions) -> Metric:
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
    with _tokenizer_errors(options.tokenize):
        metrics = [
            BLEU(
                lowercase=options.lowercase,
                force=True,
                tokenize=options.tokenize,
                effective_order=effective,
            )
            for effective in (False, True)
        ]
    return _Sacre("bleu", *metrics)


def chrf(options: MetricOptions) -> Metric:
    """chrF2."""
    from sacrebleu.metrics.chrf import CHRF

    return _Sacre("chrf", CHRF(lowercase=options.lowercase))


def chrf_plus_plus(options: MetricOptions) -> Metric:
    """chrF2++."""
    from sacrebleu.metrics.chrf import CHRF

    return _Sacre("chrf++", CHRF(word_order=2, lowercase=options.lowercase))


def ter(_options: MetricOptions) -> Metric:
    """TER, which ignores case, as tercom does."""
    from sacrebleu.metrics.ter import TER

    return _Sacre("ter", TER())


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
            f"The tokenizer {name} needs data that cannot be fetched: {error}", "Try 13a or char."
        ) from error


def _plain(row: Sequence[float]) -> list[float]:
    """A list that sacrebleu may change; whole numbers where they are, for it prints them."""
    return [int(number) if number == int(number) else number for number in row]
