"""BERTScore (Zhang et al. 2020, https://arxiv.org/abs/1904.09675), as ``bert_score`` 0.3.13 has it.

Each token is matched with the token of the other text whose vector is most like its own. Precision
is the mean likeness of the hypothesis' tokens, recall that of the reference's, each token weighted
alike or by how few references hold it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from s2scli.inference.scoring.encoder import Row, ScoringEncoder, Vectors
from s2scli.inference.steppers.texts import reading_settings
from s2scli.models.manifest import Manifest

__all__ = ["BertScorer", "Match", "Rarity"]

KIND, WHAT = "bertscore", "an encoder for BERTScore"
PAIRS = 128  # compared at once: the vectors of their tokens are all in memory


class Match(NamedTuple):
    """How alike a hypothesis and a reference are: numbers from 0 to 1, as a rule."""

    precision: float
    recall: float
    f_score: float


class Rarity(NamedTuple):
    """What tokens weigh.

    Attributes:
        texts: how many references there are.
        holding: how many of them hold a token.
    """

    texts: int
    holding: Mapping[int, int]

    def weight(self, token: int) -> float:
        """The logarithm of one in how many references holds a token."""
        return math.log((self.texts + 1) / (self.holding.get(token, 0) + 1))


class BertScorer:
    """A model that is open.

    Args:
        directory: the model's.
        manifest: what it says of itself.

    Raises:
        InvalidModelError: it is damaged.
        UnavailableError: ONNX Runtime is not installed.
        UsageError: it is another kind of model.
    """

    def __init__(self, directory: Path, manifest: Manifest) -> None:
        self.encoder = ScoringEncoder(directory, manifest, KIND, WHAT)
        config = self.encoder.config
        with reading_settings():
            self.layer = int(config["layer"])
            self._longest = int(config["longest"])
            self._spaced = bool(config["spaced"])
        self.cut = 0  # texts so far that were too long to be read whole

    def rarity(self, references: Iterable[str]) -> Rarity:
        """What tokens weigh, by the references of a corpus."""
        rows = [row for row, _ in self.rows(list(references))]
        return Rarity(len(rows), Counter(token for row in rows for token in set(row)))

    def matches(self, pairs: Sequence[tuple[str, str]], rarity: Rarity | None) -> list[Match]:
        """How alike the texts of each pair, a hypothesis and a reference, are.

        Args:
            pairs: the texts.
            rarity: what tokens weigh; None for all the same.
        """
        found: list[Match] = []
        for start in range(0, len(pairs), PAIRS):
            found += self._matches(pairs[start : start + PAIRS], rarity)
        return found

    def _matches(self, pairs: Sequence[tuple[str, str]], rarity: Rarity | None) -> list[Match]:
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        rows = []
        for row, is_cut in self.rows(texts):
            rows.append(row)
            self.cut += is_cut
        vectors: dict[str, Vectors] = {}
        for numbers, states in self.encoder.run(rows):
            for number, state in zip(numbers, states, strict=True):
                vectors[texts[number]] = state[: len(rows[number])]
        weights = {text: self._weights(row, rarity) for text, row in zip(texts, rows, strict=True)}
        return [
            _match(vectors[ours], weights[ours], vectors[theirs], weights[theirs])
            for ours, theirs in pairs
        ]

    def rows(self, texts: Sequence[str]) -> list[tuple[Row, bool]]:
        """The ids of each text, and whether it was cut."""
        space = " " if self._spaced else ""
        stripped = [text.strip() for text in texts]
        read = self.encoder.read([f"{space}{text}" if text else "" for text in stripped])
        ends = len(self.encoder.prefix) + len(self.encoder.suffix)
        return [
            (self.encoder.framed(row, self._longest), len(row) + ends > self._longest)
            for row in read
        ]

    def _weights(self, row: Row, rarity: Rarity | None) -> Vectors:
        """What the tokens of a text weigh, one in all; nothing if the text is empty."""
        ends = {*self.encoder.prefix, *self.encoder.suffix}
        inner = row[len(self.encoder.prefix) : len(row) - len(self.encoder.suffix)]
        weights = [rarity.weight(t) if rarity else float(t not in ends) for t in row]
        total = sum(weights)
        return np.array([weight / total for weight in weights] if inner and total else [])


def _match(ours: Vectors, our_weights: Vectors, theirs: Vectors, their_weights: Vectors) -> Match:
    if not len(our_weights) or not len(their_weights):
        return Match(0.0, 0.0, 0.0)
    likeness = ours @ theirs.T
    precision = float(likeness.max(axis=1) @ our_weights)
    recall = float(likeness.max(axis=0) @ their_weights)
    both = precision + recall
    return Match(precision, recall, 2 * precision * recall / both if both else 0.0)
