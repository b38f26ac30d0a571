"""BERTScore as a metric, with its weights by rarity and its rescaling."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from s2scli._version import __version__
from s2scli.disk.hashes import sha256
from s2scli.errors import BadInputError, MissingInputError
from s2scli.inference.scoring.bertscore import BertScorer, Match
from s2scli.metrics.base import (
    MeanMetric,
    Metric,
    MetricOptions,
    References,
    Statistics,
    column_sums,
    signature_of,
)
from s2scli.tasks.learned.models import bert_scorer, cut_remark, model_facts, scoring_wish

__all__ = ["bertscore"]

MAX_BYTES = 1 << 20  # of a file with baselines
HASH = 8  # characters of its hash


class _BertScore(MeanMetric):
    """The mean F-score of the segments; of several references, the best counts."""

    name = "bertscore"
    digits = 4
    largest = 1.0
    smallest = -math.inf

    def __init__(self, scorer: BertScorer, options: MetricOptions) -> None:
        self._scorer = scorer
        self._idf = options.idf
        self._file = options.baseline
        self._baseline = _read_baseline(self._file, scorer.layer) if self._file else None

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """F, precision, recall, 1."""
        before = self._scorer.cut
        rows = [(number, text) for number, texts in enumerate(references) for text in texts]
        rarity = self._scorer.rarity(text for _, text in rows) if self._idf else None
        pairs = [(hypotheses[number], text) for number, text in rows]
        found: list[list[Match]] = [[] for _ in hypotheses]
        for (number, _), match in zip(rows, self._scorer.matches(pairs, rarity), strict=True):
            found[number].append(match)
        self.remarks = cut_remark(self._scorer.cut - before, self.name)
        # As in the reference implementation, each number is the best by itself.
        best = [Match(*map(max, zip(*several, strict=True))) for several in found]
        scaled = [self._rescaled(match) for match in best]
        return [(match.f_score, match.precision, match.recall, 1.0) for match in scaled]

    def details(self, statistics: Statistics) -> dict[str, float]:
        """Mean precision and recall."""
        _, precision, recall, count = column_sums(statistics)
        return {"precision": precision / count, "recall": recall / count}

    def signature(self, references: int) -> str:
        """The model and its layer, how tokens weigh, and what scores are rescaled by."""
        return signature_of(
            references,
            refs="best",
            **model_facts(self._scorer.encoder),
            layer=self._scorer.layer,
            idf="references" if self._idf else "no",
            rescaled=sha256(self._file)[:HASH] if self._file else "no",
            mean="segments",
            s2s=__version__,
        )

    def _rescaled(self, match: Match) -> Match:
        if self._baseline is None:
            return match
        pairs = zip(match, self._baseline, strict=True)
        return Match(*((number - base) / (1 - base) for number, base in pairs))


def bertscore(options: MetricOptions, model: str) -> Metric:
    """BERTScore by an encoder."""
    return _BertScore(bert_scorer(scoring_wish(model, "--metric bertscore:")), options)


def _read_baseline(path: Path, layer: int) -> Match:
    """The scores of texts that have nothing to do with each other, by a layer.

    The file is one of ``bert_score``'s (``rescale_baseline``): ``LAYER,P,R,F``, a row for each.

    Raises:
        MissingInputError: it cannot be read.
        BadInputError: it is no such file, or has no such layer.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file.read(MAX_BYTES).splitlines()))
    except OSError as error:
        raise MissingInputError(f"Cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise BadInputError(f"{path} is not UTF-8") from error
    try:
        for row in rows[1:]:
            if int(row[0]) == layer:
                found = Match(*map(float, row[1:]))
                if all(number < 1 for number in found):
                    return found
                raise ValueError
    except (ValueError, IndexError, TypeError) as error:
        raise BadInputError(
            f"{path} does not hold the baselines of BERTScore",
            "Its rows are LAYER,P,R,F, as in the files of the package bert-score.",
        ) from error
    raise BadInputError(f"{path} has no baseline of layer {layer}, which the model compares")
