"""METEOR (Banerjee and Lavie 2005, https://aclanthology.org/W05-0909), equal to NLTK's.

Words are aligned in up to three passes: equal forms, equal stems, and synonyms if WordNet's data
are there (through NLTK, which is optional; nothing is ever downloaded). As in NLTK, each pass takes
the last free word that fits. Not comparable with the Java METEOR 1.5.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from s2scli._version import __version__
from s2scli.metrics.base import (
    MeanMetric,
    Metric,
    MetricOptions,
    References,
    Statistics,
    signature_of,
)
from s2scli.metrics.porter import stem

__all__ = ["align", "meteor", "meteor_score"]

ALPHA, BETA, GAMMA = 0.9, 3.0, 0.5
Pairs = list[tuple[int, int]]
Synonyms = Callable[[str], set[str]]


class _Meteor(MeanMetric):
    """The mean of the segments' scores; of several references, the best counts."""

    name = "meteor"
    digits = 4
    largest = 1.0

    def __init__(self, synonyms: Synonyms | None) -> None:
        from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

        self._tokenize: Callable[[str], str] = Tokenizer13a()  # type: ignore[no-untyped-call]
        self._synonyms = synonyms

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """Score, 1."""
        rows = []
        for hypothesis, texts in zip(hypotheses, references, strict=True):
            ours = self._words(hypothesis)
            best = max(meteor_score(ours, self._words(text), self._synonyms) for text in texts)
            rows.append((best, 1.0))
        return rows

    def signature(self, references: int) -> str:
        """Parameters, modules and tokenizer."""
        modules = "exact+stem" + ("+synonym" if self._synonyms else "")
        return signature_of(
            references,
            refs="best",
            alpha=ALPHA,
            beta=f"{BETA:g}",
            gamma=GAMMA,
            modules=modules,
            tok="13a",
            case="lc",
            mean="segments",
            s2s=__version__,
        )

    def _words(self, text: str) -> list[str]:
        return self._tokenize(text).lower().split()


def meteor(_options: MetricOptions) -> Metric:
    """METEOR with the modules for which there are data."""
    return _Meteor(_wordnet())


def _wordnet() -> Synonyms | None:
    """The words that share a sense, if NLTK and its WordNet are installed."""
    try:
        from nltk.corpus import wordnet

        wordnet.synsets("word")
    except (ImportError, LookupError, OSError):
        return None

    def synonyms(word: str) -> set[str]:
        senses: Any = wordnet.synsets(word)
        return {n for sense in senses for n in sense.lemma_names() if "_" not in n} | {word}

    return synonyms


def meteor_score(
    hypothesis: Sequence[str], reference: Sequence[str], synonyms: Synonyms | None = None
) -> float:
    """The score of one pair, from 0 to 1.

    Args:
        hypothesis: its words, in lower case.
        reference: its words, in lower case.
        synonyms: returns the words that mean the same, the word itself among them.
    """
    pairs = align(hypothesis, reference, synonyms)
    if not pairs:
        return 0.0
    precision, recall = len(pairs) / len(hypothesis), len(pairs) / len(reference)
    mean = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall)
    fragmentation: float = (_chunks(pairs) / len(pairs)) ** BETA
    return (1 - GAMMA * fragmentation) * mean


def align(
    hypothesis: Sequence[str], reference: Sequence[str], synonyms: Synonyms | None = None
) -> Pairs:
    """Pairs of places, each place once at most, in the order of the hypothesis."""
    ours, theirs = list(enumerate(hypothesis)), list(enumerate(reference))
    pairs = _equal(ours, theirs)
    our_stems = [(place, stem(word)) for place, word in ours]
    their_stems = [(place, stem(word)) for place, word in theirs]
    stemmed = _equal(our_stems, their_stems)
    if synonyms:  # of the stems, as NLTK has it
        stemmed += _synonymous(our_stems, their_stems, synonyms)
    return sorted(pairs + stemmed)


def _equal(ours: list[tuple[int, str]], theirs: list[tuple[int, str]]) -> Pairs:
    """Match equal words from the end, and take them off both lists."""
    places: dict[str, list[int]] = {}
    for place, word in theirs:
        places.setdefault(word, []).append(place)
    pairs, left = [], []
    for place, word in reversed(ours):
        if places.get(word):
            pairs.append((place, places[word].pop()))
        else:
            left.append((place, word))
    taken = {other for _, other in pairs}
    ours[:] = left[::-1]
    theirs[:] = [item for item in theirs if item[0] not in taken]
    return pairs


def _synonymous(
    ours: list[tuple[int, str]], theirs: list[tuple[int, str]], synonyms: Synonyms
) -> Pairs:
    pairs = []
    for place, word in reversed(ours):
        same = synonyms(word)
        for index in range(len(theirs) - 1, -1, -1):
            if theirs[index][1] in same:
                pairs.append((place, theirs.pop(index)[0]))
                break
    return pairs


def _chunks(pairs: Pairs) -> int:
    """Runs of pairs that are neighbours on both sides."""
    steps = itertools.pairwise(pairs)
    return 1 + sum(b != (a[0] + 1, a[1] + 1) for a, b in steps)
