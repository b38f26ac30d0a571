"""BLEU, chrF and TER by sacrebleu (Post 2018, https://aclanthology.org/W18-6319)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from s2scli.errors import UnavailableError, UsageError
from s2scli.metrics.base import Array, Metric, MetricOptions, References

__all__ = ["bleu", "chrf", "chrf_plus_plus", "length_ratio", "ter"]


class _Sacre(Metric):
    """One of sacrebleu's metrics; its statistics and its arithmetic are sacrebleu's own."""

    def __init__(self, name: str, metric: Any, sentence_metric: Any = None) -> None:
        self.name = name
        self.lower_is_better = name == "ter"
        self._metric = metric
        self._sentence_metric = sentence_metric or metric

    def statistics(self, hypotheses: Sequence[str], references: References) -> Array:
        """Counts of each segment."""
        most = max(map(len, references))
        # sacrebleu wants documents of references, and None where a segment has fewer.
        padded = [[*row, *[None] * (most - len(row))] for row in references]
        rows = self._metric._extract_corpus_statistics(hypotheses, list(zip(*padded, strict=True)))
        return np.array(rows, dtype=np.float64)

    def scores(self, sums: Array) -> Array:
        """The scores of sums of counts."""
        return self._scores(self._metric, sums)

    def sentence_scores(self, statistics: Array) -> Array:
        """Of BLEU with effective order: a short sentence has no n-gram of 4 words."""
        return self._scores(self._sentence_metric, statistics)

    def details(self, statistics: Array) -> dict[str, Any]:
        """BLEU's precisions, brevity penalty and lengths."""
        if self.name != "bleu":
            return {}
        found = self._metric._compute_score_from_stats(_plain(statistics.sum(axis=0)))
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

    @staticmethod
    def _scores(metric: Any, sums: Array) -> Array:
        found = [metric._compute_score_from_stats(_plain(row)).score for row in sums]
        return np.array(found, dtype=np.float64)


class _LengthRatio(Metric):
    name = "length-ratio"
    digits = 3

    def __init__(self, options: MetricOptions) -> None:
        self._bleu = bleu(options)
        self._tokenize = options.tokenize

    def statistics(self, hypotheses: Sequence[str], references: References) -> Array:
        """Words of the hypothesis and of the closest reference."""
        return self._bleu.statistics(hypotheses, references)[:, :2]

    def scores(self, sums: Array) -> Array:
        """Words a word; 0 where there is no reference word."""
        words = np.maximum(sums[:, 1], 1)
        ratios: Array = np.where(sums[:, 1] > 0, sums[:, 0] / words, 0.0)
        return ratios

    def signature(self, references: int) -> str:
        """Number of references and tokenizer."""
        return f"nrefs:{_count(references)}|tok:{self._tokenize}"


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
            f"Known: {', '.join(sorted(BLEU.TOKENIZERS))}.",
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


def _plain(row: Array) -> list[float]:
    """Numbers of Python's own: sacrebleu changes lists in place and prints whole numbers."""
    return [int(number) if number.is_integer() else number for number in row.tolist()]


def _count(references: int) -> str:
    return "var" if references < 0 else str(references)
