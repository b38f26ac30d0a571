"""ROUGE (Lin 2004, https://aclanthology.org/W04-1013), equal to the package rouge-score.

Longest common subsequences are found bit-parallel (Hyyrö 2004): a row of the table is one whole
number, so that a text of n words takes n steps whatever the other's length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from s2scli._version import __version__
from s2scli.metrics.base import (
    MeanMetric,
    Metric,
    MetricOptions,
    References,
    Statistics,
    column_sums,
    signature_of,
)
from s2scli.metrics.porter import stem
from s2scli.metrics.words import words

__all__ = ["rouge1", "rouge2", "rouge_l", "rouge_lsum"]

# rouge-score leaves short words as they are.
LONGEST_UNSTEMMED = 3
Words = Sequence[str]
Triple = tuple[float, float, float]  # precision, recall, F


class _Rouge(MeanMetric):
    """The mean of the segments' F-scores; of several references, the one with the best F counts.

    Statistics: F, precision, recall and a one.
    """

    digits = 4
    largest = 1.0

    def __init__(
        self, name: str, options: MetricOptions, score: Callable[[_Text, _Text], Triple]
    ) -> None:
        self.name = name
        self._options = options
        self._score = score

    def statistics(
        self, hypotheses: Sequence[str], references: References, sources: Sequence[str] = ()
    ) -> Statistics:
        """F, precision, recall, 1."""
        rows = []
        for hypothesis, texts in zip(hypotheses, references, strict=True):
            ours = _text(hypothesis, self._options)
            found = [self._score(ours, _text(text, self._options)) for text in texts]
            precision, recall, f_score = max(found, key=lambda triple: triple[2])
            rows.append((f_score, precision, recall, 1.0))
        return rows

    def details(self, statistics: Statistics) -> dict[str, float]:
        """Mean precision and recall."""
        _, precision, recall, count = column_sums(statistics)
        return {"precision": precision / count, "recall": recall / count}

    def signature(self, references: int) -> str:
        """Stemmer, words, number of references and how they are put together."""
        stemmer = "porter" if self._options.stem else "no"
        return signature_of(
            references,
            refs="best",
            stem=stemmer,
            words=self._options.rouge_words,
            mean="segments",
            s2s=__version__,
        )


class _Text:
    """A text's words; its sentences' words, if they are asked for."""

    def __init__(self, text: str, options: MetricOptions) -> None:
        self._text, self._options = text, options
        self.words = self._split(text)

    def sentences(self) -> list[list[str]]:
        """The words of each line that is not empty."""
        return [self._split(line) for line in self._text.split("\n") if line]

    def _split(self, text: str) -> list[str]:
        found = words(text.lower(), self._options.rouge_words)
        if not self._options.stem:
            return found
        return [stem(word) if len(word) > LONGEST_UNSTEMMED else word for word in found]


# The four metrics read the same texts.
@lru_cache(maxsize=64)
def _text(text: str, options: MetricOptions) -> _Text:
    return _Text(text, options)


def rouge1(options: MetricOptions) -> Metric:
    """ROUGE-1."""
    return _Rouge("rouge1", options, lambda ours, theirs: _ngrams(ours, theirs, 1))


def rouge2(options: MetricOptions) -> Metric:
    """ROUGE-2."""
    return _Rouge("rouge2", options, lambda ours, theirs: _ngrams(ours, theirs, 2))


def rouge_l(options: MetricOptions) -> Metric:
    """ROUGE-L over the whole text."""
    return _Rouge("rougeL", options, _longest)


def rouge_lsum(options: MetricOptions) -> Metric:
    """ROUGE-L by sentences, one on each line: the "summary-level" one of the paper."""
    return _Rouge("rougeLsum", options, _summary)


def _ngrams(ours: _Text, theirs: _Text, size: int) -> Triple:
    one, other = (Counter(_windows(text.words, size)) for text in (ours, theirs))
    common = sum((one & other).values())
    return _triple(common, sum(one.values()), sum(other.values()))


def _windows(words: Words, size: int) -> Sequence[object]:
    return words if size == 1 else list(pairwise(words))


def _longest(ours: _Text, theirs: _Text) -> Triple:
    if not ours.words or not theirs.words:
        return 0.0, 0.0, 0.0
    rows = _table(theirs.words, ours.words)
    return _triple(rows[-1].bit_count(), len(ours.words), len(theirs.words))


def _summary(ours: _Text, theirs: _Text) -> Triple:
    """Each word counts once at most, in whichever sentences it was found."""
    our_sentences, their_sentences = ours.sentences(), theirs.sentences()
    left = Counter(chain.from_iterable(our_sentences))
    needed = Counter(chain.from_iterable(their_sentences))
    sizes = left.total(), needed.total()
    if not all(sizes):
        return 0.0, 0.0, 0.0
    hits = 0
    for reference in their_sentences:
        found: set[int] = set()
        for sentence in our_sentences:
            found.update(_places(reference, sentence))
        for place in sorted(found):
            word = reference[place]
            if left[word] > 0 and needed[word] > 0:
                hits += 1
                left[word] -= 1
                needed[word] -= 1
    return _triple(hits, *sizes)


def _triple(common: int, ours: int, theirs: int) -> Triple:
    precision, recall = common / max(ours, 1), common / max(theirs, 1)
    f_score = 2 * precision * recall / (precision + recall) if common else 0.0
    return precision, recall, f_score


def _table(reference: Words, sentence: Words) -> list[int]:
    """For each number of the reference's first words, the steps of the table's row.

    Bit j of a row is set where the common subsequence gets longer with the sentence's word j; the
    length with its first j words is the number of bits below j.
    """
    masks: dict[str, int] = {}
    for place, word in enumerate(sentence):
        masks[word] = masks.get(word, 0) | 1 << place
    everything = (1 << len(sentence)) - 1
    row, rows = everything, [0]
    for word in reference:
        matches = masks.get(word, 0)
        if matches:
            met = row & matches
            row = ((row + met) | (row - met)) & everything
        rows.append(row ^ everything)
    return rows


def _places(reference: Words, sentence: Words) -> list[int]:
    """The reference's words that are in the common subsequence which rouge-score chooses."""
    rows = _table(reference, sentence)
    places = []
    i, j = len(reference), len(sentence)
    while i and j:
        if reference[i - 1] == sentence[j - 1]:
            places.append(i - 1)
            i, j = i - 1, j - 1
        # A step to the left, if that is longer than a step up.
        elif _length(rows[i], j - 1) > _length(rows[i - 1], j):
            j -= 1
        else:
            i -= 1
    return places


def _length(row: int, words: int) -> int:
    return (row & ((1 << words) - 1)).bit_count()
