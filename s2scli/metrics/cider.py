"""CIDEr-D (Vedantam, Zitnick and Parikh 2015, https://arxiv.org/abs/1411.5726), as COCO's server
and pycocoevalcap compute it.

A text is a vector of its n-grams, each weighted by how rare it is among the references of all
images; the score is the mean cosine to the references, over n from 1 to 4, with counts clipped to
the reference's and a penalty for another length. Texts are in lower case, without punctuation, and
not stemmed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from s2scli._version import __version__
from s2scli.metrics.base import (
    MeanMetric,
    Metric,
    MetricOptions,
    References,
    Statistics,
    signature_of,
)

__all__ = ["cider", "cider_scores"]

LONGEST, SIGMA, FACTOR = 4, 6.0, 10.0
Words = Sequence[str]
Counts = Counter[tuple[str, ...]]


class _Cider(MeanMetric):
    """The mean of the segments' scores, each from 0 to 10."""

    name = "cider"
    digits = 4
    largest = FACTOR

    def __init__(self) -> None:
        from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

        self._tokenize: Callable[[str], str] = Tokenizer13a()  # type: ignore[no-untyped-call]

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """Score, 1."""
        ours = [self._words(text) for text in hypotheses]
        theirs = [[self._words(text) for text in texts] for texts in references]
        return [(score, 1.0) for score in cider_scores(ours, theirs)]

    def signature(self, references: int) -> str:
        """Parameters and tokenizer."""
        return signature_of(
            references,
            variant="D",
            n=LONGEST,
            sigma=f"{SIGMA:g}",
            idf="references",
            tok="13a",
            punct="no",
            case="lc",
            mean="segments",
            s2s=__version__,
        )

    def _words(self, text: str) -> list[str]:
        words = self._tokenize(text).lower().split()
        return [word for word in words if any(map(str.isalnum, word))]


def cider(_options: MetricOptions) -> Metric:
    """CIDEr-D."""
    return _Cider()


def cider_scores(hypotheses: Sequence[Words], references: Sequence[Sequence[Words]]) -> list[float]:
    """The score of each hypothesis, from 0 to 10.

    Args:
        hypotheses: the words of each.
        references: for each the words of its references; rare is what few of these hold.
    """
    counted = [[_counts(words) for words in several] for several in references]
    holding = Counter(gram for several in counted for gram in set().union(*several))
    most = math.log(len(references)) if references else 0.0

    def vector(counts: Counts) -> _Vector:
        return _Vector(counts, {g: most - math.log(max(1, holding[g])) for g in counts})

    scores = []
    for words, several in zip(hypotheses, counted, strict=True):
        ours = vector(_counts(words))
        alike = [ours.likeness(vector(counts)) for counts in several]
        scores.append(FACTOR * sum(alike) / len(alike))
    return scores


class _Vector:
    """A text's n-grams, weighted.

    Args:
        counts: how often each occurs.
        rarity: by n-gram, the logarithm of one in how many images has it.
    """

    def __init__(self, counts: Counts, rarity: dict[tuple[str, ...], float]) -> None:
        self.weights = {gram: count * rarity[gram] for gram, count in counts.items()}
        squares = [0.0] * LONGEST
        for gram, weight in self.weights.items():
            squares[len(gram) - 1] += weight * weight
        self.norms = [math.sqrt(square) for square in squares]
        # COCO's code measures a text by its pairs of words.
        self.length = sum(count for gram, count in counts.items() if len(gram) == 2)

    def likeness(self, reference: _Vector) -> float:
        """The mean over n of the clipped cosines, times the penalty for another length."""
        products = [0.0] * LONGEST
        for gram, weight in self.weights.items():
            if (theirs := reference.weights.get(gram)) is not None:
                products[len(gram) - 1] += min(weight, theirs) * theirs
        norms = [one * other for one, other in zip(self.norms, reference.norms, strict=True)]
        cosines = [p / norm if norm else 0.0 for p, norm in zip(products, norms, strict=True)]
        apart = self.length - reference.length
        return sum(cosines) / LONGEST * math.exp(-(apart**2) / (2 * SIGMA**2))


def _counts(words: Words) -> Counts:
    return Counter(
        tuple(words[start : start + n])
        for n in range(1, LONGEST + 1)
        for start in range(len(words) - n + 1)
    )
